import Foundation
import Hashing
import PipelineModel
import Storage
import TestSupport
import Testing

/// kill -9 in each stage and each step of every command that changes something: the next run
/// finishes, and what it leaves is what an undisturbed one leaves.
@Suite struct KilledStagesTests {
    /// A county whose model is fitted on its first night.
    private func county(_ folder: TemporaryFolder) throws -> Deployment {
        try Deployment.expectSuccess(
            Command.run([
                "synth", "\(folder.path)/county", "--people", "2000", "--seed", "5", "--nights",
                "1", "--first-night", Self.night,
            ]))
        let county = try Deployment.make(
            from: [
                "source.yaml": Deployment.repository("SampleData/source.yaml"),
                "linking.yaml": Deployment.repository("SampleData/linking.yaml"),
                "release.yaml": Deployment.repository("SampleData/release.yaml"),
            ],
            models: [
                "emergency_admission/model.yaml": Deployment.repository(
                    "Models/emergency_admission/model.yaml"
                ).replacing("  method: irls", with: "  method: irls\n  exploratory: true"),
                "emergency_admission/features.yaml": Deployment.repository(
                    "Models/emergency_admission/features.yaml"),
            ])
        try county.deliver(URL(fileURLWithPath: "\(folder.path)/county/nights/\(Self.night)"))
        return county
    }

    private static let night = "2025-06-02"

