public import PipelineModel

extension ReviewFrame {
    /// The version of the schema `review_frame`.
    public static let schemaVersion = 1

    /// The frame as a column file holds it: one row a pair, the strata in the header.
    public var table: ColumnTable {
        ColumnTable(
            schema: "review_frame", version: Self.schemaVersion,
            attributes: [
                "strata": strata.map {
                    "\($0.kind.rawValue) \($0.linked ? 1 : 0) \($0.population) \($0.drawn)"
                }.joined(separator: ";")
            ],
            columns: [
                Column(
                    "id",
                    .fixedBytes(
                        width: 8, bytes: drawn.flatMap { Hex.decode($0.id) ?? [] })),
                Column("left", .pseudonym(drawn.map { $0.left.cast() })),
                Column("right", .pseudonym(drawn.map { $0.right.cast() })),
                Column("weight", .number(drawn.map { $0.weight ?? .nan })),
                Column("stratum", .integer(drawn.map { Int64($0.stratum) })),
            ])
    }

    /// Reads a table; `file` is what messages call it.
    ///
    /// - Throws: `StileError` with code `integrity`.
    public init(_ table: ColumnTable, file: String) throws {
        let damaged = StileError(
            .integrity, "The frame of a clerical review is damaged.", at: .init(file: file),
            remedy: "Restore the column file from the backup, or draw a new sample.")
        guard table.schema == "review_frame", table.version == Self.schemaVersion,
            case .fixedBytes(8, let ids)? = table["id"],
            case .pseudonym(let left)? = table["left"],
            case .pseudonym(let right)? = table["right"],
            case .number(let weight)? = table["weight"],
            case .integer(let stratum)? = table["stratum"]
        else { throw damaged }
        let words = (table.attributes["strata"] ?? "").split(separator: ";")
        let strata = words.compactMap { word -> Stratum? in
            let numbers = word.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == 4, let kind = UInt32(exactly: numbers[0]).flatMap(Class.init),
                numbers[2] > 0, (0...numbers[2]).contains(numbers[3])
            else { return nil }
            return Stratum(
                kind: kind, linked: numbers[1] == 1, population: numbers[2], drawn: numbers[3])
        }
        guard strata.count == words.count,
            stratum.allSatisfy({ strata.indices.contains(Int($0)) })
        else { throw damaged }
        self.strata = strata
        drawn = left.indices.map { row in
            Drawn(
                id: Hex.encode(ids[(row * 8)..<(row * 8 + 8)]), left: left[row].cast(),
                right: right[row].cast(), weight: weight[row].isNaN ? nil : weight[row],
                stratum: Int(stratum[row]))
        }
    }
}
