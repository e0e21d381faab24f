public import PipelineModel

/// The payload of one extract: what the contract lets pass, as a delta of facts.
///
/// A correction is a `close` and an `open` of the same record; a `close` has no
/// payload of its own.
public struct Payload: Sendable, Equatable {
    /// The version of this schema.
    public static let schemaVersion = 1

    public var source: String
    /// `source.file`, the name of the fact table that this extends.
    public var name: String
    public var keyEpoch: Int
    public var subject: [SubjectPseudonym]
    public var record: [RecordPseudonym]
    public var operation: [Operation]
    public var happened: [Day]
    /// When it became known (`open`) or stopped being believed (`close`).
    public var known: [Day]
    /// `number`, `code` and `day` columns.
    public var columns: [Column]

    public init(
        source: String, name: String, keyEpoch: Int, subject: [SubjectPseudonym] = [],
        record: [RecordPseudonym] = [], operation: [Operation] = [], happened: [Day] = [],
        known: [Day] = [], columns: [Column] = []
    ) {
        self.source = source
        self.name = name
        self.keyEpoch = keyEpoch
        self.subject = subject
        self.record = record
        self.operation = operation
        self.happened = happened
        self.known = known
        self.columns = columns
    }

    public var count: Int { subject.count }

    /// The table as a column file holds it.
    public var table: ColumnTable {
        ColumnTable(
            schema: "payload", version: Self.schemaVersion,
            attributes: ["source": source, "name": name, "key_epoch": String(keyEpoch)],
            columns: [
                Column("subject", .pseudonym(subject.map { $0.cast() })),
                Column("record", .pseudonym(record.map { $0.cast() })),
                Column(
                    "operation",
                    .code(vocabulary: Operation.vocabulary, codes: operation.map(\.rawValue))),
                Column("happened", .day(happened)),
                Column("known", .day(known)),
            ] + columns.map { Column("payload.\($0.name)", $0.values) })
    }

    /// Reads a table; `file` is what messages call it.
    public init(_ table: ColumnTable, file: String) throws {
        let reader = try ExtractReader(
            table, schema: "payload", version: Self.schemaVersion, file: file)
        self.init(
            source: try reader.attribute("source"), name: try reader.attribute("name"),
            keyEpoch: try reader.keyEpoch(), subject: try reader.pseudonyms("subject"),
            record: try reader.pseudonyms("record"), operation: try reader.operations(),
            happened: try reader.days("happened"), known: try reader.days("known"))
        for column in table.columns where column.name.hasPrefix("payload.") {
            columns.append(
                Column(String(column.name.dropFirst("payload.".count)), column.values))
        }
    }
}
