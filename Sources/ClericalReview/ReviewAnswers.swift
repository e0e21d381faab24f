public import Attestation
public import PipelineModel

/// What clerks decided of the pairs of one request: ids, codes and times, no name.
public struct ReviewAnswers: Sendable, Equatable {
    /// One clerk's answer to one pair.
    public struct Answer: Sendable, Equatable {
        public var judgement: Judgement
        public var reason: ReviewReason
        public var at: Timestamp

        public init(judgement: Judgement, reason: ReviewReason, at: Timestamp) {
            self.judgement = judgement
            self.reason = reason
            self.at = at
        }
    }

    /// The answers of one clerk.
    public struct Clerk: Sendable, Equatable {
        /// The id under which they work; never a name.
        public var id: String
        public var finished: Timestamp
        /// By the id of the pair.
        public var answers: [String: Answer]

        public init(id: String, finished: Timestamp, answers: [String: Answer]) {
            self.id = id
            self.finished = finished
            self.answers = answers
        }
    }

    /// The request that is answered, and the digest of its file.
    public var request: String
    public var requestDigest: ContentDigest
    /// The two who decided independently, in the order in which they began.
    public var clerks: [Clerk]
    /// Who decided where the two differ, and only there.
    public var adjudicator: Clerk?

    public init(
        request: String, requestDigest: ContentDigest, clerks: [Clerk], adjudicator: Clerk? = nil
    ) {
        self.request = request
        self.requestDigest = requestDigest
        self.clerks = clerks
        self.adjudicator = adjudicator
    }

    /// The ids of the pairs, sorted.
    public var pairs: [String] { clerks.first?.answers.keys.sorted() ?? [] }

    /// The ids of the pairs on which two clerks differ, sorted.
    public static func disagreements(
        _ first: [String: Answer], _ second: [String: Answer]
    ) -> [String] {
        first.keys.sorted().filter { first[$0]?.judgement != second[$0]?.judgement }
    }

    // MARK: The file

    private static let kind = "stile review answers"

    /// The bytes of `answers.json`.
    public func bytes(signedBy key: SigningKey) throws -> [UInt8] {
        try SignedFile(
            kind: Self.kind,
            members: [
                .init("request", .string(request)),
                .init("request_digest", .string(requestDigest.hex)),
                .init(
                    "clerks", .array((clerks + (adjudicator.map { [$0] } ?? [])).map(\.json))),
            ]
        ).bytes(signedBy: key)
    }

    /// Reads and verifies the bytes of `answers.json`.
    ///
    /// - Parameters:
    ///   - bytes: What lies in the file.
    ///   - file: What messages call it.
    ///   - signer: The source zone's review key.
    /// - Throws: `StileError` with code `integrity` where it is not whole, not signed by that key,
    ///   or was not made by two clerks who each answered every pair.
    public static func read(
        _ bytes: [UInt8], file: String, signer: VerifyingKey
    ) throws -> ReviewAnswers {
        var fields = try SignedFile.verified(
            bytes, kind: kind, what: "file of review answers", file: file, by: signer,
            remedy:
                "Let the source zone hand the answers over again (stile link review), or put its present review.pub into the linking zone."
        )
        let request = try fields.string("request")
        let digest = try fields.digest("request_digest")
        let clerks = try fields.array("clerks").map { try Clerk($0, file: file) }
        try fields.finish()
        guard (2...3).contains(clerks.count), Set(clerks.map(\.id)).count == clerks.count else {
            throw fields.fault("two clerks must have answered, or three")
        }
        let answers = ReviewAnswers(
            request: request, requestDigest: digest, clerks: Array(clerks.prefix(2)),
            adjudicator: clerks.count == 3 ? clerks[2] : nil)
        guard clerks[0].answers.keys.sorted() == clerks[1].answers.keys.sorted(),
            clerks.count < 3
                || clerks[2].answers.keys.sorted()
                    == disagreements(clerks[0].answers, clerks[1].answers)
        else { throw fields.fault("its clerks have not answered the same pairs") }
        return answers
    }
}

extension ReviewAnswers.Clerk {
    var json: JSONValue {
        .object([
            "clerk": .string(id), "finished": .string(finished.description),
            "answers": .array(
                answers.sorted { $0.key < $1.key }.map { pair, answer in
                    .array([
                        .string(pair), .string(answer.judgement.rawValue),
                        .string(answer.reason.rawValue), .string(answer.at.description),
                    ])
                }),
        ])
    }

    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "clerk", file: file)
        id = try fields.string("clerk")
        finished = try fields.timestamp("finished")
        answers = [:]
        for item in try fields.array("answers") {
            guard case .array(let parts) = item, parts.count == 4,
                case .string(let pair) = parts[0], case .string(let judgement) = parts[1],
                case .string(let reason) = parts[2], case .string(let at) = parts[3],
                let judgement = Judgement(rawValue: judgement),
                let reason = ReviewReason(rawValue: reason), reason.judgement == judgement,
                let at = Timestamp(at), Hex.decode(pair)?.count == 8,
                answers.updateValue(
                    .init(judgement: judgement, reason: reason, at: at), forKey: pair)
                    == nil
            else { throw fields.fault("an answer cannot be read") }
        }
        try fields.finish()
        guard Identifier.isValid(id) else { throw fields.fault("a clerk's id is not one") }
    }
}
