import Foundation
import TestSupport

/// How a run of the program ended, and what it said.
struct Finished {
    var status: Int32
    /// The signal that ended it; 0 where it ended by itself.
    var signal: Int32
    var out: String
    var err: String
}

/// The program under test: `STILE_BINARY`, or the `stile` that was built beside the tests.
enum Command {
    static let binary: String =
        ProcessInfo.processInfo.environment["STILE_BINARY"]
        ?? (URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
            + "/stile")

    /// A run that is under way.
    final class Running {
        let process = Process()
        private let folder = TemporaryFolder("command")

        /// - Parameter prefix: A command that runs the program, such as `setpriv` with its options.
        init(_ arguments: [String], prefix: [String] = [], input: String? = nil) throws {
            let command = prefix + [Command.binary] + arguments
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = command
            let input = try folder.write(input ?? "", to: "in")
            process.standardInput = FileHandle(forReadingAtPath: input)
            process.standardOutput = FileHandle(forWritingAtPath: try folder.write("", to: "out"))
            process.standardError = FileHandle(forWritingAtPath: try folder.write("", to: "err"))
            try process.run()
        }

        func wait() throws -> Finished {
            process.waitUntilExit()
            let signalled = process.terminationReason == .uncaughtSignal
            return Finished(
                status: signalled ? -1 : process.terminationStatus,
                signal: signalled ? process.terminationStatus : 0,
                out: try text("out"), err: try text("err"))
        }

        private func text(_ name: String) throws -> String {
            String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)")),
                as: UTF8.self)
        }

        deinit { if process.isRunning { process.terminate() } }
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String], prefix: [String] = [], input: String? = nil) throws
        -> Finished
    {
        try Running(arguments, prefix: prefix, input: input).wait()
    }

    /// Runs another program to its end; for what a test needs of the machine.
    @discardableResult
    static func shell(_ words: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
