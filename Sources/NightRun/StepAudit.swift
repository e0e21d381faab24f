public import Attestation
public import ColumnFiles
import Foundation
import Hashing
import PipelineModel
public import Storage

/// Compares the leaves of a log with the run records of its zone and with what lies on disk.
///
/// Neither the database nor a file can be changed afterwards without the log saying so, as long
/// as the log's checkpoint is known to whoever asks.
public struct StepAudit {
    private let view: LogView
    private let kinds: StepLog.Kinds
    private let database: ZoneDatabase
    private let columns: ColumnStore
    /// The folder of the zone, below which files are named.
    private let folder: String

    public init(
        _ view: LogView, kinds: StepLog.Kinds, database: ZoneDatabase, columns: ColumnStore,
        folder: String
    ) {
        self.view = view
        self.kinds = kinds
        self.database = database
        self.columns = columns
        self.folder = folder
    }

    /// Checks every leaf that a run made, every run that a leaf names and every output that is
    /// retained.
    ///
    /// - Returns: Lines for people.
    /// - Throws: `StileError` with code `integrity` at the first that does not agree.
    public func check() throws -> [String] {
        let leaves = Dictionary(grouping: view.leaves.filter { !$0.entry.run.isEmpty }) {
            $0.entry.run
        }
        var runs: [String: RunRecord] = [:]
        var isLogged = false
        // The oldest first: runs from before the first that the log names had no leaves.
        for id in try database.runs(limit: .max).reversed() {
            guard let record = try database.run(id) else { continue }
            let name = StepLog.name(of: id)
            runs[name] = record
            isLogged = isLogged || leaves[name] != nil
            if isLogged { try check(record, against: leaves[name] ?? []) }
        }
        var unfinished = 0
        for leaf in view.leaves where !leaf.entry.run.isEmpty {
            guard let record = runs[leaf.entry.run] else {
                throw fault(
                    "leaf \(leaf.number) is of run \(leaf.entry.run), which the database does not hold"
                )
            }
            if try isUnfinished(leaf, of: record) { unfinished += 1 }
        }
        let (retained, gone) = try checkRetained()
        return [
            "steps: \(leaves.count) runs, \(leaves.values.reduce(0) { $0 + $1.count }) leaves, each as its run record has it"
                + (unfinished > 0
                    ? "; \(unfinished) of steps that a stopped run did not finish" : ""),
            "outputs: \(retained) retained, each with the digest in its leaf"
                + (gone > 0 ? "; \(gone) not there any more" : ""),
        ]
    }

    /// What the run record says must be in the log.
    private func check(_ record: RunRecord, against leaves: [LogLeaf]) throws {
        let entries = leaves.map(\.entry)
        for stage in record.stages where stage.status == .ran {
            for entry in StepLog.entries(of: stage, run: record.id, kinds: kinds)
            where !entries.contains(entry) {
                throw fault(
                    "the log has no leaf “\(entry.kind)” of run \(record.id) with the digests of its record"
                )
            }
        }
        switch record.state {
        case .finished where !entries.contains(StepLog.ended(record)):
            throw fault("the record of run \(record.id) is not the one in the log")
        case .stopped, .interrupted:
            // The log itself may have failed; where it did not, it agrees.
            let ends = entries.filter { $0.kind == StepLog.endOfRun }
            guard ends.isEmpty || ends.contains(StepLog.ended(record.asLogged)) else {
                throw fault("the record of run \(record.id) is not the one in the log")
            }
        case .finished, .running, .killed: break
        }
    }

    /// Whether a leaf is of a step that its run was stopped in.
    private func isUnfinished(_ leaf: LogLeaf, of record: RunRecord) throws -> Bool {
        let entry = leaf.entry
        let names = Set(kinds.values.joined().map(\.name))
        let isStep = names.contains(entry.kind) || entry.kind.hasPrefix("stage.")
        guard isStep else { return false }
        let isKept = record.stages.contains { stage in
            switch stage.status {
            case .ran:
                StepLog.entries(of: stage, run: record.id, kinds: kinds).contains(entry)
            case .refused, .failed: StepLog.stopped(stage, run: record.id) == entry
            case .unchanged: false
            }
        }
        guard !isKept else { return false }
        guard record.state != .finished else {
            throw fault(
                "leaf \(leaf.number), “\(entry.kind)”, is not in the record of run \(record.id)")
        }
        return true
    }

    /// What the last run of each stage left must be what its leaf says, and lie there so.
    private func checkRetained() throws -> (retained: Int, gone: Int) {
        var newest: [String: LogLeaf.Entry] = [:]
        for leaf in view.leaves { newest["\(leaf.entry.kind) \(leaf.entry.scope)"] = leaf.entry }
        var found: [Bool] = []
        for (stage, kinds) in kinds.sorted(by: { $0.key < $1.key }) {
            guard let kind = kinds.first(where: \.outputs) else { continue }
            for scope in try database.scopes(of: stage) {
                guard let result = try database.result(stage: stage, scope: scope) else { continue }
                let line = StageRecord(
                    stage: stage, scope: scope, fingerprint: result.fingerprint, status: .ran,
                    outputs: result.outputs)
                let expected = StepLog.entries(
                    of: line, run: "", kinds: [stage: [.init(kind.name, inputs: false)]])
                // A result from before the log had leaves of stages.
                guard let entry = newest["\(kind.name) \(StepLog.name(of: scope))"] else {
                    continue
                }
                for subject in expected.flatMap(\.subjects)
                where entry[subject.name] != subject.digest {
                    throw fault(
                        "what \(scope.isEmpty ? stage : "\(stage) \(scope)") made last is not what the log says (\(subject.name))"
                    )
                }
                found += try result.outputs.compactMap(isRetained)
            }
        }
        return (found.count { $0 }, found.count { !$0 })
    }

    /// Whether an output lies where it was put; `nil` where it was never put anywhere.
    ///
    /// A column file of the registry must be there; another file may have been taken away, and
    /// the next night makes it again.
    private func isRetained(_ output: Artefact) throws -> Bool? {
        let path: String
        switch output.kind {
        case .value: return nil
        case .columns:
            guard try database.registered(output.digest) != nil else { return false }
            path = columns.path(of: output.digest)
        case .file: path = output.name.hasPrefix("/") ? output.name : "\(folder)/\(output.name)"
        }
        guard FileManager.default.fileExists(atPath: path) else {
            if output.kind == .file { return false }
            throw StileError(
                .integrity, "A file that the log names is gone.", at: .init(file: path),
                remedy: "Restore it from the backup.")
        }
        guard try ContentDigest.sha256(fileAt: path) == output.digest else {
            throw StileError(
                .integrity, "A file is not the one that the log names.", at: .init(file: path),
                remedy: "Restore it from the backup; find out who changed it.")
        }
        return true
    }

    private func fault(_ problem: String) -> StileError {
        StileError(
            .integrity, "The log and the run records disagree: \(problem).",
            at: .init(file: database.path),
            remedy:
                "Find out which was changed, or restore database and log from the same backup; release nothing until they agree."
        )
    }
}
