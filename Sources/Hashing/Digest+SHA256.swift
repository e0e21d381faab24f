import Crypto
import Foundation
public import PipelineModel

extension Digest {
    /// The SHA-256 of `bytes`.
    public static func sha256(_ bytes: some Sequence<UInt8>) -> Digest {
        var hasher = SHA256()
        if bytes.withContiguousStorageIfAvailable({
            hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }) == nil {
            hasher.update(data: Array(bytes))
        }
        return Digest(finishing: hasher)
    }

    /// The SHA-256 of the UTF-8 bytes of `text`.
    public static func sha256(_ text: String) -> Digest { sha256(Array(text.utf8)) }

    /// The SHA-256 of the file at `path`, read in pieces of one mebibyte.
    ///
    /// - Throws: ``StileError`` with code `inputOutput` where it cannot be read.
    public static func sha256(fileAt path: String) throws -> Digest {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw StileError(
                .inputOutput, "The file cannot be opened.", at: .init(file: path),
                remedy: "Check that it exists and that this account may read it.")
        }
        defer { try? handle.close() }
        var hasher = SHA256()
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                hasher.update(data: piece)
            }
        } catch {
            throw StileError(
                .inputOutput, "The file cannot be read to its end.", at: .init(file: path),
                remedy: "Check the disk and run again.")
        }
        return Digest(finishing: hasher)
    }

    private init(finishing hasher: SHA256) {
        var words: [UInt8] = []
        words.reserveCapacity(32)
        words.append(contentsOf: hasher.finalize())
        // SHA-256 always gives 32 bytes.
        self = Digest(bytes: words) ?? Digest.zero
    }

    private static var zero: Digest {
        Digest(bytes: [UInt8](repeating: 0, count: 32)) ?? Digest.sha256("")
    }
}
