import Hashing
public import PipelineModel
public import Storage

/// A stage before it runs: its name, the part of the deployment that it is for,
/// and everything on which its result depends.
public struct Stage: Sendable {
    public var name: String
    /// A source, an extract, a model, a list; empty where there is one for the zone.
    public var scope: String
    /// What it reads; the digests go into the fingerprint, in order of role and name.
    public var inputs: [Artefact]
    /// What else the result depends on, by name: configuration, as-of date, policy.
    public var settings: [String: String]

    public init(
        _ name: String, scope: String = "", inputs: [Artefact] = [],
        settings: [String: String] = [:]
    ) {
        self.name = name
        self.scope = scope
        self.inputs = inputs
        self.settings = settings
    }

    /// The digest of everything on which the result depends.
    public func fingerprint(codeVersion: String) -> ContentDigest {
        var fingerprint = Fingerprint("stile/stage/v1")
        fingerprint.add("stage", name)
        fingerprint.add("scope", scope)
        fingerprint.add("code", codeVersion)
        let ordered = inputs.sorted {
            ($0.role, $0.name, $0.digest) < ($1.role, $1.name, $1.digest)
        }
        for input in ordered {
            fingerprint.add("role", input.role)
            fingerprint.add("name", input.name)
            fingerprint.add("digest", input.digest)
        }
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            fingerprint.add("setting", name)
            fingerprint.add("value", value)
        }
        return fingerprint.digest
    }
}

/// What a stage left, by role: from this run, or from the earlier one whose
/// fingerprint was the same.
public struct StageOutputs: Sendable, Equatable {
    public var artefacts: [Artefact]
    /// Whether the stage had nothing to do.
    public var unchanged: Bool

    /// The digest of the first output in that role; `nil` where there is none.
    public subscript(role: String) -> ContentDigest? {
        artefacts.first { $0.role == role }?.digest
    }

    /// The outputs in that role, in the order in which they were made.
    public func all(_ role: String) -> [Artefact] { artefacts.filter { $0.role == role } }
}