    /// Starts a run and kills it in a stage: after the stage has begun and before it stands.
    private func kill(_ arguments: [String], in stage: String, of zone: Zone, _ at: Deployment)
        throws
    {
        let running = try SteppedCommand(arguments + ["--verbose"])
        let process = running.process.processIdentifier
        #expect(try running.advance(to: " \(stage): begins."), "\(stage) was not begun")
        #expect(running.killed(), "\(stage) was not killed")
        let database = try at.database(zone)
        let record = try #require(
            try database.runs().compactMap { try database.run($0) }.first { $0.process == process })
        #expect(record.state == .running)
        #expect(
            !record.stages.contains {
                $0.status == .ran && "\($0.stage) \($0.scope)".hasPrefix(stage)
            },
            "\(stage) stood already")
    }

    private func audit(_ config: String) throws {
        let audit = try Command.run(["audit", "--config", config])
        #expect(audit.status == 0, "\(audit.err)")
    }

    @Test(.tags(.slow)) func aNightThatFitsIsKilledInEachStage() throws {
        let folder = TemporaryFolder("synth")
        let undisturbed = try county(folder)
        try Deployment.expectSuccess(undisturbed.runSource(Self.night))
        let killed = try Deployment.copy(of: undisturbed)
        try Deployment.expectSuccess(undisturbed.runLinking(Self.night))

        let model = "emergency_admission"
        let order =
            ["receive gp.patients", "link", "exclusions"]
            + [
                "readiness", "develop", "train", "evaluate", "publish", "features", "score",
                "propose",
            ].map { "\($0) \(model)" }
        for stage in order {
            try kill(
                killed.linkingArguments(Hamlet.asOf(Self.night)), in: stage, of: .linking, killed)
        }
        try Deployment.expectSuccess(killed.runLinking(Self.night))
        let states = try killed.database(.linking).runs().map {
            try killed.database(.linking).run($0)?.state
        }
        #expect(states.count { $0 == .killed } == order.count)
        #expect(try killed.newestList() == undisturbed.newestList())
        let models = try killed.digests("linking/models")
        #expect(models.count >= 3)
        #expect(try models == undisturbed.digests("linking/models"))
        try audit(killed.linking)
    }

    /// What a source zone holds and has handed over; what is sealed has secrets of its own.
    private func handedOver(_ deployment: Deployment) throws -> [String] {
        try deployment.held(.source) + deployment.names("source/archive/gp")
            + deployment.names("source/archive/hospital") + deployment.names("source/drop/gp")
            + deployment.names("source/drop/hospital")
    }

    @Test(.tags(.slow)) func aNightOfTheSourceZoneIsKilledInEachStage() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        let killed = try Deployment.copy(of: hamlet)
        let arguments = killed.sourceArguments(Hamlet.asOf(Hamlet.secondDay))
        let extracts = Set(try killed.database(.source).deliveries(state: .accepted).map(\.extract))
        #expect(extracts.count >= 3)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        for extract in extracts.sorted() {
            try kill(arguments, in: "pseudonymise \(extract)", of: .source, killed)
        }
        try Deployment.expectSuccess(Command.run(arguments))
        #expect(try handedOver(killed) == handedOver(hamlet))
        // New keys: every extract is encoded anew, and the rotation itself is on record.
        for deployment in [hamlet, killed] {
            try Deployment.expectSuccess(
                Command.run(["keys", "rotate", "--config", deployment.source]))
        }
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        for extract in extracts.sorted() {
            try kill(arguments, in: "rekey \(extract)", of: .source, killed)
        }
        try Deployment.expectSuccess(Command.run(arguments))
        #expect(try handedOver(killed) == handedOver(hamlet))
        try audit(killed.source)
        for deployment in [hamlet, killed] {
            try Deployment.expectSuccess(deployment.runLinking(Hamlet.secondDay))
        }
        #expect(try killed.newestPeople() == hamlet.newestPeople())
        try audit(killed.linking)
    }

    @Test(.tags(.slow)) func signingAndReleaseAreKilledAtEachStep() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let list = try #require(hamlet.lists().first)
        let roles = ["information_governance", "lived_experience", "practice_lead"]
        func sign(_ role: String) -> [String] {
            [
                "sign", "--config", hamlet.linking, "--list", list, "--role", role, "--key",
                "\(hamlet.path)/reviewers/\(role).key", "--decision", "approve", "--reason",
                "Played by a test: nobody on this list is real.",
            ]
        }
        let release = [
            "release", "--config", hamlet.release, "--list", list, "--as-of",
            Hamlet.asOf(Hamlet.firstDay),
        ]
        /// Kills a command that has said `line`, once `done` is the case: it is then before the
        /// line that follows, which it cannot write.
        func kill(
            _ arguments: [String], at line: String, once done: () throws -> Bool = { true }
        ) throws {
            let running = try SteppedCommand(arguments + ["--verbose"])
            #expect(try running.advance(to: line), "it never said “\(line)”")
            while try !done() { usleep(1_000) }
            #expect(running.killed(), "it was not killed at “\(line)”")
        }
        func envelopes() -> Int {
            hamlet.names("linking/lists/\(list)/signoffs").count { $0.hasSuffix(".dsse.json") }
        }
        func logged() throws -> Int {
            let log = "\(hamlet.path)/linking/state/log"
            let checkpoint = try String(contentsOfFile: "\(log)/checkpoint", encoding: .utf8)
            return try #require(Int(checkpoint.split(separator: "\n")[1]))
        }
        func entered() throws -> Int { try hamlet.database(.linking).signOffs(list: list).count }
        func counts() throws -> [Int] { [try logged(), envelopes(), try entered()] }

        // Between the envelope and the database; between the log and the envelope; at the end.
        var start = try counts()
        try kill(sign(roles[0]), at: "in the log; writing", once: { envelopes() == 1 })
        #expect(try counts() == [start[0] + 1, 1, 0])
        try Deployment.expectSuccess(Command.run(sign(roles[0])))
        try audit(hamlet.linking)

        start = try counts()
        try kill(sign(roles[1]), at: "going into the log", once: { try logged() > start[0] })
        #expect(try counts() == [start[0] + 1, start[1], start[2]])
        #expect(try Command.run(release).status == 4)
        try Deployment.expectSuccess(Command.run(sign(roles[1])))
        try audit(hamlet.linking)

        start = try counts()
        try kill(sign(roles[2]), at: "in its place; entering", once: { try entered() > start[2] })
        #expect(try counts() == start.map { $0 + 1 })
        #expect(try hamlet.database(.linking).list(list)?.state == .approved)

        let folder = "release/released/\(list)"
        func intents() -> Int {
            let log = "\(hamlet.path)/release/state/log/leaves.jsonl"
            return (try? String(contentsOfFile: log, encoding: .utf8))?
                .components(separatedBy: "release.intent").count ?? 0
        }
        let before = intents()
        try kill(
            release, at: "every role has signed; opening", once: { intents() > max(before, 1) })
        #expect(hamlet.names(folder).isEmpty)
        try kill(release, at: "the intent is in the log; writing")
        try Deployment.expectSuccess(Command.run(release))
        #expect(try Command.run(release).status == 4)
        try audit(hamlet.linking)
        try audit(hamlet.release)
        #expect(hamlet.names(folder) == ["referrals.csv", "release.dsse.json"])
    }
}
