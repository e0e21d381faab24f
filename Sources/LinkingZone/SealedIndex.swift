import PipelineModel

/// Which sealed records a batch holds, without what is sealed: subject and record.
struct SealedIndex {
    /// Indices are held under this prefix and their batch.
    static let prefix = "sealed."

    var batch: String
    var subject: [SubjectPseudonym]
    var record: [RecordPseudonym]

    /// The index of a sealed table; `nil` where it seals nothing.
    init?(_ sealed: ColumnTable, batch: String) {
        guard sealed.rowCount > 0, case .pseudonym(let subject)? = sealed["subject"],
            case .pseudonym(let record)? = sealed["record"]
        else { return nil }
        self.batch = batch
        self.subject = subject.map { $0.cast() }
        self.record = record.map { $0.cast() }
    }

    /// The table as a column file holds it.
    var table: ColumnTable {
        ColumnTable(
            schema: "sealed_index", version: 1, attributes: ["batch": batch],
            columns: [
                Column("subject", .pseudonym(subject.map { $0.cast() })),
                Column("record", .pseudonym(record.map { $0.cast() })),
            ])
    }

    /// Reads a table that ``table`` wrote.
    init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "sealed_index", let batch = table.attributes["batch"],
            let index = SealedIndex(table, batch: batch)
        else {
            throw StileError(
                .integrity, "The file does not hold an index of sealed records.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        self = index
    }
}
