import Foundation
public import PipelineModel
public import StrictYAML

/// The configuration of the linking zone: its `stile.yaml`.
public struct LinkingConfiguration: Sendable {
    /// Whether the deployment serves people or shows the way.
    public enum Deployment: String, Sendable, CaseIterable {
        /// One machine and one account may hold every zone; keys may be thrown away.
        case sample
        /// Zones belong to separate accounts; throw-away keys are refused.
        case real
    }

    /// A model that the night scores, and what a list of it may hold.
    public struct Model: Sendable {
        /// The folder of the specification.
        public var folder: String
        /// The recipients of its lists, by the names that the policy gives them.
        public var recipients: [String]
        public var place: StileError.Place
    }

    /// The file itself.
    public var path: String
    public var deployment: Deployment
    public var project: String
    public var clock: Clock
    /// The folder from which encoded extracts are read.
    public var exchange: String
    public var state: String
    public var pages: String
    /// Where lists wait for sign-off.
    public var lists: String
    /// Where fitted models are kept.
    public var models: String
    public var policy: String
    /// The key that signs checkpoints of the log.
    public var logKey: String
    /// The secret from which person pseudonyms are minted.
    public var mintSeed: String
    /// The source zones that answer clerical reviews: at least one.
    public var reviewZones: [ReviewZone]
    /// The folder of the source zone, which this account must not be able to read.
    public var sourceZone: String?
    /// Where the release zone's signed statements can be read, `<list>/release.dsse.json`.
    public var released: String?
    /// The `linkage:` part, for `Linkage` to read.
    public var linkage: YAMLNode?
    /// The registers of exclusions that must have been heard from before anybody is scored.
    public var registers: [String]
    /// The models of the night.
    public var specifications: [Model]

    /// Reads the file at `path`; relative paths in it are relative to its folder.
    public static func read(fileAt path: String) throws -> LinkingConfiguration {
        try parse(YAMLDocument.read(fileAt: path), path: path)
    }

    /// Reads a parsed document.
    ///
    /// - Throws: `StileError` with every fault of the file at once.
    public static func parse(_ root: YAMLNode, path: String) throws -> LinkingConfiguration {
        let file = AbsolutePath.resolve(
            path, against: FileManager.default.currentDirectoryPath)
        let base = AbsolutePath.folder(of: file)
        func resolved(_ name: String) -> String { AbsolutePath.resolve(name, against: base) }
        var faults = FaultList()
        var reader = MappingReader(root, what: "linking zone", faults: &faults)
        _ = reader.integer("version", in: 1...1, &faults)
        if reader.string("zone", &faults) != "linking" {
            faults.add(
                "This is not the configuration of the linking zone.", at: reader.place,
                remedy: "Give the file whose first lines say “zone: linking”.")
            // Every other key would be wrong too, and say nothing more.
            try faults.check()
        }
        let deployment: Deployment = reader.choice("deployment", &faults) ?? .real
        let project = reader.string("project", &faults)
        let clock: Clock = reader.choice("clock", default: .calendar, &faults) ?? .calendar
        var folders: [String: String] = [:]
        for (key, fallback) in [
            ("exchange", "../exchange"), ("state", "state"), ("pages", "pages"),
            ("lists", "lists"), ("models_fitted", "models"), ("policy", "../Ethics/policy.yaml"),
            ("log_key", "keys/log.key"), ("mint_seed", "keys/mint.seed"),
            ("reviews", "../reviews"),
        ] {
            folders[key] = resolved(reader.optionalString(key, &faults) ?? fallback)
        }
        let reviewKey = reader.optionalString("review_key", &faults)
        var reviewZones = ReviewZone.zones(
            reader.items("review_zones", &faults), folder: folders["reviews"] ?? "",
            resolve: resolved, faults: &faults)
        if reviewZones.isEmpty {
            reviewZones = [
                ReviewZone(
                    name: "", key: resolved(reviewKey ?? "keys/review.pub"),
                    folder: folders["reviews"] ?? "")
            ]
        } else if reviewKey != nil {
            faults.add(
                "There are both “review_key” and “review_zones”.", at: reader.place,
                remedy: "Give each zone its own key under “review_zones”, and remove “review_key”.")
        }
        let sourceZone = reader.optionalString("source_zone", &faults).map(resolved)
        let released = reader.optionalString("released", &faults).map(resolved)
        let linkage = reader.node("linkage")
        let registers = reader.strings("registers", &faults)
        var specifications: [Model] = []
        for item in reader.items("models", &faults) {
            var model = MappingReader(item, what: "model", faults: &faults)
            specifications.append(
                Model(
                    folder: resolved(model.string("specification", &faults)),
                    recipients: model.strings("recipients", &faults), place: item.place))
            model.finish(&faults)
        }
        reader.finish(&faults)
        if deployment == .real, sourceZone == nil {
            faults.add(
                "A real deployment must say where the source zone lies.", at: reader.place,
                remedy:
                    "Add “source_zone: folder”, so that Stile can check that this account cannot read it."
            )
        }
        try faults.check()
        return LinkingConfiguration(
            path: file, deployment: deployment, project: project, clock: clock,
            exchange: folders["exchange"] ?? "", state: folders["state"] ?? "",
            pages: folders["pages"] ?? "", lists: folders["lists"] ?? "",
            models: folders["models_fitted"] ?? "", policy: folders["policy"] ?? "",
            logKey: folders["log_key"] ?? "", mintSeed: folders["mint_seed"] ?? "",
            reviewZones: reviewZones, sourceZone: sourceZone, released: released, linkage: linkage,
            registers: registers,
            specifications: specifications)
    }
}
