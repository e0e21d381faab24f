import Foundation
import PipelineModel
import Tabular

/// The folder with the published data and their reference values.
struct DataFolder {
    let path: String

    func file(_ name: String) -> String { path + "/" + name }

    /// The reference.json of a folder, or another document of reference values.
    func reference(_ name: String) throws -> Reference {
        let data = try Data(contentsOf: URL(fileURLWithPath: file(name)))
        return Reference(value: try JSONSerialization.jsonObject(with: data))
    }

    /// The columns of a CSV, gzipped or not, by name.
    func columns(_ name: String) throws -> (header: [String], rows: [[String]]) {
        let reader = try CSVReader(path: file(name), file: name, dialect: CSVDialect())
        var rows: [[String]] = []
        try reader.forEachRow { row in rows.append((0..<row.count).map(row.text)) }
        return (reader.header, rows)
    }

    /// All designs with a reference, in a fixed order.
    func designs() throws -> [Design] {
        let classics = try reference("classics/reference.json")
        let models = try FileManager.default.contentsOfDirectory(
            atPath: file("classics/models")
        ).filter { $0.hasSuffix(".csv") }.sorted()
        var designs: [Design] = []
        for model in models {
            let name = String(model.dropLast(4))
            designs.append(
                try Design(name, columns("classics/models/\(model)"), classics[name]))
        }
        for (name, design) in [
            ("diabetes130", "design.csv.gz"), ("oulad", "design.csv.gz"), ("mvad", "design.csv"),
        ] {
            designs.append(
                try Design(
                    name, columns("\(name)/\(design)"), reference("\(name)/reference.json")))
        }
        let cancer = try columns("calibration/dcurves_df_binary.csv")
        let benefit = try reference("calibration/reference_netbenefit.json")
        designs.append(
            try Design(
                "dcurves", cancer, benefit["model_cancer_age_famhistory_marker"],
                outcome: "cancer", terms: ["age", "famhistory", "marker"],
                evaluation: benefit["in_sample"]))
        return designs
    }
}

/// A part of a document of reference values; what is not there is empty.
struct Reference {
    let value: Any?

    subscript(name: String) -> Reference { Reference(value: (value as? [String: Any])?[name]) }

    var isEmpty: Bool { value == nil || value is NSNull }
    var keys: [String] { ((value as? [String: Any])?.keys).map { $0.sorted() } ?? [] }
    var elements: [Reference] { (value as? [Any] ?? []).map { Reference(value: $0) } }
    var strings: [String] { value as? [String] ?? [] }

    /// A number, which may stand as text where it has more digits than a double.
    var number: Double? {
        if let text = value as? String { return Double(text) }
        return (value as? NSNumber)?.doubleValue
    }

    /// All numbers of a list; `nil` where one is missing or there is none.
    var numbers: [Double]? {
        let numbers = elements.compactMap(\.number)
        return numbers.isEmpty || numbers.count < elements.count ? nil : numbers
    }
}

/// What R wrote: numbers by set and quantity.
struct RFigures {
    private var figures: [String: [Double]] = [:]

    init(path: String) throws {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 3 else { continue }
            // R writes NA where it has no figure, which is no number here either.
            figures["\(parts[0])\t\(parts[1])"] =
                parts[2].split(separator: " ").map { Double($0) ?? .nan }
        }
    }

    subscript(set: String, quantity: String) -> [Double]? { figures["\(set)\t\(quantity)"] }

    /// The sets that have a quantity that begins with `prefix`, in a fixed order.
    func sets(with prefix: String) -> [String] {
        Set(
            figures.keys.compactMap { key in
                let parts = key.split(separator: "\t")
                return parts[1].hasPrefix(prefix) ? String(parts[0]) : nil
            }
        ).sorted()
    }

    /// The quantities of a set that begin with `prefix`, in a fixed order.
    func quantities(_ set: String, beginning prefix: String) -> [String] {
        figures.keys.compactMap { key in
            key.hasPrefix("\(set)\t\(prefix)") ? String(key.dropFirst(set.count + 1)) : nil
        }.sorted()
    }
}
