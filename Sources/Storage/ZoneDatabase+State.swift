import GRDB
public import PipelineModel

/// What a stage left under its fingerprint.
public struct StageResult: Sendable, Equatable {
    public var fingerprint: ContentDigest
    public var outputs: [Artefact]
    public var run: String?
}

extension ZoneDatabase {
    /// What `stage` last left for `scope`; `nil` where it never ran to its end.
    public func result(stage: String, scope: String = "") throws -> StageResult? {
        try read { reader in
            guard
                let row = try reader.first(
                    "SELECT * FROM stage_results WHERE stage = ? AND scope = ?", [stage, scope])
            else { return nil }
            return StageResult(
                fingerprint: try row.digest("fingerprint"),
                outputs: try reader.all(
                    "SELECT * FROM stage_outputs WHERE stage = ? AND scope = ? ORDER BY position",
                    [stage, scope]
                ).map { try $0.artefact() },
                run: try row.textIfPresent("run"))
        }
    }

    /// The scopes for which `stage` has a result, sorted.
    public func scopes(of stage: String) throws -> [String] {
        try read {
            try $0.all("SELECT scope FROM stage_results WHERE stage = ? ORDER BY scope", [stage])
                .map { try $0.text("scope") }
        }
    }

    /// What the zone holds under `name`, such as the linkage state.
    public func held(_ name: String) throws -> ContentDigest? {
        try read {
            try $0.first("SELECT sha256 FROM held_state WHERE name = ?", [name])?.digest("sha256")
        }
    }

    /// Everything held whose name begins with `prefix`, by name.
    public func held(prefix: String) throws -> [String: ContentDigest] {
        try read { reader in
            var found: [String: ContentDigest] = [:]
            for row in try reader.all("SELECT name, sha256 FROM held_state") {
                let name = try row.text("name")
                if name.hasPrefix(prefix) { found[name] = try row.digest("sha256") }
            }
            return found
        }
    }

    /// The column files that must not be swept.
    public func liveFiles() throws -> Set<ContentDigest> {
        try read {
            Set(
                try $0.all("SELECT sha256 FROM column_files WHERE live = 1")
                    .map { try $0.digest("sha256") })
        }
    }

    /// The registry's entry for a live column file; `nil` where it has none.
    public func registered(_ digest: ContentDigest) throws -> RegisteredFile? {
        try read {
            try $0.first("SELECT * FROM column_files WHERE sha256 = ? AND live = 1", [digest.hex])
                .map {
                    RegisteredFile(
                        digest: digest, schema: try $0.text("schema"),
                        version: try $0.count("version"), rows: try $0.count("rows"),
                        bytes: try $0.count("bytes"))
                }
        }
    }

    /// The value under `key`, such as `zone`, `deployment` or `project`.
    public func meta(_ key: String) throws -> String? {
        try read {
            try $0.first("SELECT value FROM meta WHERE key = ?", [key])?.text("value")
        }
    }

    /// Sets the value under `key`.
    public func setMeta(_ key: String, _ value: String) throws {
        try write { try $0.setMeta(key, value, path: path) }
    }

    /// Moves and removals that a transaction promised and that are not yet done, in order.
    public func pendingActs() throws -> [(id: Int64, act: FileAct)] {
        try read {
            try $0.all("SELECT * FROM pending_acts ORDER BY id").map { row in
                let path = try row.text("path")
                let destination = try row.text("destination")
                return (
                    try row.integer("id"),
                    try row.text("kind") == "move" ? .move(path, to: destination) : .remove(path)
                )
            }
        }
    }

    /// Strikes off a promised act that has been done.
    public func finishAct(_ id: Int64) throws {
        try write { try $0.run("DELETE FROM pending_acts WHERE id = ?", [id]) }
    }
}
