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
        guard let (table, digest) = try development(specification), let node = specification.fit
        else { return false }
        var faults = FaultList()
        let fit = FitSpecification.parse(node, faults: &faults)
        try faults.check()
        let stage = Stage(
            "train", scope: specification.name,
            inputs: [
                Artefact("development", digest: digest),
                Artefact("specification", kind: .value, digest: specification.digest),
            ])
        let reader = self
        return try night.attempt(stage) { work in
            let train = table.rows(
                table.fold.indices.filter { table.fold[$0] == 0 && !table.outcome[$0].isNaN })
            let size = DevelopmentSize(table, train, fit)
            if !size.training.isEnough && !fit.exploratory {
                throw size.refusal(specification)
            }
            var fitted = try LogisticRegression.fit(
                train.matrix, outcomes: Outcomes(values: train.outcome),
                clusters: train.matrix.clusters, specification: fit,
                provenance: ModelProvenance(
                    model: specification.name, specification: specification.digest.hex,
                    data: ["development": digest.hex]),
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
    ///   - table: All rows of the development.
    ///   - train: Those of the fit.
    ///   - fit: How many candidates there were, and what is expected.
    init(_ table: DevelopmentTable, _ train: DevelopmentTable, _ fit: FitSpecification) {
        let people = Set(train.matrix.rows.map(\.about)).count
        let events = train.outcome.count { $0 == 1 }
        let share = Double(events) / Double(max(1, train.outcome.count))
        training = SampleSize(
            candidates: max(fit.candidates ?? 0, train.matrix.columns.count), rows: people,
            events: people == train.outcome.count
                ? events : Int((share * Double(people)).rounded()),
            anticipatedR2: fit.anticipatedR2)
        // The outcomes of the test rows are not looked at before the model stands.
        let tested = Set(
            table.fold.indices.filter { table.fold[$0] > 0 }.map { table.matrix.rows[$0].about })
        test = TestPrecision(
            rows: tested.count, events: Int((share * Double(tested.count)).rounded()))
    }

    func refusal(_ specification: ModelSpecification) -> StileError {
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
