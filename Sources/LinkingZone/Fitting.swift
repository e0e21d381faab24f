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
            let design = SelectedRows(rows.design, rows: train)
            try Self.check("offset", fit.offset, rows, specification) { _ in true }
            // Whom a test row stands for nobody asks: it counts once.
            try Self.check("weight", fit.weights, rows, specification) { rows.fold[$0] == 0 }
            let size = try DevelopmentSize(
                rows, train, fit,
                weights: fit.weights.map { try SamplingWeights($0, of: design) })
            try size.check(specification, fit)
            var fitted = try LogisticRegression.fit(
                design,
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

    /// Refuses rows whose offset or weight was missing: what was filled in is nobody's.
    private static func check(
        _ what: String, _ column: String?, _ rows: DevelopmentRows,
        _ specification: ModelSpecification, where isAsked: (Int) -> Bool
    ) throws {
        guard let column, let flag = rows.missing.first(where: { $0.name == column }) else {
            return
        }
        let missing = rows.outcome.indices.count {
            flag.holds[$0] && !rows.outcome[$0].isNaN && isAsked($0)
        }
        guard missing > 0 else { return }
        throw StileError(
            .input,
            "\(missing) rows have no value of the \(what) “\(column)” of the model “\(specification.name)”.",
            at: specification.place,
            remedy: "Leave people without one out of the cohort, or do without the \(what).")
    }
}
