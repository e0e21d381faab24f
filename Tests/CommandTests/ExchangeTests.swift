import Foundation
import Storage
import TestSupport
import Testing

/// What lies between the zones is believed only where it is what was written.
@Suite struct ExchangeTests {
    private let first = "exchange/gp/gp.patients.000001"

    private func refused(_ hamlet: Deployment, saying texts: [String], mend: () throws -> Void)
        throws
    {
        try hamlet.drop(Hamlet.secondDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        let held = try hamlet.held(.linking)
        let finished = try hamlet.runLinking(Hamlet.secondDay)
        #expect(finished.status == 5)
        for text in texts { #expect(finished.err.contains(text), "\(finished.err)") }
        #expect(hamlet.lists().count == 1)
        #expect(
            try hamlet.held(.linking).filter { $0.hasPrefix("list") }
                == held.filter { $0.hasPrefix("list") })
        try mend()
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
    }

    @Test func aReceivedBatchThatIsGone() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let aside = "\(hamlet.path)/aside"
        try FileManager.default.moveItem(atPath: "\(hamlet.path)/\(first)", toPath: aside)
        try refused(
            hamlet,
            saying: [
                "gp/gp.patients.000001/batch.json: A batch that had been received is gone. Restore the exchange folder from the backup."
            ]
        ) {
            try FileManager.default.moveItem(atPath: aside, toPath: "\(hamlet.path)/\(first)")
        }
    }

    @Test func aReceivedBatchThatWasChanged() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let manifest = "\(first)/batch.json"
        let before = try String(contentsOfFile: "\(hamlet.path)/\(manifest)", encoding: .utf8)
        try hamlet.edit(manifest, "\"maximumAgeDays\" : 3", "\"maximumAgeDays\" : 300")
        try refused(
            hamlet,
            saying: [
                "gp/gp.patients.000001/batch.json: The batch was changed after it had been received."
            ]
        ) { try hamlet.folder.write(before, to: "d/\(manifest)") }
    }

    @Test func aNewBatchWhoseFileWasChanged() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        let folder = "exchange/gp/gp.patients.000002"
        for name in hamlet.names(folder) where name.hasSuffix(".stilecol") {
            let path = "\(hamlet.path)/\(folder)/\(name)"
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            var bad = good
            bad[bad.count - 9] ^= 1
            try hamlet.folder.write(bad, to: "d/\(folder)/\(name)")
            let held = try hamlet.held(.linking).filter { $0.contains("gp.patients") }
            let finished = try hamlet.runLinking(Hamlet.secondDay)
            #expect(finished.status == 5)
            #expect(
                finished.err.contains("\(name): The column file is not the one that was written."),
                "\(finished.err)")
            #expect(try hamlet.held(.linking).filter { $0.contains("gp.patients") } == held)
            try hamlet.folder.write(good, to: "d/\(folder)/\(name)")
        }
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
    }

    @Test func aBatchBetweenTwoThatIsMissing() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        for (day, aside) in [(Hamlet.secondDay, true), ("2026-03-04", false)] {
            for (name, text) in Hamlet.files(Hamlet.secondDay) where !name.hasPrefix("hospital") {
                try hamlet.drop(text, as: name.replacing(Hamlet.secondDay, with: day))
            }
            try Deployment.expectSuccess(hamlet.runSource(day))
            if aside {
                try FileManager.default.moveItem(
                    atPath: "\(hamlet.path)/exchange/gp/gp.patients.000002",
                    toPath: "\(hamlet.path)/aside")
            }
        }
        let finished = try hamlet.runLinking("2026-03-04")
        #expect(finished.status == 5)
        #expect(
            finished.err.contains(
                "The batch follows “gp.patients.000002”, but the last one received of gp.patients is “gp.patients.000001”. Bring the batches in between"
            ), "\(finished.err)")
        try FileManager.default.moveItem(
            atPath: "\(hamlet.path)/aside",
            toPath: "\(hamlet.path)/exchange/gp/gp.patients.000002")
        try Deployment.expectSuccess(hamlet.runLinking("2026-03-04"))
    }
}
