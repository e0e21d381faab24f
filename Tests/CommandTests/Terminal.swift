import Foundation
import TestSupport

/// A run of the program at a terminal of its own: a pseudo-terminal that the test types into.
final class Terminal {
    struct Fault: Error { var what: String }

    private let process = Process()
    private let folder = TemporaryFolder("terminal")
    private let master: Int32
    /// Everything that was shown.
    private(set) var shown = ""
    private var seen = 0

    init(_ arguments: [String]) throws {
        guard let open = Self.function("posix_openpt", (@convention(c) (Int32) -> Int32).self),
            let grant = Self.function("grantpt", (@convention(c) (Int32) -> Int32).self),
            let unlock = Self.function("unlockpt", (@convention(c) (Int32) -> Int32).self),
            // Not ptsname, whose answer another test's call would replace.
            let named = Self.function(
                "ptsname_r", (@convention(c) (Int32, Name, Int) -> Int32).self)
        else { throw Fault(what: "this machine has no pseudo-terminals") }
        master = open(O_RDWR | O_NOCTTY | O_CLOEXEC)
        var name = [CChar](repeating: 0, count: 128)
        guard master >= 0, grant(master) == 0, unlock(master) == 0,
            named(master, &name, name.count) == 0
        else { throw Fault(what: "no pseudo-terminal") }
        let slave = Foundation.open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Fault(what: "no terminal") }
        let end = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        process.executableURL = URL(fileURLWithPath: Command.binary)
        process.arguments = arguments
        process.standardInput = end
        process.standardOutput = end
        process.standardError = FileHandle(forWritingAtPath: try folder.write("", to: "err"))
        try process.run()
        close(slave)
    }

    private typealias Name = UnsafeMutablePointer<CChar>

    /// A function of the C library that Foundation does not name.
    private static func function<Function>(_ name: String, _: Function.Type) -> Function? {
        dlsym(dlopen(nil, RTLD_NOW), name).map { unsafeBitCast($0, to: Function.self) }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        close(master)
    }

    /// Waits until the run has shown `text` since it was last waited for.
    func wait(for text: String) throws {
        while true {
            let new = shown.dropFirst(seen)
            if let range = new.range(of: text) {
                seen = shown.distance(from: shown.startIndex, to: range.upperBound)
                return
            }
            guard try read() else { throw Fault(what: "the run came to no “\(text)”") }
        }
    }

    /// Types a line.
    func type(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(master, $0.baseAddress, $0.count) }
    }

    /// Reads what has been shown; `false` where there is no more.
    ///
    /// - Parameter patience: How long to wait for it, in milliseconds.
    private func read(_ patience: Int32 = 300_000) throws -> Bool {
        var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, patience) == 1 else { return false }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Foundation.read(master, &bytes, bytes.count)
        guard count > 0 else { return false }
        shown += String(decoding: bytes.prefix(count), as: UTF8.self)
        return true
    }

    /// Ends the run by a signal, or waits for its end; gives its status (or minus the signal) and
    /// what it wrote to standard error.
    func finish(_ signal: Int32? = nil) throws -> (status: Int32, err: String) {
        if let signal { kill(process.processIdentifier, signal) }
        // What is shown must be read for the run to go on; its end is not the terminal's, which
        // a child of another test may still hold.
        while process.isRunning { if try !read(50) { usleep(5_000) } }
        while try read(0) {}
        let status = process.terminationStatus
        return (
            process.terminationReason == .uncaughtSignal ? -status : status,
            try String(contentsOfFile: "\(folder.path)/err", encoding: .utf8)
        )
    }
}
