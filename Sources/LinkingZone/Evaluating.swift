import Attestation
import ColumnFiles
import Evaluation
import Features
import Foundation
import Modelling
import NightRun
import PipelineModel
import Scoring
import Storage

extension LinkingNight {
    /// Evaluates the equation on its test rows, and enters that their labels were read.
    ///
    /// - Returns: `nil` where there are none, so that no other equation's figures stand in.
    mutating func evaluate(
        _ specification: ModelSpecification, _ model: StoredModel
    ) throws -> EvaluationReport? {
        guard let digest = try developmentDigest(specification) else { return nil }
        let folder = "\(configuration.models)/\(specification.name)"
        let name = below("\(folder)/evaluation.json")
        // The specification holds the margins; its digest was on record before the labels are
        // read, with the equation that was fitted under it.
        let stage = Stage(
            "evaluate", scope: specification.name,
            inputs: [
                Artefact("development", digest: digest),
                Artefact("equation", kind: .value, digest: model.digest),
                Artefact("specification", kind: .value, digest: specification.digest),
            ]
                + [try fitArtefact(specification)].compactMap(\.self).map {
                    Artefact("fit", name: $0.name, kind: .value, digest: $0.digest)
                },
            settings: ["list_size": String(specification.list.size)])
        let reader = self
        let outputs = try night.attempt(stage) { work in
            // Before the labels are read: whatever stops the stage after this, they count as read.
            let ledger = try reader.opened(specification, model)
            try reader.putOpening(specification, model, ledger)
            try work.holdNow(
                OpeningLedger.name(specification.name), ledger.table, as: "openings")
            guard let (table, _) = try reader.development(specification) else { return }
            var report = try reader.report(specification, model, table)
            report.openings = ledger.summary { reader.configuration.clock.text($0) }
            report.acceptance = specification.acceptance.map {
                AcceptanceReport.judge($0, report)
            }
            try work.write(
                Array(report.canonicalJSON()),
                file: reader.below("\(folder)/evaluation.json"), as: "evaluation")
            let page = EvaluationPage.html(
                report, title: specification.title, fit: try reader.fitted(specification),
                made: [
                    "Model \(specification.name), version \(specification.version); the same figures, for machines, are in evaluation.json.",
                    "Specification \(specification.digest.hex)", "Equation \(model.digest.hex)",
                ])
            try work.write(
                Array(page.utf8), file: reader.below("\(folder)/evaluation.html"),
                as: "evaluation page")
            work.rows(in: report.rows)
        }
        guard let digest = outputs?["evaluation"] else { return nil }
        let path = context.path(of: name)
        return try EvaluationReport(
            canonicalJSON: Data(made(path, digest, "The evaluation")), file: path)
    }

    private func fitArtefact(_ specification: ModelSpecification) throws -> Artefact? {
        try specification.fit == nil ? nil : output("train", "fit", specification)
    }

    /// The fit of the model, with the path of its penalty; `nil` where nothing was fitted.
    private func fitted(_ specification: ModelSpecification) throws -> FittedModel? {
        guard let artefact = try fitArtefact(specification) else { return nil }
        return try FittedModel(
            canonicalJSON: Data(stored(artefact, "The fit of the model")),
            file: context.path(of: artefact.name))
    }

    /// The readings of the model's test labels, with this one.
    private func opened(
        _ specification: ModelSpecification, _ model: StoredModel
    ) throws -> OpeningLedger {
        var ledger = OpeningLedger()
        if let digest = try context.database.held(OpeningLedger.name(specification.name)) {
            ledger = try OpeningLedger(
                context.columns.read(digest), file: context.columns.path(of: digest))
        }
        ledger.openings.append(
            .init(
                day: context.today, equation: model.digest, specification: specification.digest))
        return ledger
    }

    /// Puts the reading on record, for whom the database is not enough.
    private func putOpening(
        _ specification: ModelSpecification, _ model: StoredModel, _ ledger: OpeningLedger
    ) throws {
        try night.put(
            "labels.opened", scope: specification.name,
            subjects: [
                .init("equation", model.digest), .init("specification", specification.digest),
                .init("openings", ledger.digest),
            ])
    }

