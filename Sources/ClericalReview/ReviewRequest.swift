public import Attestation
import Crypto
import Foundation
import Hashing
public import PipelineModel
public import Sealing

/// Pairs of subjects that clerks are to look at: nothing of how alike they were found to be.
///
/// It crosses as a file that only the source zone opens and that the linking zone has signed.
public struct ReviewRequest: Sendable, Equatable {
    /// One side of a pair.
    public struct Side: Sendable, Hashable {
        public var source: String
        public var subject: SubjectPseudonym

        public init(source: String, subject: SubjectPseudonym) {
            self.source = source
            self.subject = subject
        }
    }

    /// Two subjects under an id that means nothing.
    public struct Pair: Sendable, Equatable {
        /// 16 hexadecimal digits.
        public var id: String
        public var left: Side
        public var right: Side

        public init(id: String, left: Side, right: Side) {
            self.id = id
            self.left = left
            self.right = right
        }
    }

    /// The most pairs of a request.
    public static let limit = 20_000

    /// Names the request and its folder.
    public var id: String
    public var project: String
    public var made: Timestamp
    /// In the order in which they are shown.
    public var pairs: [Pair]

    public init(id: String, project: String, made: Timestamp, pairs: [Pair]) {
        self.id = id
        self.project = project
        self.made = made
        self.pairs = pairs
    }

    private static let information = Data("stile/review/v1".utf8)
    private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly

    private static func binding(_ id: String, _ project: String, _ made: Timestamp) -> Data {
        Data(
            CanonicalJSON.bytes(
                .array([.string(id), .string(project), .string(made.description)])))
    }

    // MARK: Sealing

    /// The bytes of `request.json`: sealed to the source zone, signed by the linking zone.
    public func sealed(to key: PublicReviewKey, signedBy signing: SigningKey) throws -> [UInt8] {
        let plain = CanonicalJSON.bytes(
            .array(
                pairs.map {
                    .array([
                        .string($0.id), .string($0.left.source), .string($0.left.subject.hex),
                        .string($0.right.source), .string($0.right.subject.hex),
                    ])
                }))
        let sender: (key: [UInt8], box: [UInt8])
        do {
            var hpke = try HPKE.Sender(
                recipientKey: Curve25519.KeyAgreement.PublicKey(
                    rawRepresentation: key.sealingKey),
                ciphersuite: Self.suite, info: Self.information)
            let box = try hpke.seal(
                plain, authenticating: Self.binding(id, project, made))
            sender = (Array(hpke.encapsulatedKey), Array(box))
        } catch {
            throw StileError(
                .configuration, "The public review key of the source zone cannot be used.",
                remedy: "Put the source zone's review.pub there again.")
        }
        return try SignedFile(
            kind: Self.kind,
            members: [
                .init("request", .string(id)), .init("project", .string(project)),
                .init("made", .string(made.description)),
                .init("recipient", .string(Hex.encode(key.sealingKey))),
                .init("encapsulated", .string(Hex.encode(sender.key))),
                .init("ciphertext", .string(CanonicalBase64.encode(sender.box))),
            ]
        ).bytes(signedBy: signing)
    }

    private static let kind = "stile review request"

    // MARK: Opening

    /// Verifies and opens the bytes of `request.json`.
    ///
    /// - Parameters:
    ///   - bytes: What lies in the file.
    ///   - file: What messages call it.
    ///   - key: The keys of this source zone.
    ///   - signer: The log key of the linking zone, as the policy names it.
    /// - Throws: `StileError`: `integrity` where the file is not the linking zone's or was
    ///   changed, `configuration` where it is sealed to another zone's key.
    public static func open(
        _ bytes: [UInt8], file: String, key: ZoneKey, signer: VerifyingKey
    ) throws -> ReviewRequest {
        var fields = try SignedFile.verified(
            bytes, kind: kind, what: "review request", file: file, by: signer,
            remedy:
                "Let the linking zone draw the request again; its log key must be the one that the policy names."
        )
        let id = try fields.string("request")
        let project = try fields.string("project")
        let made = try fields.timestamp("made")
        let recipient = try fields.bytes("recipient", count: 32)
        let encapsulated = try fields.bytes("encapsulated", count: 32)
        let ciphertext = try fields.base64("ciphertext")
        try fields.finish()
        guard recipient == key.sealingKey else {
            throw StileError(
                .configuration, "The request is sealed to another review key than this zone's.",
                at: .init(file: file),
                remedy:
                    "Give the linking zone this zone's review.pub, and let it draw the request again."
            )
        }
        let plain: [UInt8]
        do {
            plain = try key.open(
                ciphertext, encapsulated: encapsulated, information: information,
                authenticating: binding(id, project, made))
        } catch {
            throw StileError(
                .integrity, "The request does not open with this zone's review key.",
                at: .init(file: file), remedy: "Let the linking zone draw the request again.")
        }
        guard Identifier.isValid(id),
            case .array(let items) = try StrictJSON.read(plain, file: file, limit: 1 << 23),
            (1...limit).contains(items.count)
        else { throw fields.fault("its pairs are not a list") }
        let pairs = try items.map { item in
            guard let pair = pair(item) else { throw fields.fault("a pair cannot be read") }
            return pair
        }
        guard Set(pairs.map(\.id)).count == pairs.count else {
            throw fields.fault("two pairs have one id")
        }
        return ReviewRequest(id: id, project: project, made: made, pairs: pairs)
    }

    private static func pair(_ json: JSONValue) -> Pair? {
        guard case .array(let parts) = json, parts.count == 5 else { return nil }
        let texts = parts.compactMap { if case .string(let text) = $0 { text } else { nil } }
        guard texts.count == 5, Hex.decode(texts[0])?.count == 8,
            let left = SubjectPseudonym(hex: texts[2]),
            let right = SubjectPseudonym(hex: texts[4]), left != right
        else { return nil }
        return Pair(
            id: texts[0], left: Side(source: texts[1], subject: left),
            right: Side(source: texts[3], subject: right))
    }
}
