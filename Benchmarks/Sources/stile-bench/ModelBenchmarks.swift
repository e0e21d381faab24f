import Foundation
import Modelling
import PipelineModel
import Scoring

/// The fit and the night's scoring.
struct ModelBenchmarks {
    let share: Double

    private var rows: Int { max(2_000, Int(1_000_000 * share)) }

    var all: [Benchmark] { [fit, score, reasons] }

    /// Half of the columns are 0 or 1, half are continuous.
    private func matrix(columns: Int) -> DesignMatrix {
        var generator = SeededGenerator(seed: 1, label: "matrix")
        var values = [Double](repeating: 0, count: rows * columns)
        for column in 0..<columns {
            for row in 0..<rows {
                let number = generator.uniform()
                values[column * rows + row] =
                    column.isMultiple(of: 2) ? number * 2 - 1 : (number < 0.2 ? 1 : 0)
            }
        }
        let asOf = Day(iso: "2025-06-02") ?? .missing
        return DesignMatrix(
            unitKind: .person,
            rows: (1...rows).map {
                RowKey(
                    unit: UnitPseudonym(high: 1, low: UInt64($0)), asOf: asOf,
                    person: PersonPseudonym(high: 1, low: UInt64($0)))
            }, columns: (0..<columns).map { "x\($0)" }, values: values)
    }

    private func equation(columns: Int) -> ScoringEquation {
        ScoringEquation(
            name: "benchmark", intercept: -2,
            terms: (0..<columns).map {
                .init(name: "x\($0)", coefficient: 0.1 * Double($0 % 7 - 3), mean: 0)
            })
    }

    private var fit: Benchmark {
        Benchmark(
            name: "fit", what: "logistic regression, \(rows) × 20, to convergence, with errors"
        ) {
            let matrix = matrix(columns: 20)
            let truth = try Scorer(model: equation(columns: 20)).score(matrix)
            var generator = SeededGenerator(seed: 1, label: "outcomes")
            let outcomes = Outcomes(
                values: truth.probability.map { generator.chance($0) ? 1 : 0 })
            let threads = ProcessInfo.processInfo.activeProcessorCount
            return {
                let model = try LogisticRegression.fit(
                    matrix, outcomes: outcomes, provenance: ModelProvenance(model: "benchmark"),
                    threads: threads)
                guard model.aliased.isEmpty else { throw Wrong(what: "columns are aliased") }
                return [.init(1, "fits")]
            }
        }
    }

    private var score: Benchmark {
        Benchmark(name: "score", what: "\(rows) × 50: predictor, probability, rank") {
            let matrix = matrix(columns: 50)
            let scorer = try Scorer(model: equation(columns: 50))
            return {
                let scored = try scorer.score(matrix)
                guard scored.rank.count == rows else { throw Wrong(what: "rows are gone") }
                return [.init(Double(rows), "rows")]
            }
        }
    }

    private var reasons: Benchmark {
        Benchmark(
            name: "reasons",
            what: "\(rows) × 150: predictor, probability, rank, 5 reasons up and 3 down a row"
        ) {
            let matrix = matrix(columns: 150)
            let scorer = try Scorer(model: equation(columns: 150))
            return {
                let scored = try scorer.score(matrix)
                let reasons = try scorer.reasons(in: matrix, top: .init(raising: 5, lowering: 3))
                // One row by the slow way.
                let row = rows / 2
                let strongest = try scorer.reasons(row, in: matrix).first?.contribution
                guard scored.rank.count == rows, reasons.raising(row).first?.part == strongest
                else { throw Wrong(what: "reasons differ") }
                return [.init(Double(rows), "rows")]
            }
        }
    }
}
