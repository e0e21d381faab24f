import ColumnFiles
import Foundation
import LinearAlgebra
public import NightRun
import PipelineModel
import Storage

/// The night in the linking zone, and what people do with its lists.
///
/// Nothing in it can reach a direct identifier: it imports neither `Intake` nor
/// `Pseudonymise`, and opens nothing that is sealed.
public enum LinkingZone {
    /// The stage after which a night ends.
    public enum Through: Int, Sendable, Comparable {
        case link, sample, features, train, evaluate, score, propose

        public static func < (left: Through, right: Through) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// Does the night's work: receives batches, links them, and for each model works out
    /// features, scores, and puts a candidate list in front of its reviewers.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - environment: The day, the clock, the file system and where log lines go.
    ///   - through: The last stage to do.
    ///   - model: Only this model.
    public static func night(
        configuration path: String, environment: NightEnvironment, through: Through = .propose,
        model: String? = nil
    ) throws -> NightOutcome {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        try ZoneSeparation.check(
            isSample: configuration.deployment == .sample, own: "linking",
            other: configuration.sourceZone, warn: { environment.log(.warning, $0) })
        return try Interruption.listening { interruption in
            try makeFolders(configuration)
            let lock = try RunLock(path: "\(configuration.state)/run.lock", now: Date())
            defer { lock.release() }
            let context = try context(
                configuration, environment: environment, interruption: interruption)
            var night = try LinkingNight(configuration, context: context)
            return try night.run(through: through, only: model)
        }
    }

    static func folder(of configuration: LinkingConfiguration) -> String {
        AbsolutePath.folder(of: configuration.path)
    }

    static func makeFolders(_ configuration: LinkingConfiguration) throws {
        for folder in [
            configuration.state, configuration.pages, configuration.lists, configuration.models,
        ] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o750])
            } catch {
                throw StileError(
                    .inputOutput, "The folder cannot be made.", at: .init(file: folder),
                    remedy: "Check the permissions of the folder above it.")
            }
        }
    }

    static func database(_ configuration: LinkingConfiguration) throws -> ZoneDatabase {
        try ZoneDatabase(path: "\(configuration.state)/linking.sqlite", zone: .linking)
    }

    static func context(
        _ configuration: LinkingConfiguration, environment: NightEnvironment,
        interruption: Interruption
    ) throws -> RunContext {
        try RunContext(
            folder: folder(of: configuration), database: database(configuration),
            columns: ColumnStore(
                directory: "\(configuration.state)/columns", fileSystem: environment.fileSystem),
            fileSystem: environment.fileSystem, interruption: interruption,
            codeVersion: environment.version,
            versions: [
                "Stile": environment.version, "BLAS": BLASIdentity.name,
                "processor": ProcessorIdentity.name,
            ],
            clock: configuration.clock, today: environment.day(on: configuration.clock),
            log: environment.log, progress: environment.progress)
    }
}
