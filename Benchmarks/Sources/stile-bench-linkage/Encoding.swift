import EncodedExtract
import Intake
import PipelineModel
import Pseudonymise
import StrictYAML
import Tabular

/// A set as the source zone would hand it over: encodings alone.
struct EncodedSet {
    var encodings: [Encodings] = []
    /// What a subject is called in its file, and who it is.
    struct Name {
        var source: String
        var id: String
        var entity: String
        /// Of the attributes of the set.
        var values: [String]
    }

    var names: [SubjectPseudonym: Name] = [:]
    /// How names were hardened, as the specification that was used writes it.
    private(set) var dial = ""

    /// - Parameters:
    ///   - set: What is to be encoded.
    ///   - seed: Of the keys: with others the same values are encoded in another way.
    init(_ set: DataSet, seed: UInt64) throws {
        for source in set.sources {
            let delivered = try DeliveredSource(set, source, seed: seed)
            dial = delivered.specification.hardeningText
            encodings.append(
                try Pseudonymiser(
                    specification: delivered.specification, keyring: delivered.keyring
                ).encode(
                    delivered.delta, held: IdentityVersionsHeld(), sealsIdentities: false
                ).encodings)
            let hasher = try delivered.keyring.pseudonymHasher()
            for (row, entity) in source.entity.enumerated() {
                let id = source.subject[row]
                let words = hasher(domain: "subject:\(source.name)", bytes: Array(id.utf8))
                names[SubjectPseudonym(high: words.0, low: words.1)] = Name(
                    source: source.name, id: id, entity: entity,
                    values: set.values(source.rows[row], source.columns))
            }
        }
    }
}

/// What one source delivers, checked against a contract, and how it is to be encoded.
struct DeliveredSource {
    let delta: ExtractDelta
    let keyring: Keyring
    let specification: EncodingSpecification

    /// - Parameters:
    ///   - set: The set with its encoding.
    ///   - source: One of its sources.
    ///   - seed: Of the keys.
    init(_ set: DataSet, _ source: DataSet.Source, seed: UInt64) throws {
        let contract = try Self.contract(set, source)
        guard let extract = contract.sources.first?.extracts.first,
            let node = contract.encoding
        else { throw DataSet.Misuse(what: "the contract is empty") }
        var faults = FaultList()
        specification = EncodingSpecification(node, faults: &faults)
        try faults.check()
        var generator = SeededGenerator(seed: seed, label: "keys")
        let day = Day(iso: "2025-06-02") ?? .missing
        keyring = Keyring.create(project: "benchmark", created: day, using: &generator)
        let checked = try ExtractCheck(
            contract: extract, clock: .calendar, digest: keyring.pseudonymHasher().closure
        ).check(
            Delivery(extract: extract.name, file: "people.csv", day: day),
            source: MemorySource(Self.csv(set, source)), heldRows: 0)
        if let fault = checked.fault { throw fault }
        delta = try HeldRows(name: extract.name, keyEpoch: 1).delta(of: checked).delta
    }

    /// The columns of the identity and the number of the row.
    private static func csv(_ set: DataSet, _ source: DataSet.Source) -> [UInt8] {
        let places = set.identity.compactMap { source.columns.firstIndex(of: $0.column) }
        var bytes: [UInt8] = Array("row,subject".utf8)
        for (field, _) in set.identity { bytes += Array(",\(field)".utf8) }
        bytes.append(0x0a)
        for (number, row) in source.rows.enumerated() {
            bytes += Array("\(number),\(source.subject[number])".utf8)
            for place in places {
                bytes.append(0x2c)
                let value = row[place]
                if value.utf8.contains(where: { $0 == 0x2c || $0 == 0x22 }) {
                    bytes += Array("\"\(value.split(separator: "\"").joined())\"".utf8)
                } else {
                    bytes += Array(value.utf8)
                }
            }
            bytes.append(0x0a)
        }
        return bytes
    }

    private static func contract(
        _ set: DataSet, _ source: DataSet.Source
    ) throws -> SourceContract {
        let identity = set.identity.map { "\($0.field): \($0.field)" }.joined(separator: ", ")
        let text = """
            version: 1
            zone: source
            deployment: sample
            project: benchmark
            drop: drop
            archive: {folder: archive, retain_days: 1}
            exchange: exchange
            state: state
            pages: pages
            keyring: keyring
            policy: policy
            encoding:
            \(set.encoding)
            sources:
              \(source.name):
                purpose: benchmark
                legal_basis: {article_6: e, reference: none, expires: 2099-12-31}
                maximum_age_days: 1
                link: encodings
                seal_identities: false
                files:
                  people:
                    name: "people.csv"
                    arrives: once
                    dates: \(set.dates)
                    delivery: append
                    key: [row]
                    subject: subject
                    happened: delivery
                    known: delivery
                    missing: [""]
                    quarantine_limit: 0.01
                    identity: {\(identity)}
                    payload: {}
            """
        return try SourceContract(YAMLDocument.parse(Array(text.utf8), file: "benchmark.yaml"))
    }
}
