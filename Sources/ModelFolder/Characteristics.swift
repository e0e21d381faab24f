import PipelineModel

/// The table of characteristics: who was fitted and tested on, with and without the event.
///
/// It answers item 20b of TRIPOD+AI (and 20c: test rows stand beside those of the fit). A number of
/// fewer than ten different people is withheld, and with it what would give it away: of a column
/// with two values both values and both outcomes on that side of the split, since its mean among the
/// rows of the fit stands in `coefficients.json`.
struct Characteristics: Sendable, Equatable, Codable {
    /// Rows of one side of the split that share an outcome.
    struct Stratum: Sendable, Equatable, Codable {
        /// `fit` or `test`.
        var role: String
        /// Whether the rows had the event; absent where labels are not read.
        var event: Bool?
        /// Absent where they are of fewer than ten people.
        var rows: Int?
        var units: Int?
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
        func people(_ rows: [Int]) -> Int { Set(rows.map { matrix.rows[$0].about }).count }
        func areFew(_ rows: [Int]) -> Bool {
            !rows.isEmpty && people(rows) < ColumnRange.smallestCount
        }
        // One outcome of a side is the rest of its rows: both are shown, or neither.
        let withheld = Set(parts.filter { areFew($0.rows) }.map(\.role))
        strata = parts.map { part in
            Stratum(
                role: part.role, event: part.event,
                rows: withheld.contains(part.role) ? nil : part.rows.count,
                units: withheld.contains(part.role) ? nil : people(part.rows))
        }
        lines = columns.compactMap { name in
            guard let column = matrix.columns.firstIndex(of: name) else { return nil }
            let values = parts.map { part in part.rows.map { matrix[$0, column] } }
            let isBinary = values.allSatisfy { $0.allSatisfy { $0 == 0 || $0 == 1 } }
            var hidden = withheld
            if isBinary {
                for part in parts {
                    let ones = part.rows.filter { matrix[$0, column] == 1 }
                    let others = part.rows.filter { matrix[$0, column] == 0 }
                    if areFew(ones) || areFew(others) { hidden.insert(part.role) }
                }
            }
            return Line(
                name: name, kind: isBinary ? "count" : "mean",
                cells: zip(parts, values).map { part, values in
                    hidden.contains(part.role) || values.isEmpty
                        ? Cell() : isBinary ? Self.count(values) : Self.mean(values)
                })
        }
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

    /// The table; `titles` are what people read of a column, `units` what different rows are about.
    func table(_ titles: [String: String], units: String) -> [String] {
        ModelFacts.table(
            ["Characteristic"]
                + strata.map { stratum in
                    "\(stratum.role)\(stratum.event.map { $0 ? ", with the event" : ", without" } ?? "")"
                },
            [
                ["Rows"] + strata.map { $0.rows.map(Decimals.count) ?? "withheld" },
                ["Different \(units)"] + strata.map { $0.units.map(Decimals.count) ?? "withheld" },
            ]
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
