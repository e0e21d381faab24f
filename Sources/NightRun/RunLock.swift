public import Foundation
import PipelineModel
import Storage
import Synchronization

/// The right of one process to change a zone, held by `flock` on a file.
///
/// The kernel lets go of the lock with the process, so what a killed run leaves
/// behind is free. The file says who holds it, for the message to the second.
public final class RunLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock on the file at `path`, making it where it is not there yet.
    ///
    /// - Throws: `StileError`: `busy` with the holder's process and since when,
    ///   `inputOutput` where the file cannot be used.
    public init(path: String, now: Date) throws {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else {
            throw StileError(
                .inputOutput,
                "The lock file cannot be opened: \(String(cString: strerror(errno))).",
                at: .init(file: path),
                remedy: "Check that its folder exists and that this account may write there.")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(opened)
            close(opened)
            throw StileError(
                .busy, "Another run is at work: \(holder).", at: .init(file: path),
                remedy: "Wait for it to end; a run that was killed holds no lock.")
        }
        let text = Array("\(getpid())\n\(Instant.text(now))\n".utf8)
        ftruncate(opened, 0)
        _ = text.withUnsafeBytes { pwrite(opened, $0.baseAddress, $0.count, 0) }
        descriptor = Mutex(opened)
    }

    deinit { release() }

    /// Lets go; a second call does nothing.
    public func release() {
        descriptor.withLock { held in
            if let open = held {
                // A child that is just being started may still hold a copy of the descriptor.
                flock(open, LOCK_UN)
                close(open)
            }
            held = nil
        }
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split(separator: "\n")
        guard lines.count == 2, let process = Int32(lines[0]),
            let since = Instant.date(String(lines[1]))
        else { return "its process is not known" }
        return "process \(process), since \(Instant.text(since))"
    }
}
