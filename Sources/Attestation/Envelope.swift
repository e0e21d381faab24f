import Hashing
public import PipelineModel

/// A DSSE envelope with exactly one signature: the payload as it was signed.
///
/// Source: secure-systems-lab/dsse, protocol 1.0.2.
public struct Envelope: Sendable, Equatable {
    /// The most bytes that an envelope may have.
    public static let sizeLimit = 1 << 18

    public let payloadType: String
    public let payload: [UInt8]
    public let signature: [UInt8]
    /// SHA-256 of the signer's raw public key in hexadecimal; a hint, never evidence.
    public let keyID: String

    /// Signs the bytes of a statement.
    public static func sign(_ payload: [UInt8], with key: SigningKey) throws -> Envelope {
        let type = Statement.payloadType
        return Envelope(
            payloadType: type, payload: payload,
            signature: try key.signature(over: preAuthentication(type: type, payload: payload)),
            keyID: key.verifying.keyID.hex)
    }

    init(payloadType: String, payload: [UInt8], signature: [UInt8], keyID: String) {
        self.payloadType = payloadType
        self.payload = payload
        self.signature = signature
        self.keyID = keyID
    }

    /// DSSE's pre-authentication encoding: what the signature is over.
    public static func preAuthentication(type: String, payload: [UInt8]) -> [UInt8] {
        let head = "DSSEv1 \(type.utf8.count) \(type) \(payload.count) "
        return Array(head.utf8) + payload
    }

    /// The bytes of the envelope as a file holds them.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "payloadType": .string(payloadType),
                "payload": .string(CanonicalBase64.encode(payload)),
                "signatures": .array([
                    .object([
                        "keyid": .string(keyID),
                        "sig": .string(CanonicalBase64.encode(signature)),
                    ])
                ]),
            ]))
    }

    /// SHA-256 of ``bytes``.
    public var digest: ContentDigest { ContentDigest.sha256(bytes) }

    /// Reads an envelope without verifying it.
    public static func read(_ bytes: [UInt8], file: String) throws -> Envelope {
        let document = try StrictJSON.read(bytes, file: file, limit: sizeLimit)
        var fields = try JSONFields(document, what: "envelope", file: file)
        let type = try fields.string("payloadType")
        guard type == Statement.payloadType else {
            throw fields.fault("its payload is not an in-toto statement")
        }
        let payload = try fields.base64("payload")
        let signatures = try fields.array("signatures")
        guard signatures.count == 1 else {
            throw fields.fault("it must hold exactly one signature and holds \(signatures.count)")
        }
        var only = try JSONFields(signatures[0], what: "signature", file: file)
        let envelope = Envelope(
            payloadType: type, payload: payload, signature: try only.base64("sig"),
            keyID: try only.string("keyid"))
        try only.finish()
        try fields.finish()
        guard envelope.signature.count == 64 else {
            throw fields.fault("its signature is not 64 bytes long")
        }
        guard envelope.bytes == bytes else {
            throw fields.fault("it is not written in its one form")
        }
        return envelope
    }

    /// The statement, read from the very bytes whose signature `key` verifies.
    ///
    /// - Throws: `StileError` with code `integrity` where the signature is not
    ///   the key's, or the statement cannot be read.
    public func statement(verifiedWith key: VerifyingKey, file: String) throws -> Statement {
        let signed = Self.preAuthentication(type: payloadType, payload: payload)
        guard key.verifies(signature, over: signed) else {
            throw StileError(
                .integrity, "The signature of the envelope is not valid for the key of its signer.",
                at: .init(file: file),
                remedy: "Let the person sign again; find out who changed the file.")
        }
        return try Statement.read(payload, file: file)
    }
}
