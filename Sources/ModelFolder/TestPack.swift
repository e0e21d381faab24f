import PipelineModel
import Scoring

/// Made-up rows with the scores that they must have: `test-pack.csv`.
///
/// No row is a person's: all are made from the equation and the ranges of its columns.
public struct TestPack: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        /// What the row tries, such as `reference` or `age:high`.
        public var name: String
        /// A value for each of ``columns``.
        public var values: [Double]
        /// In log odds.
        public var linearPredictor: Double
        public var probability: Double
    }

    /// The terms of the equation, in its order.
    public var columns: [String]
    public var rows: [Row]

    /// How many rows are drawn at random.
    static let randomRows = 100
    /// The seed of the draw; the model's name labels the stream.
    static let seed: UInt64 = 20_240_229

    /// How the rows were made, for those who run them.
    static let statement =
        "Every row is made up; none is a person's. “zero” has 0 everywhere; “reference” has the value against which reasons are measured; “NAME:low” and “NAME:high” move one column to the ends that data.json states, the others at the reference; “raises-all” and “lowers-all” have every column at the end that raises or lowers the score; “random-1” to “random-\(randomRows)” draw each column by itself, evenly between its ends (0 or 1 where it has only these), by xoshiro256** with the seed \(seed)."

    /// Makes the rows and scores them by the equation.
    init(equation: ScoringEquation, ranges: [ColumnRange]) throws {
        columns = equation.terms.map(\.name)
        let reference = equation.terms.map(\.mean)
        var made: [(String, [Double])] = [
            ("zero", reference.map { _ in 0 }), ("reference", reference),
        ]
        for (index, range) in ranges.enumerated() {
            for (end, value) in [("low", range.low), ("high", range.high)] {
                var values = reference
                values[index] = value
                made.append(("\(range.name):\(end)", values))
            }
        }
        func extreme(raising: Bool) -> [Double] {
            zip(equation.terms, ranges).map { term, range in
                (term.coefficient > 0) == raising ? range.high : range.low
            }
        }
        made += [
            ("raises-all", extreme(raising: true)), ("lowers-all", extreme(raising: false)),
        ]
        var generator = SeededGenerator(seed: Self.seed, label: "test-pack/\(equation.name)")
        for number in 1...Self.randomRows {
            made.append(("random-\(number)", ranges.map { Self.draw($0, &generator) }))
        }
        let matrix = Self.matrix(made.map(\.1), columns: columns)
        let scored = try Scorer(model: equation).score(matrix)
        rows = made.enumerated().map { index, row in
            Row(
                name: row.0, values: row.1, linearPredictor: scored.linearPredictor[index],
                probability: scored.probability[index])
        }
    }

    init(columns: [String], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }

    /// The rows as a matrix for the scorer.
    static func matrix(_ rows: [[Double]], columns: [String]) -> DesignMatrix {
        DesignMatrix(
            unitKind: .person,
            rows: rows.indices.map {
                RowKey(
                    unit: UnitPseudonym(high: 0, low: UInt64($0) + 1), asOf: Day(0), person: .none)
            }, columns: columns,
            values: columns.indices.flatMap { column in rows.map { $0[column] } })
    }

    private static func draw(_ range: ColumnRange, _ generator: inout SeededGenerator) -> Double {
        let share = generator.uniform()
        switch range.kind {
        case .binary, .unknown: return share < 0.5 ? range.low : range.high
        case .whole:
            return (range.low + share * (range.high - range.low + 1)).rounded(.down)
        case .number:
            return ColumnRange.rounded(
                range.low + share * (range.high - range.low), digits: 4)
        }
    }
}
