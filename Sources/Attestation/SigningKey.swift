import Crypto
import Foundation
import Hashing
public import PipelineModel

/// An Ed25519 key that signs.
public struct SigningKey: Sendable, CustomStringConvertible {
    /// The 32-byte seed of RFC 8032; never printed.
    public let seed: [UInt8]
    public let verifying: VerifyingKey

    /// Makes the key of a seed of exactly 32 bytes; `nil` for any other number.
    public init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let verifying = VerifyingKey(bytes: Array(key.publicKey.rawRepresentation))
        else { return nil }
        self.seed = seed
        self.verifying = verifying
    }

    /// The signature over `message`, 64 bytes.
    public func signature(over message: [UInt8]) throws -> [UInt8] {
        do {
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
            return Array(try key.signature(for: message))
        } catch {
            throw StileError(
                .integrity, "The key could not sign.", remedy: "Make the key anew.")
        }
    }

    public var description: String { "signing key of \(verifying.hex)" }
}

/// The public half of an Ed25519 key.
public struct VerifyingKey: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// Takes exactly 32 bytes; `nil` for another number and for the points of
    /// small order, under which signatures can be made without a key.
    ///
    /// Source of the list: the orders 1, 2, 4 and 8 of edwards25519 with their
    /// non-canonical encodings, the sign bit ignored.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        var unsigned = bytes
        unsigned[31] &= 0x7f
        guard !Self.smallOrder.contains(Hex.encode(unsigned)) else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits in lower case.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    private static let smallOrder: Set<String> = {
        let middle = String(repeating: "ff", count: 30)
        let zeros = String(repeating: "00", count: 31)
        return [
            "00" + zeros, "01" + zeros, "ec\(middle)7f", "ed\(middle)7f", "ee\(middle)7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ]
    }()

    /// Whether `signature` over `message` is this key's; the equation of RFC 8032
    /// with S below the order, as BoringSSL checks it.
    public func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard signature.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    /// SHA-256 of the 32 bytes: the key id that an envelope shows, a hint only.
    public var keyID: ContentDigest { ContentDigest.sha256(bytes) }

    public var hex: String { Hex.encode(bytes) }

    public var description: String { hex }
}
