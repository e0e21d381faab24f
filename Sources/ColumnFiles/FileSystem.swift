import Foundation
import PipelineModel

/// The writes that Stile makes durable, behind one door, so that a test can
/// make any one of them fail.
public protocol FileSystem: Sendable {
    /// Writes `bytes` to a temporary file beside `path`, fsyncs it, renames it to
    /// `path` and fsyncs the directory: afterwards either the old or the new file
    /// is there, whole.
    func writeDurably(_ bytes: [UInt8], to path: String, permissions: UInt16) throws
    /// Removes a file; a file that is not there is not an error.
    func remove(_ path: String) throws
    /// Renames a file on the same file system and fsyncs both directories.
    func move(_ path: String, to destination: String) throws
    /// Adds `bytes` at the end of a file that is there and fsyncs it; after a
    /// failure that leaves the process alive the file is as before.
    func appendDurably(_ bytes: [UInt8], to path: String) throws
    /// Cuts a file to its first `size` bytes and fsyncs it.
    func truncate(_ path: String, to size: Int) throws
}

extension FileSystem {
    public func appendDurably(_ bytes: [UInt8], to path: String) throws {
        try DiskFileSystem().appendDurably(bytes, to: path)
    }

    public func truncate(_ path: String, to size: Int) throws {
        try DiskFileSystem().truncate(path, to: size)
    }
}

/// The file system of the machine.
public struct DiskFileSystem: FileSystem {
    public init() {}

    public func writeDurably(_ bytes: [UInt8], to path: String, permissions: UInt16 = 0o640) throws
    {
        let temporary = path + ".partial-\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure("created", temporary) }
        var closed = false
        defer { if !closed { close(descriptor) } }
        do {
            var written = 0
            try bytes.withUnsafeBytes { raw in
                while written < raw.count {
                    let count = write(
                        descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { throw Self.failure("written", path) }
                    written += count
                }
            }
            guard fchmod(descriptor, mode_t(permissions)) == 0, fsync(descriptor) == 0 else {
                throw Self.failure("made durable", path)
            }
            closed = true
            guard close(descriptor) == 0, rename(temporary, path) == 0 else {
                throw Self.failure("put in place", path)
            }
            try Self.syncDirectory(of: path)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    public func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure("removed", path) }
    }

    public func move(_ path: String, to destination: String) throws {
        guard rename(path, destination) == 0 else { throw Self.failure("moved", path) }
        try Self.syncDirectory(of: destination)
        try Self.syncDirectory(of: path)
    }

    public func appendDurably(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Self.failure("opened", path) }
        defer { close(descriptor) }
        let before = lseek(descriptor, 0, SEEK_END)
        var added = 0
        do {
            try bytes.withUnsafeBytes { raw in
                while added < raw.count {
                    let count = write(
                        descriptor, raw.baseAddress?.advanced(by: added), raw.count - added)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { throw Self.failure("written", path) }
                    added += count
                }
            }
            guard fsync(descriptor) == 0 else { throw Self.failure("made durable", path) }
        } catch {
            ftruncate(descriptor, before)
            throw error
        }
    }

    public func truncate(_ path: String, to size: Int) throws {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Self.failure("opened", path) }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(size)) == 0, fsync(descriptor) == 0 else {
            throw Self.failure("cut", path)
        }
    }

    private static func syncDirectory(of path: String) throws {
        let directory = (path as NSString).deletingLastPathComponent
        let descriptor = open(directory.isEmpty ? "." : directory, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw failure("opened", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("made durable", directory) }
    }

    private static func failure(_ verb: String, _ path: String) -> StileError {
        StileError(
            .inputOutput, "The file could not be \(verb): \(String(cString: strerror(errno))).",
            at: .init(file: path),
            remedy: "Check the space and the permissions of the disk, then run again.")
    }
}
