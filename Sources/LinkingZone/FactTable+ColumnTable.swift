import PipelineModel

extension FactTable {
    /// The version of the schema `facts`.
    static let schemaVersion = 1

    /// The table as a column file holds it.
    var table: ColumnTable {
        ColumnTable(
            schema: "facts", version: Self.schemaVersion, attributes: ["name": name],
            columns: [
                Column("subject", .pseudonym(subject.map { $0.cast() })),
                Column("record", .pseudonym(record.map { $0.cast() })),
                Column("happened", .day(happened)),
                Column("known_from", .day(knownFrom)),
                Column("known_to", .day(knownTo)),
            ] + payload.map { Column("payload.\($0.name)", $0.values) })
    }

    /// Reads a table that ``table`` wrote; `file` is what messages call it.
    init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "facts", table.version == Self.schemaVersion,
            let name = table.attributes["name"],
            case .pseudonym(let subject)? = table["subject"],
            case .pseudonym(let record)? = table["record"],
            case .day(let happened)? = table["happened"],
            case .day(let knownFrom)? = table["known_from"],
            case .day(let knownTo)? = table["known_to"]
        else {
            throw StileError(
                .integrity, "The file does not hold facts that this program knows.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        self.init(
            name: name, subject: subject.map { $0.cast() }, record: record.map { $0.cast() },
            happened: happened, knownFrom: knownFrom, knownTo: knownTo,
            payload: table.columns.filter { $0.name.hasPrefix("payload.") }.map {
                Column(String($0.name.dropFirst("payload.".count)), $0.values)
            })
    }
}
