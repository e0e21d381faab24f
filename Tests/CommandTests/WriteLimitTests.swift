import Foundation
import PipelineModel
import Storage
import TestSupport
import Testing

/// Writes that fail inside SQLite, in the real program: a limit on the size of files lets the
/// log of changes (WAL) grow to a certain length and no further.
@Suite struct WriteLimitTests {
    @Test(arguments: [Zone.source, .linking])
    func aWriteFaultOfTheDatabaseLosesNothing(_ zone: Zone) throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        if zone == .linking { try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay)) }
        let asOf = Hamlet.asOf(Hamlet.secondDay)
        let arguments =
            zone == .source ? hamlet.sourceArguments(asOf) : hamlet.linkingArguments(asOf)
        let database = "\(hamlet.path)/\(zone.rawValue)/state/\(zone.rawValue).sqlite"
        var refused = 0
        var inSQLite = 0
        // From little room, a few pages more each time, to where the night has room enough.
        let none = try Command.run(arguments, prefix: ["prlimit", "--fsize=0"])
        #expect(none.status == 7)
        for limit in stride(from: 16 << 10, through: 4 << 20, by: 16 << 10) {
            let held = try hamlet.held(zone).filter {
                $0.hasPrefix("delivery") || $0.hasPrefix("list")
            }
            let finished = try Command.run(arguments, prefix: ["prlimit", "--fsize=\(limit)"])
            if finished.status == 0 { break }
            refused += 1
            #expect(finished.status == 7, "limit \(limit): \(finished.status) \(finished.err)")
            #expect(finished.err.hasPrefix("stile: ") || finished.err.contains("\nstile: "))
            if finished.err.contains("SQLite code") || finished.err.contains("disk of the database")
                || finished.err.contains("\(database): ")
            {
                inSQLite += 1
            }
            for canary in Hamlet.canaries { #expect(!finished.err.contains(canary)) }
            let after = Set(try hamlet.held(zone))
            // A list that waited is withdrawn where, and only where, the night's own now waits.
            let isSuperseded = after.contains { $0.hasPrefix("list") && $0.hasSuffix("waiting") }
            for row in held where !after.contains(row) {
                let withdrawn = row.replacing(" waiting", with: " void")
                #expect(
                    row.hasPrefix("list") && isSuperseded && after.contains(withdrawn),
                    "limit \(limit): \(row)")
            }
        }
        #expect(refused > 2)
        #expect(inSQLite > 0)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
        for config in [hamlet.source, hamlet.linking] {
            let audit = try Command.run(["audit", "--config", config])
            #expect(audit.status == 0, "\(audit.err)")
        }
    }

    @Test(arguments: [Zone.source, .linking])
    func aDatabaseFromANewerVersionIsLeftAlone(_ zone: Zone) throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let path = "\(hamlet.path)/\(zone.rawValue)/state/\(zone.rawValue).sqlite"
        // The version stands in bytes 60 to 63 of the file, the most significant first.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(Array(bytes[60..<64]) == [0, 0, 0, UInt8(ZoneDatabase.newestVersion(of: zone))])
        bytes[62] = 1
        try bytes.write(to: URL(fileURLWithPath: path))
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
        let before = try hamlet.digests("\(zone.rawValue)/state", "exchange", "linking/lists")
        let asOf = Hamlet.asOf(Hamlet.firstDay)
        let config = zone == .source ? hamlet.source : hamlet.linking
        for arguments in [
            zone == .source ? hamlet.sourceArguments(asOf) : hamlet.linkingArguments(asOf),
            ["audit", "--config", config], ["doctor", "--config", config],
        ] {
            let finished = try Command.run(arguments)
            #expect(finished.status == 5, "\(finished.err)")
            #expect(
                finished.err.contains(
                    "\(zone.rawValue).sqlite: The database has version 258; this program knows up to 2. Install the Stile that wrote it, or restore the backup made before the upgrade."
                ), "\(finished.err)")
        }
        // Whoever opens a database takes the lock and may make the files that help to read it.
        func lasting(_ digests: [String: String]) -> [String: String] {
            digests.filter { name in
                !["run.lock", "-wal", "-shm"].contains { name.key.hasSuffix($0) }
            }
        }
        let after = try hamlet.digests("\(zone.rawValue)/state", "exchange", "linking/lists")
        let changed = lasting(after).filter { lasting(before)[$0.key] != $0.value }.keys.sorted()
        #expect(changed == [] && lasting(after).count == lasting(before).count)
    }
}
