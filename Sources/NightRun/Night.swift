public import Attestation
import ColumnFiles
import Foundation
import PipelineModel
public import Storage

/// One run of a zone: performs stages in order, skips those with nothing to do,
/// and keeps the record.
///
/// Whatever happens between two transactions, the next run finds either the old
/// or the new state, whole, and finishes the work with the same result: files are
/// written first, under the name of their digest or beside their place; one
/// transaction makes them, and all that the stage changes, stand; moves and
/// removals that follow from it are kept in it until they are done.
public struct Night: Sendable {
    public let context: RunContext
    public private(set) var record: RunRecord
    /// Where the run puts its steps on record before they stand; set it before the first stage.
    public var steps: StepLog?

    /// Enters the run, finishes what a killed run still owed and sweeps what it left.
    ///
    /// Hold the ``RunLock`` of the zone.
    public init(_ context: RunContext) throws {
        self.context = context
        var versions = context.versions
        versions["SQLite"] = try context.database.sqliteVersion()
        record = RunRecord(
            id: context.id, zone: context.database.zone, began: context.now(),
            day: context.today.number, process: getpid(), versions: versions)
        let killed = try context.database.begin(record)
        for run in killed {
            context.log(.warning, "Run \(run) had ended without a word; its work is taken up.")
        }
        do {
            try finishActs()
            let swept = try context.columns.sweep(keeping: context.database.liveFiles())
            if swept > 0 {
                context.log(.info, "Removed \(swept) column files without a registry entry.")
            }
        } catch {
            note(error, stage: nil)
            _ = try? end()
            throw error
        }
    }

    /// Performs a stage: where fingerprint and outputs are those of an earlier run it
    /// is not run again; else `body` runs, and what it made and changed stands in one
    /// transaction.
    ///
    /// - Throws: What `body` throws, after it is in the record; nothing of the stage is
    ///   kept but ``StageWork/whenRefused``, where bad input or a policy refused it.
    @discardableResult
    public mutating func perform(_ stage: Stage, _ body: (inout StageWork) throws -> Void) throws
        -> StageOutputs
    {
        let started = context.now()
        var work = StageWork(context: context, stage: stage)
        let outputs: StageOutputs
        do {
            if let kept = try begin(stage, started) { return kept }
            try body(&work)
            outputs = try finish(work, started)
        } catch {
            fail(work, error, started)
            throw error
        }
        try settle(stage)
        return outputs
    }

    /// Performs a stage whose body is asynchronous.
    @discardableResult
    public mutating func perform(
        _ stage: Stage, _ body: (inout StageWork) async throws -> Void
    ) async throws -> StageOutputs {
        let started = context.now()
        var work = StageWork(context: context, stage: stage)
        let outputs: StageOutputs
        do {
            if let kept = try begin(stage, started) { return kept }
            try await body(&work)
            outputs = try finish(work, started)
        } catch {
            fail(work, error, started)
            throw error
        }
        try settle(stage)
        return outputs
    }

    /// Performs a stage that may be refused without stopping the others.
    ///
    /// - Returns: `nil` where bad input or a policy refused it; the record says why.
    /// - Throws: Every other fault.
    @discardableResult
    public mutating func attempt(_ stage: Stage, _ body: (inout StageWork) throws -> Void) throws
        -> StageOutputs?
    {
        do {
            return try perform(stage, body)
        } catch let error as StileError where Self.isRefusal(error) {
            return nil
        }
    }

    /// Performs an asynchronous stage that may be refused without stopping the others.
    @discardableResult
    public mutating func attempt(
        _ stage: Stage, _ body: (inout StageWork) async throws -> Void
    ) async throws -> StageOutputs? {
        do {
            return try await perform(stage, body)
        } catch let error as StileError where Self.isRefusal(error) {
            return nil
        }
    }

    /// Puts a step outside the stages on record, before it stands.
    public func put(_ kind: String, scope: String, subjects: [Statement.Subject]) throws {
        try steps?.record(
            LogLeaf.Entry(
                kind: kind, actor: StepLog.actor, subjects: subjects,
                run: StepLog.name(of: record.id), scope: StepLog.name(of: scope)),
            at: context.now())
    }

    /// Puts a fault into the record that came outside a stage, such as a missing file.
    public mutating func note(_ error: any Error, stage: Stage?) {
        let fault = Self.fault(error)
        for each in [fault] + fault.others {
            record.faults.append(
                FaultRecord(each, stage: stage?.name ?? "", scope: stage?.scope ?? ""))
        }
    }

    /// Ends the run and writes the record, its digest into the log first.
    ///
    /// - Throws: What kept the log or the database from being written; the record says so where
    ///   it can.
    @discardableResult
    public mutating func end() throws -> RunRecord {
        record.ended = context.now()
        record.state = record.stateByFaults
        do {
            try steps?.ended(record, at: context.now())
        } catch {
            // The audit knows by this stage's name that the leaf, if it is there, has not this.
            note(error, stage: Stage(StepLog.endOfRun))
            record.state = record.stateByFaults
            try context.database.end(record)
            throw error
        }
        try context.database.end(record)
        return record
    }

