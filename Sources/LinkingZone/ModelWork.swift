import ColumnFiles
import EthicsGate
import Evaluation
import Features
import Foundation
import Hashing
import Modelling
import NightRun
import PipelineModel
import Scoring
import Storage
import StrictYAML

extension LinkingNight {
    /// Does what a model asks for tonight: develops it where it is not there yet, then works out
    /// the night's features, scores, and proposes a list.
    ///
    /// - Parameter asked: Whether the operator named the model, so that `stile train` refits it.
    mutating func work(
        on specification: ModelSpecification, entry: LinkingConfiguration.Model,
        through: LinkingZone.Through, asked: Bool
    ) throws {
        let readiness = Stage(
            "readiness", scope: specification.name,
            inputs: [Artefact("specification", kind: .value, digest: specification.digest)],
            settings: [
                "as_of": configuration.clock.text(context.today),
                "deliveries": try deliveryDigest().hex,
            ])
        var inputs: ModelInputs?
        let reader = self
        guard
            try night.attempt(
                readiness,
                { work in
                    inputs = try reader.inputs(of: specification)
                    work.rows(in: inputs?.tables.reduce(0) { $0 + $1.count } ?? 0)
                }) != nil
        else { return }
        let ready = try inputs ?? self.inputs(of: specification)
        let exclusions = try exclusions()

        if through == .features {
            _ = try features(specification, ready, exclusions)
            return
        }
        // Whoever asks for it by name gets the model anew; otherwise a changed specification
        // with old coefficients is refused.
        let anew = through == .train && asked
        if try anew || context.database.held(Self.modelPrefix + specification.name) == nil {
            if specification.outcome != nil {
                guard try develop(specification, ready, exclusions) else { return }
            }
            guard try specification.fit == nil ? freeze(specification) : train(specification)
            else { return }
        }
        guard through > .train, let model = try standing(specification) else { return }
        let evaluation = try evaluate(specification, model)
        try publish(specification, entry, model, ready, isEvaluated: evaluation != nil)
        guard through > .evaluate else { return }
        guard let matrix = try features(specification, ready, exclusions) else { return }
        guard let scores = try score(specification, model, matrix: matrix) else { return }
        guard through > .score else { return }
        try propose(
            specification, entry: entry, model: model, matrix: matrix, scores: scores,
            inputs: ready, exclusions: exclusions, evaluation: evaluation)
    }

    /// The digest of all that has been received: readiness depends on it.
    private func deliveryDigest() throws -> ContentDigest {
        var print = Fingerprint("stile/deliveries/v1")
        for delivery in try context.database.deliveries(state: .accepted)
            .sorted(by: { ($0.delivered, $0.batch ?? "") < ($1.delivered, $1.batch ?? "") })
        {
            print.add(delivery.batch ?? "", delivery.sha256)
        }
        return print.digest
    }

    // MARK: The stored model

    /// The equation that scores, with the digest of its file.
    struct StoredModel {
        var equation: ScoringEquation
        var digest: ContentDigest
    }

    private static let modelPrefix = "model."
    private static let developmentPrefix = "development."

    /// The model as it was fitted or frozen; `nil` where it cannot be used, which the record
    /// then says without stopping the other models.
    private mutating func standing(_ specification: ModelSpecification) throws -> StoredModel? {
        do {
            return try model(specification)
        } catch let error as StileError where error.code == .policy {
            night.note(error, stage: nil)
            refused = refused ?? error
            return nil
        }
    }

    /// The model as it was fitted or frozen; `nil` where it has to be.
    ///
    /// - Throws: `StileError` with code `policy` where the specification has changed since.
    private func model(_ specification: ModelSpecification) throws -> StoredModel? {
        guard let digest = try context.database.held(Self.modelPrefix + specification.name) else {
            return nil
        }
        let path = EquationFile.path(configuration, specification.name, digest)
        guard let data = FileManager.default.contents(atPath: path),
            ContentDigest.sha256(Array(data)) == digest
        else {
            throw StileError(
                .integrity,
                "The equation of the model “\(specification.name)” is not the one that was stored.",
                at: .init(file: path),
                remedy:
                    "Restore it from the backup, or fit the model again with stile train --model.")
        }
        let file = try EquationFile.read(Array(data), path: path)
        guard file.specification == specification.digest.hex else {
            // A changed definition with old coefficients would be a model that nobody has seen.
            throw StileError(
                .policy,
                "The specification of the model “\(specification.name)” has changed since it was fitted.",
                at: specification.place,
                remedy:
                    "Fit it again with stile train --model \(specification.name), and let its evaluation be reviewed."
            )
        }
        return StoredModel(equation: file.equation, digest: digest)
    }

