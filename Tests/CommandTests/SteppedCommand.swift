import Foundation
import TestSupport

/// A run whose log lines are taken from it one at a time, so that a test knows where it is.
///
/// Its standard error is a pipe of packets with room for one line. While a line lies in it, the
/// run may go as far as its next line and no further: the write of that one waits. Nothing here
/// depends on how fast the machine is.
final class SteppedCommand {
    let process = Process()
    private let folder = TemporaryFolder("stepped")
    private let lines: Int32
    /// A second pipe, into which a line is copied to be looked at.
    private let copy: (from: Int32, to: Int32)

    struct Fault: Error { var what: String }

    init(_ arguments: [String]) throws {
        let (from, to) = try Self.pipe()
        lines = from
        copy = try Self.pipe()
        process.executableURL = URL(fileURLWithPath: Command.binary)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: try folder.write("", to: "out"))
        process.standardError = FileHandle(fileDescriptor: to, closeOnDealloc: false)
        try process.run()
        // Only the run holds the end for writing, so that its end is seen.
        close(to)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for descriptor in [lines, copy.from, copy.to] { close(descriptor) }
    }

    /// A pipe in which each write is a packet, with room for one.
    private static func pipe() throws -> (from: Int32, to: Int32) {
        var ends: [Int32] = [-1, -1]
        // Values of Linux, for programs without its own names for them.
        let (packets, setSize): (Int32, Int32) = (0o40000, 1031)
        guard Foundation.pipe(&ends) == 0, fcntl(ends[1], F_SETFL, packets) == 0,
            fcntl(ends[1], setSize, 4096) == 4096
        else { throw Fault(what: "no pipe of one packet: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// The line that lies in the pipe, left there; `nil` where the run has ended.
    private func peek() throws -> String? {
        var ready = pollfd(fd: lines, events: Int16(POLLIN), revents: 0)
        // The time is that after which the test itself is given up.
        guard poll(&ready, 1, 300_000) == 1 else { throw Fault(what: "the run says nothing") }
        guard ready.revents & Int16(POLLIN) != 0 else { return nil }
        guard let tee = Self.tee else { throw Fault(what: "this machine has no tee(2)") }
        guard tee(lines, copy.to, 4096, 0) > 0 else { return nil }
        return Self.read(copy.from)
    }

    /// Copies what lies in one pipe into another: Linux's own, which Foundation does not name.
    private static let tee: (@convention(c) (Int32, Int32, Int, UInt32) -> Int)? =
        dlsym(dlopen(nil, RTLD_NOW), "tee").map {
            unsafeBitCast($0, to: (@convention(c) (Int32, Int32, Int, UInt32) -> Int).self)
        }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Lets the run go on until it has written a line with this text, which stays in the pipe:
    /// the run is between that line and its next one.
    ///
    /// - Returns: Whether it came to such a line.
    func advance(to text: String) throws -> Bool {
        while let line = try peek() {
            if line.contains(text) { return true }
            _ = Self.read(lines)
        }
        return false
    }

    /// Ends the run where it is, and says whether that is how it ended.
    func killed() -> Bool {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            && process.terminationStatus == SIGKILL
    }

    /// Lets the run go to its end; gives its exit status and its last words.
    func finish() throws -> (status: Int32, said: String) {
        var said = ""
        while try peek() != nil { said += Self.read(lines) }
        process.waitUntilExit()
        return (process.terminationStatus, said)
    }
}
