import Foundation
import Hashing
import PipelineModel

/// A column file that stays open while something reads it: whatever takes its name meanwhile, what
/// is read is of the bytes that were there.
final class OpenColumnFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let size: Int

    /// - Throws: `StileError` with code `inputOutput` where it cannot be opened.
    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw StileError(
                .inputOutput, "The column file cannot be opened.", at: .init(file: path),
                remedy: "Check that it exists and that this account may read it.")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The file, mapped into memory; it may outlive this value.
    ///
    /// - Throws: `StileError` with code `inputOutput` where it cannot be mapped.
    func mapped() throws -> Data {
        guard size > 0 else { return Data() }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { throw unreadable }
        return Data(
            bytesNoCopy: start, count: size,
            deallocator: .custom { start, size in munmap(start, size) })
    }

    /// The SHA-256 of the file, read in pieces, so that it takes no memory.
    ///
    /// - Throws: `StileError` with code `inputOutput` where it cannot be read.
    func digest() throws -> ContentDigest {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        return try ContentDigest.sha256(of: handle, file: path)
    }

    /// Reads as many bytes as the target has room for.
    ///
    /// - Throws: `StileError` with code `inputOutput` where it cannot be read so far.
    func read(_ target: UnsafeMutableRawBufferPointer, at offset: UInt64) throws {
        var done = 0
        while done < target.count {
            let part = pread(
                descriptor, target.baseAddress.map { $0 + done }, target.count - done,
                off_t(offset) + off_t(done))
            if part < 0 && errno == EINTR { continue }
            guard part > 0 else { throw unreadable }
            done += part
        }
    }

    private var unreadable: StileError {
        StileError(
            .inputOutput, "The column file cannot be read to its end.", at: .init(file: path),
            remedy: "Check the disk; restore the file from the backup.")
    }
}
