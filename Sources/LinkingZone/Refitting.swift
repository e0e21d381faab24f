import Evaluation
import Features
import Modelling
import PipelineModel
import Scoring

/// Fits a model anew on other rows of its fit, with whatever its specification tunes.
struct Refitting {
    private let specification: ModelSpecification
    private let refit: Refit
    private let fitted: DevelopmentTable
    private let test: DevelopmentTable

    /// The shares of the people of the fit on which the learning curve is drawn.
    static let shares = [0.1, 0.2, 0.4, 0.7, 1]

    /// - Parameters:
    ///   - specification: With `fit:` and the number of refits.
    ///   - fitted: The rows of the fit.
    ///   - test: The test rows.
    init(
        _ specification: ModelSpecification, fitted: DevelopmentTable, test: DevelopmentTable
    ) throws {
        self.specification = specification
        self.fitted = fitted
        self.test = test
        refit = try Refit(specification)
    }

    /// Optimism, stability of the list and learning curve.
    ///
    /// - Parameter score: The model's own scores of the test rows.
    func report(score: [Double]) throws -> EvaluationReport.Refits {
        var refits: [[Double]] = []
        var choices: [Tuning.Choice] = []
        var isOriginal = true
        let optimism = try Optimism.bootstrap(
            outcome: fitted.outcome, about: fitted.clusterKeys,
            resamples: specification.refits, seed: ClusterBootstrap.seed
        ) { rows in
            let model = try refit.model(fitted.rows(rows))
            let scorer = try Scorer(model: model.equation)
            if let choice = model.choice { choices.append(choice) }
            // The first fit is that of the rows themselves: the model.
            if !isOriginal { refits.append(try scorer.score(test.matrix).linearPredictor) }
            isOriginal = false
            let scored = try scorer.score(fitted.matrix)
            return { asked in
                Optimism.Prediction(
                    score: asked.map { scored.linearPredictor[$0] },
                    probability: asked.map { scored.probability[$0] })
            }
        }
        return EvaluationReport.Refits(
            optimism: optimism,
            listStability: ListStability.assess(
                score: score, refits: refits, size: specification.list.size),
            learningCurve: try learningCurve(),
            // The first choice is that of the model.
            tuning: choices.first.map {
                Tuning.assess(
                    names: fitted.matrix.columns.filter { !refit.unestimated.contains($0) },
                    model: $0,
                    refits: Array(choices.dropFirst()))
            })
    }

    private func scorer(_ rows: [Int]) throws -> Scorer {
        try refit.scorer(fitted.rows(rows))
    }

    /// Fits on the first people of one random order, more and more of them.
    private func learningCurve() throws -> Assessed<LearningCurve> {
        let about = fitted.clusterKeys
        var place: [UnitPseudonym: Int] = [:]
        for unit in about where place[unit] == nil { place[unit] = place.count }
        var order = Array(0..<place.count)
        var generator = SeededGenerator(seed: ClusterBootstrap.seed, label: "learning curve")
        // Fisher and Yates, by hand, so that every version of the library gives the same order.
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, generator.below(last + 1))
        }
        var turn = [Int](repeating: 0, count: order.count)
        for (index, person) in order.enumerated() { turn[person] = index }
        var fits: [LearningCurve.Fit] = []
        for share in Self.shares {
            let people = Int((share * Double(order.count)).rounded(.up))
            let rows = about.indices.filter { turn[place[about[$0]] ?? 0] < people }
            do {
                let scored = try scorer(rows).score(test.matrix)
                fits.append(
                    .init(
                        rows: rows.count, events: rows.count { fitted.outcome[$0] == 1 },
                        table: ScoredTable(
                            score: scored.linearPredictor, probability: scored.probability,
                            outcome: test.outcome, about: test.clusterKeys)))
            } catch is StileError {
                // Too few rows carry no model: the curve begins where they do.
                continue
            }
        }
        guard !fits.isEmpty else {
            return .notAssessable("no share of the rows of the fit carries the model")
        }
        return .value(try LearningCurve.assess(fits))
    }
}

extension FittedModel {
    /// What cross-validation and selection chose; `nil` where λ was not chosen by the fit.
    fileprivate var choice: Tuning.Choice? {
        guard let penalty, penalty.chosenBy != nil else { return nil }
        return Tuning.Choice(
            strength: penalty.strength, isAtPathEnd: penalty.pathEnd != nil,
            isKept: penalty.mixing > 0
                ? terms.filter { $0.isOffset != true && $0.isWeight != true }
                    .map { ($0.coefficient ?? 0) != 0 } : [])
    }
}
