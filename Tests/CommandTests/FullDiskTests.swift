import Foundation
import PipelineModel
import Storage
import TestSupport
import Testing

/// A disk without room stops the run with a sentence, and what stood before stands after.
@Suite(.enabled(if: geteuid() == 0, "only root can mount a small disk"))
struct FullDiskTests {
    @Test(arguments: ["source", "linking"]) func aFullDiskLosesNothing(_ zone: String) throws {
        let disk = TemporaryFolder("disk")
        guard try Command.shell("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.path) == 0
        else {
            print("skipped: this machine lets nobody mount a tmpfs")
            return
        }
        defer { _ = try? Command.shell("umount", disk.path) }
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        if zone == "linking" { try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay)) }
        // The zone's state lies on the small disk.
        let state = "\(hamlet.path)/\(zone)/state"
        #expect(try Command.shell("cp", "-a", state, "\(disk.path)/state") == 0)
        try FileManager.default.removeItem(atPath: state)
        try FileManager.default.createSymbolicLink(
            atPath: state, withDestinationPath: "\(disk.path)/state")
        let kind: Zone = zone == "source" ? .source : .linking
        var refused = 0
        for room in [0, 48, 120, 240] {
            let held = try hamlet.held(kind).filter { !$0.hasPrefix("owed") }
            // dd stops where the disk ends; then a little room is made again.
            let filler = "\(disk.path)/filler"
            _ = try Command.shell("dd", "if=/dev/zero", "of=\(filler)", "bs=4096")
            let size = try #require(
                FileManager.default.attributesOfItem(atPath: filler)[.size] as? Int)
            truncate(filler, size - room * 1024)
            let finished =
                zone == "source"
                ? try hamlet.runSource(Hamlet.secondDay) : try hamlet.runLinking(Hamlet.secondDay)
            try FileManager.default.removeItem(atPath: filler)
            if finished.status == 0 { break }
            refused += 1
            #expect(finished.status == 7, "room \(room): \(finished.err)")
            for canary in Hamlet.canaries { #expect(!finished.err.contains(canary)) }
            // Stages that were done stand; nothing that was held is gone.
            let lost = Set(held.filter { $0.hasPrefix("delivery") || $0.hasPrefix("list") })
                .subtracting(try hamlet.held(kind))
            #expect(lost.isEmpty)
        }
        #expect(refused > 0)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
    }
}
