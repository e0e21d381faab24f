import EncodedExtract
import Intake
import PipelineModel
import StrictYAML

@testable import Pseudonymise

enum Fixtures {
    static let encoding = """
        filter: {bits: 1024, positions_per_bigram: 10}
        hardening: {salt: none, diffusion: 0}
        compounds: {}
        fields:
          given_name: {kind: name}
          surname: {kind: name}
          date_of_birth: {kind: date_of_birth}
          sex: {kind: code}
          postcode: {kind: uk_postcode}
          uprn: {kind: uprn}
          nhs_number: {kind: nhs_number}
          upn: {kind: upn}
          street: {kind: text, near: true}
          patient: {kind: local_id}
        blocking:
          surname_birth: [surname.soundex, date_of_birth]
          names_year: [given_name.soundex, surname.soundex, date_of_birth.year]
          home: [postcode, "given_name[1]"]
          nhs: [nhs_number]
        """

    static func specification(_ yaml: String = encoding) throws -> EncodingSpecification {
        var faults = FaultList()
        let node = try YAMLDocument.parse(Array(yaml.utf8), file: "stile.yaml")
        let specification = EncodingSpecification(node, faults: &faults)
        try faults.check()
        return specification
    }

    static func keyring(_ project: String = "meadowshire", seed: UInt64 = 1) -> Keyring {
        var generator = SeededGenerator(seed: seed, label: "keys")
        return .create(project: project, created: Day(20_000), using: &generator)
    }

    static func pseudonymiser(
        _ keyring: Keyring = keyring(), epoch: Int? = nil
    ) throws -> Pseudonymiser {
        try Pseudonymiser(specification: specification(), keyring: keyring, epoch: epoch)
    }

    /// A row of a delta: what it does, its record and subject, and its identity.
    struct Row {
        var operation: DeltaOperation = .open
        var record: UInt64
        var subject: UInt64
        var trusted: String?
        var identity: [String: String] = [:]
        var known: Int32 = 20_000
    }

    static func delta(_ rows: [Row], fields: [String], trusted: Bool = false) -> ExtractDelta {
        var delta = ExtractDelta(source: "gp", name: "gp.patients", delivered: Day(20_000))
        delta.operation = rows.map(\.operation)
        delta.record = rows.map { RecordPseudonym(high: 0, low: $0.record) }
        delta.subject = rows.map { SubjectPseudonym(high: 1, low: $0.subject) }
        delta.happened = rows.map { _ in Day(19_000) }
        delta.known = rows.map { Day($0.known) }
        if trusted { delta.trusted = rows.map { $0.trusted.map { Array($0.utf8) } } }
        delta.identity = fields.sorted().map { field in
            IdentityColumn(field, rows.map { $0.identity[field] })
        }
        delta.payload = [
            Column("sex", .code(vocabulary: ["F", "M"], codes: rows.map { _ in UInt32(0) }))
        ]
        return delta
    }

    /// The encodings of one column of values.
    static func encode(
        _ field: String, _ values: [String?], with pseudonymiser: Pseudonymiser
    ) throws -> EncodedDelta {
        let rows = values.enumerated().map { index, value in
            Row(
                record: UInt64(index + 1), subject: UInt64(index + 1),
                identity: ["patient": "p\(index)"].merging(
                    value.map { [field: $0] } ?? [:], uniquingKeysWith: { first, _ in first }))
        }
        return try pseudonymiser.encode(
            delta(rows, fields: [field, "patient"]), held: .init(), sealsIdentities: false)
    }

    static func tokens(_ encodings: Encodings, _ field: String) -> [UInt64] {
        guard case .token(let tokens)? = encodings[field] else { return [] }
        return Array(tokens)
    }

    /// The encodings of whole identities, one a row.
    static func encode(
        _ identities: [[String: String]], with pseudonymiser: Pseudonymiser
    ) throws -> Encodings {
        let rows = identities.enumerated().map { index, identity in
            Row(record: UInt64(index + 1), subject: UInt64(index + 1), identity: identity)
        }
        let fields = Set(identities.flatMap(\.keys)).sorted()
        return try pseudonymiser.encode(
            delta(rows, fields: fields), held: .init(), sealsIdentities: false
        ).encodings
    }

    /// A pseudonymiser of the specification that `yaml` states.
    static func pseudonymiser(_ yaml: String) throws -> Pseudonymiser {
        try Pseudonymiser(specification: specification(yaml), keyring: keyring())
    }

    /// The filters of a column, one array of words a row.
    static func filters(_ encodings: Encodings, _ field: String) -> [[UInt64]] {
        guard case .filter(let bits, let words)? = encodings[field] else { return [] }
        let width = bits / 64
        return stride(from: 0, to: words.count, by: width).map { Array(words[$0..<($0 + width)]) }
    }

    /// 2|A ∩ B| / (|A| + |B|).
    static func dice(_ left: [UInt64], _ right: [UInt64]) -> Double {
        let common = zip(left, right).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
        let total = (left + right).reduce(0) { $0 + $1.nonzeroBitCount }
        return total == 0 ? 0 : 2 * Double(common) / Double(total)
    }
}
