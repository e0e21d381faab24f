import PipelineModel

extension DesignMatrix {
    /// The version of the schema `matrix`.
    static let schemaVersion = 1
    /// Stands before the name of each feature among the columns of the file.
    static let featurePrefix = "feature."

    /// The table as a column file holds it; features that are mostly zero as what is not.
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
                        Self.featurePrefix + name,
                        .numbers(values[start..<(start + rows.count)]))
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
        for column in table.columns where column.name.hasPrefix(Self.featurePrefix) {
            guard let numbers = column.values.numbers else { continue }
            names.append(String(column.name.dropFirst(Self.featurePrefix.count)))
            values += numbers
        }
        self.init(
            unitKind: kind,
            rows: unit.indices.map {
                RowKey(unit: unit[$0], asOf: asOf[$0], person: person[$0].cast())
            }, columns: names, values: values)
    }
}
