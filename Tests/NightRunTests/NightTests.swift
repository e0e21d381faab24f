import ColumnFiles
import Foundation
import Hashing
import NightRun
import PipelineModel
import Storage
import TestSupport
import Testing

@Suite struct NightTests {
    private let folder = TemporaryFolder("night")
    private let night: SmallNight

    init() throws {
        night = SmallNight(folder: folder.path)
        try folder.write("one,two,three\n", to: "drop/a.csv")
    }

    @Test(arguments: [(Clock.calendar, "2020-05-17"), (.ordinal, "2026-03-29")])
    func agreementsAreJudgedByTheCalendar(clock: Clock, day: String) throws {
        let small = try night.context()
        let asOf = try #require(Day(iso: "2020-05-17"))
        let context = try RunContext(
            folder: small.folder, database: small.database, columns: small.columns,
            codeVersion: "1", clock: clock, today: asOf, now: { moment })
        #expect(context.today == asOf && context.civilDay.iso == day)
    }

    @Test func nothingChangedNothingRuns() throws {
        let first = try night.run(night.context())
        #expect(first.stages.map(\.status) == [.ran, .ran])
        #expect(first.state == .finished)
        #expect(first.versions["SQLite"]?.hasPrefix("3.") == true)
        let before = try night.state()
        let second = try night.run(night.context())
        #expect(second.stages.map(\.status) == [.unchanged])
        #expect(second.stages[0].outputs == first.stages[1].outputs)
        #expect(try night.state() == before)
        let context = try night.context()
        #expect(try context.database.run(first.id) == first)
        #expect(try context.database.run(second.id) == second)
    }

    @Test func anotherVersionOfTheProgramRunsItAnew() throws {
        try night.run(night.context())
        #expect(try night.run(night.context(version: "2")).stages.map(\.status) == [.ran])
    }

    @Test(arguments: [true, false])
    func anOutputThatIsMissingOrAlteredIsMadeAgain(_ missing: Bool) throws {
        try night.run(night.context())
        let context = try night.context()
        let state = try night.state()
        let digest = try #require(try context.database.held("sum"))
        let path = context.columns.path(of: digest)
        if missing {
            try FileManager.default.removeItem(atPath: path)
        } else {
            try Data("altered".utf8).write(to: URL(fileURLWithPath: path))
        }
        #expect(try night.run(night.context()).stages.map(\.status) == [.ran])
        #expect(try night.state() == state)
    }

    @Test func anAlteredInputIsAnIntegrityFault() throws {
        try night.run(night.context())
        let context = try night.context()
        let facts = try #require(try context.database.held("facts"))
        try Data("altered".utf8).write(
            to: URL(fileURLWithPath: context.columns.path(of: facts)))
        let found = fault { try night.run(night.context(version: "2")) }
        #expect(found?.code == .integrity)
        let record = try #require(try context.database.run(context.database.runs()[0]))
        #expect(record.stages.map(\.status) == [.failed])
        #expect(record.state == .stopped)
    }

    @Test func aRefusedStageStopsNoOther() throws {
        var run = try Night(night.context())
        let outputs = try run.attempt(Stage("intake", scope: "school")) { work in
            try work.write(
                ColumnTable(schema: "x", version: 1, columns: [Column("a", .integer([1]))]),
                as: "x")
            work.rows(in: 9, refused: 9)
            work.whenRefused.deliveries = [
                DeliveryCommit(
                    Delivery(
                        source: "school", extract: "pupils", file: "school.csv",
                        digest: .sha256("x"), delivered: Day(1), state: .refused, acceptedRows: 0,
                        refusedRows: 9),
                    quarantine: [QuarantinedRow(line: 2, column: "upn", rule: "check letter")])
            ]
            throw StileError(
                .input, "The file is empty.", at: .init(file: "school.csv"), remedy: "Ask for it.")
        }
        #expect(outputs == nil)
        #expect(throws: StileError.self) {
            try run.attempt(Stage("x")) { _ in
                throw StileError(.inputOutput, "Full.", remedy: "Make room.")
            }
        }
        struct Odd: Error { let name = "Aurelia Canary" }
        #expect(throws: Odd.self) { try run.perform(Stage("y")) { _ in throw Odd() } }
        let record = try run.end()
        #expect(record.stages.map(\.status) == [.refused, .failed, .failed])
        #expect(record.state == .stopped)
        #expect(record.faults.map(\.code) == ["input", "input-output", "input-output"])
        #expect(!"\(record)".contains("Canary"))
        #expect(record.stages[0].rowsRefused == 9)
        let database = try night.context().database
        #expect(try database.run(record.id) == record)
        #expect(try database.deliveries().map(\.state) == [.refused])
        #expect(
            try database.quarantine(source: "school", extract: "pupils", file: "school.csv").count
                == 1)
        // What the refused stage had written is swept by the next run.
        let context = try night.context()
        _ = try Night(context)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/columns").isEmpty)
    }

    @Test func anAsynchronousStageIsTheSame() async throws {
        let run = { @Sendable () async throws -> RunRecord in
            var night = try Night(self.night.context())
            try await night.perform(Stage("a", settings: ["day": "1"])) { work in
                await Task.yield()
                work.rows(in: 1)
            }
            return try night.end()
        }
        #expect(try await run().stages.map(\.status) == [.ran])
        #expect(try await run().stages.map(\.status) == [.unchanged])
    }

    @Test func everyPartOfAStageIsInItsFingerprint() {
        let one = ContentDigest.sha256("one")
        let two = ContentDigest.sha256("two")
        let stages = [
            Stage("a"), Stage("b"), Stage("a", scope: "b"), Stage("a", settings: ["b": ""]),
            Stage("a", settings: ["b": "c"]), Stage("a", settings: ["bc": ""]),
            Stage("a", inputs: [Artefact("x", digest: one)]),
            Stage("a", inputs: [Artefact("x", digest: two)]),
            Stage("a", inputs: [Artefact("y", digest: one)]),
            Stage("a", inputs: [Artefact("x", name: "n", digest: one)]),
            Stage("a", inputs: [Artefact("x", digest: one), Artefact("y", digest: two)]),
        ]
        let prints = stages.map { $0.fingerprint(codeVersion: "1") }
        #expect(Set(prints).count == stages.count)
        let turned = Stage("a", inputs: [Artefact("y", digest: two), Artefact("x", digest: one)])
        #expect(turned.fingerprint(codeVersion: "1") == prints.last)
        #expect(turned.fingerprint(codeVersion: "2") != prints.last)
    }
}
