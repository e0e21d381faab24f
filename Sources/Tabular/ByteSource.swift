import Foundation
import PipelineModel

/// Bytes that come in pieces: a file, what a gzip file holds, an array.
public protocol ByteSource: AnyObject {
    /// Fills the beginning of `buffer` and gives the number of bytes written;
    /// zero only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// The bytes of an array.
public final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position)
        bytes.withUnsafeBytes {
            buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        position += count
        return count
    }
}

/// The bytes of a file.
public final class FileSource: ByteSource {
    private let descriptor: Int32
    private let file: String

    /// - Parameters:
    ///   - path: Where the file lies.
    ///   - file: What messages call it.
    public init(path: String, file: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.file = file
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? StileError(
                    .input, "The file is missing.", at: .init(file: file),
                    remedy: "Ask the source for it, put it into the drop folder and run again.")
                : StileError(
                    .inputOutput, "The file cannot be opened.", at: .init(file: file),
                    remedy: "Check that this account may read it.")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw StileError(
                    .inputOutput, "The file cannot be read to its end.", at: .init(file: file),
                    remedy: "Check the disk and run again.")
            }
        }
    }
}

/// A source whose first bytes were read already.
final class PrefixedSource: ByteSource {
    private var prefix: [UInt8]
    private let rest: any ByteSource

    init(_ prefix: [UInt8], _ rest: any ByteSource) {
        self.prefix = prefix
        self.rest = rest
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !prefix.isEmpty else { return try rest.read(into: buffer) }
        let count = min(buffer.count, prefix.count)
        prefix.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count]))
        }
        prefix.removeFirst(count)
        return count
    }
}
