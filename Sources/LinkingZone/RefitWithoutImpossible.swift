import Evaluation
import Features
import PipelineModel
import Scoring

/// The rows for which the outcome cannot happen, with a fit that was made without them.
struct RefitWithoutImpossible {
    private let specification: ModelSpecification
    private let reasons: [Impossibility]
    private let fitted: DevelopmentTable?

    /// - Parameters:
    ///   - specification: Of the model that is evaluated.
    ///   - reasons: Why the outcome cannot happen; at least one.
    ///   - fitted: The rows of the fit; `nil` where nothing was fitted here.
    init(
        _ specification: ModelSpecification, _ reasons: [Impossibility],
        fitted: DevelopmentTable?
    ) {
        self.specification = specification
        self.reasons = reasons
        self.fitted = fitted
    }

    /// - Parameters:
    ///   - table: The test rows with the model's scores.
    ///   - matrix: Their features.
    /// - Throws: `StileError` where the table cannot be evaluated.
    func report(_ table: ScoredTable, _ matrix: DesignMatrix) throws -> CannotHappen {
        try CannotHappen.assess(
            reasons, table, listSize: specification.list.size,
            fit: fitted.map { ($0.groups, $0.outcome.count) },
            anew: fitted.map { try anew($0, matrix) })
    }

    private func anew(
        _ fitted: DevelopmentTable, _ matrix: DesignMatrix
    ) throws -> Assessed<(score: [Double], probability: [Double])> {
        let count = fitted.outcome.count
        let flags = reasons.map { $0.holds(fitted.groups, rows: count) }
        let rows = (0..<count).filter { row in !flags.contains { $0[row] } }
        do {
            let scored = try Refit(specification).scorer(fitted.rows(rows)).score(matrix)
            return .value((scored.linearPredictor, scored.probability))
        } catch let error as StileError {
            return .notAssessable("those rows of the fit carry no model: \(error.message)")
        }
    }
}
