import Attestation
import ColumnFiles
import Foundation
import Hashing
import NightRun
import PipelineModel
import Storage
import TestSupport
import Testing

/// What a night does stands in the log before it stands in the database.
@Suite struct StepLogTests {
    private let folder = TemporaryFolder("steps")
    private let night: SmallNight

    init() throws {
        night = SmallNight(folder: folder.path, isLogged: true)
        try folder.write("one,two,three\n", to: "drop/a.csv")
    }

    private func entries() throws -> [LogLeaf.Entry] { try night.log().view().leaves.map(\.entry) }

    @Test func eachStageThatRanHasItsLeavesAndTheEndHasOne() throws {
        let record = try night.run(night.context())
        let entries = try entries()
        #expect(
            entries.map(\.kind) == [
                "delivery.accepted", "batch.written", "sum.made", "night.ended",
            ]
        )
        #expect(entries.map(\.scope) == ["gp", "gp", "", ""])
        #expect(Set(entries.map(\.run)) == [record.id.lowercased()])
        let (intake, sum) = (record.stages[0], record.stages[1])
        #expect(entries[0]["from.extract"] == intake.inputs[0].digest)
        #expect(entries[0].subjects.map(\.name) == ["fingerprint", "from.extract"])
        #expect(entries[1]["facts"] == intake.outputs[0].digest)
        #expect(entries[1]["batch"] == intake.outputs[1].digest)
        #expect(entries[2]["sum"] == sum.outputs[0].digest)
        #expect(entries[2]["fingerprint"]?.hex == sum.fingerprint)
        #expect(entries[3]["run-record"] == record.digest)
        #expect(entries[3].counts == ["intake.ran": 1, "sum.ran": 1])
        #expect(try night.audit().count == 2)
    }

    @Test func whatHadNothingToDoMakesNoLeaf() throws {
        try night.run(night.context())
        let second = try night.run(night.context())
        #expect(second.stages.map(\.status) == [.unchanged])
        let entries = try entries()
        #expect(entries.count == 5 && entries[4].counts == ["sum.unchanged": 1])
        try night.audit()
    }

    @Test func aRefusalAndAFailureAreOnRecord() throws {
        let context = try night.context()
        var run = try Night(context)
        try StepLog.begin(night.log(), in: context.database)
        run.steps = StepLog(try night.log(), kinds: SmallNight.kinds)
        let refused = try run.attempt(Stage("intake", scope: "gp")) { _ in
            throw StileError(.input, "No.", remedy: "None.")
        }
        #expect(refused == nil)
        #expect(throws: StileError.self) {
            try run.perform(Stage("sum")) { _ in throw StileError(.integrity, "No.", remedy: "") }
        }
        try run.end()
        let entries = try entries()
        #expect(
            entries.map(\.kind) == ["stage.refused.intake", "stage.failed.sum", "night.ended"])
        #expect(entries[2].counts == ["intake.refused": 1, "sum.failed": 1])
        #expect(entries.allSatisfy { !$0.run.isEmpty })
        try night.audit()
    }

    /// What an undisturbed night leaves, and how many writes it makes, the log's with them.
    private func reference() throws -> (state: [String], writes: Int) {
        let counting = FaultyFileSystem(failingAt: .max, .once)
        let (_folder, other) = try fresh()
        try other.run(other.context(counting))
        let state = try other.state()
        withExtendedLifetime(_folder) {}
        return (state, counting.writes)
    }

    private func fresh() throws -> (TemporaryFolder, SmallNight) {
        let folder = TemporaryFolder("steps")
        try folder.write("one,two,three\n", to: "drop/a.csv")
        return (folder, SmallNight(folder: folder.path, isLogged: true))
    }

    /// Six writes of the night, two that begin the log, and one line and one checkpoint for
    /// each of two stages and the end.
    @Test(arguments: [FaultyFileSystem.Way.once, .fromThenOn, .half, .after])
    func aFaultAtAnyWriteIsMended(_ way: FaultyFileSystem.Way) throws {
        let (state, writes) = try reference()
        #expect(writes == 14)
        for number in 1...writes {
            let (_folder, other) = try fresh()
            let found = fault {
                try other.run(other.context(FaultyFileSystem(failingAt: number, way)))
            }
            #expect(found?.message == "Injected.", "write \(number)")
            #expect(try other.run(other.context()).state == .finished, "write \(number)")
            #expect(try other.state() == state, "write \(number)")
            #expect(throws: Never.self, "write \(number)") { try other.audit() }
            withExtendedLifetime(_folder) {}
        }
    }

    /// Among these is the kill between a leaf and the transaction that it is of: the next run
    /// does the stage, writes the leaf again, and the audit knows why there are two.
    @Test func aKillInOrAfterAnyWriteIsMended() async throws {
        let (state, writes) = try reference()
        var twice = 0
        for way in [FaultyFileSystem.Way.kill, .killAfter] {
            for number in 1...writes {
                let (_folder, other) = try fresh()
                let path = other.folder
                let after = way == .killAfter
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [path = path as String, number = number as Int, after = after as Bool] in
                    let other = SmallNight(folder: path, isLogged: true)
                    try other.run(
                        other.context(
                            FaultyFileSystem(failingAt: number, after ? .killAfter : .kill)))
                }
                try other.run(other.context())
                #expect(try other.state() == state, "\(way) \(number)")
                let kinds = try other.log().view().leaves.map(\.entry.kind)
                let said = try other.audit()
                if kinds.count(where: { $0 == "sum.made" }) == 2 {
                    twice += 1
                    #expect(said[0].contains("1 of steps that a stopped run did not finish"))
                }
                withExtendedLifetime(_folder) {}
            }
        }
        #expect(twice >= 2)
    }

    @Test func aLogThatIsGoneIsNotBegunAgain() throws {
        try night.run(night.context())
        for name in ["leaves.jsonl", "checkpoint"] {
            try FileManager.default.removeItem(atPath: "\(folder.path)/log/\(name)")
        }
        try folder.write("four\n", to: "drop/a.csv")
        let held = try night.context().database.held("facts")
        let found = fault { try night.run(night.context()) }
        #expect(found?.code == .integrity)
        #expect(try night.context().database.held("facts") == held)
    }
}

