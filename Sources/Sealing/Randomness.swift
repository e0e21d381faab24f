import Crypto
import Foundation

/// Where random bytes come from, so that a test can give its own.
public struct Randomness: Sendable {
    /// Gives that many bytes.
    public var bytes: @Sendable (Int) -> [UInt8]

    public init(bytes: @escaping @Sendable (Int) -> [UInt8]) { self.bytes = bytes }

    /// The machine's cryptographic generator.
    public static let system = Randomness { count in
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes(Array.init)
    }
}
