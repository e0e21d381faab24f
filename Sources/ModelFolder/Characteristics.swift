import PipelineModel

/// The table of characteristics: who was fitted and tested on, with and without the event.
///
/// It answers item 20b of TRIPOD+AI (and 20c: test rows stand beside those of the fit). A number of
/// fewer than ten different people is withheld, and so is a line that rests on so few: where the
/// rows of one outcome differ from the commonest value of a column in fewer than ten people, their
/// mean and deviation tell how many they are and what they have. With it goes the other outcome of
/// that side, since the mean of all rows of the fit stands in `coefficients.json`. Different people
/// are not counted by outcome at all: beside the number of a whole fold, those with and those
/// without the event would tell how many are both.
struct Characteristics: Sendable, Equatable, Codable {
    /// Rows of one side of the split that share an outcome.
    struct Stratum: Sendable, Equatable, Codable {
        /// `fit` or `test`.
        var role: String
        /// Whether the rows had the event; absent where labels are not read.
        var event: Bool?
        /// Absent where they are of fewer than ten people.
        var rows: Int?
    }

    /// A column of the equation in each stratum.
    struct Line: Sendable, Equatable, Codable {
        var name: String
        /// `count`: rows with 1 among rows with 0 and 1; `mean`: of a number.
        var kind: String
        var cells: [Cell]
    }

    struct Cell: Sendable, Equatable, Codable {
        /// Rows with 1, or the mean with three digits; absent where it is withheld.
        var value: Double?
        /// The share of rows with 1 or the standard deviation with three digits.
        var spread: Double?
    }

    var strata: [Stratum]
    var lines: [Line]

    /// - Parameters:
    ///   - development: The rows.
    ///   - columns: Those of the equation.
    ///   - learnsHere: Whether rows of fold 0 taught it; else every row with an outcome tests it.
    ///   - readsTestLabels: Whether the test rows may be divided by their outcome.
    init(
        _ development: PublishedModel.Development, columns: [String], learnsHere: Bool,
        readsTestLabels: Bool
    ) {
        let matrix = development.matrix
        let outcome = development.outcome
        let known = development.fold.indices.filter { !outcome[$0].isNaN }
        let fit = learnsHere ? known.filter { development.fold[$0] == 0 } : []
        let test = learnsHere ? known.filter { development.fold[$0] > 0 } : known
        var parts: [(role: String, event: Bool?, rows: [Int])] = []
        for (role, rows) in [("fit", fit), ("test", test)] where !rows.isEmpty {
            if role == "test", !readsTestLabels {
                parts.append((role, nil, rows))
            } else {
                parts.append((role, true, rows.filter { outcome[$0] == 1 }))
                parts.append((role, false, rows.filter { outcome[$0] == 0 }))
            }
        }
        /// Whether rows are of somebody, but of fewer than ten.
        func areFew(_ rows: [Int]) -> Bool {
            var people: Set<UnitPseudonym> = []
            for row in rows {
                people.insert(matrix.rows[row].about)
                if people.count == ColumnRange.smallestCount { return false }
            }
            return !people.isEmpty
        }
        // One outcome of a side is the rest of its rows: both are shown, or neither.
        let withheld = Set(parts.filter { areFew($0.rows) }.map(\.role))
        strata = parts.map { part in
            Stratum(
                role: part.role, event: part.event,
                rows: withheld.contains(part.role) ? nil : part.rows.count)
        }
        lines = columns.compactMap { name in
            guard let column = matrix.columns.firstIndex(of: name) else { return nil }
            let values = parts.map { part in part.rows.map { matrix[$0, column] } }
            let isBinary = values.allSatisfy { $0.allSatisfy { $0 == 0 || $0 == 1 } }
            let usual = Self.commonest(values.flatMap(\.self)).prefix(1)
            var hidden = withheld
            for (part, values) in zip(parts, values) where !hidden.contains(part.role) {
                let own = Self.commonest(values)
                // Of two values each may be that of few people, however many rows they have.
                let compared = usual + own.prefix(own.count == 2 ? 2 : 1)
                let tellsFew = compared.contains { value in
                    areFew(part.rows.filter { matrix[$0, column] != value })
                }
                if tellsFew { hidden.insert(part.role) }
            }
            return Line(
                name: name, kind: isBinary ? "count" : "mean",
                cells: zip(parts, values).map { part, values in
                    hidden.contains(part.role) || values.isEmpty
                        ? Cell() : isBinary ? Self.count(values) : Self.mean(values)
                })
        }
    }

    /// The different values, commonest first, of equally common ones the smaller first.
    private static func commonest(_ values: [Double]) -> [Double] {
        var runs: [(value: Double, count: Int)] = []
        for value in values.sorted() {
            if let last = runs.indices.last, runs[last].value == value {
                runs[last].count += 1
            } else {
                runs.append((value, 1))
            }
        }
        return runs.sorted { $0.count != $1.count ? $0.count > $1.count : $0.value < $1.value }
            .map(\.value)
    }

    private static func count(_ values: [Double]) -> Cell {
        let ones = values.reduce(0, +)
        return Cell(
            value: ones, spread: ColumnRange.rounded(ones / Double(values.count), digits: 3))
    }

    /// The mean and the standard deviation, n − 1 below, two passes.
    private static func mean(_ values: [Double]) -> Cell {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Cell(
            value: ColumnRange.rounded(mean, digits: 3),
            spread: values.count > 1
                ? ColumnRange.rounded((squares / Double(values.count - 1)).squareRoot(), digits: 3)
                : nil)
    }

    // MARK: Markdown

    /// The table; `titles` are what people read of a column.
    func table(_ titles: [String: String]) -> [String] {
        ModelFacts.table(
            ["Characteristic"]
                + strata.map { stratum in
                    "\(stratum.role)\(stratum.event.map { $0 ? ", with the event" : ", without" } ?? "")"
                },
            [["Rows"] + strata.map { $0.rows.map(Decimals.count) ?? "withheld" }]
                + lines.map { line in
                    [
                        (titles[line.name] ?? line.name)
                            + (line.kind == "count" ? ": rows (share)" : ": mean (SD)")
                    ] + line.cells.map { text($0, line.kind) }
                })
    }

    private func text(_ cell: Cell, _ kind: String) -> String {
        guard let value = cell.value else { return "withheld" }
        if kind == "count" {
            return "\(Decimals.count(Int(value))) (\(cell.spread.map(Decimals.percent) ?? "–"))"
        }
        return "\(Self.short(value)) (\(cell.spread.map(Self.short) ?? "–"))"
    }

    private static func short(_ value: Double) -> String { Decimals.significant(value, digits: 3) }
}
