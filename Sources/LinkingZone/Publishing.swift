import ColumnFiles
import Features
import Foundation
import Hashing
import ModelFolder
import Modelling
import NightRun
import PipelineModel
import Storage

extension LinkingNight {
    /// Writes the folder of a model, with which others can check and run it: `models/<model>/folder`.
    ///
    /// - Parameters:
    ///   - specification: The model's specification.
    ///   - entry: Its place in the configuration, which names the files of the specification.
    ///   - model: The equation that scores.
    ///   - inputs: What the model reads tonight, for the terms of its sources.
    ///   - isEvaluated: Whether the evaluation that lies there is of this equation.
    mutating func publish(
        _ specification: ModelSpecification, _ entry: LinkingConfiguration.Model,
        _ model: StoredModel, _ inputs: ModelInputs, isEvaluated: Bool
    ) throws {
        let files = try specificationFiles(entry)
        let development = try development(specification)
        let fit = try specification.fit == nil ? nil : output("train", "fit", specification)
        let evaluation = try isEvaluated ? output("evaluate", "evaluation", specification) : nil
        let again =
            try specification.recalibration == nil
            ? nil : output("freeze", "recalibration", specification)
        let page = try isEvaluated ? output("evaluate", "evaluation page", specification) : nil
        let sources = inputs.sources.map {
            PublishedModel.Source(
                extract: $0.extract, purpose: $0.purpose, legalBasis: $0.legalBasis,
                legalBasisExpires: $0.legalBasisExpires)
        }
        var stage = Stage(
            "publish", scope: specification.name,
            inputs: files.map {
                Artefact(
                    "specification", name: $0.name, kind: .value,
                    digest: ContentDigest.sha256($0.bytes))
            } + [Artefact("equation", kind: .value, digest: model.digest)],
            settings: [
                "specification": specification.digest.hex,
                "sources": ContentDigest.sha256(try CanonicalForm.bytes(sources)).hex,
            ])
        if let development {
            stage.inputs.append(Artefact("development", digest: development.1))
        }
        for artefact in [fit, again, evaluation, page].compactMap(\.self) {
            stage.inputs.append(
                Artefact(
                    artefact.role, name: artefact.name, kind: .value, digest: artefact.digest))
        }
        let reader = self
        let clock = configuration.clock
        try night.attempt(stage) { work in
            let published = PublishedModel(
                name: specification.name, title: specification.title,
                purpose: specification.purpose, version: specification.version,
                unit: specification.unit, isFitted: specification.fit != nil,
                recalibration: specification.recalibration?.rawValue,
                specification: specification.digest, specificationFiles: files,
                equation: model.equation, terms: PublishedWords.terms(specification),
                outcome: PublishedWords.outcome(specification),
                listSize: specification.list.size, baseline: specification.baselineColumn,
                groupings: specification.groups.map(\.name), sources: sources,
                coefficients: try fit.map { try reader.stored($0, "The fit of the model") },
                evaluation: try evaluation.map { try reader.stored($0, "The evaluation") },
                evaluationPage: try page.map { try reader.stored($0, "The evaluation's page") },
                recalibrationFile: try again.map { try reader.stored($0, "The recalibration") },
                development: try development.map { table, digest in
                    PublishedModel.Development(
                        matrix: table.matrix, outcome: table.outcome, fold: table.fold,
                        dayText: { clock.text($0) },
                        snapshot: try reader.snapshot(of: digest, specification))
                }, stile: work.context.codeVersion)
            let made = try published.files()
            for file in made {
                try work.write(
                    file.bytes, file: "\(reader.publishedFolder(specification.name))/\(file.name)",
                    as: file.name == made.last?.name ? "manifest" : "folder")
            }
            reader.removeOthers(than: made, of: specification.name, in: &work)
            work.rows(in: development?.0.outcome.count ?? 0, out: model.equation.terms.count)
        }
    }

    /// The folder of a published model, below the folder of the zone.
    private func publishedFolder(_ model: String) -> String {
        below(LinkingZone.publishedFolder(configuration, model))
    }

    private func specificationFiles(_ entry: LinkingConfiguration.Model) throws -> [FolderFile] {
        try ["features.yaml", "model.yaml", "tests.yaml"].compactMap { name in
            try PlainFile.bytes(at: "\(entry.folder)/\(name)").map { FolderFile(name, $0) }
        }
    }

    /// What an earlier stage of the model left in a role; `nil` where there is none.
    func output(_ stage: String, _ role: String, _ specification: ModelSpecification)
        throws -> Artefact?
    {
        try context.database.result(stage: stage, scope: specification.name)?.outputs
            .first { $0.role == role }
    }

    /// The bytes of an artefact that was written in this zone.
    func stored(_ artefact: Artefact, _ what: String) throws -> [UInt8] {
        let path = context.path(of: artefact.name)
        guard let bytes = try PlainFile.bytes(at: path),
            ContentDigest.sha256(bytes) == artefact.digest
        else {
            throw StileError(
                .integrity, "\(what) is not the one that was written.", at: .init(file: path),
                remedy:
                    "Restore it from the backup, or fit the model again with stile train --model.")
        }
        return bytes
    }

    /// What the stage read that made the development rows, from the newest record of it, and the
    /// rows themselves.
    private func snapshot(of development: ContentDigest, _ specification: ModelSpecification)
        throws -> [PublishedModel.Snapshot]
    {
        func made(_ stage: StageRecord) -> Bool {
            stage.stage == "develop" && stage.scope == specification.name
                && stage.outputs.contains { $0.digest == development }
        }
        var record = night.record.stages.first(where: made)
        var runs = try context.database.runs(limit: .max)[...]
        while record == nil, let id = runs.popFirst() {
            record = try context.database.run(id)?.stages.first(where: made)
        }
        let read = (record?.inputs ?? []).map { input in
            PublishedModel.Snapshot(
                name: input.name.isEmpty ? input.role : "\(input.role) \(input.name)",
                digest: input.digest)
        }
        return read.sorted { $0.name < $1.name }
            + [PublishedModel.Snapshot(name: "development rows", digest: development)]
    }

    /// Removes what an earlier version of the model left in its folder.
    private func removeOthers(than made: [FolderFile], of model: String, in work: inout StageWork) {
        let folder = publishedFolder(model)
        let names = Set(made.map(\.name))
        let walk = FileManager.default.enumerator(atPath: context.path(of: folder))
        var others: [String] = []
        while let name = walk?.nextObject() as? String {
            guard !names.contains(name),
                walk?.fileAttributes?[.type] as? FileAttributeType == .typeRegular
            else { continue }
            others.append(name)
        }
        for name in others.sorted() { work.remove("\(folder)/\(name)") }
    }
}
