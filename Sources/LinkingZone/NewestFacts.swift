import Features
import PipelineModel

/// The day of the newest fact behind each feature of each row, as it is kept for the reasons.
struct NewestFacts {
    var features: [String]
    var tables: [String]
    /// By feature, then by row; empty where there is none.
    var newest: [[Day]]

    init(_ evidence: FeatureEvidence) {
        features = evidence.features
        tables = evidence.tables
        newest = features.indices.map { index in
            evidence.newest.isEmpty
                ? []
                : Array(evidence.newest[(index * evidence.rows)..<((index + 1) * evidence.rows)])
        }
    }

    /// The table as a column file holds it.
    var table: ColumnTable {
        var attributes: [String: String] = [:]
        for (feature, table) in zip(features, tables) { attributes["table.\(feature)"] = table }
        return ColumnTable(
            schema: "newest_facts", version: 1, attributes: attributes,
            columns: zip(features, newest).map { Column($0, .day($1)) })
    }

    /// Reads a table that ``table`` wrote; `file` is what messages call it.
    init(_ table: ColumnTable, file: String) throws {
        guard table.schema == "newest_facts", table.version == 1 else {
            throw StileError(
                .integrity, "The file does not hold the days of the newest facts.",
                at: .init(file: file), remedy: "Use the release of Stile that wrote it.")
        }
        features = table.columns.map(\.name)
        tables = features.map { table.attributes["table.\($0)"] ?? "" }
        newest = table.columns.map { column in
            if case .day(let days) = column.values { days } else { [] }
        }
    }

    /// The day of the newest fact behind a feature of a row, where there is one.
    func day(_ feature: String, row: Int) -> Day? {
        guard let index = features.firstIndex(of: feature), newest[index].indices.contains(row)
        else { return nil }
        return newest[index][row] == .missing ? nil : newest[index][row]
    }
}
