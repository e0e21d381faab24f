import Features
import Foundation
import Modelling
import PipelineModel
import Scoring
import StrictYAML

/// A fit of a specification on any rows, with whatever the specification tunes.
struct Refit {
    private let specification: ModelSpecification
    private let fit: FitSpecification

    /// - Throws: `StileError` where `fit:` cannot be read.
    init(_ specification: ModelSpecification) throws {
        self.specification = specification
        var faults = FaultList()
        var fit = specification.fit.map { FitSpecification.parse($0, faults: &faults) } ?? .init()
        // Of a refit only the scores are looked at.
        fit.profilesIntervals = false
        fit.keepsPath = false
        self.fit = fit
        try faults.check()
    }

    /// The columns of which nothing is estimated.
    var unestimated: Set<String> { fit.unestimated }

    /// The column by which the rows of a fit are weighted; `nil` for none.
    var weights: String? { fit.weights }

    /// - Throws: `StileError` where the rows carry no fit.
    func scorer(_ rows: DevelopmentTable) throws -> Scorer {
        try Scorer(model: model(rows).equation)
    }

    /// - Throws: `StileError` where the rows carry no fit.
    func model(_ rows: DevelopmentTable) throws -> FittedModel {
        try LogisticRegression.fit(
            rows.matrix, outcomes: Outcomes(values: rows.outcome),
            // Copies of a row are of one person: they must not fall on both sides of a fold.
            clusters: fit.method.isPenalised ? RowKey.clusters(rows.clusterKeys) : nil,
            specification: fit,
            provenance: ModelProvenance(
                model: specification.name, specification: specification.digest.hex, data: [:]),
            threads: ProcessInfo.processInfo.activeProcessorCount)
    }
}
