import Attestation
import Hashing
public import PipelineModel

/// A proposed list: what is signed is the digest of its bytes.
public struct CandidateList: Sendable, Equatable {
    /// The name of the file, and of the subject in every statement about the list.
    public static let fileName = "list.json"

    /// Unlike that of any other list, such as `early-help-2026-09-14-01`.
    public let id: String
    public let model: String
    /// The as-of day as text.
    public let asOf: String
    public let purpose: String
    /// In ascending order of rank, then of pseudonym.
    public let rows: [Candidate]
    /// The canonical JSON of all the above, without a final newline.
    public let bytes: [UInt8]
    /// SHA-256 of ``bytes``.
    public let digest: ContentDigest

    /// - Throws: `StileError` with code `integrity` where a person stands twice,
    ///   a number is not a finite decimal or an id is not an identifier.
    public init(id: String, model: String, asOf: String, purpose: String, rows: [Candidate]) throws
    {
        self.id = id
        self.model = model
        self.asOf = asOf
        self.purpose = purpose
        self.rows = rows.sorted { ($0.rank, $0.person) < ($1.rank, $1.person) }
        try Self.check(id: id, model: model, purpose: purpose, rows: rows)
        bytes = CanonicalJSON.bytes(
            .object([
                "kind": .string("stile candidate list"), "version": .integer(1),
                "list": .string(id), "model": .string(model), "as_of": .string(asOf),
                "purpose": .string(purpose), "rows": .array(self.rows.map(\.json)),
            ]))
        digest = ContentDigest.sha256(bytes)
    }

    /// Reads the bytes of a list; `file` is what messages call them.
    ///
    /// - Throws: `StileError` with code `integrity` unless they are the bytes
    ///   that this program would write for the same list.
    public static func read(_ bytes: [UInt8], file: String) throws -> CandidateList {
        var fields = try JSONFields(
            try StrictJSON.read(bytes, file: file, limit: 1 << 26), what: "candidate list",
            file: file)
        guard try fields.string("kind") == "stile candidate list",
            try fields.integer("version") == 1
        else { throw fields.fault("it is not a list of version 1") }
        let list = try CandidateList(
            id: try fields.string("list"), model: try fields.string("model"),
            asOf: try fields.string("as_of"), purpose: try fields.string("purpose"),
            rows: try fields.array("rows").map { try Candidate($0, file: file) })
        try fields.finish()
        guard list.bytes == bytes else { throw fields.fault("it is not written in its one form") }
        return list
    }

    /// The sealed records of all rows.
    public var records: [Candidate.SealedRecord] { rows.flatMap(\.records) }

    private static func check(
        id: String, model: String, purpose: String, rows: [Candidate]
    ) throws {
        func fault(_ problem: String) -> StileError {
            StileError(
                .integrity, "The candidate list cannot be used: \(problem).",
                remedy: "Score again; if it persists, report this fault.")
        }
        guard [id, model, purpose].allSatisfy(Identifier.isValid) else {
            throw fault("its id, model or purpose is not an identifier")
        }
        guard Set(rows.map(\.person)).count == rows.count else {
            throw fault("it names a person twice")
        }
        guard rows.allSatisfy({ $0.rank >= 1 && $0.person != .none }) else {
            throw fault("a row has no rank or no person")
        }
        let numbers = rows.flatMap { [$0.linearPredictor] + $0.reasons.map(\.contribution) }
        guard numbers.allSatisfy({ Double($0)?.isFinite == true }) else {
            throw fault("a score or a contribution is not a finite number")
        }
        let records = rows.flatMap(\.records)
        guard Set(records).count == records.count else {
            throw fault("one sealed record belongs to two rows or stands twice")
        }
    }
}

extension Candidate {
    var json: JSONValue {
        .object([
            "rank": .integer(Int64(rank)), "person": .string(person.hex),
            "linear_predictor": .string(linearPredictor), "probability": .string(probability),
            "reasons": .array(
                reasons.map {
                    .object([
                        "feature": .string($0.feature), "contribution": .string($0.contribution),
                        "source": .string($0.source), "newest_fact": .string($0.newestFact),
                        "third_party": .boolean($0.thirdParty),
                    ])
                }),
            "records": .array(
                records.map {
                    .object([
                        "batch": .string($0.batch), "record": .string($0.record.hex),
                        "subject": .string($0.subject.hex),
                    ])
                }),
        ])
    }

    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "row of the list", file: file)
        guard let person = PersonPseudonym(hex: try fields.string("person")) else {
            throw fields.fault("“person” is not a pseudonym")
        }
        self.init(
            person: person, rank: try fields.integer("rank"),
            linearPredictor: try fields.string("linear_predictor"),
            probability: try fields.string("probability"),
            reasons: try fields.array("reasons").map { try Reason($0, file: file) },
            records: try fields.array("records").map { try SealedRecord($0, file: file) })
        try fields.finish()
    }
}

extension Candidate.Reason {
    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "reason", file: file)
        self.init(
            feature: try fields.string("feature"), contribution: try fields.string("contribution"),
            source: try fields.string("source"), newestFact: try fields.string("newest_fact"),
            thirdParty: try fields.boolean("third_party"))
        try fields.finish()
    }
}

extension Candidate.SealedRecord {
    init(_ json: JSONValue, file: String) throws {
        var fields = try JSONFields(json, what: "sealed record", file: file)
        guard let record = RecordPseudonym(hex: try fields.string("record")),
            let subject = SubjectPseudonym(hex: try fields.string("subject"))
        else { throw fields.fault("a pseudonym cannot be read") }
        self.init(batch: try fields.string("batch"), record: record, subject: subject)
        try fields.finish()
    }
}
