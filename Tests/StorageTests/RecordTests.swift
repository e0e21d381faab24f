import Foundation
import PipelineModel
import Storage
import TestSupport
import Testing

@Suite struct RecordTests {
    let folder = TemporaryFolder("storage")

    private func stage(_ name: String, fingerprint: UInt8 = 1, output: UInt8 = 2) -> StageRecord {
        StageRecord(
            stage: name, scope: "gp", fingerprint: digest(fingerprint), rowsIn: 10, rowsOut: 8,
            rowsRefused: 2, seconds: 0.5,
            inputs: [
                Artefact("extract", name: "patients.csv", kind: .file, digest: digest(9)),
                Artefact("policy", kind: .value, digest: digest(8)),
            ],
            outputs: [Artefact("facts", digest: digest(output))],
            counts: [NamedCount(.refused, "date", 2), NamedCount(.excluded, "opt-out", 1)])
    }

    @Test func aRunRecordComesBackAsItWas() throws {
        let database = try open(folder)
        var run = record("r1")
        try database.begin(run)
        run.stages = [stage("intake"), stage("encode")]
        run.stages[1].status = .refused
        try database.commit(StageCommit(), stage: run.stages[0], ordinal: 0, run: "r1")
        try database.record(run.stages[1], ordinal: 1, run: "r1")
        run.ended = moment + 60
        run.state = .stopped
        run.faults = [
            FaultRecord(
                StileError(
                    .input, "It is empty.", at: .init(file: "a.csv", line: 1), remedy: "Ask."),
                stage: "encode", scope: "gp")
        ]
        try database.end(run)
        #expect(try database.run("r1") == run)
        #expect(try database.run("none") == nil)
        #expect(try database.runs() == ["r1"])
        let json = try JSONEncoder().encode(run)
        #expect(try JSONDecoder().decode(RunRecord.self, from: json) == run)
    }

    @Test func aRunThatEndedWithoutAWordIsFound() throws {
        let database = try open(folder)
        try database.begin(record("r1"))
        #expect(try database.begin(record("r2")) == ["r1"])
        #expect(try database.run("r1")?.state == .killed)
        #expect(try database.run("r2")?.state == .running)
    }

