import PipelineModel

extension Spine {
    /// The version of the schemas `spine` and `residences`.
    static let schemaVersion = 1

    /// Who is who, as a column file holds it.
    var table: ColumnTable {
        ColumnTable(
            schema: "spine", version: Self.schemaVersion,
            columns: [
                Column("subject", .pseudonym(subject.map { $0.cast() })),
                Column("person", .pseudonym(person.map { $0.cast() })),
                Column("source", .code(vocabulary: sources, codes: source)),
            ])
    }

    /// Who lived where, as a column file holds it.
    var residencesTable: ColumnTable {
        ColumnTable(
            schema: "residences", version: Self.schemaVersion,
            columns: [
                Column("person", .pseudonym(residences.map { $0.person.cast() })),
                Column("household", .pseudonym(residences.map { $0.household.cast() })),
                Column("from", .day(residences.map(\.from))),
                Column("known_from", .day(residences.map(\.knownFrom))),
                Column("known_to", .day(residences.map(\.knownTo))),
            ])
    }

    /// Reads the two tables that ``table`` and ``residencesTable`` wrote.
    init(_ spine: ColumnTable, residences table: ColumnTable, file: String) throws {
        guard spine.schema == "spine", spine.version == Self.schemaVersion,
            table.schema == "residences", table.version == Self.schemaVersion,
            case .pseudonym(let subject)? = spine["subject"],
            case .pseudonym(let person)? = spine["person"],
            case .code(let sources, let source)? = spine["source"],
            case .pseudonym(let resident)? = table["person"],
            case .pseudonym(let household)? = table["household"],
            case .day(let from)? = table["from"], case .day(let knownFrom)? = table["known_from"],
            case .day(let knownTo)? = table["known_to"]
        else {
            throw StileError(
                .integrity, "The file does not hold a spine that this program knows.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        self.init(
            subject: subject.map { $0.cast() }, person: person.map { $0.cast() }, source: source,
            sources: sources,
            residences: resident.indices.map {
                Residence(
                    person: resident[$0].cast(), household: household[$0].cast(), from: from[$0],
                    knownFrom: knownFrom[$0], knownTo: knownTo[$0])
            })
    }
}
