import Attestation
import Foundation
import Hashing
import LinkingZone
import NightRun
import PipelineModel
import ReleaseZone
import SourceZone
import Storage
import TestSupport
import Testing

/// What the nights of both zones put on record, and that the audit holds them to it.
@Suite struct StepsTests {
    let county: Deployment

    init() throws { county = try Deployment() }

    /// The leaves of a zone's log, by the text of their lines.
    private func leaves(_ zone: String) throws -> [[String: Any]] {
        try county.read("\(zone)/state/log/leaves.jsonl").split(separator: "\n").map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private func kinds(_ zone: String) throws -> [String] {
        try leaves(zone).map { "\($0["kind"] ?? "") \($0["scope"] ?? "")" }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func refused(_ code: StileError.Code, _ part: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("nothing was refused")
        } catch let error as StileError {
            #expect(error.code == code && error.message.contains(part), "\(error.description)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func everyStepOfTheFirstNightIsALeaf() throws {
        try county.firstNight()
        #expect(
            try kinds("source") == [
                "delivery.accepted gp.patients", "batch.written gp.patients",
                "delivery.accepted opt_outs.register", "batch.written opt_outs.register",
                "night.ended",
            ])
        #expect(
            try kinds("linking") == [
                "batch.received gp.patients", "batch.received opt_outs.register", "people.linked",
                "exclusions.published", "model.frozen helped", "model.published helped",
                "matrix.built helped", "matrix.scored helped", "list.proposed", "night.ended",
            ])
        let linking = try leaves("linking")
        let subjects = try linking.map { try #require($0["subjects"] as? [String: String]) }
        let manifest = try Data(
            contentsOf: URL(
                fileURLWithPath: "\(county.folder)/exchange/gp/gp.patients.000001/batch.json"))
        #expect(subjects[0]["from.manifest"] == ContentDigest.sha256(manifest).hex)
        let database = try ZoneDatabase(
            path: "\(county.folder)/linking/state/linking.sqlite", zone: .linking)
        #expect(subjects[2]["spine"] == (try database.held("spine")?.hex))
        #expect(subjects[2]["state"] != nil)
        let equation = try #require(try database.held("model.helped")?.hex)
        #expect(subjects[4]["equation"] == equation && subjects[4]["from.specification"] != nil)
        #expect(subjects[5]["from.equation"] == equation && subjects[5]["manifest"] != nil)
        #expect(subjects[7]["from.equation"] == equation)
        #expect(subjects[7]["from.matrix"] == subjects[6]["matrix"])
        let list = try #require(try database.lists().first)
        #expect(subjects[7]["scores"] == list.digests["scores"]?.hex)
        let counts = try #require(linking.last?["counts"] as? [String: Int])
        #expect(counts["receive.ran"] == 2 && counts["propose.ran"] == 1)
    }

    @Test func anUnchangedNightIsOneLeafAndARefusalAnother() throws {
        try county.firstNight()
        let before = try kinds("linking").count
        #expect(try county.linkingNight("2025-06-03").error == nil)
        #expect(try kinds("linking").dropFirst(before) == ["night.ended"])
        for day in ["2025-06-05", "2025-06-07"] { try county.dropPatients(day) }
        try county.sourceNight("2025-06-08")
        #expect(try county.linkingNight("2025-06-08").error?.code == .input)
        #expect(
            try kinds("linking").suffix(3) == [
                "people.linked", "stage.refused.exclusions", "night.ended",
            ])
        _ = try LinkingZone.audit(configuration: county.linking, list: nil)
        _ = try SourceZone.audit(configuration: county.source)
    }