    /// The figures of the test rows.
    private func report(
        _ specification: ModelSpecification, _ model: StoredModel, _ table: DevelopmentTable
    ) throws -> EvaluationReport {
        let known = table.fold.indices.filter { !table.outcome[$0].isNaN }
        // A published equation was fitted elsewhere: every row with an outcome tests it.
        let test = table.rows(known.filter { table.fold[$0] > 0 || !specification.learnsHere })
        guard !test.outcome.isEmpty else {
            throw StileError(
                .input,
                "No test row of the model “\(specification.name)” has a known outcome.",
                at: specification.place,
                remedy: "Choose test as-of dates whose horizon has passed.")
        }
        let fitted =
            specification.learnsHere ? table.rows(known.filter { table.fold[$0] == 0 }) : nil
        let scored = try Scorer(model: model.equation).score(test.matrix)
        // Whom a row of the fit stands for is no input of the equation.
        let weights = specification.fit == nil ? nil : try Refit(specification).weights
        let inputs = test.missing.filter { $0.name != weights }
        let rated = ScoredTable(
            score: scored.linearPredictor, probability: scored.probability,
            outcome: test.outcome, fold: test.fold,
            unit: specification.unit, about: test.matrix.rows.map(\.about),
            together: test.together, groups: test.groups, baselineRank: test.baselineRank,
            missing: Self.missing(inputs, rows: test.outcome.count), missingInputs: inputs,
            linkedSources: test.linked)
        var report = try Evaluation.evaluate(
            rated,
            listSize: specification.list.size,
            trainedOn: fitted.map { Set($0.matrix.rows.map(\.about)) },
            trainedTogether: fitted.map { Set($0.together) } ?? [])
        report.fitWeights = weights
        if let reasons = specification.outcome?.cannotHappen, !reasons.isEmpty {
            report.cannotHappen = try RefitWithoutImpossible(
                specification, reasons, fitted: fitted
            ).report(rated, test.matrix)
        }
        if let fitted {
            if let apart = specification.byPerson {
                let both = table.rows(known.filter { table.fold[$0] >= 0 })
                report.personSplit = try RefitByPerson(specification, apart, both)
                    .report(model: scored.linearPredictor)
            }
            report.stability = try Self.stability(
                model, fitted.matrix, test.matrix, scored, besides: weights)
            if specification.refits > 0 {
                report.refits = try Refitting(specification, fitted: fitted, test: test)
                    .report(score: scored.linearPredictor)
            }
            if specification.origins > 0 {
                report.rollingOrigin = try RollingRefits(
                    specification, table.rows(known), model: model.equation
                ).report { configuration.clock.text($0) }
            }
        }
        return report
    }

    /// How many values of each row were missing; empty where none can be.
    private static func missing(_ inputs: [ScoredTable.Flag], rows: Int) -> [Int32] {
        guard !inputs.isEmpty else { return [] }
        return (0..<rows).map { row in Int32(inputs.count { $0.holds[row] }) }
    }

    private static func stability(
        _ model: StoredModel, _ fitted: DesignMatrix, _ test: DesignMatrix, _ scored: ScoredMatrix,
        besides weights: String?
    ) throws -> StabilityReport {
        func column(_ matrix: DesignMatrix, _ column: Int) -> [Double] {
            let count = matrix.rows.count
            return Array(matrix.values[column * count..<(column + 1) * count])
        }
        return StabilityReport(
            referenceRows: fitted.rows.count,
            score: PopulationStability.assess(
                reference: try Scorer(model: model.equation).score(fitted).linearPredictor,
                other: scored.linearPredictor),
            inputs: fitted.columns.indices.filter { fitted.columns[$0] != weights }.map { index in
                .init(
                    name: fitted.columns[index],
                    stability: PopulationStability.assess(
                        reference: column(fitted, index), other: column(test, index)))
            })
    }
}
