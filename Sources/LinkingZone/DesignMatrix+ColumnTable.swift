import PipelineModel

extension DesignMatrix {
    /// The version of the schema `matrix`.
    static let schemaVersion = 1

    /// The table as a column file holds it.
    var table: ColumnTable {
        ColumnTable(
            schema: "matrix", version: Self.schemaVersion,
            attributes: ["unit": unitKind.rawValue],
            columns: [
                Column("unit", .pseudonym(rows.map(\.unit))),
                Column("as_of", .day(rows.map(\.asOf))),
                Column("person", .pseudonym(rows.map { $0.person.cast() })),
            ]
                + columns.enumerated().map { index, name in
                    let start = index * rows.count
                    return Column(
                        "feature.\(name)", .number(Array(values[start..<(start + rows.count)])))
                })
    }

    /// Reads a table that ``table`` wrote; `file` is what messages call it.
    init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "matrix", table.version == Self.schemaVersion,
            let kind = table.attributes["unit"].flatMap(UnitKind.init(rawValue:)),
            case .pseudonym(let unit)? = table["unit"], case .day(let asOf)? = table["as_of"],
            case .pseudonym(let person)? = table["person"]
        else {
            throw StileError(
                .integrity, "The file does not hold a matrix that this program knows.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        var names: [String] = []
        var values: [Double] = []
        for column in table.columns where column.name.hasPrefix("feature.") {
            guard case .number(let numbers) = column.values else { continue }
            names.append(String(column.name.dropFirst("feature.".count)))
            values += numbers
        }
        self.init(
            unitKind: kind,
            rows: unit.indices.map {
                RowKey(unit: unit[$0], asOf: asOf[$0], person: person[$0].cast())
            }, columns: names, values: values)
    }
}
