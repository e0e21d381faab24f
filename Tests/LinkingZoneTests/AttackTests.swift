import Foundation
import LinkingZone
import NightRun
import PipelineModel
import ReleaseZone
import TestSupport
import Testing

/// Ways to get a list out that nobody signed for, or a person who objected: each is refused.
@Suite struct AttackTests {
    let county: Deployment
    let list: String

    init() throws {
        county = try Deployment()
        try county.firstNight()
        list = try #require(try county.waiting().first)
    }

    private func refused(_ code: StileError.Code, _ part: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("nothing was refused")
        } catch let error as StileError {
            #expect(error.code == code && error.message.contains(part), "\(error.message)")
        } catch {
            Issue.record("\(error)")
        }
    }

    private func release() throws { try county.released(list, asOf: "2025-06-03") }

    @Test func editedExclusionsReleaseNobody() throws {
        try county.dropPatients("2025-06-03")
        try county.dropOptOuts("2025-06-03", [18])
        let before = try county.read("linking/lists/exclusions.json")
        try county.night("2025-06-04")
        let newest = try #require(try county.waiting().first)
        try county.signAll(newest)
        #expect(try county.read("linking/lists/exclusions.json") != before)
        try county.home.write(before, to: "linking/lists/exclusions.json")
        refused(.integrity, "not those that the log names last") {
            try county.released(newest, asOf: "2025-06-04")
        }
        #expect(county.names(in: "release/released").isEmpty)
    }

    @Test func anObjectionAfterTheSignaturesStillCounts() throws {
        try county.signAll(list)
        try county.dropPatients("2025-06-03")
        try county.dropOptOuts("2025-06-03", [19])
        #expect(try county.sourceNight("2025-06-04").error == nil)
        try county.linkingNight("2025-06-04", through: .features)
        let outcome = try county.released(list, asOf: "2025-06-04")
        #expect(outcome.rows == 4 && outcome.withheld == 1)
    }

    @Test func aLogSetBackIsRefused() throws {
        try county.signAll(list)
        let leaves = try county.read("linking/state/log/leaves.jsonl")
        let checkpoint = try county.read("linking/state/log/checkpoint")
        try county.sign(list, "ig", "hold")
        refused(.policy, "stopped") { try release() }
        try county.home.write(leaves, to: "linking/state/log/leaves.jsonl")
        try county.home.write(checkpoint, to: "linking/state/log/checkpoint")
        for name in county.names(in: "linking/lists/\(list)/signoffs") where name.contains("hold") {
            try FileManager.default.removeItem(
                atPath: "\(county.folder)/linking/lists/\(list)/signoffs/\(name)")
        }
        refused(.integrity, "does not continue") { try release() }
        refused(.integrity, "sign-off") {
            _ = try LinkingZone.audit(configuration: county.linking, list: nil)
        }
    }

    @Test func aHoldLiftedAndPlacedAgainStandsInItsOwnFile() throws {
        try county.sign(list, "ig", "hold")
        try county.sign(list, "ig", "withdraw")
        try county.sign(list, "ig", "hold", because: "It is a test and somebody asked again.")
        try county.sign(list, "ig", "withdraw", because: "It is a test and all is well again.")
        try county.signAll(list)
        try release()
    }

    @Test func aSampleCannotStandUnderARealPolicy() throws {
        try county.signAll(list)
        try county.edit("Ethics/policy.yaml", "deployment: sample", "deployment: real")
        try county.edit("Ethics/policy.yaml", "throwaway: true", "throwaway: false")
        refused(.policy, "A sample stands under the policy of a real deployment") { try release() }
    }

    @Test func aPipeInTheExchangeFolderDoesNotHang() throws {
        let folder = "\(county.folder)/exchange/gp/gp.patients.000009"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        #expect(mkfifo("\(folder)/batch.json", 0o644) == 0)
        let error = try county.linkingNight("2025-06-03").error
        #expect(error?.code == .integrity)
    }

    @Test func aLinkInTheDropFolderIsRefused() throws {
        try county.home.write("id\n", to: "secret.csv")
        try FileManager.default.createSymbolicLink(
            atPath: "\(county.folder)/source/drop/gp/patients_2025-06-03.csv",
            withDestinationPath: "\(county.folder)/secret.csv")
        try county.dropOptOuts("2025-06-03", [])
        let error = try county.sourceNight("2025-06-04").error
        #expect(error?.code == .integrity)
    }

    @Test func aBatchOfAnotherSourceIsRefused() throws {
        let folder = "exchange/gp/gp.patients.000001"
        let manifest = try county.read("\(folder)/batch.json")
            .replacingOccurrences(of: "gp.patients.000001", with: "gp.patients.000002")
            .replacingOccurrences(of: "\"gp.patients\"", with: "\"opt_outs.register\"")
        try county.home.write(manifest, to: "exchange/gp/gp.patients.000002/batch.json")
        let error = try county.linkingNight("2025-06-03").error
        #expect(error?.code == .integrity)
    }

    @Test(arguments: ["../../reviewers", "..", "a/b", "", "no-such-list"])
    func whatIsNoListIsRefused(id: String) {
        #expect(throws: StileError.self) { try county.released(id, asOf: "2025-06-03") }
        #expect(throws: StileError.self) { try county.sign(id, "ig") }
    }
}
