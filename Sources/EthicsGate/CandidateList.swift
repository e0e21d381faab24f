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

    /// - Throws: `StileError` with code `integrity` where a person stands twice, units are
    ///   mixed, a number is not a finite decimal or an id is not an identifier.
    public init(id: String, model: String, asOf: String, purpose: String, rows: [Candidate]) throws
    {
        self.id = id
        self.model = model
        self.asOf = asOf
        self.purpose = purpose
        self.rows = rows.sorted { ($0.rank, $0.order) < ($1.rank, $1.order) }
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

    /// What was scored: `.person` for spells too.
    public var unit: UnitKind { rows.first?.subject.unit ?? .person }

    /// How many people, households or settings were scored and are on the list.
    public var unitCount: Int { Set(rows.map(\.about)).count }

    /// What the list names, in words: `5 people`, `7 people of 3 households`, `4 settings`.
    public var summary: String {
        unit == .household
            ? "\(rows.count) people of \(unitCount) households" : "\(rows.count) \(unit.plural)"
    }

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
        guard Set(rows.map(\.order)).count == rows.count else {
            throw fault("it names a person twice")
        }
        guard rows.allSatisfy({ $0.rank >= 1 && $0.order != .none && $0.about != .none }) else {
            throw fault("a row has no rank or no person")
        }
        guard Set(rows.map(\.subject.unit)).count <= 1 else {
            throw fault("it mixes people, households and settings")
        }
        guard rows.allSatisfy({ $0.setting != "" }) else { throw fault("a setting has no code") }
        guard rows.allSatisfy({ $0.setting == nil || $0.records.isEmpty }) else {
            throw fault("a setting has sealed records")
        }
        for rows in Dictionary(grouping: rows, by: \.about).values {
            guard Set(rows.map(\.score)).count == 1 else {
                throw fault("the members of a household differ in rank or score")
            }
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
