public import PipelineModel

/// What one extract has told us so far: its standing rows, by keyed digests.
///
/// Sorted by record. A delivery is compared with it in one merge; the result is
/// the delta and the rows held afterwards. Where a column says when a row became
/// known, a closed row leaves a tombstone, so that it cannot come back before
/// the day on which it went.
public struct HeldRows: Sendable, Equatable {
    /// The version of this schema.
    public static let schemaVersion = 1

    /// `source.file`.
    public let name: String
    /// The epoch of the keys behind the digests; epochs never mix.
    public let keyEpoch: Int
    /// The day of the last delivery; `Day.missing` before the first.
    public internal(set) var delivered: Day
    var record: [RecordPseudonym] = []
    /// The digest of the row's content; none on a tombstone.
    var content: [RecordPseudonym] = []
    var subject: [SubjectPseudonym] = []
    var happened: [Day] = []

    /// Nothing held yet.
    public init(name: String, keyEpoch: Int) {
        self.name = name
        self.keyEpoch = keyEpoch
        delivered = .missing
    }

    /// The rows that stand.
    public var openCount: Int { content.count { $0 != .none } }

    /// The table as a column file holds it.
    public var table: ColumnTable {
        ColumnTable(
            schema: "held", version: Self.schemaVersion,
            attributes: [
                "name": name, "key_epoch": String(keyEpoch),
                "delivered": String(delivered.number),
            ],
            columns: [
                Column("record", .pseudonym(record.map { $0.cast() })),
                Column("content", .pseudonym(content.map { $0.cast() })),
                Column("subject", .pseudonym(subject.map { $0.cast() })),
                Column("happened", .day(happened)),
            ])
    }

    /// Reads a table; `file` is what messages call it.
    public init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "held", table.version == Self.schemaVersion,
            let name = table.attributes["name"],
            let epoch = table.attributes["key_epoch"].flatMap({ Int($0) }),
            let delivered = table.attributes["delivered"].flatMap({ Int32($0) }),
            case .pseudonym(let record)? = table["record"],
            case .pseudonym(let content)? = table["content"],
            case .pseudonym(let subject)? = table["subject"],
            case .day(let happened)? = table["happened"],
            zip(record, record.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            throw StileError(
                .integrity, "This is not a table of held rows that this release knows.",
                at: .init(file: file),
                remedy: "Use the release that wrote it, or restore the file from the backup.")
        }
        self.init(name: name, keyEpoch: epoch)
        self.delivered = Day(delivered)
        self.record = record.map { $0.cast() }
        self.content = content.map { $0.cast() }
        self.subject = subject.map { $0.cast() }
        self.happened = happened
    }

    mutating func append(
        _ name: RecordPseudonym, content digest: RecordPseudonym, subject person: SubjectPseudonym,
        happened day: Day
    ) {
        record.append(name)
        content.append(digest)
        subject.append(person)
        happened.append(day)
    }

    mutating func append(_ row: Int, of other: HeldRows) {
        append(
            other.record[row], content: other.content[row], subject: other.subject[row],
            happened: other.happened[row])
    }
}