    @Test func aRefusedDeliveryAndARotationAreOnRecord() throws {
        try county.firstNight()
        try county.home.write("id,given\np1\n", to: "source/drop/gp/patients_2025-06-03.csv")
        try county.dropOptOuts("2025-06-03", [])
        #expect(try county.sourceNight("2025-06-04").error != nil)
        _ = try SourceZone.rotateKeys(configuration: county.source)
        try FileManager.default.removeItem(
            atPath: "\(county.folder)/source/drop/gp/patients_2025-06-03.csv")
        try county.dropPatients("2025-06-03")
        try county.night("2025-06-04")
        let kinds = try kinds("source")
        let rotation = try #require(kinds.firstIndex(of: "keys.rotated"))
        #expect(try leaves("source")[rotation]["counts"] as? [String: Int] == ["epoch": 2])
        #expect(
            kinds[rotation...].dropFirst().prefix(2) == [
                "batch.rekeyed gp.patients", "batch.rekeyed opt_outs.register",
            ])
        _ = try SourceZone.audit(configuration: county.source)
        _ = try LinkingZone.audit(configuration: county.linking, list: nil)
    }

    @Test func theLogsHoldNoIdentifierAndNoPseudonym() throws {
        try county.firstNight()
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        try county.released(list, asOf: "2025-06-03")
        let people = try county.exportedPeople().flatMap { $0.split(separator: ",").prefix(2) }
        for zone in ["source", "linking", "release"] {
            let log = try county.read("\(zone)/state/log/leaves.jsonl")
            for name in Deployment.forenames + Deployment.surnames + ["LS1 ", "1969-"] {
                #expect(!log.contains(name), "\(zone) \(name)")
            }
            for pseudonym in people { #expect(!log.contains(pseudonym)) }
        }
    }

    @Test func theLeafOfANightNamesTheWholeStateAlsoWhatItLeftAsItWas() throws {
        // The blocking fields alone, whose fingerprints are kept.
        try county.edit(
            "linking/stile.yaml", "version: 1\n",
            "version: 1\nlinkage: {candidates_per_record: 0}\n")
        try county.dropPatients("2025-06-02")
        try county.dropOptOuts("2025-06-02", [3, 8, 17])
        try county.night("2025-06-03")
        let path = "\(county.folder)/linking/state/linking.sqlite"
        let before = try ZoneDatabase(path: path, zone: .linking).held(prefix: "link.encodings.")
        #expect(before.keys.sorted() == ["link.encodings.gp.0", "link.encodings.opt_outs.0"])
        let keys = try ZoneDatabase(path: path, zone: .linking).held(prefix: "link.link_keys.")
        #expect(keys.keys.sorted() == ["link.link_keys.gp.0", "link.link_keys.opt_outs.0"])
        try county.dropPatients("2025-06-03", 0..<21)
        try county.dropOptOuts("2025-06-03", [3, 8, 17])
        try county.night("2025-06-04")
        let database = try ZoneDatabase(path: path, zone: .linking)
        let state = try database.held(prefix: "link.")
        let old = try #require(before["link.encodings.gp.0"])
        #expect(state["link.encodings.gp.0"] == old && state["link.encodings.gp.1"] != nil)
        let oldKeys = try #require(keys["link.link_keys.gp.0"])
        #expect(state["link.link_keys.gp.0"] == oldKeys && state["link.link_keys.gp.1"] != nil)

        let run = try #require(try database.runs().first.flatMap { try database.run($0) })
        let stage = try #require(run.stages.first { $0.stage == "link" })
        #expect(stage.status == .ran)
        let named = stage.outputs.filter { $0.role == "state" }
        #expect(
            Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.digest) }) == state)
        _ = try LinkingZone.audit(configuration: county.linking, list: nil)

        let file = "linking/state/columns/\(old.hex).stilecol"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(county.folder)/\(file)"))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: "\(county.folder)/\(file)"))
        refused(.integrity, "A file is not the one that the log names") {
            _ = try LinkingZone.audit(configuration: county.linking, list: nil)
        }
    }

    @Test func whatWasChangedAfterwardsIsSeen() throws {
        try county.firstNight()
        let evaluation = "linking/state/linkage.json"
        let good = try county.read(evaluation)
        try county.home.write(good + " ", to: evaluation)
        refused(.integrity, "A file is not the one that the log names") {
            _ = try LinkingZone.audit(configuration: county.linking, list: nil)
        }
        try county.home.write(good, to: evaluation)
        _ = try LinkingZone.audit(configuration: county.linking, list: nil)
        let database = try ZoneDatabase(
            path: "\(county.folder)/source/state/source.sqlite", zone: .source)
        let run = try #require(try database.runs().first)
        var forged = try #require(try database.run(run)?.stages.first)
        forged.inputs[0].digest = .sha256("another extract")
        try database.commit(StageCommit(), stage: forged, ordinal: 9, run: run)
        refused(.integrity, "no leaf “delivery.accepted” of run \(run)") {
            _ = try SourceZone.audit(configuration: county.source)
        }
    }

    @Test(arguments: ["source", "linking"]) func aTruncatedLogStopsEverything(zone: String) throws {
        try county.firstNight()
        let list = try #require(try county.waiting().first)
        let path = "\(zone)/state/log/leaves.jsonl"
        let whole = try county.read(path)
        try county.dropPatients("2025-06-03")
        try county.dropOptOuts("2025-06-03", [])
        // Cut in the middle of a line, at the end of one, and to nothing.
        let lines = whole.split(separator: "\n").map { $0 + "\n" }
        for cut in [String(whole.dropLast(40)), lines.dropLast().joined(), ""] {
            try county.home.write(cut, to: path)
            let night =
                zone == "source"
                ? try county.sourceNight("2025-06-04") : try county.linkingNight("2025-06-04")
            #expect(night.error?.code == .integrity)
            #expect(night.error?.message.hasPrefix("The log was changed") == true)
            #expect(night.record.stages.isEmpty)
            refused(.integrity, "The log was changed") {
                _ =
                    zone == "source"
                    ? try SourceZone.audit(configuration: county.source)
                    : try LinkingZone.audit(configuration: county.linking, list: nil)
            }
            if zone == "linking" {
                refused(.integrity, "The log was changed") { try county.sign(list, "ig") }
                refused(.integrity, "The log was changed") {
                    try county.released(list, asOf: "2025-06-03")
                }
            }
            // Nobody mends what was cut below the checkpoint.
            #expect(try county.read(path) == cut)
        }
        try county.home.write(whole, to: path)
        try county.night("2025-06-04")
    }

    @Test func theLogIsBegunOnceHoweverItIsBegun() throws {
        // `stile keys log` ran when the deployment was made; it may run again, and a night after.
        #expect(
            try LinkingZone.beginLog(configuration: county.linking)
                == "the log had begun already: 0 leaves")
        try county.firstNight()
        let text = try LinkingZone.beginLog(configuration: county.linking)
        #expect(text == "the log had begun already: 10 leaves")
        // The folder is gone: neither begins another.
        try FileManager.default.removeItem(atPath: "\(county.folder)/linking/state/log")
        refused(.integrity, "The log of this zone had begun and is not there.") {
            _ = try LinkingZone.beginLog(configuration: county.linking)
        }
        #expect(try county.linkingNight("2025-06-03").error?.code == .integrity)
        #expect(!county.names(in: "linking/state/log").contains("checkpoint"))
    }

    @Test func theFirstNightBeginsTheLogWhereNobodyHas() throws {
        for name in ["state"] {
            try FileManager.default.removeItem(atPath: "\(county.folder)/linking/\(name)")
        }
        try county.firstNight()
        #expect(try kinds("linking").first == "batch.received gp.patients")
    }
}

