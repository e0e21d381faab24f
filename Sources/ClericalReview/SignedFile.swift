import Attestation
import PipelineModel

/// A canonical JSON object that carries an Ed25519 signature over itself without it.
struct SignedFile {
    let kind: String
    let members: [JSONValue.Member]

    private static let version: Int64 = 1
    private static let sizeLimit = 1 << 24

    private func body() -> [JSONValue.Member] {
        members + [.init("kind", .string(kind)), .init("version", .integer(Self.version))]
    }

    /// The bytes of the file.
    func bytes(signedBy key: SigningKey) throws -> [UInt8] {
        let signature = try key.signature(over: CanonicalJSON.bytes(.object(body())))
        return CanonicalJSON.bytes(
            .object(body() + [.init("signature", .string(Hex.encode(signature)))])) + [0x0a]
    }

    /// The members of a file whose signature is `signer`'s, without the kind and the signature.
    static func verified(
        _ bytes: [UInt8], kind: String, what: String, file: String, by signer: VerifyingKey,
        remedy: String
    ) throws -> JSONFields {
        let refused = StileError(
            .integrity, "The \(what) was changed, or was signed by another key.",
            at: .init(file: file), remedy: remedy)
        guard bytes.last == 0x0a,
            case .object(let all) = try StrictJSON.read(
                Array(bytes.dropLast()), file: file, limit: sizeLimit)
        else { throw refused }
        let document = JSONValue.object(all)
        var fields = try JSONFields(document, what: what, file: file)
        guard try fields.string("kind") == kind, try fields.integer("version") == Int(version)
        else { throw fields.fault("it is not a \(what) of version \(version)") }
        let signature = try fields.bytes("signature", count: 64)
        let signed = CanonicalJSON.bytes(.object(all.filter { $0.key != "signature" }))
        guard CanonicalJSON.bytes(document) + [0x0a] == bytes,
            signer.verifies(signature, over: signed)
        else { throw refused }
        return fields
    }
}
