import Foundation
import Features
import Modelling
import NightRun
import PipelineModel
import Scoring
import Storage
import StrictYAML

extension ModelSpecification {
    /// What of a published equation is fitted to the people here; `nil` for nothing.
    var recalibration: Recalibration.Kind? {
        var faults = FaultList()
        return coefficients.flatMap { FrozenModel.parse($0, faults: &faults).recalibration }
    }

    /// Whether the training rows taught the equation something, so that they cannot test it.
    var learnsHere: Bool { fit != nil || recalibration != nil }
}

extension LinkingNight {
    /// Takes a published equation over: as it stands, or recalibrated on the training rows.
    mutating func freeze(_ specification: ModelSpecification) throws -> Bool {
        guard let node = specification.coefficients else { return false }
        var faults = FaultList()
        let frozen = FrozenModel.parse(node, faults: &faults)
        try faults.check()
        var stage = Stage(
            "freeze", scope: specification.name,
            inputs: [Artefact("specification", kind: .value, digest: specification.digest)])
        let reader = self
        guard let kind = frozen.recalibration else {
            return try night.attempt(stage) { work in
                try reader.store(
                    frozen.equation(name: specification.name), specification, in: &work)
            } != nil
        }
        guard let (table, digest) = try development(specification) else {
            throw StileError(
                .configuration,
                "The model “\(specification.name)” is to be recalibrated, but has no “outcome”.",
                at: node.place, remedy: "Add “outcome”, or remove “recalibrate”.")
        }
        stage.inputs.append(Artefact("development", digest: digest))
        return try night.attempt(stage) { work in
            let train = table.rows(
                table.fold.indices.filter { table.fold[$0] == 0 && !table.outcome[$0].isNaN })
            let published = frozen.equation(name: specification.name)
            let scored = try Scorer(model: published).score(train.matrix)
            let recalibration = try Recalibration(
                kind, predictors: scored.linearPredictor, outcomes: train.outcome,
                clusters: train.matrix.clusters)
            let folder = "\(reader.configuration.models)/\(specification.name)"
            try work.write(
                CanonicalForm.bytes(recalibration),
                file: reader.below("\(folder)/recalibration.json"),
                as: "recalibration")
            try reader.store(recalibration.applied(to: published), specification, in: &work)
            work.rows(in: recalibration.rows)
            work.count(.other, "events", recalibration.events)
        } != nil
    }
}
