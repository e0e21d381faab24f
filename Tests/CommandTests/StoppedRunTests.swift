import Foundation
import PipelineModel
import Storage
import TestSupport
import Testing

/// A run that is stopped, in whatever way and wherever it was, is finished by the next one, with
/// the bytes of an undisturbed night.
@Suite struct StoppedRunTests {
    /// Starts a run, ends it after `delay` seconds with `signal`, and says how it ended.
    private func stopped(_ arguments: [String], after delay: Double, _ signal: Int32) throws
        -> Finished
    {
        let running = try Command.Running(arguments)
        Thread.sleep(forTimeInterval: delay)
        kill(running.process.processIdentifier, signal)
        return try running.wait()
    }

    private func sound(_ hamlet: Deployment) throws {
        #expect(try hamlet.newestList() == Deployment.undisturbed())
        #expect(
            hamlet.names("source/drop/gp").isEmpty && hamlet.names("source/drop/hospital").isEmpty)
        for zone in [Zone.source, .linking] {
            let database = try hamlet.database(zone)
            try database.verify()
            #expect(try database.pendingActs().isEmpty)
        }
        for (zone, config) in [("source", hamlet.source), ("linking", hamlet.linking)] {
            let doctor = try Command.run(["doctor", "--config", config])
            #expect(doctor.status == 0, "\(zone): \(doctor.err)")
        }
        let audit = try Command.run([
            "audit", "--config", hamlet.linking, "--list", hamlet.lists().last ?? "",
        ])
        #expect(audit.status == 0, "\(audit.err)")
        let left = try hamlet.digests("exchange", "linking", "source").keys.filter {
            $0.contains(".partial-") || $0.hasSuffix(".ready")
        }
        #expect(left.isEmpty)
    }

    /// How long an undisturbed run takes here, to spread the kills over it.
    private func seconds(_ body: () throws -> Finished) throws -> Double {
        let start = Date()
        try Deployment.expectSuccess(body())
        return Date().timeIntervalSince(start)
    }

    @Test(.tags(.slow)) func killedAtAnyMomentTheNextRunFinishes() throws {
        let rehearsal = try Deployment.hamletAfterOneNight()
        try rehearsal.drop(Hamlet.secondDay)
        let source = try seconds { try rehearsal.runSource(Hamlet.secondDay) }
        let linking = try seconds { try rehearsal.runLinking(Hamlet.secondDay) }

        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        let asOf = Hamlet.asOf(Hamlet.secondDay)
        let steps = 12
        var killed = 0
        for (arguments, length) in [
            (hamlet.sourceArguments(asOf), source), (hamlet.linkingArguments(asOf), linking),
        ] {
            for step in 1...steps {
                let delay = length * Double(step) / Double(steps)
                if try stopped(arguments, after: delay, SIGKILL).signal == SIGKILL { killed += 1 }
            }
            try Deployment.expectSuccess(Command.run(arguments))
        }
        #expect(killed > steps / 2)
        try sound(hamlet)
    }

    @Test(.tags(.slow)) func aTerminatedRunSaysSoAndTheNextOneFinishes() throws {
        let rehearsal = try Deployment.hamletAfterOneNight()
        try rehearsal.drop(Hamlet.secondDay)
        let source = try seconds { try rehearsal.runSource(Hamlet.secondDay) }
        let linking = try seconds { try rehearsal.runLinking(Hamlet.secondDay) }

        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        let asOf = Hamlet.asOf(Hamlet.secondDay)
        var interrupted = 0
        for (arguments, length) in [
            (hamlet.sourceArguments(asOf), source), (hamlet.linkingArguments(asOf), linking),
        ] {
            // In the first moments, those of the loader, the signal still ends the process.
            for step in 1...12 {
                let finished = try stopped(arguments, after: length * Double(step) / 12, SIGTERM)
                guard finished.signal == 0, finished.status != 0 else { continue }
                interrupted += 1
                #expect(finished.status == 6, "\(finished.err)")
                #expect(
                    finished.err.contains(
                        "The run was stopped by SIGTERM. Run again: what was done stands, the rest is done then."
                    ), "\(finished.err)")
            }
            try Deployment.expectSuccess(Command.run(arguments))
        }
        #expect(interrupted > 0)
        try sound(hamlet)
    }

    /// Two runs of the program: the first is held in its first stage while the second is started.
    @Test func ofTwoRunsAtOnceTheSecondIsTurnedAway() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        let asOf = Hamlet.asOf(Hamlet.secondDay)
        for (arguments, stage, zone) in [
            (hamlet.sourceArguments(asOf), "pseudonymise", "source"),
            (hamlet.linkingArguments(asOf), "receive", "linking"),
        ] {
            let first = try SteppedCommand(arguments + ["--verbose"])
            #expect(try first.advance(to: "\(stage) "))
            let second = try Command.run(arguments)
            #expect(second.status == 8)
            #expect(
                second.err.contains(
                    "\(zone)/state/run.lock: Another run is at work: process \(first.process.processIdentifier), since "
                ), "\(second.err)")
            #expect(second.err.contains("Wait for it to end; a run that was killed holds no lock."))
            #expect(second.out.isEmpty)
            let finished = try first.finish()
            #expect(finished.status == 0, "\(finished.said)")
        }
        try sound(hamlet)
    }
}

extension Tag {
    /// Takes more than a few seconds.
    @Tag static var slow: Self
}
