import Foundation
import PipelineModel

/// A design with correlated columns, and outcomes by a logistic model with known coefficients.
///
/// The design is a column file of Stile's, whose numbers lie one column after the other as
/// little-endian doubles; design.json says where, for the peers.
///
/// Of four columns two are continuous, one is a count and one is 0 or 1; each leans on one of a
/// few factors that rows have in common. Columns are made and written one at a time.
struct MadeDesign {
    /// What the columns are like.
    enum Kind: String {
        case mixed
        /// Nineteen columns of twenty are counts that are zero in 95 to 99 rows of 100.
        case sparse
        /// As `sparse`, with 1 added to each count: the same model, and nothing is zero.
        case shifted
    }

    var rows: Int
    var columns: Int
    var seed: UInt64
    var kind: Kind
    private let factors = 6
    private let intercept = -2.0

    init(rows: Int, columns: Int, seed: UInt64, kind: Kind) {
        self.rows = rows
        self.columns = columns
        self.seed = seed
        self.kind = kind
    }

    /// Writes design.columns, outcomes.f64 and design.json.
    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let common = (0..<factors).map { normals(label: "factor \($0)") }
        var predictor = [Double](repeating: intercept, count: rows)
        var coefficients: [Double] = []
        let file = try ColumnOutput(folder.appendingPathComponent("design.columns"))
        let layout = ColumnLayout(rows: rows, columns: columns)
        try file.append(try layout.header())
        for column in 0..<columns {
            var values = kind == .mixed ? mixed(column, common) : sparse(column)
            let coefficient = self.coefficient(column)
            for row in 0..<rows { predictor[row] += coefficient * values[row] }
            coefficients.append(coefficient)
            if kind == .shifted, !column.isMultiple(of: 20) {
                for row in 0..<rows { values[row] += 1 }
            }
            try file.append(values)
            try file.append(Data(count: layout.padding))
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
            + "\"offset\":\(try layout.header().count),\"stride\":\(layout.stride),"
            + "\"intercept\":\(intercept),\"coefficients\":\(coefficients)}\n"
        try Data(facts.utf8).write(to: folder.appendingPathComponent("design.json"))
    }

    private func coefficient(_ column: Int) -> Double {
        let size = Double(column % 5 + 1) / 50
        return column.isMultiple(of: 2) ? size : -size
    }

    /// A continuous column in twenty, and counts that are seldom above zero.
    private func sparse(_ column: Int) -> [Double] {
        guard !column.isMultiple(of: 20) else { return normals(label: "column \(column)") }
        var generator = SeededGenerator(seed: seed, label: "column \(column)")
        let share = 0.01 + 0.01 * Double(column % 5)
        return (0..<rows).map { _ in
            let number = generator.uniform()
            guard number < share else { return 0 }
            return number < share / 2 ? 1 : number < share * 0.8 ? 2 : 3
        }
    }

    private func mixed(_ column: Int, _ common: [[Double]]) -> [Double] {
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

/// Where the columns lie in a column file of numbers, as ColumnFileFormat describes it: written
/// here column by column, because the file may be larger than memory.
struct ColumnLayout {
    var rows: Int
    var columns: Int

    /// Bytes after each column, so that the next begins at a multiple of 64.
    var padding: Int { Self.padding(after: 8 * rows) }
    /// Bytes from the beginning of a column to that of the next.
    var stride: Int { 8 * rows + padding }

    private struct Header: Encodable {
        struct Column: Encodable {
            var kind = "number"
            var name: String
            var parts: [Int]
        }

        var attributes: [String: String] = [:]
        var columns: [Column]
        var rows: Int
        var schema = "benchmark"
        var version = 1
    }

    /// All that stands before the first column.
    func header() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(
            Header(
                columns: (0..<columns).map { .init(name: "x\($0)", parts: [8 * rows]) },
                rows: rows))
        var bytes = Data("STILECOL".utf8)
        withUnsafeBytes(of: UInt64(json.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes += json
        return bytes + Data(count: Self.padding(after: bytes.count))
    }

    private static func padding(after size: Int) -> Int { (64 - size % 64) % 64 }
}

/// Appends columns of little-endian doubles to a file.
struct ColumnOutput {
    private let handle: FileHandle

    init(_ file: URL) throws {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        handle = try FileHandle(forWritingTo: file)
    }

    func append(_ bytes: Data) throws { try handle.write(contentsOf: bytes) }

    func append(_ values: [Double]) throws {
        // All platforms of Swift are little-endian.
        try values.withUnsafeBytes { try handle.write(contentsOf: Data($0)) }
    }

    func close() throws { try handle.close() }
}
