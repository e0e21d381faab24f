public import Attestation
import Crypto
import Foundation
import PipelineModel

/// The keys of the release zone: one to which approvals seal their shares, one that signs what
/// was released.
///
/// Its description shows the public parts only.
public struct ReleaseKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The key that signs what was released.
    public let signing: SigningKey
    /// The raw X25519 public key, 32 bytes: `release.sealing_key` of the policy.
    public let sealingKey: [UInt8]
    let sealingSecret: [UInt8]

    /// Makes new keys from two times 32 random bytes.
    public static func generate(randomBytes: (Int) -> [UInt8]) throws -> ReleaseKey {
        try ReleaseKey(signingSeed: randomBytes(32), sealingSecret: randomBytes(32))
    }

    private init(signingSeed: [UInt8], sealingSecret: [UInt8]) throws {
        guard let signing = SigningKey(seed: signingSeed),
            let sealing = try? Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: sealingSecret)
        else {
            throw StileError(
                .configuration, "The keys of the release zone cannot be used.",
                remedy: "Make new keys and put their public part into the policy.")
        }
        self.signing = signing
        self.sealingSecret = sealingSecret
        sealingKey = Array(sealing.publicKey.rawRepresentation)
    }

    /// The bytes of the key file `release.key`.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "kind": .string("stile release key"), "version": .integer(1),
                "signing_seed": .string(Hex.encode(signing.seed)),
                "signing_key": .string(signing.verifying.hex),
                "sealing_secret": .string(Hex.encode(sealingSecret)),
                "sealing_key": .string(Hex.encode(sealingKey)),
            ])) + [0x0a]
    }

    /// Reads a key file that only its owner may read.
    public static func read(fileAt path: String) throws -> ReleaseKey {
        let document = try StrictJSON.read(try PrivateFile.read(path), file: path)
        var fields = try JSONFields(document, what: "release key", file: path)
        guard try fields.string("kind") == "stile release key", try fields.integer("version") == 1
        else { throw fields.fault("it is not a release key of version 1") }
        let key = try ReleaseKey(
            signingSeed: try fields.bytes("signing_seed", count: 32),
            sealingSecret: try fields.bytes("sealing_secret", count: 32))
        guard try fields.string("signing_key") == key.signing.verifying.hex,
            try fields.string("sealing_key") == Hex.encode(key.sealingKey)
        else { throw fields.fault("its public keys do not belong to its secret ones") }
        try fields.finish()
        return key
    }

    public var description: String { "release key of \(Hex.encode(sealingKey))" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
