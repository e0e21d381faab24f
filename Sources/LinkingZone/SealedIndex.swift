import PipelineModel
import Sealing

/// Which sealed records a batch holds, without what is sealed: subject and record.
struct SealedIndex {
    /// Indices are held under this prefix and their batch.
    static let prefix = "sealed."

    var batch: String
    var subject: [SubjectPseudonym]
    var record: [RecordPseudonym]
    /// The people to whom the batch is sealed, by role.
    var holders: [String: [String]]

    /// The index of a sealed table; `nil` where it seals nothing.
    init?(_ table: ColumnTable, of sealed: SealedBatch) {
        guard table.rowCount > 0, case .pseudonym(let subject)? = table["subject"],
            case .pseudonym(let record)? = table["record"]
        else { return nil }
        batch = sealed.context.batch
        self.subject = subject.map { $0.cast() }
        self.record = record.map { $0.cast() }
        holders = Dictionary(
            uniqueKeysWithValues: sealed.roles.map { ($0, sealed.holders(of: $0)) })
    }

    /// The table as a column file holds it.
    var table: ColumnTable {
        var attributes = ["batch": batch]
        for (role, people) in holders {
            attributes[Self.rolePrefix + role] = people.joined(separator: ",")
        }
        return ColumnTable(
            schema: "sealed_index", version: 1, attributes: attributes,
            columns: [
                Column("subject", .pseudonym(subject.map { $0.cast() })),
                Column("record", .pseudonym(record.map { $0.cast() })),
            ])
    }

    /// Reads a table that ``table`` wrote.
    init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "sealed_index", let batch = table.attributes["batch"],
            case .pseudonym(let subject)? = table["subject"],
            case .pseudonym(let record)? = table["record"]
        else {
            throw StileError(
                .integrity, "The file does not hold an index of sealed records.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        self.batch = batch
        self.subject = subject.map { $0.cast() }
        self.record = record.map { $0.cast() }
        holders = [:]
        for (key, people) in table.attributes where key.hasPrefix(Self.rolePrefix) {
            holders[String(key.dropFirst(Self.rolePrefix.count))] =
                people.split(separator: ",").map(String.init)
        }
    }

    private static let rolePrefix = "role."
}
