import ColumnFiles
import Foundation
import Features
import Modelling
import PipelineModel

/// How many people a model is fitted and tested on, against what so many parameters need.
struct DevelopmentSize {
    /// As many independent rows as those of the fit stand for, at the share of events among the rows:
    /// rows of one person or household tell less than rows of several (`EffectiveRows`).
    var training: SampleSize
    var test: TestPrecision?
    /// Whether rows of the fit have the event and others not, whatever they stand for.
    private var hasBoth: Bool

    /// - Parameters:
    ///   - rows: All rows of the development.
    ///   - train: Those of the fit.
    ///   - fit: How many candidates there were, and what is expected.
    ///   - weights: Whom each row of the fit stands for; `nil` where each counts alike.
    init(
        _ rows: DevelopmentRows, _ train: [Int], _ fit: FitSpecification,
        weights: SamplingWeights? = nil
    ) {
        func clusters(_ chosen: [Int]) -> [Int] {
            let numbers = RowKey.clusters(chosen.map { rows.clusterKeys[$0] })
            return numbers?.map(Int.init) ?? Array(chosen.indices)
        }
        let outcome = train.map { rows.outcome[$0] }
        let events = outcome.count { $0 == 1 }
        let share = Double(events) / Double(max(1, train.count))
        hasBoth = events > 0 && events < train.count
        let fitted = EffectiveRows(
            clusters: clusters(train), outcome: outcome, weights: weights)
        let candidates = max(
            fit.candidates ?? 0, rows.design.columns.count - fit.unestimated.count)
        if fitted.clusters == train.count, weights == nil {
            training = SampleSize(
                candidates: candidates, rows: train.count, events: events,
                anticipatedR2: fit.anticipatedR2)
        } else {
            training = SampleSize(
                candidates: candidates, rows: fitted.effective,
                share: weights.map { Self.share(outcome, $0) } ?? share,
                anticipatedR2: fit.anticipatedR2)
            training.clustering = fitted
        }
        // Of the test rows only whether they have an outcome is looked at before the model stands;
        // in the evaluation each counts once.
        let tested = EffectiveRows(
            clusters: clusters(
                rows.fold.indices.filter { rows.fold[$0] > 0 && !rows.outcome[$0].isNaN }),
            correlation: fitted.intraclassCorrelation)
        test = TestPrecision(rows: tested.effectiveForTest, share: share)
        if tested.clusters < tested.rows { test?.clustering = tested }
    }

    /// The share of events among those whom the rows stand for.
    private static func share(_ outcome: [Double], _ weights: SamplingWeights) -> Double {
        let events = zip(outcome, weights.values).reduce(0) { $0 + ($1.0 == 1 ? $1.1 : 0) }
        return events / weights.values.reduce(0, +)
    }

    /// The widest half of a 95 % interval of the area under the ROC curve that a test may leave.
    ///
    /// Source: R. D. Riley and others, Statistics in Medicine 40 (2021), who aim at a width of 0.1.
    static let widestTest = 0.05

    /// - Throws: `StileError` where an expectation is impossible, or the people are too few and the
    ///   specification does not say exploratory. Outcomes of one kind are left to the fit.
    func check(_ specification: ModelSpecification, _ fit: FitSpecification) throws {
        guard hasBoth else { return }
        if let expected = fit.anticipatedR2, expected >= training.largestR2 {
            throw StileError(
                .configuration,
                "The Cox–Snell R² that the model “\(specification.name)” is expected to reach, \(expected), is above the largest that is possible at its share of events, \(training.largestR2).",
                at: specification.place,
                remedy:
                    "Multiply Nagelkerke’s R² by the largest possible one, or remove “anticipated_r2”."
            )
        }
        guard !fit.exploratory else { return }
        if !training.isEnough { throw refusal(specification) }
        let reach = test?.discrimination ?? .infinity
        if reach > Self.widestTest {
            throw StileError(
                .policy,
                "The model “\(specification.name)” has too few \(specification.unit.plural) to test it on: its area under the ROC curve could be told to within ±\(reach.isFinite ? String(format: "%.3f", reach) : "1") at best, and ±\(Self.widestTest) is asked for.",
                at: specification.place,
                remedy:
                    "Test on later dates or more areas, or write “exploratory: true” under “fit”, which the reviewers are shown."
            )
        }
    }

    private func refusal(_ specification: ModelSpecification) -> StileError {
        StileError(
            .policy,
            "The model “\(specification.name)” has \(training.candidates) candidate parameters, but only \(people(specification)) to fit on: "
                + training.shortfalls.joined(separator: " "),
            at: specification.place,
            remedy:
                "Fit on a longer period or more areas, declare fewer features, or write “exploratory: true” under “fit”, which the reviewers are shown."
        )
    }

    /// Whom the model is fitted on, and how many independent rows they stand for.
    private func people(_ specification: ModelSpecification) -> String {
        guard let clustering = training.clustering else {
            return "\(training.rows) \(specification.unit.plural)"
        }
        let weighted = clustering.weightEffect.map {
            String(format: "their weights make %.2f rows tell as much as one", $0)
        }
        guard clustering.clusters < clustering.rows else {
            return
                "as many rows as \(training.rows) that count alike (of \(clustering.rows); \(weighted ?? ""))"
        }
        return
            "as many rows as \(training.rows) independent ones (\(clustering.rows) rows of \(clustering.clusters) who are kept together, which their design effect\(weighted == nil ? "" : " and their weights") makes \(clustering.byDesignEffect); the smaller counts\(weighted.map { "; \($0)" } ?? ""))"
    }
}