    func store(
        _ equation: ScoringEquation, _ specification: ModelSpecification,
        in work: inout StageWork
    ) throws {
        let bytes = try EquationFile(specification: specification.digest, equation).bytes
        let path = EquationFile.path(
            configuration, specification.name, ContentDigest.sha256(bytes))
        let digest = try work.write(bytes, file: below(path), as: "equation")
        try work.hold(Self.modelPrefix + specification.name, digest)
    }

    // MARK: Development

    private mutating func develop(
        _ specification: ModelSpecification, _ inputs: ModelInputs, _ exclusions: ExclusionSet
    ) throws -> Bool {
        let stage = Stage(
            "develop", scope: specification.name, inputs: inputs.artefacts,
            settings: [
                "specification": specification.digest.hex, "exclusions": exclusions.digest.hex,
                "as_of": configuration.clock.text(context.today),
            ])
        return try night.attempt(stage) { work in
            let features = try FeatureStage(
                specification, tables: inputs.tables, spine: inputs.spine,
                night: work.context.today, exclusions: exclusions.exclusions)
            let set = try features.build(.development, withMissing: true)
            var table = DevelopmentTable(set)
            table.linked = LinkedSources(specification, inputs.spine).flags(set.matrix.rows)
            let digest = try work.write(table.table, as: "development")
            try work.hold(Self.developmentPrefix + specification.name, digest)
            work.rows(in: inputs.tables.reduce(0) { $0 + $1.count }, out: set.matrix.rows.count)
            work.count(.other, "events", set.report.events)
        } != nil
    }

    /// The rows on which the model is developed, their features left in the file.
    func developmentRows(_ specification: ModelSpecification) throws -> DevelopmentRows? {
        try context.database.held(Self.developmentPrefix + specification.name).map {
            try DevelopmentRows($0, in: context.columns)
        }
    }

    /// Of the rows that the model is fitted and evaluated on; `nil` where there are none.
    func developmentDigest(_ specification: ModelSpecification) throws -> ContentDigest? {
        try context.database.held(Self.developmentPrefix + specification.name)
    }

    func development(_ specification: ModelSpecification) throws -> (
        DevelopmentTable, ContentDigest
    )? {
        guard let digest = try developmentDigest(specification) else { return nil }
        return (
            try DevelopmentTable(
                context.columns.read(digest), file: context.columns.path(of: digest)), digest
        )
    }

    /// The bytes of a file that a stage made.
    ///
    /// - Throws: `StileError` with code `integrity` where they are not those it wrote.
    func made(_ path: String, _ digest: ContentDigest, _ what: String) throws -> [UInt8] {
        guard let bytes = try PlainFile.bytes(at: path), ContentDigest.sha256(bytes) == digest
        else {
            throw StileError(
                .integrity, "\(what) is not the one that was written.", at: .init(file: path),
                remedy: "Remove the file and run the night again; it is made anew.")
        }
        return bytes
    }

    // MARK: The night's rows

    private mutating func features(
        _ specification: ModelSpecification, _ inputs: ModelInputs, _ exclusions: ExclusionSet
    ) throws -> ContentDigest? {
        let stage = Stage(
            "features", scope: specification.name, inputs: inputs.artefacts,
            settings: [
                "specification": specification.digest.hex, "exclusions": exclusions.digest.hex,
                "as_of": configuration.clock.text(context.today),
            ])
        return try night.attempt(stage) { work in
            let features = try FeatureStage(
                specification, tables: inputs.tables, spine: inputs.spine,
                night: work.context.today, exclusions: exclusions.exclusions)
            let set = try features.build(.scoring, withEvidence: true)
            try work.write(DevelopmentTable(set).table, as: "matrix")
            try work.write(NewestFacts(set.evidence).table, as: "newest facts")
            if let members = MembersTable(set.members).table {
                try work.write(members, as: "members")
            }
            work.rows(
                in: inputs.tables.reduce(0) { $0 + $1.count }, out: set.matrix.rows.count)
            work.count(.excluded, "out of the cohort by a register", set.report.excludedUnits)
            if specification.unit == .household || specification.unit == .setting {
                work.count(
                    .other, "\(specification.unit.plural) of too many or too few people",
                    set.report.unitsOfWrongSize)
            }
        }?["matrix"]
    }

    private mutating func score(
        _ specification: ModelSpecification, _ model: StoredModel, matrix digest: ContentDigest
    ) throws -> ContentDigest? {
        let stage = Stage(
            "score", scope: specification.name,
            inputs: [
                Artefact("matrix", digest: digest),
                Artefact("equation", kind: .value, digest: model.digest),
            ])
        return try night.attempt(stage) { work in
            let columns = work.context.columns
            let table = try DevelopmentTable(columns.read(digest), file: columns.path(of: digest))
            let scored = try Scorer(model: model.equation).score(table.matrix)
            try work.write(ScoreTable(scored).table, as: "scores")
            work.rows(in: table.matrix.rows.count, out: scored.rows.count)
        }?["scores"]
    }
}
