import PipelineModel

/// The tables and the spine of one hand-written case.
struct DefinitionWorld {
    struct Fact {
        var record: String?
        var happened: Day
        var knownFrom: Day
        var knownTo: Day
        /// The payload as text; an absent column is missing.
        var values: [String: String]
    }

    private let uses: [String: [String: TableSchema.Kind]]
    private var facts: [String: [(person: PersonPseudonym, record: RecordPseudonym, fact: Fact)]] =
        [:]
    private var residences: [Spine.Residence] = []
    private var persons: Set<PersonPseudonym> = [DefinitionCase.person]
    private var excluded: Set<PersonPseudonym> = []
    private var count: UInt64 = 0
    /// The records that have a name.
    private(set) var records: [String: RecordPseudonym] = [:]

    init(_ uses: [String: [String: TableSchema.Kind]]) { self.uses = uses }

    mutating func add(_ fact: Fact, of person: PersonPseudonym, to table: String) {
        count += 1
        persons.insert(person)
        var record = RecordPseudonym(high: 2, low: count)
        if let name = fact.record {
            record = records[name] ?? record
            records[name] = record
        }
        facts[table, default: []].append((person, record, fact))
    }

    /// The person stands in a register of exclusions.
    mutating func exclude(_ person: PersonPseudonym) { excluded.insert(person) }

    /// The person lives in the household of the case, since for ever where no day is given.
    mutating func resides(_ person: PersonPseudonym, from day: Day?) {
        persons.insert(person)
        let from = day ?? Day.missing + 1
        residences.append(
            .init(
                person: person, household: DefinitionCase.household, from: from,
                knownFrom: from, knownTo: .open))
    }

    var exclusions: Exclusions { Exclusions(fromRows: excluded, asRelatives: excluded) }

    var spine: Spine {
        let persons = persons.sorted()
        return Spine(
            subject: persons.map { $0.cast() }, person: persons,
            source: persons.map { _ in 0 }, sources: ["tests"], residences: residences)
    }

    var tables: [FactTable] {
        uses.keys.sorted().map { name in
            let list = facts[name] ?? []
            let columns = (uses[name] ?? [:]).sorted { $0.key < $1.key }
            return FactTable(
                name: name, subject: list.map { $0.person.cast() }, record: list.map(\.record),
                happened: list.map(\.fact.happened), knownFrom: list.map(\.fact.knownFrom),
                knownTo: list.map(\.fact.knownTo),
                payload: columns.map { column, kind in
                    Column(column, Self.values(list.map { $0.fact.values[column] }, kind))
                })
        }
    }

    private static func values(_ texts: [String?], _ kind: TableSchema.Kind) -> ColumnValues {
        switch kind {
        case .number: return .number(texts.map { $0.flatMap(Double.init) ?? .nan })
        case .day: return .day(texts.map { $0.flatMap { Day(iso: $0) } ?? .missing })
        case .code:
            let vocabulary = Set(texts.compactMap(\.self)).sorted()
            return .code(
                vocabulary: vocabulary,
                codes: texts.map { text in
                    text.flatMap { vocabulary.firstIndex(of: $0) }.map(UInt32.init)
                        ?? ColumnValues.missingCode
                })
        }
    }
}
