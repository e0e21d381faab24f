import Foundation
import PipelineModel

/// A design with correlated columns, and outcomes by a logistic model with known coefficients.
///
/// Of four columns two are continuous, one is a count and one is 0 or 1; each leans on one of a
/// few factors that rows have in common. Columns are made and written one at a time.
struct MadeDesign {
    var rows: Int
    var columns: Int
    var seed: UInt64
    private let factors = 6
    private let intercept = -2.0

    init(rows: Int, columns: Int, seed: UInt64) {
        self.rows = rows
        self.columns = columns
        self.seed = seed
    }

    /// Writes design.f64, outcomes.f64 and design.json.
    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let common = (0..<factors).map { normals(label: "factor \($0)") }
        var predictor = [Double](repeating: intercept, count: rows)
        var coefficients: [Double] = []
        let file = try ColumnOutput(folder.appendingPathComponent("design.f64"))
        for column in 0..<columns {
            let values = self.column(column, common)
            let coefficient = self.coefficient(column)
            for row in 0..<rows { predictor[row] += coefficient * values[row] }
            coefficients.append(coefficient)
            try file.append(values)
        }
        try file.close()
        var generator = SeededGenerator(seed: seed, label: "outcomes")
        let outcomes = predictor.map {
            generator.chance(Logistic.probability($0)) ? 1.0 : 0.0
        }
        let outcomeFile = try ColumnOutput(folder.appendingPathComponent("outcomes.f64"))
        try outcomeFile.append(outcomes)
        try outcomeFile.close()
        // One line, without spaces: the R peer reads it without a JSON library.
        let facts =
            "{\"rows\":\(rows),\"columns\":\(columns),\"seed\":\(seed),"
            + "\"intercept\":\(intercept),\"coefficients\":\(coefficients)}\n"
        try Data(facts.utf8).write(to: folder.appendingPathComponent("design.json"))
    }

    private func coefficient(_ column: Int) -> Double {
        let size = Double(column % 5 + 1) / 50
        return column.isMultiple(of: 2) ? size : -size
    }

    private func column(_ column: Int, _ common: [[Double]]) -> [Double] {
        let own = normals(label: "column \(column)")
        let factor = common[column % factors]
        let lean = 0.3 + 0.1 * Double(column % 4)
        let rest = (1 - lean * lean).squareRoot()
        return (0..<rows).map { row in
            let value = lean * factor[row] + rest * own[row]
            return switch column % 4 {
            case 0, 1: value
            case 2: exp(0.8 * value).rounded(.down)
            default: value > 0.8 ? 1 : 0
            }
        }
    }

    /// Independent standard normal numbers by the method of Box and Muller.
    private func normals(label: String) -> [Double] {
        var generator = SeededGenerator(seed: seed, label: label)
        var values = [Double](repeating: 0, count: rows)
        var row = 0
        while row < rows {
            let radius = (-2 * log(1 - generator.uniform())).squareRoot()
            let angle = 2 * Double.pi * generator.uniform()
            values[row] = radius * cos(angle)
            if row + 1 < rows { values[row + 1] = radius * sin(angle) }
            row += 2
        }
        return values
    }
}

/// Appends columns of little-endian doubles to a file.
struct ColumnOutput {
    private let handle: FileHandle

    init(_ file: URL) throws {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        handle = try FileHandle(forWritingTo: file)
    }

    func append(_ values: [Double]) throws {
        // All platforms of Swift are little-endian.
        try values.withUnsafeBytes { try handle.write(contentsOf: Data($0)) }
    }

    func close() throws { try handle.close() }
}
