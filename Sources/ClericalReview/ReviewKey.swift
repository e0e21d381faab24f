public import Attestation
import Crypto
import Foundation
import PipelineModel
public import Sealing

/// The keys with which a source zone takes part in clerical review: one that opens requests, one
/// that signs answers.
///
/// Its description shows the public parts only.
public struct ReviewKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// The Ed25519 key that signs answers.
    public let signing: SigningKey
    let sealingSecret: [UInt8]
    /// The raw X25519 public key, 32 bytes, to which requests are sealed.
    public let sealingKey: [UInt8]

    /// Makes new keys.
    public static func generate(randomness: Randomness = .system) throws -> ReviewKey {
        try ReviewKey(
            signingSeed: randomness.bytes(32), sealingSecret: randomness.bytes(32))
    }

    private init(signingSeed: [UInt8], sealingSecret: [UInt8]) throws {
        guard let signing = SigningKey(seed: signingSeed),
            let sealing = try? Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: sealingSecret)
        else {
            throw StileError(
                .configuration, "The review key cannot be used.",
                remedy: "Make a new one and give its public part to the linking zone.")
        }
        self.signing = signing
        self.sealingSecret = sealingSecret
        sealingKey = Array(sealing.publicKey.rawRepresentation)
    }

    /// The bytes of the key file.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "kind": .string("stile review key"), "version": .integer(1),
                "signing_seed": .string(Hex.encode(signing.seed)),
                "signing_key": .string(signing.verifying.hex),
                "sealing_secret": .string(Hex.encode(sealingSecret)),
                "sealing_key": .string(Hex.encode(sealingKey)),
            ])) + [0x0a]
    }

    /// Reads a key file that only its owner may read.
    public static func read(fileAt path: String) throws -> ReviewKey {
        let document = try StrictJSON.read(try PrivateFile.read(path), file: path)
        var fields = try JSONFields(document, what: "review key", file: path)
        guard try fields.string("kind") == "stile review key", try fields.integer("version") == 1
        else { throw fields.fault("it is not a review key of version 1") }
        let key = try ReviewKey(
            signingSeed: try fields.bytes("signing_seed", count: 32),
            sealingSecret: try fields.bytes("sealing_secret", count: 32))
        guard try fields.string("signing_key") == key.signing.verifying.hex,
            try fields.string("sealing_key") == Hex.encode(key.sealingKey)
        else { throw fields.fault("its public keys do not belong to its secret ones") }
        try fields.finish()
        return key
    }

    /// What the linking zone needs of it.
    public var publicPart: PublicReviewKey {
        PublicReviewKey(signingKey: signing.verifying, sealingKey: sealingKey)
    }

    public var description: String { "review key of \(Hex.encode(sealingKey))" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The public half of a ``ReviewKey``: the file `review.pub`.
public struct PublicReviewKey: Sendable, Equatable {
    public var signingKey: VerifyingKey
    /// The raw X25519 public key, 32 bytes.
    public var sealingKey: [UInt8]

    /// The bytes of the file.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "kind": .string("stile public review key"), "version": .integer(1),
                "signing_key": .string(signingKey.hex),
                "sealing_key": .string(Hex.encode(sealingKey)),
            ])) + [0x0a]
    }

    /// Reads the file; `file` is what messages call it.
    public static func read(_ bytes: [UInt8], file: String) throws -> PublicReviewKey {
        var fields = try JSONFields(
            try StrictJSON.read(bytes, file: file), what: "public review key", file: file)
        guard try fields.string("kind") == "stile public review key",
            try fields.integer("version") == 1,
            let signing = VerifyingKey(hex: try fields.string("signing_key"))
        else { throw fields.fault("it is not a public review key of version 1") }
        let key = PublicReviewKey(
            signingKey: signing, sealingKey: try fields.bytes("sealing_key", count: 32))
        try fields.finish()
        return key
    }
}
