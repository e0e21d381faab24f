import ColumnFiles
import Foundation
import Features
import Modelling
import NightRun
import PipelineModel
import Storage
import StrictYAML

extension LinkingNight {
    /// Fits a model on its training rows, where they are enough for it.
    mutating func train(_ specification: ModelSpecification) throws -> Bool {
        guard let rows = try developmentRows(specification), let node = specification.fit
        else { return false }
        var faults = FaultList()
        let fit = FitSpecification.parse(node, faults: &faults)
        try faults.check()
        let stage = Stage(
            "train", scope: specification.name,
            inputs: [
                Artefact("development", digest: rows.digest),
                Artefact("specification", kind: .value, digest: specification.digest),
            ])
        let reader = self
        return try night.attempt(stage) { work in
            let train = rows.keys.indices.filter {
                rows.fold[$0] == 0 && !rows.outcome[$0].isNaN
            }
            let size = DevelopmentSize(rows, train, fit)
            try size.check(specification, fit)
            var fitted = try LogisticRegression.fit(
                SelectedRows(rows.design, rows: train),
                outcomes: Outcomes(values: train.map { rows.outcome[$0] }),
                clusters: RowKey.clusters(train.map { rows.clusterKeys[$0] }), specification: fit,
                provenance: ModelProvenance(
                    model: specification.name, specification: specification.digest.hex,
                    data: ["development": rows.digest.hex]),
                threads: ProcessInfo.processInfo.activeProcessorCount)
            fitted.sampleSize = size.training
            fitted.testPrecision = size.test
            fitted.exploratory = fit.exploratory
            let folder = "\(reader.configuration.models)/\(specification.name)"
            try work.write(
                Array(fitted.canonicalJSON()), file: reader.below("\(folder)/coefficients.json"),
                as: "fit")
            try reader.store(fitted.equation, specification, in: &work)
            work.rows(in: fitted.rows, out: fitted.terms.count)
            work.count(.other, "events", fitted.events)
            work.count(.other, "aliased terms", fitted.aliased.count)
        } != nil
    }
}

/// How many people a model is fitted and tested on, against what so many parameters need.
struct DevelopmentSize {
    /// People, households or settings, and how many of them would have the event, at the share of
    /// events among the rows: rows of one person tell less than rows of several.
    var training: SampleSize
    var test: TestPrecision?

    /// - Parameters:
    ///   - rows: All rows of the development.
    ///   - train: Those of the fit.
    ///   - fit: How many candidates there were, and what is expected.
    init(_ rows: DevelopmentRows, _ train: [Int], _ fit: FitSpecification) {
        let people = Set(train.map { rows.keys[$0].about }).count
        let events = train.count { rows.outcome[$0] == 1 }
        let share = Double(events) / Double(max(1, train.count))
        training = SampleSize(
            candidates: max(fit.candidates ?? 0, rows.design.columns.count), rows: people,
            events: people == train.count ? events : Int((share * Double(people)).rounded()),
            anticipatedR2: fit.anticipatedR2)
        // Of the test rows only whether they have an outcome is looked at before the model stands.
        let tested = Set(
            rows.fold.indices.filter { rows.fold[$0] > 0 && !rows.outcome[$0].isNaN }
                .map { rows.keys[$0].about })
        test = TestPrecision(
            rows: tested.count, events: Int((share * Double(tested.count)).rounded()))
    }

    /// The widest half of a 95 % interval of the area under the ROC curve that a test may leave.
    ///
    /// Source: R. D. Riley and others, Statistics in Medicine 40 (2021), who aim at a width of 0.1.
    static let widestTest = 0.05

    /// - Throws: `StileError` where an expectation is impossible, or the people are too few and the
    ///   specification does not say exploratory. Outcomes of one kind are left to the fit.
    func check(_ specification: ModelSpecification, _ fit: FitSpecification) throws {
        guard training.events > 0, training.events < training.rows else { return }
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
            "The model “\(specification.name)” has \(training.candidates) candidate parameters, but only \(training.rows) \(specification.unit.plural) to fit on: "
                + training.shortfalls.joined(separator: " "),
            at: specification.place,
            remedy:
                "Fit on a longer period or more areas, declare fewer features, or write “exploratory: true” under “fit”, which the reviewers are shown."
        )
    }
}