    /// Writes the page of the run into the folder `pages` and gives its path; call it
    /// after ``end()``.
    @discardableResult
    public func writePage(into pages: String) throws -> String {
        let path = context.path(of: "\(pages)/\(record.id).html")
        try Night.makeFolder(above: path)
        try context.fileSystem.writeDurably(
            Array(RunPage.html(for: record, clock: context.clock).utf8), to: path,
            permissions: 0o640)
        return path
    }

    static func isRefusal(_ error: StileError) -> Bool {
        error.code == .input || error.code == .policy
    }

    /// A fault that is not one of ours must not print what it holds.
    private static func fault(_ error: any Error) -> StileError {
        error as? StileError
            ?? StileError(
                .inputOutput, "An unexpected fault of type \(type(of: error)) came up.",
                remedy: "Report the run record as a defect.")
    }
}

extension Night {
    /// The outputs that still stand for this stage; `nil` where it has to run.
    private mutating func begin(_ stage: Stage, _ started: Date) throws -> StageOutputs? {
        try context.interruption.check()
        context.progress(.init(stage: stage.name, scope: stage.scope, fraction: 0))
        let fingerprint = stage.fingerprint(codeVersion: context.codeVersion)
        guard
            let result = try context.database.result(stage: stage.name, scope: stage.scope),
            result.fingerprint == fingerprint, try stands(result.outputs, of: stage)
        else {
            context.log(.info, "\(Self.title(stage)): begins.")
            return nil
        }
        append(
            StageRecord(
                stage: stage.name, scope: stage.scope, fingerprint: fingerprint,
                status: .unchanged, seconds: seconds(since: started), inputs: stage.inputs,
                outputs: result.outputs))
        try context.database.record(
            record.stages[record.stages.count - 1], ordinal: record.stages.count - 1,
            run: record.id)
        context.log(.info, "\(Self.title(stage)): unchanged.")
        return StageOutputs(artefacts: result.outputs, unchanged: true)
    }

    private mutating func finish(_ work: StageWork, _ started: Date) throws -> StageOutputs {
        try context.interruption.check()
        let stage = work.stage
        let line = StageRecord(
            stage: stage.name, scope: stage.scope,
            fingerprint: stage.fingerprint(codeVersion: context.codeVersion), status: .ran,
            rowsIn: work.rowsIn, rowsOut: work.rowsOut, rowsRefused: work.rowsRefused,
            seconds: seconds(since: started), inputs: stage.inputs, outputs: work.outputs,
            counts: work.counts)
        context.log(
            .info,
            "\(Self.title(stage)): \(line.rowsIn) rows in, \(line.rowsOut) out, "
                + "\(line.rowsRefused) refused.")
        // The log first: a step that is not in it has not happened.
        try steps?.ran(line, and: work.leaves, run: record.id, at: context.now())
        try context.database.commit(
            work.commit, stage: line, ordinal: record.stages.count, run: record.id)
        append(line)
        context.progress(.init(stage: stage.name, scope: stage.scope, fraction: 1))
        return StageOutputs(artefacts: work.outputs, unchanged: false)
    }

    private mutating func fail(_ work: StageWork, _ error: any Error, _ started: Date) {
        let stage = work.stage
        let fault = Self.fault(error)
        note(error, stage: stage)
        let line = StageRecord(
            stage: stage.name, scope: stage.scope,
            fingerprint: stage.fingerprint(codeVersion: context.codeVersion),
            status: Self.isRefusal(fault) ? .refused : .failed, rowsIn: work.rowsIn,
            rowsRefused: work.rowsRefused, seconds: seconds(since: started),
            inputs: stage.inputs, counts: work.counts)
        append(line)
        do {
            try steps?.stopped(line, run: record.id, at: context.now())
            if Self.isRefusal(fault) {
                try context.database.commit(work.whenRefused, run: record.id)
            }
        } catch {
            note(error, stage: stage)
        }
        // The fault itself matters more than a second one in recording it.
        try? context.database.record(
            record.stages[record.stages.count - 1], ordinal: record.stages.count - 1,
            run: record.id)
        context.log(.error, "\(Self.title(stage)): \(fault.message)")
    }

    /// Does the moves that follow from a stage; the stage itself stands already.
    private mutating func settle(_ stage: Stage) throws {
        do {
            try finishActs()
        } catch {
            note(error, stage: stage)
            throw error
        }
    }

    private mutating func append(_ stage: StageRecord) { record.stages.append(stage) }

    private func seconds(since started: Date) -> Double {
        max(0, context.now().timeIntervalSince(started))
    }

    static func title(_ stage: Stage) -> String {
        stage.scope.isEmpty ? stage.name : "\(stage.name) \(stage.scope)"
    }
}
