import Foundation
import LinkingZone
import NightRun
import PipelineModel
import SourceZone
import Storage
import TestSupport
import Testing

/// What people say of subjects: on record, applied by the next link, and held to by the audit.
@Suite struct OverridingTests {
    let county: Deployment

    init() throws { county = try Deployment() }

    private func people() throws -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try county.exportedPeople().map { line in
                let parts = line.split(separator: ",").map(String.init)
                return (parts[0], parts[1])
            })
    }

    private func refused(_ part: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("nothing was refused")
        } catch {
            #expect("\(error)".contains(part), "\(error)")
        }
    }

    private func override(_ request: LinkingZone.OverrideRequest) throws -> Int {
        try LinkingZone.override(
            configuration: county.linking, request, who: "a.clerk",
            reason: "The letters on file agree.")
    }

    @Test func anOverrideIsALeafAndTheNextLinkAppliesItWithoutANewBatch() throws {
        try county.firstNight()
        let before = try people()
        let subjects = before.keys.sorted()
        let (left, right) = (subjects[0], subjects[1])
        #expect(before[left] != before[right])
        #expect(try override(.join(left, right)) == 1)
        let line = try #require(
            try county.read("linking/state/log/leaves.jsonl").split(separator: "\n").last)
        #expect(line.contains("\"override.recorded\"") && line.contains("\"a.clerk\""))
        for text in [left, right, "letters"] { #expect(!line.contains(text)) }

        let night = try county.linkingNight("2025-06-03")
        #expect(night.record.stages.first { $0.stage == "link" }?.status == .ran)
        #expect(try people()[left] == people()[right])
        let again = try county.linkingNight("2025-06-03")
        #expect(again.record.stages.first { $0.stage == "link" }?.status == .unchanged)
        _ = try LinkingZone.audit(configuration: county.linking, list: nil)

        // It stands after new keys, and until somebody undoes it.
        _ = try SourceZone.rotateKeys(configuration: county.source)
        try county.dropPatients("2025-06-03")
        try county.dropOptOuts("2025-06-03", [])
        try county.night("2025-06-04")
        #expect(try people()[left] == people()[right])
        #expect(try override(.undo(1)) == 2)
        #expect(try county.linkingNight("2025-06-04").error == nil)
        #expect(try people()[left] != people()[right])
        #expect(try people()[left] == before[left] || people()[right] == before[right])
        let findings = try LinkingZone.audit(configuration: county.linking, list: nil)
        #expect(
            findings.contains("overrides: 2 entries, 0 stand, as the log has them"), "\(findings)")
        let listed = try LinkingZone.overrides(configuration: county.linking)
        #expect(listed.text.contains("1. join \(left) with \(right) (undone)"))
        #expect(String(decoding: try listed.json, as: UTF8.self).contains("\"stands\" : false"))
    }

    @Test func whatCannotBeRecordedChangesNothing() throws {
        refused("Nobody has been linked yet.") { _ = try override(.undo(1)) }
        try county.firstNight()
        let leaves = try county.read("linking/state/log/leaves.jsonl")
        let subjects = try people().keys.sorted()
        refused("is not a pseudonym") { _ = try override(.join("Ann Smith", subjects[0])) }
        refused("No subject and no person") {
            _ = try override(.join(String(repeating: "1", count: 32), subjects[0]))
        }
        refused("no subject in common") { _ = try override(.join(subjects[0], subjects[0])) }
        refused("There is no override 1.") { _ = try override(.undo(1)) }
        #expect(try county.read("linking/state/log/leaves.jsonl") == leaves)
    }

    @Test func overridesThatTheLogDoesNotNameAreSeen() throws {
        try county.firstNight()
        let subjects = try people().keys.sorted()
        let database = try ZoneDatabase(
            path: "\(county.folder)/linking/state/linking.sqlite", zone: .linking)
        func hold(_ digest: ContentDigest) throws {
            var commit = StageCommit()
            commit.held = ["link.link_overrides": digest]
            try database.commit(commit)
        }
        _ = try override(.join(subjects[0], subjects[1]))
        let first = try #require(try database.held("link.link_overrides"))
        _ = try override(.separate(subjects[0], subjects[2]))
        // Somebody sets the held overrides back to what the first entry left.
        try hold(first)
        let findings = try LinkingZone.audit(configuration: county.linking, list: nil)
        #expect(findings.contains { $0.hasSuffix("; 1 in the log were not entered") })
        try hold(try #require(try database.held("link.link_aliases")))
        refused("are not those that the log names") {
            _ = try LinkingZone.audit(configuration: county.linking, list: nil)
        }
    }
}