    @Test func everythingOfAStageStandsOrNothing() throws {
        let database = try open(folder)
        try database.begin(record("r1"))
        func commit(_ file: UInt8) -> StageCommit {
            var commit = StageCommit()
            commit.registered = [
                RegisteredFile(
                    digest: digest(file), schema: "facts", version: 1, rows: 3, bytes: 99)
            ]
            commit.held = ["facts/gp": digest(file)]
            commit.acts = [.move("drop/a.csv", to: "archive/a.csv"), .remove("drop/b.csv")]
            commit.meta = ["project": "meadowshire"]
            commit.deliveries = [
                DeliveryCommit(
                    Delivery(
                        source: "gp", extract: "patients", file: "a.csv", digest: digest(7),
                        delivered: Day(20_541), acceptedRows: 3, refusedRows: 1, batch: "b1"),
                    quarantine: [QuarantinedRow(line: 4, column: "dob", rule: "date")],
                    identifiers: [
                        IdentifierCount(field: "nhs_number", rule: "check digit", count: 1)
                    ])
            ]
            return commit
        }
        try database.commit(commit(2), stage: stage("intake"), ordinal: 0, run: "r1")
        #expect(try database.held("facts/gp") == digest(2))
        #expect(try database.held(prefix: "facts/") == ["facts/gp": digest(2)])
        #expect(try database.liveFiles() == [digest(2)])
        #expect(try database.registered(digest(2))?.rows == 3)
        #expect(try database.result(stage: "intake", scope: "gp")?.fingerprint == digest(1))
        #expect(try database.scopes(of: "intake") == ["gp"])
        #expect(
            try database.pendingActs().map(\.act)
                == [.move("drop/a.csv", to: "archive/a.csv"), .remove("drop/b.csv")])
        #expect(try database.lastAccepted(source: "gp", extract: "patients")?.run == "r1")
        #expect(
            try database.quarantine(source: "gp", extract: "patients", file: "a.csv")
                == [QuarantinedRow(line: 4, column: "dob", rule: "date")])
        #expect(try database.identifierCounts(source: "gp", extract: "patients").count == 1)

        // The same delivery a second time breaks a rule after other rows were written.
        let found = fault {
            try database.commit(
                commit(3), stage: stage("intake", fingerprint: 4), ordinal: 1, run: "r1")
        }
        #expect(found?.code == .integrity)
        #expect(try database.held("facts/gp") == digest(2))
        #expect(try database.liveFiles() == [digest(2)])
        #expect(try database.result(stage: "intake", scope: "gp")?.fingerprint == digest(1))
        #expect(try database.pendingActs().count == 2)
    }

    @Test func aFileIsRetiredOnlyWhenNothingNamesIt() throws {
        let database = try open(folder)
        var commit = StageCommit()
        commit.registered = (1...4).map {
            RegisteredFile(digest: digest($0), schema: "facts", version: 1, rows: 0, bytes: 0)
        }
        commit.held = ["a": digest(1)]
        commit.lists = [
            ListRecord(
                id: "l", model: "m", asOf: Day(1), created: moment, digests: ["list": digest(4)])
        ]
        try database.commit(commit, stage: stage("x", output: 2))
        var retiring = StageCommit()
        retiring.retired = (1...4).map { digest($0) }
        try database.commit(retiring)
        #expect(try database.liveFiles() == [digest(1), digest(2), digest(4)])
    }

    @Test func aRefusedDeliveryMayComeAgain() throws {
        let database = try open(folder)
        func deliver(_ state: Delivery.State) throws {
            var commit = StageCommit()
            commit.deliveries = [
                DeliveryCommit(
                    Delivery(
                        source: "gp", extract: "patients", file: "a.csv", digest: digest(7),
                        delivered: Day(5), state: state, acceptedRows: 0, refusedRows: 0))
            ]
            try database.commit(commit)
        }
        try deliver(.refused)
        try deliver(.refused)
        try deliver(.accepted)
        #expect(
            try database.deliveries(source: "gp").map(\.state) == [.refused, .refused, .accepted])
        #expect(try database.deliveries(state: .accepted).count == 1)
        #expect(
            try database.accepted(
                source: "gp", extract: "patients", digest: digest(7), delivered: Day(5)) != nil)
        #expect(
            try database.accepted(
                source: "gp", extract: "patients", digest: digest(7), delivered: Day(6)) == nil)
    }

    @Test func noQuarantineOutsideTheSourceZone() throws {
        let database = try open(folder, .linking)
        var commit = StageCommit()
        commit.deliveries = [
            DeliveryCommit(
                Delivery(
                    source: "gp", extract: "patients", file: "a", digest: digest(7),
                    delivered: Day(5), acceptedRows: 0, refusedRows: 1),
                quarantine: [QuarantinedRow(line: 1, column: "a", rule: "b")])
        ]
        #expect(fault { try database.commit(commit) }?.code == .policy)
        #expect(try database.deliveries().isEmpty)
        let read = fault { _ = try database.quarantine(source: "gp", extract: "p", file: "a") }
        #expect(read?.code == .policy)
    }

    @Test func aListGoesOnlyWhereItMay() throws {
        let database = try open(folder, .linking)
        var commit = StageCommit()
        let list = ListRecord(
            id: "l1", model: "help", asOf: Day(20_541), created: moment,
            digests: ["list": digest(1), "evidence": digest(2)])
        commit.lists = [list]
        try database.commit(commit)
        #expect(try database.list("l1") == list)
        #expect(try database.lists(state: .waiting) == [list])

        for (from, to) in [
            (ListRecord.State.approved, ListRecord.State.released), (.waiting, .released),
        ] {
            var change = StageCommit()
            change.listStates = [ListStateChange(list: "l1", from: from, to: to)]
            let found = fault { try database.commit(change) }
            #expect(found?.code == .policy)
            #expect(found?.message.hasPrefix("List l1 cannot go from") == true)
        }
        var approval = StageCommit()
        let signOff = SignOffRecord(
            list: "l1", role: "siro", person: "holder-1", decision: .approve, envelope: digest(5),
            at: moment)
        approval.signOffs = [signOff]
        approval.listStates = [ListStateChange(list: "l1", from: .waiting, to: .approved)]
        approval.listDigests = [ListDigest(list: "l1", role: "released", digest: digest(6))]
        try database.commit(approval)
        #expect(try database.list("l1")?.state == .approved)
        #expect(try database.list("l1")?.digests["released"] == digest(6))
        #expect(try database.signOffs(list: "l1") == [signOff])
        // The same envelope a second time, and a sign-off for no list.
        #expect(fault { try database.commit(approval) } != nil)
        var stray = StageCommit()
        stray.signOffs = [signOff]
        stray.signOffs[0].list = "l2"
        #expect(fault { try database.commit(stray) }?.code == .integrity)
    }

    @Test(arguments: ListRecord.State.allCases)
    func statesLeadToAnEnd(_ state: ListRecord.State) {
        #expect(!state.successors.contains(.waiting))
        #expect(!state.successors.contains(state))
    }
}
