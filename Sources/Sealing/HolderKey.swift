public import Attestation
import PipelineModel

/// The keys of one person: one that signs, one that opens what is wrapped to them.
///
/// Its description shows the public parts only.
public struct HolderKey: Sendable, CustomStringConvertible, CustomReflectable {
    public let person: String
    /// Whether it was made for a demonstration; a real deployment refuses it.
    public let throwaway: Bool
    let keys: OwnKeys

    /// The Ed25519 key with which the person signs.
    public var signing: SigningKey { keys.signing }
    /// The raw X25519 public key, 32 bytes.
    public var sealingKey: [UInt8] { keys.sealingKey }
    var sealingSecret: [UInt8] { keys.sealingSecret }

    /// Makes new keys.
    public static func generate(
        person: String, throwaway: Bool, randomness: Randomness = .system
    ) throws -> HolderKey {
        try HolderKey(
            person: person, throwaway: throwaway, signingSeed: randomness.bytes(32),
            sealingSecret: randomness.bytes(32))
    }

    init(person: String, throwaway: Bool, signingSeed: [UInt8], sealingSecret: [UInt8]) throws {
        guard Identifier.isValid(person) else {
            throw StileError(
                .configuration, "A person id may hold a–z, 0–9, “.”, “_” and “-” only.",
                remedy: "Use an id such as p-0042; never a name.")
        }
        guard let keys = OwnKeys(signingSeed: signingSeed, sealingSecret: sealingSecret) else {
            throw StileError(
                .configuration, "The keys of “\(person)” cannot be used.",
                remedy: "Make new keys and put their public part into the policy.")
        }
        self.person = person
        self.throwaway = throwaway
        self.keys = keys
    }

    /// The bytes of the key file.
    public var bytes: [UInt8] {
        keys.bytes(
            kind: "stile holder key",
            members: [
                .init("person", .string(person)), .init("throwaway", .boolean(throwaway)),
            ])
    }

    /// Reads a key file that only its owner may read.
    public static func read(fileAt path: String) throws -> HolderKey {
        try OwnKeys.read(fileAt: path, what: "holder key") { fields, seed, secret in
            let key = try HolderKey(
                person: fields.string("person"), throwaway: fields.boolean("throwaway"),
                signingSeed: seed, sealingSecret: secret)
            return (key, key.keys)
        }
    }

    /// What may be shown to anyone and goes into the policy.
    public var publicPart: PublicHolder {
        PublicHolder(
            person: person, throwaway: throwaway, signingKey: signing.verifying,
            sealingKey: sealingKey)
    }

    public var description: String { "holder key of \(person)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The public half of a ``HolderKey``: the `.pub` file beside it.
public struct PublicHolder: Sendable, Equatable {
    public var person: String
    public var throwaway: Bool
    public var signingKey: VerifyingKey
    /// The raw X25519 public key, 32 bytes.
    public var sealingKey: [UInt8]

    /// The bytes of the `.pub` file.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "kind": .string("stile public holder"), "version": .integer(1),
                "person": .string(person), "throwaway": .boolean(throwaway),
                "signing_key": .string(signingKey.hex),
                "sealing_key": .string(Hex.encode(sealingKey)),
            ])) + [0x0a]
    }

    /// Reads a `.pub` file; `file` is what messages call it.
    public static func read(_ bytes: [UInt8], file: String) throws -> PublicHolder {
        var fields = try JSONFields(
            try StrictJSON.read(bytes, file: file), what: "public holder", file: file)
        guard try fields.string("kind") == "stile public holder",
            try fields.integer("version") == 1,
            let signing = VerifyingKey(hex: try fields.string("signing_key"))
        else { throw fields.fault("it is not a public holder file of version 1") }
        let holder = PublicHolder(
            person: try fields.string("person"), throwaway: try fields.boolean("throwaway"),
            signingKey: signing, sealingKey: try fields.bytes("sealing_key", count: 32))
        try fields.finish()
        return holder
    }
}
