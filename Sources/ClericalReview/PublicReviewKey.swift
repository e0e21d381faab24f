public import Attestation
import PipelineModel
public import Sealing

extension ZoneKey {
    /// What the linking zone needs of a source zone's review key.
    public var publicReviewKey: PublicReviewKey {
        PublicReviewKey(signingKey: signing.verifying, sealingKey: sealingKey)
    }
}

/// The public half of a source zone's review key: the file `review.pub`.
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
