public import PipelineModel

/// Which identity each record of an extract holds at present, so that a version is written once
/// and closed when the last record that holds it closes.
///
/// It stays in the source zone. Identities are there only as keyed digests, under the pseudonym
/// key, so that a rotation of the token keys does not make every version look new.
public struct IdentityVersionsHeld: Sendable, Equatable {
    /// The version of this schema.
    public static let schemaVersion = 1

    /// What one record holds.
    struct Entry: Sendable, Equatable {
        var record: RecordPseudonym
        var version: Version
        /// The record by which the version is known in the linking zone.
        var carrier: RecordPseudonym
    }

    /// An identity of a subject.
    struct Version: Hashable, Sendable {
        var subject: SubjectPseudonym
        /// The keyed digest of the identity's content.
        var content: UnitPseudonym

        /// One number of both, which are digests of more than 64 bits: many subjects may have one content.
        func hash(into hasher: inout Hasher) { hasher.combine(content.low ^ subject.low) }
    }

    /// Sorted by record, each once.
    private(set) var entries: [Entry]

    /// Nothing held: what an extract begins with, and what a rotation of keys encodes from.
    public init() { entries = [] }

    init(sorted entries: [Entry]) { self.entries = entries }

    /// The number of records that hold an identity.
    public var count: Int { entries.count }

    /// The table as a column file holds it.
    public var table: ColumnTable {
        ColumnTable(
            schema: "identity_versions", version: Self.schemaVersion,
            columns: [
                Column("record", .pseudonym(entries.map { $0.record.cast() })),
                Column("subject", .pseudonym(entries.map { $0.version.subject.cast() })),
                Column("identity", .pseudonym(entries.map(\.version.content))),
                Column("carrier", .pseudonym(entries.map { $0.carrier.cast() })),
            ])
    }

    /// Reads a table; `file` is what messages call it.
    public init(_ table: ColumnTable, file: String) throws {
        let damaged = StileError(
            .integrity, "The table of identity versions is damaged.", at: .init(file: file),
            remedy: "Restore the state of the source zone from its backup.")
        guard table.schema == "identity_versions", table.version == Self.schemaVersion,
            case .pseudonym(let records)? = table["record"],
            case .pseudonym(let subjects)? = table["subject"],
            case .pseudonym(let contents)? = table["identity"],
            case .pseudonym(let carriers)? = table["carrier"]
        else { throw damaged }
        entries = records.indices.map { row in
            Entry(
                record: records[row].cast(),
                version: Version(subject: subjects[row].cast(), content: contents[row]),
                carrier: carriers[row].cast())
        }
        guard zip(entries, entries.dropFirst()).allSatisfy({ $0.record < $1.record }) else {
            throw damaged
        }
    }

    /// What `record` holds.
    func entry(_ record: RecordPseudonym) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].record < record { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].record == record ? entries[low] : nil
    }
}
