import ColumnFiles
import EthicsGate
import Foundation
import Intake
public import NightRun
public import PipelineModel
import Pseudonymise
import Sealing
import Storage
import StrictYAML

/// The night in the source zone: the only place where identifiers are read.
public enum SourceZone {
    /// Takes in what lies in the drop folder and writes encoded extracts for the linking zone.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - environment: The day, the clock, the file system and where log lines go.
    public static func night(
        configuration path: String, environment: NightEnvironment
    ) throws -> NightOutcome {
        let setting = try SourceSetting(configuration: path)
        try ZoneSeparation.check(
            isSample: setting.contract.deployment == .sample, own: "source",
            other: setting.folders.linkingZone,
            warn: { environment.log(.warning, $0) })
        return try Interruption.listening { interruption in
            try setting.makeFolders()
            let folders = setting.folders
            let lock = try RunLock(path: "\(folders.state)/run.lock", now: Date())
            defer { lock.release() }
            let context = try RunContext(
                folder: setting.folder, database: setting.database(),
                columns: ColumnStore(
                    directory: "\(folders.state)/columns", fileSystem: environment.fileSystem),
                fileSystem: environment.fileSystem, interruption: interruption,
                codeVersion: environment.version,
                versions: ["Stile": environment.version], clock: setting.contract.clock,
                today: environment.day(on: setting.contract.clock), log: environment.log,
                progress: environment.progress)
            var night = try SourceNight(setting, context: context)
            return try night.run()
        }
    }

    /// The pseudonym of a local identifier of a source, for a subject access request.
    public static func subjectLookup(configuration path: String, source: String) throws
        -> @Sendable (String) -> SubjectPseudonym
    {
        let setting = try SourceSetting(configuration: path)
        guard setting.contract.sources.contains(where: { $0.name == source }) else {
            throw StileError(
                .configuration, "There is no source “\(source)”.", at: .init(file: path),
                remedy: "Give the name of a source of the contract.")
        }
        let hasher = try setting.keyring.pseudonymHasher()
        return { identifier in
            SubjectPseudonym(
                hasher, domain: "subject:\(source)",
                Array(identifier.trimmingCharacters(in: .whitespaces).utf8))
        }
    }

    /// The ids of the project's keys, never the keys.
    public static func describeKeys(configuration path: String) throws -> [String] {
        [try SourceSetting(configuration: path).keyring.description]
    }
}
