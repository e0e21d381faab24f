import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import Linkage
import PipelineModel

/// What the linking zone keeps between nights, in column files named by their digests: the state,
/// people and residences, and the report.
struct NightState {
    private let columns: ColumnStore
    /// The digest of each table of the state, by its name.
    private var held: [String: ContentDigest] = [:]

    /// - Parameter folder: Where the files go; what lies there is removed.
    init(below folder: String) throws {
        if FileManager.default.fileExists(atPath: folder) {
            try FileManager.default.removeItem(atPath: folder)
        }
        columns = try ColumnStore(directory: folder)
    }

    /// The state as the last night left it, every file checked against its digest.
    func read() throws -> LinkState {
        guard !held.isEmpty else { return LinkState() }
        return try LinkState(
            tables: held.sorted { $0.key < $1.key }.map { try columns.read($0.value) },
            file: columns.directory)
    }

    /// Writes what a night has changed.
    mutating func write(_ outcome: LinkOutcome) throws {
        func name(_ schema: String, _ piece: PieceName) -> String { "\(schema).\(piece)" }
        var next: [String: ContentDigest] = [:]
        /// The pieces that lie there as they are.
        func standing(_ schema: String, _ pieces: Set<PieceName>) -> Set<PieceName> {
            pieces.filter { piece in
                guard let digest = held[name(schema, piece)] else { return false }
                next[name(schema, piece)] = digest
                return true
            }
        }
        let unchanged = standing("encodings", outcome.unchangedPieces)
        let unchangedKeys = standing(HeldKeys.schema, outcome.unchangedKeys)
        for table in outcome.state.tables(without: unchanged, keysOf: unchangedKeys) {
            let isPiece = table.schema == "encodings" || table.schema == HeldKeys.schema
            let key =
                isPiece
                ? name(table.schema, try PieceName(table, file: columns.directory))
                : table.schema
            next[key] = try columns.write(table)
        }
        held = next
        try columns.write(Self.table(outcome.spine))
        try columns.write(Self.residences(outcome.spine))
        try Data(CanonicalForm.bytes(outcome.report)).write(
            to: URL(fileURLWithPath: "\(columns.directory)/linkage.json"))
    }

    func remove() throws { try FileManager.default.removeItem(atPath: columns.directory) }

    /// The same columns as the zone's table of people has.
    private static func table(_ spine: Spine) -> ColumnTable {
        ColumnTable(
            schema: "spine", version: 1,
            columns: [
                Column("subject", .pseudonym(spine.subject.map { $0.cast() })),
                Column("person", .pseudonym(spine.person.map { $0.cast() })),
                Column("source", .code(vocabulary: spine.sources, codes: spine.source)),
            ])
    }

    private static func residences(_ spine: Spine) -> ColumnTable {
        ColumnTable(
            schema: "residences", version: 1,
            columns: [
                Column("person", .pseudonym(spine.residences.map { $0.person.cast() })),
                Column("household", .pseudonym(spine.residences.map { $0.household.cast() })),
                Column("from", .day(spine.residences.map(\.from))),
                Column("known_from", .day(spine.residences.map(\.knownFrom))),
                Column("known_to", .day(spine.residences.map(\.knownTo))),
            ])
    }
}
