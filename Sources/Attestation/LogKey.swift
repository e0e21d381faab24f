import PipelineModel

/// The file of the key with which a zone signs the checkpoints of its log.
public enum LogKey {
    /// The bytes of the key file of `key`.
    public static func bytes(_ key: SigningKey) -> [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "kind": .string("stile log key"), "version": .integer(1),
                "signing_seed": .string(Hex.encode(key.seed)),
                "signing_key": .string(key.verifying.hex),
            ])) + [0x0a]
    }

    /// Reads a log key file that only its owner may read.
    public static func read(fileAt path: String) throws -> SigningKey {
        let document = try StrictJSON.read(try PrivateFile.read(path), file: path)
        var fields = try JSONFields(document, what: "log key", file: path)
        guard try fields.string("kind") == "stile log key", try fields.integer("version") == 1,
            let key = SigningKey(seed: try fields.bytes("signing_seed", count: 32)),
            try fields.string("signing_key") == key.verifying.hex
        else { throw fields.fault("it is not a log key of version 1") }
        try fields.finish()
        return key
    }
}