/// An approval is good for one list, and what left is known by the release zone's own word.
@Suite struct PastListsTests {
    let county: Deployment
    let first: String

    init() throws {
        county = try Deployment()
        try county.firstNight()
        first = try #require(try county.waiting().first)
        try county.signAll(first)
    }

    private func secondNight() throws -> String {
        try county.dropPatients("2025-06-03", 0..<21)
        try county.dropOptOuts("2025-06-03", [])
        try county.night("2025-06-04")
        return try #require(try county.waiting().first)
    }

    @Test func theApprovalsOfAnOlderListReleaseNoOther() throws {
        let second = try secondNight()
        #expect(second != first)
        for name in county.names(in: "linking/lists/\(first)/signoffs") {
            try county.home.write(
                county.read("linking/lists/\(first)/signoffs/\(name)"),
                to: "linking/lists/\(second)/signoffs/\(name)")
        }
        for attempt in [
            { _ = try county.released(second, asOf: "2025-06-04") },
            { _ = try county.sign(second, "ig") },
            { _ = try LinkingZone.review(configuration: county.linking, list: second) },
        ] {
            let error = #expect(throws: StileError.self) { try attempt() }
            #expect(error?.code == .integrity, "\(error?.description ?? "")")
        }
        #expect(county.names(in: "release/released").isEmpty)
        #expect(try county.waiting() == [second])
    }

    @Test func theReleaseZonesStatementSaysWhatLeft() throws {
        try county.edit(
            "linking/stile.yaml", "zone: linking", "zone: linking\nreleased: ../release/released")
        func said() throws -> String {
            try LinkingZone.review(configuration: county.linking, list: first).text
        }
        #expect(!(try said().contains("released:")))
        try county.released(first, asOf: "2025-06-03")
        #expect(try said().contains("5 rows to hub, signed by the release zone"))
        #expect(
            try LinkingZone.audit(configuration: county.linking, list: first).joined()
                .contains("5 people, 2 sign-offs, released "))
        #expect(
            try ReleaseZone.audit(configuration: county.release).last?
                .contains("as it was put on record") == true)
        // Another list's statement, or one that was changed, is refused.
        let path = "release/released/\(first)/release.dsse.json"
        let good = try county.read(path)
        let second = try secondNight()
        try county.home.write(good, to: "release/released/\(second)/release.dsse.json")
        let error = #expect(throws: StileError.self) {
            _ = try LinkingZone.review(configuration: county.linking, list: second)
        }
        #expect(error?.message.contains("it is of another list") == true)
        try county.home.write(
            good.replacingOccurrences(of: "\"sig\":\"", with: "\"sig\":\"AAAA"), to: path)
        #expect(throws: StileError.self) { try said() }
        #expect(throws: StileError.self) { try ReleaseZone.audit(configuration: county.release) }
    }

    @Test func aListOfAnOlderPolicyIsStillAudited() throws {
        try county.edit("Ethics/policy.yaml", "max_rows: 100", "max_rows: 90")
        try county.edit("Ethics/policy.yaml", "epoch: 1", "epoch: 2")
        _ = try LinkingZone.audit(configuration: county.linking, list: first)
        let error = #expect(throws: StileError.self) {
            try county.released(first, asOf: "2025-06-03")
        }
        #expect(error?.code == .integrity)
    }
}
