import Attestation
import Crypto
import Foundation
import PipelineModel

/// The two secrets of one owner, as every key file holds them: one that signs, one that opens what
/// is sealed to its owner.
struct OwnKeys: Sendable {
    /// The Ed25519 key.
    let signing: SigningKey
    let sealingSecret: [UInt8]
    /// The raw X25519 public key, 32 bytes.
    let sealingKey: [UInt8]

    /// Nothing where the bytes are no keys.
    init?(signingSeed: [UInt8], sealingSecret: [UInt8]) {
        guard let signing = SigningKey(seed: signingSeed),
            let sealing = try? Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: sealingSecret)
        else { return nil }
        self.signing = signing
        self.sealingSecret = sealingSecret
        sealingKey = Array(sealing.publicKey.rawRepresentation)
    }

    /// The bytes of a key file.
    ///
    /// - Parameters:
    ///   - kind: What the file says that it is.
    ///   - members: What else it says of its owner.
    func bytes(kind: String, members: [JSONValue.Member] = []) -> [UInt8] {
        CanonicalJSON.bytes(
            .object(
                members + [
                    .init("kind", .string(kind)), .init("version", .integer(1)),
                    .init("signing_seed", .string(Hex.encode(signing.seed))),
                    .init("signing_key", .string(signing.verifying.hex)),
                    .init("sealing_secret", .string(Hex.encode(sealingSecret))),
                    .init("sealing_key", .string(Hex.encode(sealingKey))),
                ])) + [0x0a]
    }

    /// Reads the secrets of a key file that only its owner may read.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - what: What messages call it, such as “release key”; with “stile” before it the file's
    ///     own word for what it is.
    ///   - owner: Takes what else the file says, and makes the keys.
    static func read<Owner>(
        fileAt path: String, what: String,
        _ owner: (inout JSONFields, _ signingSeed: [UInt8], _ sealingSecret: [UInt8]) throws ->
            (Owner, OwnKeys)
    ) throws -> Owner {
        let document = try StrictJSON.read(try PrivateFile.read(path), file: path)
        var fields = try JSONFields(document, what: what, file: path)
        guard try fields.string("kind") == "stile \(what)", try fields.integer("version") == 1
        else { throw fields.fault("it is not a \(what) of version 1") }
        let (owner, keys) = try owner(
            &fields, fields.bytes("signing_seed", count: 32),
            fields.bytes("sealing_secret", count: 32))
        guard try fields.string("signing_key") == keys.signing.verifying.hex,
            try fields.string("sealing_key") == Hex.encode(keys.sealingKey)
        else { throw fields.fault("its public keys do not belong to its secret ones") }
        try fields.finish()
        return owner
    }

    /// Opens what was sealed to ``sealingKey`` with HPKE in base mode (X25519, HKDF-SHA-256,
    /// ChaCha20-Poly1305; RFC 9180).
    func open(
        _ ciphertext: [UInt8], encapsulated: [UInt8], information: Data, authenticating: Data
    ) throws -> [UInt8] {
        var recipient = try HPKE.Recipient(
            privateKey: Curve25519.KeyAgreement.PrivateKey(rawRepresentation: sealingSecret),
            ciphersuite: RoleWrap.suite, info: information, encapsulatedKey: Data(encapsulated))
        return Array(try recipient.open(ciphertext, authenticating: authenticating))
    }
}
