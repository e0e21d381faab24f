public import Attestation
package import Foundation
import PipelineModel

/// The keys with which a zone takes part in something: one that signs what it says, one that opens
/// what is sealed to it.
///
/// Its description shows the public parts only.
public struct ZoneKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// What a key is for; a file for one purpose is refused for another.
    public enum Purpose: String, Sendable, CaseIterable {
        /// The release zone: approvals seal their shares to it, and it signs what was released.
        case release
        /// A source zone in clerical review: requests are sealed to it, and it signs the answers.
        case review

        /// What messages and the file call the key.
        var what: String { "\(rawValue) key" }

        fileprivate var remedy: String {
            switch self {
            case .release: "Make new keys and put their public part into the policy."
            case .review: "Make a new one and give its public part to the linking zone."
            }
        }
    }

    public let purpose: Purpose
    private let keys: OwnKeys

    /// The Ed25519 key that signs.
    public var signing: SigningKey { keys.signing }
    /// The raw X25519 public key, 32 bytes, to which others seal.
    public var sealingKey: [UInt8] { keys.sealingKey }
    var sealingSecret: [UInt8] { keys.sealingSecret }

    /// Makes new keys.
    public static func generate(
        _ purpose: Purpose, randomness: Randomness = .system
    ) throws -> ZoneKey {
        try ZoneKey(
            purpose, signingSeed: randomness.bytes(32), sealingSecret: randomness.bytes(32))
    }

    private init(_ purpose: Purpose, signingSeed: [UInt8], sealingSecret: [UInt8]) throws {
        guard let keys = OwnKeys(signingSeed: signingSeed, sealingSecret: sealingSecret) else {
            throw StileError(
                .configuration, "The \(purpose.what) cannot be used.", remedy: purpose.remedy)
        }
        self.purpose = purpose
        self.keys = keys
    }

    /// The bytes of the key file.
    public var bytes: [UInt8] { keys.bytes(kind: "stile \(purpose.what)") }

    /// Reads a key file that only its owner may read.
    public static func read(fileAt path: String, for purpose: Purpose) throws -> ZoneKey {
        try OwnKeys.read(fileAt: path, what: purpose.what) { _, seed, secret in
            let key = try ZoneKey(purpose, signingSeed: seed, sealingSecret: secret)
            return (key, key.keys)
        }
    }

    /// Opens what was sealed to ``sealingKey``.
    ///
    /// - Parameters:
    ///   - ciphertext: What was sealed, with its tag.
    ///   - encapsulated: The encapsulated key, 32 bytes.
    ///   - information: For what it was sealed.
    ///   - authenticating: What it is bound to.
    /// - Throws: The fault of the cipher where any of these is another than when it was sealed.
    package func open(
        _ ciphertext: [UInt8], encapsulated: [UInt8], information: Data, authenticating: Data
    ) throws -> [UInt8] {
        try keys.open(
            ciphertext, encapsulated: encapsulated, information: information,
            authenticating: authenticating)
    }

    public var description: String { "\(purpose.what) of \(Hex.encode(sealingKey))" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
