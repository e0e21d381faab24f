import GRDB
import PipelineModel

extension ZoneDatabase {
    /// Enters a run, and marks as killed those that ended without a word.
    ///
    /// Call it only with the run lock held: a run still `running` is then dead.
    ///
    /// - Returns: The ids of the runs that had been killed.
    @discardableResult
    public func begin(_ run: RunRecord) throws -> [String] {
        try write { writer in
            let dead = try writer.reader.all(
                "SELECT id FROM runs WHERE state = 'running' ORDER BY id")
            try writer.run("UPDATE runs SET state = 'killed' WHERE state = 'running'")
            try writer.run(
                """
                INSERT INTO runs (id, sequence, began, ended, day, process, state)
                VALUES (?, (SELECT ifnull(max(sequence), 0) + 1 FROM runs), ?, NULL, ?, ?,
                    'running')
                """,
                [run.id, Instant.text(run.began), run.day, run.process])
            for (name, version) in run.versions.sorted(by: { $0.key < $1.key }) {
                try writer.run(
                    "INSERT INTO run_versions (run, name, version) VALUES (?, ?, ?)",
                    [run.id, name, version])
            }
            return try dead.map { try $0.text("id") }
        }
    }

    /// Adds a stage to a run outside a commit: one that was unchanged, refused or failed.
    public func record(_ stage: StageRecord, ordinal: Int, run: String) throws {
        try write { try $0.insert(stage, ordinal: ordinal, run: run) }
    }

    /// Enters the end of a run, its faults, and the stages whose line could not be written
    /// when they were done, as on a disk that was full for a while.
    public func end(_ run: RunRecord) throws {
        try write { writer in
            let entered = Set(
                try writer.reader.all(
                    "SELECT ordinal FROM run_stages WHERE run = ?", [run.id]
                ).map { try $0.count("ordinal") })
            for (ordinal, stage) in run.stages.enumerated() where !entered.contains(ordinal) {
                try writer.insert(stage, ordinal: ordinal, run: run.id)
            }
            try writer.run(
                "UPDATE runs SET ended = ?, state = ? WHERE id = ?",
                [run.ended.map(Instant.text), run.state.rawValue, run.id])
            try writer.run("DELETE FROM run_faults WHERE run = ?", [run.id])
            for (position, fault) in run.faults.enumerated() {
                try writer.run(
                    """
                    INSERT INTO run_faults
                        (run, position, stage, scope, code, place, message, remedy)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    [
                        run.id, position, fault.stage, fault.scope, fault.code, fault.place,
                        fault.message, fault.remedy,
                    ])
            }
        }
    }

    /// The ids of the runs, the latest first.
    public func runs(limit: Int = 100) throws -> [String] {
        try read {
            try $0.all("SELECT id FROM runs ORDER BY sequence DESC LIMIT ?", [limit])
                .map { try $0.text("id") }
        }
    }

    /// The record of a run; `nil` where there is none of that id.
    public func run(_ id: String) throws -> RunRecord? {
        try read { reader in
            guard let row = try reader.first("SELECT * FROM runs WHERE id = ?", [id]) else {
                return nil
            }
            var versions: [String: String] = [:]
            for version in try reader.all("SELECT * FROM run_versions WHERE run = ?", [id]) {
                versions[try version.text("name")] = try version.text("version")
            }
            return RunRecord(
                id: id, zone: zone, began: try row.instant("began"),
                ended: try row.instantIfPresent("ended"), day: try row.day("day").number,
                process: Int32(truncatingIfNeeded: try row.integer("process")),
                state: try row.choice("state"), versions: versions,
                stages: try reader.stages(of: id), faults: try reader.faults(of: id))
        }
    }
}

extension Reader {
    func stages(of run: String) throws -> [StageRecord] {
        try all("SELECT * FROM run_stages WHERE run = ? ORDER BY ordinal", [run]).map { row in
            let ordinal = try row.integer("ordinal")
            func artefacts(_ direction: String) throws -> [Artefact] {
                try all(
                    """
                    SELECT * FROM run_artefacts
                    WHERE run = ? AND ordinal = ? AND direction = ? ORDER BY position
                    """, [run, ordinal, direction]
                ).map { try $0.artefact() }
            }
            return StageRecord(
                stage: try row.text("stage"), scope: try row.text("scope"),
                fingerprint: try row.digest("fingerprint"), status: try row.choice("status"),
                rowsIn: try row.count("rows_in"), rowsOut: try row.count("rows_out"),
                rowsRefused: try row.count("rows_refused"), seconds: try row.number("seconds"),
                inputs: try artefacts("input"), outputs: try artefacts("output"),
                counts: try all(
                    "SELECT * FROM run_counts WHERE run = ? AND ordinal = ? ORDER BY position",
                    [run, ordinal]
                ).map {
                    NamedCount(try $0.choice("kind"), try $0.text("name"), try $0.count("count"))
                })
        }
    }

    func faults(of run: String) throws -> [FaultRecord] {
        try all("SELECT * FROM run_faults WHERE run = ? ORDER BY position", [run]).map {
            FaultRecord(
                stage: try $0.text("stage"), scope: try $0.text("scope"),
                code: try $0.text("code"), place: try $0.text("place"),
                message: try $0.text("message"), remedy: try $0.text("remedy"))
        }
    }
}

extension Fields {
    func artefact() throws -> Artefact {
        Artefact(
            try text("role"), name: try text("name"), kind: try choice("kind"),
            digest: try digest("sha256"))
    }
}

extension Writer {
    func insert(_ stage: StageRecord, ordinal: Int, run: String) throws {
        try self.run(
            """
            INSERT INTO run_stages (run, ordinal, stage, scope, fingerprint, status,
                rows_in, rows_out, rows_refused, seconds)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                run, ordinal, stage.stage, stage.scope, stage.fingerprint, stage.status.rawValue,
                stage.rowsIn, stage.rowsOut, stage.rowsRefused, stage.seconds,
            ])
        for (direction, artefacts) in [("input", stage.inputs), ("output", stage.outputs)] {
            for (position, artefact) in artefacts.enumerated() {
                try self.run(
                    """
                    INSERT INTO run_artefacts
                        (run, ordinal, direction, position, role, name, kind, sha256)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    [
                        run, ordinal, direction, position, artefact.role, artefact.name,
                        artefact.kind.rawValue, artefact.digest.hex,
                    ])
            }
        }
        for (position, count) in stage.counts.enumerated() {
            try self.run(
                """
                INSERT INTO run_counts (run, ordinal, position, kind, name, count)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [run, ordinal, position, count.kind.rawValue, count.name, count.count])
        }
    }
}
