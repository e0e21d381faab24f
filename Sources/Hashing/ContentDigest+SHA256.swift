import Crypto
public import Foundation
public import PipelineModel

extension ContentDigest {
    /// The SHA-256 of `bytes`.
    public static func sha256(_ bytes: some Sequence<UInt8>) -> ContentDigest {
        var hasher = SHA256()
        if bytes.withContiguousStorageIfAvailable({
            hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }) == nil {
            hasher.update(data: Array(bytes))
        }
        return ContentDigest(finishing: hasher)
    }

    /// The SHA-256 of the UTF-8 bytes of `text`.
    public static func sha256(_ text: String) -> ContentDigest { sha256(Array(text.utf8)) }

    /// The SHA-256 of the file at `path`, read in pieces of one mebibyte.
    ///
    /// - Throws: `StileError` with code `inputOutput` where it cannot be read.
    public static func sha256(fileAt path: String) throws -> ContentDigest {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw StileError(
                .inputOutput, "The file cannot be opened.", at: .init(file: path),
                remedy: "Check that it exists and that this account may read it.")
        }
        defer { try? handle.close() }
        return try sha256(of: handle, file: path)
    }

    /// The SHA-256 of an open file from its beginning, read in pieces of one mebibyte.
    ///
    /// - Parameters:
    ///   - handle: The file; it is left at its end.
    ///   - file: What messages call it.
    /// - Throws: `StileError` with code `inputOutput` where it cannot be read.
    public static func sha256(of handle: FileHandle, file: String) throws -> ContentDigest {
        var hasher = SHA256()
        do {
            try handle.seek(toOffset: 0)
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                hasher.update(data: piece)
            }
        } catch {
            throw StileError(
                .inputOutput, "The file cannot be read to its end.", at: .init(file: file),
                remedy: "Check the disk and run again.")
        }
        return ContentDigest(finishing: hasher)
    }

    private init(finishing hasher: SHA256) {
        var words: [UInt8] = []
        words.reserveCapacity(32)
        words.append(contentsOf: hasher.finalize())
        // SHA-256 always gives 32 bytes.
        self = ContentDigest(bytes: words) ?? ContentDigest.zero
    }

    private static var zero: ContentDigest {
        ContentDigest(bytes: [UInt8](repeating: 0, count: 32)) ?? ContentDigest.sha256("")
    }
}
