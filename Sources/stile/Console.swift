import ArgumentParser
import Foundation
import Logging
import PipelineModel

/// What every command offers besides its own options.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON, for machines.")
    var json = false

    @Flag(
        name: .shortAndLong,
        help: "Log each step as it begins and ends, not only what needs attention.")
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
        guard !Self.write(line + "\n", to: STDOUT_FILENO), errno != EPIPE else { return }
        Self.write(
            "stile: The result cannot be written: \(String(cString: strerror(errno))). The work was done; make room and ask again.\n",
            to: STDERR_FILENO)
        Foundation.exit(StileError.Code.inputOutput.exitStatus)
    }

    /// Writes a text whole; a reader who has gone or a disk that is full is no crash.
    ///
    /// - Returns: Whether all of it was written; `errno` says why not.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(
                    descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
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
        Self.write("\r\(bar) \(label)\u{1b}[K\(end)", to: STDERR_FILENO)
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
