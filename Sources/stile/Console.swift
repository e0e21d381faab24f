import ArgumentParser
import Foundation
import Logging
import PipelineModel

/// What every command offers besides its own options.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON, for machines.")
    var json = false

    @Flag(name: .shortAndLong, help: "Log each step as it begins and ends, not only what needs attention.")
    var verbose = false

    /// Where this command writes.
    var console: Console { Console(json: json, verbose: verbose) }
}

/// Results go to standard output, log lines and progress to standard error.
struct Console: Sendable {
    let json: Bool
    let logger: Logger

    init(json: Bool, verbose: Bool) {
        self.json = json
        var logger = Logger(label: "stile", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = verbose ? .debug : .notice
        self.logger = logger
    }

    /// Prints a result: as text for people, or as one JSON object.
    func result(_ text: String, _ object: [String: JSONValue]) {
        let line = json ? JSONValue.object(object).text : text
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// A line of the log.
    func log(_ message: String) { logger.notice("\(message)") }

    /// A line of the log that only `--verbose` shows.
    func detail(_ message: String) { logger.debug("\(message)") }

    /// Draws a progress bar where standard error is a terminal, and nothing in a pipe.
    func progress(_ label: String, _ fraction: Double) {
        guard !json, isatty(STDERR_FILENO) == 1 else { return }
        let width = 30
        let done = Int((min(max(fraction, 0), 1) * Double(width)).rounded(.down))
        let bar = String(repeating: "█", count: done) + String(repeating: "·", count: width - done)
        let end = fraction >= 1 ? "\r\u{1b}[K" : ""
        FileHandle.standardError.write(Data("\r\(bar) \(label)\u{1b}[K\(end)".utf8))
    }
}

/// A value of JSON, printed with sorted keys.
indirect enum JSONValue: Sendable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case array([JSONValue])
    case object([String: JSONValue])
    case null

    /// The value as one line of JSON.
    var text: String {
        switch self {
        case .string(let value): Self.quoted(value)
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? value.description : "null"
        case .boolean(let value): value ? "true" : "false"
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let values):
            "{"
                + values.sorted { $0.key < $1.key }
                .map { Self.quoted($0.key) + ":" + $0.value.text }.joined(separator: ",") + "}"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
