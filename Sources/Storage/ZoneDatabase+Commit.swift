import GRDB
import PipelineModel

extension ZoneDatabase {
    /// Makes everything that a stage changes stand, in one transaction.
    ///
    /// That is its files, what is held, deliveries, lists, sign-offs, its outputs
    /// under its fingerprint and its line in the run record. An error keeps nothing
    /// of it.
    ///
    /// - Parameters:
    ///   - commit: What changes.
    ///   - stage: The stage that ran, whose outputs stand for its fingerprint from
    ///     now on; `nil` for a change outside a stage, such as a sign-off.
    ///   - ordinal: Its place in the run.
    ///   - run: The run, where there is one.
    public func commit(
        _ commit: StageCommit, stage: StageRecord? = nil, ordinal: Int = 0, run: String? = nil
    ) throws {
        try write { writer in
            try writer.apply(commit, zone: zone, path: path, run: run)
            if let stage {
                try writer.keepResult(of: stage, run: run)
                if let run { try writer.insert(stage, ordinal: ordinal, run: run) }
            }
            for digest in commit.retired { try writer.retire(digest) }
        }
    }
}

extension Writer {
    fileprivate func apply(
        _ commit: StageCommit, zone: Zone, path: String, run: String?
    ) throws {
        for file in commit.registered { try register(file, run: run) }
        for (name, digest) in commit.held.sorted(by: { $0.key < $1.key }) {
            if let digest {
                try self.run(
                    "INSERT OR REPLACE INTO held_state (name, sha256, run) VALUES (?, ?, ?)",
                    [name, digest.hex, run])
            } else {
                try self.run("DELETE FROM held_state WHERE name = ?", [name])
            }
        }
        for delivery in commit.deliveries { try insert(delivery, zone: zone, path: path, run: run) }
        for list in commit.lists { try insert(list, run: run) }
        for digest in commit.listDigests {
            try self.run(
                "INSERT INTO list_digests (list, role, sha256) VALUES (?, ?, ?)",
                [digest.list, digest.role, digest.digest.hex])
        }
        for signOff in commit.signOffs { try insert(signOff) }
        for change in commit.listStates { try apply(change, path: path) }
        for (key, value) in commit.meta.sorted(by: { $0.key < $1.key }) {
            try setMeta(key, value, path: path)
        }
        for act in commit.acts {
            switch act {
            case .move(let path, let destination):
                try self.run(
                    "INSERT INTO pending_acts (kind, path, destination) VALUES ('move', ?, ?)",
                    [path, destination])
            case .remove(let path):
                try self.run(
                    "INSERT INTO pending_acts (kind, path, destination) VALUES ('remove', ?, '')",
                    [path])
            }
        }
    }

    private func register(_ file: RegisteredFile, run: String?) throws {
        try self.run(
            """
            INSERT INTO column_files (sha256, schema, version, rows, bytes, registered_in, live)
            VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (sha256) DO UPDATE SET live = 1
            """,
            [file.digest.hex, file.schema, file.version, file.rows, file.bytes, run])
    }

    /// Takes a file out of the registry, unless something held, an output of a stage
    /// or a list still names it.
    fileprivate func retire(_ digest: ContentDigest) throws {
        try self.run(
            """
            UPDATE column_files SET live = 0 WHERE sha256 = ?1
                AND NOT EXISTS (SELECT 1 FROM held_state WHERE sha256 = ?1)
                AND NOT EXISTS (SELECT 1 FROM stage_outputs WHERE sha256 = ?1)
                AND NOT EXISTS (SELECT 1 FROM list_digests WHERE sha256 = ?1)
            """, [digest.hex])
    }

    private func insert(
        _ entry: DeliveryCommit, zone: Zone, path: String, run: String?
    ) throws {
        let delivery = entry.delivery
        try self.run(
            """
            INSERT INTO deliveries (source, extract, file, sha256, delivered, state,
                accepted_rows, refused_rows, batch, run)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                delivery.source, delivery.extract, delivery.file, delivery.sha256,
                delivery.delivered, delivery.state.rawValue, delivery.acceptedRows,
                delivery.refusedRows, delivery.batch, delivery.run ?? run,
            ])
        let identifier = lastIdentifier
        guard zone == .source || entry.quarantine.isEmpty else {
            throw StileError(
                .policy, "A quarantine exists in the source zone alone.", at: .init(file: path),
                remedy: "Report the run record as a defect.")
        }
        for row in entry.quarantine {
            try self.run(
                "INSERT INTO quarantine (delivery, line, \"column\", rule) VALUES (?, ?, ?, ?)",
                [identifier, row.line, row.column, row.rule])
        }
        for count in entry.identifiers {
            try self.run(
                """
                INSERT INTO identifier_counts (delivery, field, rule, count) VALUES (?, ?, ?, ?)
                """,
                [identifier, count.field, count.rule, count.count])
        }
    }

    private func insert(_ list: ListRecord, run: String?) throws {
        try self.run(
            """
            INSERT INTO lists (id, model, as_of, state, created, run) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                list.id, list.model, list.asOf.number, list.state.rawValue,
                Instant.text(list.created), list.run ?? run,
            ])
        for (role, digest) in list.digests.sorted(by: { $0.key < $1.key }) {
            try self.run(
                "INSERT INTO list_digests (list, role, sha256) VALUES (?, ?, ?)",
                [list.id, role, digest.hex])
        }
    }

    private func insert(_ signOff: SignOffRecord) throws {
        try self.run(
            """
            INSERT INTO sign_offs (list, role, person, decision, envelope, at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                signOff.list, signOff.role, signOff.person, signOff.decision.rawValue,
                signOff.envelope.hex, Instant.text(signOff.at),
            ])
    }

    private func apply(_ change: ListStateChange, path: String) throws {
        try self.run(
            "UPDATE lists SET state = ? WHERE id = ? AND state = ?",
            [change.to.rawValue, change.list, change.from.rawValue])
        guard changes == 1, change.from.successors.contains(change.to) else {
            throw StileError(
                .policy,
                "List \(change.list) cannot go from \(change.from.rawValue) to "
                    + "\(change.to.rawValue).",
                at: .init(file: path),
                remedy: "Look at its state with `stile review`.")
        }
    }

    fileprivate func keepResult(of stage: StageRecord, run: String?) throws {
        try self.run(
            "DELETE FROM stage_results WHERE stage = ? AND scope = ?", [stage.stage, stage.scope])
        try self.run(
            "INSERT INTO stage_results (stage, scope, fingerprint, run) VALUES (?, ?, ?, ?)",
            [stage.stage, stage.scope, stage.fingerprint, run])
        for (position, output) in stage.outputs.enumerated() {
            try self.run(
                """
                INSERT INTO stage_outputs (stage, scope, position, role, name, kind, sha256)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    stage.stage, stage.scope, position, output.role, output.name,
                    output.kind.rawValue, output.digest.hex,
                ])
        }
    }

    func setMeta(_ key: String, _ value: String, path: String) throws {
        guard key != "zone" else {
            throw StileError(
                .policy, "The zone of a database stands.", at: .init(file: path),
                remedy: "Give each zone a `state` folder of its own.")
        }
        try self.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, value])
    }
}
