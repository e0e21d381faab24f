import Foundation
import LinkingZone
import NightRun
import PipelineModel
import ReleaseZone
import SourceZone
import Storage
import Testing

/// Nights that follow on each other, with what goes wrong between them.
@Suite struct WholeNightTests {
    let county: Deployment

    init() throws { county = try Deployment() }

    @Test func aListIsSignedAndReleased() throws {
        try county.firstNight()
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        let outcome = try county.released(list, asOf: "2025-06-03")
        #expect(outcome.rows == 5)
        let text = try String(contentsOfFile: outcome.file, encoding: .utf8)
        #expect(text.contains("1969-03-20"))
        _ = try LinkingZone.audit(configuration: county.linking, list: list)
    }

    @Test func anOptOutOfTonightIsOffTheNextList() throws {
        try county.firstNight()
        try county.dropPatients("2025-06-03")
        try county.dropOptOuts("2025-06-03", [19])
        try county.night("2025-06-04")
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        let outcome = try county.released(list, asOf: "2025-06-04")
        let text = try String(contentsOfFile: outcome.file, encoding: .utf8)
        #expect(!text.contains("1969-03-20"))
        #expect(outcome.rows == 5)
    }
}

extension WholeNightTests {
    private func secondNight() throws {
        try county.dropPatients("2025-06-03")
        try county.dropOptOuts("2025-06-03", [])
        try county.night("2025-06-04")
    }

    @Test func anOlderNightTakesNoNewerListsPlace() throws {
        try county.firstNight()
        try secondNight()
        let newest = try county.waiting()
        #expect(try county.linkingNight("2025-06-03").error?.code == .policy)
        #expect(try county.waiting() == newest)
    }

    @Test func inputsThatComeBackGiveAListThatCanBeSigned() throws {
        try county.firstNight()
        let first = try county.waiting()
        try county.edit("linking/stile.yaml", "recipients: [hub]", "recipients: [annexe]")
        try county.edit("Ethics/policy.yaml", "recipients: [hub]", "recipients: [hub, annexe]")
        try county.edit("Ethics/policy.yaml", "epoch: 1", "epoch: 2")
        #expect(try county.linkingNight("2025-06-03").error == nil)
        let second = try county.waiting()
        try county.edit("linking/stile.yaml", "recipients: [annexe]", "recipients: [hub]")
        #expect(try county.linkingNight("2025-06-03").error == nil)
        let third = try county.waiting()
        try county.edit("linking/stile.yaml", "recipients: [hub]", "recipients: [annexe]")
        #expect(try county.linkingNight("2025-06-03").error == nil)
        let fourth = try county.waiting()
        let all = [first, second, third, fourth]
        #expect(all.allSatisfy { $0.count == 1 } && Set(all.joined()).count == 4)
        #expect(fourth[0] == second[0] + "-2")
        try county.signAll(fourth[0])
        try county.released(fourth[0], asOf: "2025-06-03")
    }

    @Test func anOlderListIsMadeAgainAfterTheModelHasChanged() throws {
        try county.firstNight()
        let list = try #require(try county.waiting().first)
        try county.writeModel(pointsWeight: 0.2)
        let refused = try county.linkingNight("2025-06-03").error
        #expect(refused?.code == .policy)
        #expect(refused?.message.contains("has changed since it was fitted") == true)
        #expect(
            try county.linkingNight("2025-06-03", through: .train, model: "helped").error == nil)
        #expect(try county.linkingNight("2025-06-03").error == nil)
        #expect(try county.waiting() != [list])
        _ = try LinkingZone.audit(configuration: county.linking, list: list)
    }

    @Test func newKeysKeepPeopleAndSealAnew() throws {
        try county.firstNight()
        let before = try county.exportedPeople()
        _ = try SourceZone.rotateKeys(configuration: county.source)
        try secondNight()
        #expect(try county.exportedPeople() == before)
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        try county.released(list, asOf: "2025-06-04")
        try county.dropPatients("2025-06-04")
        try county.dropOptOuts("2025-06-04", [])
        try county.night("2025-06-05")
        #expect(try county.exportedPeople() == before)
    }

    @Test func aListThatNobodyCouldOpenIsNotProposed() throws {
        try county.firstNight()
        let old = try county.holderKeys()
        try county.replaceHolder(of: "ig", by: "newcomer")
        #expect(old != (try county.holderKeys()))
        let refused = try county.linkingNight("2025-06-03").error
        #expect(refused?.code == .policy)
        #expect(refused?.message.contains("Nobody who holds “ig” today could open") == true)
        _ = try SourceZone.rotateKeys(configuration: county.source)
        try secondNight()
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        try county.released(list, asOf: "2025-06-04")
    }

    @Test func aLateSourceIsLinkedAfterANewerOne() throws {
        try county.dropPatients("2025-06-02")
        try county.dropOptOuts("2025-06-02", [])
        try county.night("2025-06-03")
        // The practice's file of the 3rd comes a day late, after the register's of the 4th.
        try county.dropOptOuts("2025-06-04", [19])
        #expect(try county.sourceNight("2025-06-05").error == nil)
        try county.linkingNight("2025-06-05", through: .link)
        try county.dropPatients("2025-06-03", 0..<21)
        #expect(try county.sourceNight("2025-06-05").error == nil)
        #expect(try county.linkingNight("2025-06-05").error == nil)
        #expect(try county.exportedPeople().count == 23)
        #expect(try county.read("linking/lists/exclusions.json").contains("\"persons\":[\""))
    }

    @Test func aLateRegisterOfObjectionsStopsTheScoring() throws {
        try county.firstNight()
        for day in ["2025-06-05", "2025-06-07"] { try county.dropPatients(day) }
        try county.sourceNight("2025-06-08")
        let error = try county.linkingNight("2025-06-08").error
        #expect(error?.code == .input)
        #expect(
            error?.message.contains("The register opt_outs.register was last heard from") == true)
    }

    @Test func aPolicyChangedWithoutAnEpochIsRefusedInBothZones() throws {
        try county.firstNight()
        try county.edit("Ethics/policy.yaml", "max_rows: 100", "max_rows: 200")
        for error in [
            try county.sourceNight("2025-06-03").error, try county.linkingNight("2025-06-03").error,
        ] {
            #expect(error?.code == .policy)
            #expect(error?.message.contains("its epoch is 1") == true)
        }
    }

    @Test func aNightThatIsDoneAgainIsUnchanged() throws {
        try county.firstNight()
        let list = try county.waiting()
        let outcome = try county.linkingNight("2025-06-03")
        #expect(outcome.record.stages.allSatisfy { $0.status == .unchanged })
        #expect(try county.waiting() == list)
    }
}
