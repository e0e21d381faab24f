import Foundation
import PipelineModel
import TestSupport
import Testing

/// A fault of the configuration or of a key file is found before any data are touched.
@Suite struct BadConfigurationTests {
    /// Runs a night that must be refused, checks that nothing changed, mends, and runs it.
    private func refused(
        _ zone: String, status: Int32, saying texts: [String], spoil: (Deployment) throws -> Void,
        mend: (Deployment) throws -> Void
    ) throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        if zone == "linking" { try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay)) }
        try spoil(hamlet)
        let before = try state(hamlet)
        let finished = try Command.run(
            zone == "source"
                ? hamlet.sourceArguments(Hamlet.asOf(Hamlet.secondDay))
                : hamlet.linkingArguments(Hamlet.asOf(Hamlet.secondDay)))
        #expect(finished.status == status)
        for text in texts { #expect(finished.err.contains(text), "\(finished.err)") }
        #expect(try state(hamlet) == before)
        try mend(hamlet)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
    }

    /// Everything that waits, was handed over or was proposed; exclusions may be news already.
    private func state(_ hamlet: Deployment) throws -> [String: String] {
        try hamlet.digests("source/drop", "exchange", "linking/lists")
            .filter { !$0.key.hasSuffix("exclusions.json") }
    }

    @Test func unknownKeysOfTheSourceZoneAllAtOnce() throws {
        try refused(
            "source", status: 2,
            saying: [
                "source/stile.yaml:5:1: A source zone has no key “projekt”. Remove it or correct its spelling",
                "source/stile.yaml:31:5: A source has no key “maximum_age”. Remove it or correct its spelling",
            ],
            spoil: {
                try $0.edit("source/stile.yaml", "clock: calendar", "projekt: x\nclock: calendar")
                try $0.edit(
                    "source/stile.yaml",
                    "    maximum_age_days: 3\n    link: encodings\n    seal_identities: true\n    files:\n      patients:",
                    "    maximum_age_days: 3\n    maximum_age: 4\n    link: encodings\n    seal_identities: true\n    files:\n      patients:"
                )
            },
            mend: { try $0.folder.write(Hamlet.source, to: "d/source/stile.yaml") })
    }

    @Test func anUnknownKeyOfTheLinkingZone() throws {
        try refused(
            "linking", status: 2,
            saying: [
                "linking/stile.yaml:6:1: A linking zone has no key “exchang”. Remove it or correct its spelling"
            ],
            spoil: { try $0.edit("linking/stile.yaml", "exchange:", "exchang:") },
            mend: { try $0.edit("linking/stile.yaml", "exchang:", "exchange:") })
    }

    @Test func aModelThatNamesAnUnknownColumn() throws {
        try refused(
            "linking", status: 2,
            saying: [
                "Models/hamlet/features.yaml:17:5: The feature “imd_decile” reads the column “imd_decil”, which the table “gp.patients” does not have.",
                "the columns are “birth_month”, “imd_decile”.",
            ],
            spoil: {
                try $0.edit("Models/hamlet/features.yaml", "of: imd_decile", "of: imd_decil")
            },
            mend: { try $0.edit("Models/hamlet/features.yaml", "of: imd_decil", "of: imd_decile") })
    }

    @Test func checkFindsAnUnknownColumnBeforeTheNight() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let sound = try Command.run(["check", "--config", hamlet.linking])
        #expect(sound.out.contains("every table and column that it reads has arrived"))
        try hamlet.edit("Models/hamlet/features.yaml", "of: imd_decile", "of: imd_decil")
        let refused = try Command.run(["check", "--config", hamlet.linking])
        #expect(refused.status == 2)
        #expect(refused.err.contains("reads the column “imd_decil”"))
    }

    @Test(arguments: [
        ("source", "source/keys/project.keyring"), ("linking", "linking/keys/log.key"),
        ("linking", "linking/keys/mint.seed"),
    ]) func aKeyFileThatOthersCanRead(_ zone: String, _ file: String) throws {
        func permit(_ mode: Int) -> (Deployment) throws -> Void {
            {
                try FileManager.default.setAttributes(
                    [.posixPermissions: mode], ofItemAtPath: "\($0.path)/\(file)")
            }
        }
        try refused(
            zone, status: 2, saying: [file, "can be read", "by others"], spoil: permit(0o644),
            mend: permit(0o600))
    }

    @Test func anOverdueLegalBasis() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let terms = "reference: \"NHS Act 2006 s.251B\", expires: "
        try hamlet.edit("source/stile.yaml", terms + "2031-03-31", terms + "2026-03-03")
        try hamlet.drop(Hamlet.secondDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        let finished = try hamlet.runLinking(Hamlet.secondDay)
        #expect(finished.status == 4)
        #expect(
            finished.err.contains("The legal basis of gp expired on 2026-03-03. Renew it"),
            "\(finished.err)")
        #expect(hamlet.lists().count == 1)
        // What is renewed comes with the next delivery.
        try hamlet.folder.write(Hamlet.source, to: "d/source/stile.yaml")
        for (name, text) in Hamlet.files(Hamlet.secondDay) where !name.hasPrefix("hospital") {
            try hamlet.drop(text, as: name.replacing(Hamlet.secondDay, with: "2026-03-04"))
        }
        try hamlet.drop(
            Hamlet.admissions(Hamlet.firstDay), as: "hospital/admissions_2026-03-04.csv")
        try Deployment.expectSuccess(hamlet.runSource("2026-03-04"))
        try Deployment.expectSuccess(hamlet.runLinking("2026-03-04"))
        #expect(hamlet.lists().count == 2)
    }

    @Test func aThrowAwayKeyUnderARealPolicy() throws {
        try refused(
            "source", status: 2,
            saying: ["Ethics/policy.yaml", "throw"],
            spoil: { try $0.edit("Ethics/policy.yaml", "deployment: sample", "deployment: real") },
            mend: { try $0.edit("Ethics/policy.yaml", "deployment: real", "deployment: sample") })
    }

    @Test func aDatabaseFromANewerVersion() throws {
        for zone in ["source", "linking"] {
            var version: [UInt8] = []
            // The version of the tables is the user version, at byte 60 of the file.
            func patch(_ hamlet: Deployment, _ bytes: [UInt8]) throws -> [UInt8] {
                let path = "\(hamlet.path)/\(zone)/state/\(zone).sqlite"
                let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
                defer { try? file.close() }
                try file.seek(toOffset: 60)
                let before = try file.read(upToCount: 4) ?? Data()
                try file.seek(toOffset: 60)
                try file.write(contentsOf: Data(bytes))
                return Array(before)
            }
            try refused(
                zone, status: 5,
                saying: [
                    "\(zone).sqlite: The database has version 768; this program knows up to 2. Install the Stile that wrote it"
                ],
                spoil: { version = try patch($0, [0, 0, 3, 0]) },
                mend: { _ = try patch($0, version) })
        }
    }
}
