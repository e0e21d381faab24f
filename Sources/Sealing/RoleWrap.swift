import Attestation
import Crypto
import Foundation
import PipelineModel

/// One role's secret of a batch, wrapped to one holder with HPKE in base mode
/// (X25519, HKDF-SHA-256, ChaCha20-Poly1305; RFC 9180).
struct RoleWrap: Sendable, Equatable {
    static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly

    var role: String
    var person: String
    /// The encapsulated key, 32 bytes.
    var encapsulated: [UInt8]
    /// The encrypted secret and its tag, 48 bytes.
    var ciphertext: [UInt8]

    init(
        _ secret: [UInt8], role: String, holder: RoleHolders.Holder, context: SealingContext
    ) throws {
        self.role = role
        person = holder.person
        do {
            var sender = try HPKE.Sender(
                recipientKey: Curve25519.KeyAgreement.PublicKey(
                    rawRepresentation: holder.sealingKey),
                ciphersuite: Self.suite, info: Data(SealingContext.wrapInformation))
            ciphertext = Array(
                try sender.seal(secret, authenticating: context.binding(role: role)))
            encapsulated = Array(sender.encapsulatedKey)
        } catch {
            throw StileError(
                .policy, "The sealing key of “\(holder.person)” cannot be used.",
                remedy: "Let this person make new keys and put the public part into the policy.")
        }
    }

    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "wrapped role secret", file: file)
        role = try fields.string("role")
        person = try fields.string("person")
        encapsulated = try fields.bytes("encapsulated", count: 32)
        ciphertext = try fields.bytes("ciphertext", count: 48)
        try fields.finish()
    }

    var json: JSONValue {
        .object([
            "role": .string(role), "person": .string(person),
            "encapsulated": .string(Hex.encode(encapsulated)),
            "ciphertext": .string(Hex.encode(ciphertext)),
        ])
    }

    /// The secret, for the holder's key only.
    func unwrapped(with key: HolderKey, context: SealingContext) throws -> RoleSecret {
        do {
            let secret = try key.keys.open(
                ciphertext, encapsulated: encapsulated,
                information: Data(SealingContext.wrapInformation),
                authenticating: Data(context.binding(role: role)))
            return RoleSecret(secret, context: context, role: role)
        } catch {
            throw StileError(
                .integrity,
                "The secret of the role “\(role)” in batch \(context.batch) does not open with the key of “\(person)”.",
                remedy: "Use the key that the policy of that batch names for this person.")
        }
    }
}
