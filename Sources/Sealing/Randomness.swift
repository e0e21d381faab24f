import Crypto
import Foundation

/// Where random bytes come from, so that a test can give its own.
public struct Randomness: Sendable {
    /// Gives that many bytes.
    public var bytes: @Sendable (Int) -> [UInt8]

    public init(bytes: @escaping @Sendable (Int) -> [UInt8]) { self.bytes = bytes }

    /// The machine's cryptographic generator.
    public static let system = Randomness { count in
        #if canImport(Glibc)
            if let bytes = kernelBytes(count) { return bytes }
        #endif
        return SymmetricKey(size: SymmetricKeySize(bitCount: count * 8))
            .withUnsafeBytes(Array.init)
    }

    /// How many bytes the kernel gives in one call and never in part.
    static let callBytes = 256

    #if canImport(Glibc)
        /// Bytes from the kernel, a call for each 256; `nil` where it has no such call.
        ///
        /// The Crypto library asks the same generator, with a call for each eight.
        private static func kernelBytes(_ count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            let isFilled = bytes.withUnsafeMutableBytes { bytes in
                stride(from: 0, to: count, by: callBytes).allSatisfy { start in
                    let piece = UnsafeMutableRawBufferPointer(
                        rebasing: bytes[start..<min(start + callBytes, count)])
                    return piece.baseAddress.map { getentropy($0, piece.count) == 0 } ?? false
                }
            }
            return isFilled ? bytes : nil
        }
    #endif
}
