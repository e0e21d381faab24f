import Foundation
import NightRun
import PipelineModel
import TestSupport
import Testing

@Suite struct LockTests {
    private let folder = TemporaryFolder("lock")

    @Test func theSecondRunIsToldWhoIsAtWork() throws {
        let path = folder.path + "/run.lock"
        let first = try RunLock(path: path, now: moment)
        let found = fault { _ = try RunLock(path: path, now: moment + 5) }
        #expect(found?.code == .busy)
        #expect(
            found?.message
                == "Another run is at work: process \(getpid()), since 2026-03-29T01:30:00Z.")
        first.release()
        first.release()
        _ = try RunLock(path: path, now: moment)
    }

    @Test func whatAKilledRunLeftIsFree() async throws {
        let path = folder.path + "/run.lock"
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = try RunLock(path: path, now: moment)
            kill(getpid(), SIGKILL)
            lock.release()
        }
        #expect(FileManager.default.fileExists(atPath: path))
        _ = try RunLock(path: path, now: moment)
    }

    @Test func aLockFileThatCannotBeMadeIsAFault() {
        let found = fault { _ = try RunLock(path: folder.path + "/none/run.lock", now: moment) }
        #expect(found?.code == .inputOutput)
    }

    @Test func aSignalAsks() async throws {
        await #expect(processExitsWith: .exitCode(6)) {
            Interruption.listening { interruption in
                kill(getpid(), SIGTERM)
                for _ in 0..<1_000 where !interruption.isRequested { usleep(5_000) }
                let code = fault { try interruption.check() }?.code
                exit(code?.exitStatus ?? 1)
            }
        }
    }

    @Test(arguments: [
        ("2026-01-31T23:59:59Z", "2026-01-31"), ("2026-03-29T00:59:59Z", "2026-03-29"),
        ("2026-06-30T22:59:59Z", "2026-06-30"), ("2026-06-30T23:00:00Z", "2026-07-01"),
        ("2026-10-24T23:30:00Z", "2026-10-25"), ("2026-10-25T23:30:00Z", "2026-10-25"),
        ("1969-12-31T22:59:59Z", "1969-12-31"), ("2000-02-29T12:00:00Z", "2000-02-29"),
    ])
    func daysAreInLondon(_ moment: String, _ day: String) throws {
        let date = try Date(moment, strategy: .iso8601)
        #expect(try Day(inLondon: date).iso == day)
    }
}
