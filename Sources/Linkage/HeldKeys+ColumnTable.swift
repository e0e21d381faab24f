import EncodedExtract
import PipelineModel

extension HeldKeys {
    /// The schema of the tables, one for each piece.
    public static let schema = "link_keys"
    /// The version of the schema.
    static let schemaVersion = 1

    /// The tables of some pieces.
    ///
    /// - Parameter names: The name of each piece; `nil` for those that are left out.
    func tables(_ names: [PieceName?]) -> [ColumnTable] {
        zip(names, pieces).compactMap { name, piece in
            guard let name else { return nil }
            return ColumnTable(
                schema: Self.schema, version: Self.schemaVersion,
                attributes: [
                    "source": name.source, "piece": String(name.number), "keys": digest.hex,
                ],
                columns: piece.columns.enumerated().map {
                    Column("key.\($0)", .fixedBytes(width: MemoryLayout<UInt32>.size, bytes: $1))
                })
        }
    }

    /// Reads what ``tables(_:)`` gives; `nil` where a piece has none, or one of other keys or of
    /// another version: they are made again then.
    ///
    /// - Parameters:
    ///   - tables: Tables of this schema.
    ///   - held: The pieces.
    ///   - file: What messages call it.
    /// - Throws: `StileError` with code `integrity` where a table is not whole.
    init?(_ tables: [ColumnTable], of held: [Encodings], file: String) throws {
        let tables = try Dictionary(
            tables.map { (try PieceName($0, file: file), $0) },
            uniquingKeysWith: { first, _ in first })
        let found = PieceName.of(held).compactMap { tables[$0] }
        guard found.count == held.count, let keys = found.first?.attributes["keys"],
            found.allSatisfy({
                $0.version == Self.schemaVersion && $0.attributes["keys"] == keys
            }), let digest = ContentDigest(hex: keys)
        else { return nil }
        let pieces = try zip(found, held).map { table, piece in
            let size = MemoryLayout<UInt32>.size
            let columns = table.columns.indices.compactMap { key -> ColumnBytes? in
                guard case .fixedBytes(size, let bytes)? = table["key.\(key)"],
                    bytes.count == piece.count * size
                else { return nil }
                return bytes
            }
            guard columns.count == table.columns.count, columns.count == found[0].columns.count
            else {
                throw StileError(
                    .integrity,
                    "The state of linkage is damaged: the keys of a piece are not those of its rows.",
                    at: .init(file: file),
                    remedy: "Restore the column files of the state from the backup.")
            }
            return Piece(columns: columns)
        }
        self.init(digest: digest, pieces: pieces)
    }
}
