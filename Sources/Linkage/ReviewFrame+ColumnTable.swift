public import PipelineModel

extension ReviewFrame {
    /// The version of the schema `review_frame`.
    public static let schemaVersion = 2

    /// The frame as a column file holds it: one row a pair, the strata and the source zones in the
    /// header.
    public var table: ColumnTable {
        ColumnTable(
            schema: "review_frame", version: Self.schemaVersion,
            attributes: [
                "strata": strata.map {
                    "\($0.kind.rawValue) \($0.linked ? 1 : 0) \($0.population) \($0.drawn) \($0.zone ?? -1)"
                }.joined(separator: ";"),
                "zones": zones.joined(separator: ","),
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

    /// Reads a table, also one of version 1, when one zone was asked; `file` is what messages call
    /// it.
    ///
    /// - Throws: `StileError` with code `integrity`.
    public init(_ table: ColumnTable, file: String) throws {
        let damaged = StileError(
            .integrity, "The frame of a clerical review is damaged.", at: .init(file: file),
            remedy: "Restore the column file from the backup, or draw a new sample.")
        guard table.schema == "review_frame", (1...Self.schemaVersion).contains(table.version),
            case .fixedBytes(8, let ids)? = table["id"],
            case .pseudonym(let left)? = table["left"],
            case .pseudonym(let right)? = table["right"],
            case .number(let weight)? = table["weight"],
            case .integer(let stratum)? = table["stratum"]
        else { throw damaged }
        let zones = (table.attributes["zones"] ?? "").split(
            separator: ",", omittingEmptySubsequences: false
        ).map(String.init)
        let words = (table.attributes["strata"] ?? "").split(separator: ";")
        let strata = words.compactMap { word -> Stratum? in
            let numbers = word.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == (table.version == 1 ? 4 : 5),
                let kind = UInt32(exactly: numbers[0]).flatMap(Class.init),
                numbers[2] > 0, (0...numbers[2]).contains(numbers[3]),
                case let zone = table.version == 1 ? 0 : numbers[4],
                (-1..<zones.count).contains(zone)
            else { return nil }
            return Stratum(
                kind: kind, linked: numbers[1] == 1, population: numbers[2], drawn: numbers[3],
                zone: zone < 0 ? nil : zone)
        }
        guard strata.count == words.count,
            stratum.allSatisfy({ strata.indices.contains(Int($0)) })
        else { throw damaged }
        self.zones = zones
        self.strata = strata
        drawn = left.indices.map { row in
            Drawn(
                id: Hex.encode(Array(ids[(row * 8)..<(row * 8 + 8)])), left: left[row].cast(),
                right: right[row].cast(), weight: weight[row].isNaN ? nil : weight[row],
                stratum: Int(stratum[row]))
        }
    }
}
