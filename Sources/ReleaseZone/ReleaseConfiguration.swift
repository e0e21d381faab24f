import Foundation
import PipelineModel
import StrictYAML

/// The configuration of the release zone: its `stile.yaml`.
public struct ReleaseConfiguration: Sendable {
    public var path: String
    /// A sample may use throw-away keys; a real deployment refuses them.
    public var isSample: Bool
    public var project: String
    /// The folder of sealed extracts.
    public var exchange: String
    /// The folder of the linking zone's lists.
    public var lists: String
    /// The folder of the linking zone's log.
    public var log: String
    public var policy: String
    /// The private key to which approvals hand their shares.
    public var releaseKey: String
    /// The key that signs the checkpoints of the release zone's own log.
    public var logKey: String
    public var state: String
    /// Where referral lists are written.
    public var released: String
    /// How old, in days, the exclusions may be at the release.
    public var exclusionsMaximumAgeDays: Int

    /// Reads the file at `path`; relative paths in it are relative to its folder.
    public static func read(fileAt path: String) throws -> ReleaseConfiguration {
        let root = try YAMLDocument.read(fileAt: path)
        let base = AbsolutePath.folder(
            of: AbsolutePath.resolve(path, against: FileManager.default.currentDirectoryPath))
        func resolved(_ name: String) -> String { AbsolutePath.resolve(name, against: base) }
        var faults = FaultList()
        var reader = MappingReader(root, what: "release zone", faults: &faults)
        _ = reader.integer("version", in: 1...1, &faults)
        if reader.string("zone", &faults) != "release" {
            faults.add(
                "This is not the configuration of the release zone.", at: reader.place,
                remedy: "Give the file whose first lines say “zone: release”.")
            // Every other key would be wrong too, and say nothing more.
            try faults.check()
        }
        let deployment = reader.string("deployment", &faults)
        if !["sample", "real"].contains(deployment) {
            faults.add(
                "“deployment” must be sample or real.", at: reader.place,
                remedy: "Write “deployment: real” unless this shows the way with synthetic data.")
        }
        let project = reader.string("project", &faults)
        var folders: [String: String] = [:]
        for (key, fallback) in [
            ("exchange", "../exchange"), ("lists", "../linking/lists"),
            ("log", "../linking/state/log"), ("policy", "../Ethics/policy.yaml"),
            ("release_key", "keys/release.key"), ("log_key", "keys/log.key"),
            ("state", "state"),
            ("released", "released"),
        ] {
            folders[key] = resolved(reader.optionalString(key, &faults) ?? fallback)
        }
        let age = reader.integer("exclusions_maximum_age_days", in: 0...31, default: 1, &faults)
        reader.finish(&faults)
        try faults.check()
        return ReleaseConfiguration(
            path: path, isSample: deployment == "sample", project: project,
            exchange: folders["exchange"] ?? "", lists: folders["lists"] ?? "",
            log: folders["log"] ?? "", policy: folders["policy"] ?? "",
            releaseKey: folders["release_key"] ?? "", logKey: folders["log_key"] ?? "",
            state: folders["state"] ?? "",
            released: folders["released"] ?? "",
            exclusionsMaximumAgeDays: age)
    }
}
