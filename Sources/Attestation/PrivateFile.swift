public import ColumnFiles
import Foundation
import PipelineModel

/// Files that hold a key: only their owner may read them.
public enum PrivateFile {
    /// Reads a key file.
    ///
    /// - Throws: `StileError` with code `configuration` where it is a link, is
    ///   no plain file, belongs to someone else or can be read by others.
    public static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw refused(
                path, "The key file cannot be opened.",
                "Check that it is there, is not a link, and that this account may read it.")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refused(path, "The key file is not a plain file.", "Put the key itself there.")
        }
        guard status.st_uid == geteuid() else {
            throw refused(
                path, "The key file belongs to another account.",
                "Use a key of your own, or run as the account that owns it.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw refused(
                path, "The key file can be read by others.",
                "Run “chmod 600” on it; if others may have read it, make a new key.")
        }
        guard status.st_size <= 1 << 16 else {
            throw refused(path, "The key file is too large.", "Check that this is the right file.")
        }
        guard
            let data = try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
                .readToEnd()
        else {
            throw refused(path, "The key file is empty or cannot be read.", "Restore it.")
        }
        return Array(data)
    }

    /// Writes a new key file with mode 0600.
    ///
    /// - Throws: `StileError` where a file is there already: a key is never overwritten.
    public static func create(
        _ bytes: [UInt8], at path: String, fileSystem: any FileSystem = DiskFileSystem()
    ) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw refused(
                path, "There is a key file already.", "Keep it, or move it away by hand first.")
        }
        try fileSystem.writeDurably(bytes, to: path, permissions: 0o600)
    }

    private static func refused(_ path: String, _ message: String, _ remedy: String) -> StileError {
        StileError(.configuration, message, at: .init(file: path), remedy: remedy)
    }
}