/// The audit sees what was changed since.
@Suite struct StepAuditTests {
    private let folder = TemporaryFolder("audit")
    private let night: SmallNight

    init() throws {
        night = SmallNight(folder: folder.path, isLogged: true)
        try folder.write("one,two,three\n", to: "drop/a.csv")
        try night.run(night.context())
    }

    private func refused(_ part: String) {
        let found = fault { try night.audit() }
        #expect(
            found?.code == .integrity && found?.message.contains(part) == true,
            "\(found?.message ?? "nothing")")
    }

    @Test func aRetainedFileThatWasChangedOrTakenAway() throws {
        let context = try night.context()
        let digest = try #require(try context.database.held("sum"))
        let path = context.columns.path(of: digest)
        let good = try Data(contentsOf: URL(fileURLWithPath: path))
        try Data("altered".utf8).write(to: URL(fileURLWithPath: path))
        refused("A file is not the one that the log names.")
        try FileManager.default.removeItem(atPath: path)
        refused("A file that the log names is gone.")
        try good.write(to: URL(fileURLWithPath: path))
        try night.audit()
    }

    @Test func aStageThatTheLogDoesNotHave() throws {
        let database = try night.context().database
        let run = try #require(try database.runs().first)
        var forged = try #require(try database.run(run)?.stages.last)
        forged.outputs[0].digest = .sha256("another")
        try database.commit(StageCommit(), stage: forged, ordinal: 9, run: run)
        refused("the log has no leaf “sum.made” of run \(run)")
    }

    @Test func anOutputThatTheLogDoesNotHave() throws {
        let database = try night.context().database
        var forged = try #require(try database.run(database.runs()[0])?.stages.last)
        forged.outputs[0].digest = .sha256("another")
        try database.commit(StageCommit(), stage: forged)
        refused("what sum made last is not what the log says (sum)")
    }

    @Test func aRecordThatWasChanged() throws {
        let database = try night.context().database
        var record = try #require(try database.run(database.runs()[0]))
        record.faults = [FaultRecord(StileError(.input, "Never happened.", remedy: "None."))]
        try database.end(record)
        refused("the record of run \(record.id) is not the one in the log")
    }

    @Test func aRunThatTheDatabaseDoesNotHave() throws {
        let leaf = try #require(try night.log().view().leaves.last)
        var entry = leaf.entry
        entry.run = "20010101t000000z-0000"
        try night.log().append(entry, at: leaf.at)
        refused("is of run 20010101t000000z-0000, which the database does not hold")
    }

    @Test func aLeafThatNoRunMade() throws {
        let leaf = try night.log().view().leaves[2]
        var entry = leaf.entry
        entry.subjects[0].digest = .sha256("another")
        try night.log().append(entry, at: leaf.at)
        refused("“sum.made”, is not in the record of run")
    }
}
