import Foundation
import PipelineModel

/// Reads files that another account may have put there: never through a link, and never
/// one on which reading would wait, such as a pipe.
public enum PlainFile {
    /// The bytes of the file at `path`; `nil` where there is nothing of that name.
    ///
    /// - Throws: `StileError`: `integrity` where it is no plain file, `inputOutput` where
    ///   this account may not read it.
    public static func bytes(at path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: return nil
            case ELOOP, ENXIO: throw notPlain(path)
            default: throw unreadable(path)
            }
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notPlain(path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        do {
            return Array(try file.readToEnd() ?? Data())
        } catch {
            throw unreadable(path)
        }
    }

    /// Refuses what is there under `path` but is no plain file.
    public static func check(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notPlain(path) }
    }

    private static func notPlain(_ path: String) -> StileError {
        StileError(
            .integrity, "This is not a plain file.", at: .init(file: path),
            remedy: "Put the file itself there, not a link or a pipe.")
    }

    private static func unreadable(_ path: String) -> StileError {
        StileError(
            .inputOutput, "The file cannot be read.", at: .init(file: path),
            remedy: "Let this account read it.")
    }
}
