import EthicsGate
import Foundation
import LinkingZone
import NightRun
import PipelineModel
import TestSupport
import Testing

/// A merge or a split withdraws the lists that it touches, and marks released ones.
@Suite struct ListsOfChangedPeopleTests {
    let county: Deployment

    init() throws {
        county = try Deployment()
        try county.firstNight()
    }

    /// The subjects of the practice whose people stand on a list, and of those that do not.
    private func subjects(of list: String) throws -> (listed: [String], others: [String]) {
        let text = try county.read("linking/lists/\(list)/list.json")
        let rows = try county.exportedPeople().map { $0.split(separator: ",").map(String.init) }
        return (
            rows.filter { text.contains($0[1]) }.map { $0[0] },
            rows.filter { !text.contains($0[1]) }.map { $0[0] }
        )
    }

    private func override(_ request: LinkingZone.OverrideRequest) throws {
        _ = try LinkingZone.override(
            configuration: county.linking, request, who: "a.clerk", reason: "A test.")
    }

    private func night() throws -> NightOutcome {
        let outcome = try county.linkingNight("2025-06-03")
        if let error = outcome.error { throw error }
        return outcome
    }

    private func leaves(_ list: String) throws -> [String] {
        try county.read("linking/state/log/leaves.jsonl").split(separator: "\n")
            .filter { $0.contains("\"list\":\"\(list)\"") }.map(String.init)
    }

    @Test func aMergeWithdrawsAWaitingListAndAnotherIsProposed() throws {
        let list = try #require(try county.waiting().first)
        let found = try subjects(of: list)
        try override(.join(found.listed[0], found.others[0]))
        let outcome = try night()
        #expect(outcome.notes.contains { $0.contains("list \(list) is withdrawn") })
        let now = try county.waiting()
        #expect(now.count == 1 && now != [list])
        let last = try #require(try leaves(list).last)
        #expect(last.contains("\"list.withdrawn\"") && last.contains("people-merged-or-split"))
        let review = try LinkingZone.review(configuration: county.linking, list: list)
        #expect(review.text.contains("state: void") && review.text.contains("withdrawn in run"))
        #expect(throws: StileError.self) { try county.sign(list, "ig") }
        _ = try LinkingZone.audit(configuration: county.linking, list: nil)
    }

    @Test func aSplitWithdrawsAnApprovedListThatIsNotReleased() throws {
        let first = try #require(try county.waiting().first)
        let found = try subjects(of: first)
        try override(.join(found.listed[0], found.listed[1]))
        _ = try night()
        let list = try #require(try county.waiting().first)
        try county.signAll(list)
        try override(.undo(1))
        _ = try night()
        do {
            try county.released(list, asOf: "2025-06-03")
            Issue.record("a withdrawn list was released")
        } catch { #expect("\(error)".contains("was withdrawn"), "\(error)") }
        #expect(try county.waiting().count == 1)
    }

    @Test func peopleOfNoListChangeNone() throws {
        let list = try #require(try county.waiting().first)
        let found = try subjects(of: list)
        try override(.join(found.others[0], found.others[1]))
        let outcome = try night()
        #expect(!outcome.notes.contains { $0.contains("is withdrawn") })
        #expect(!(try leaves(list).contains { $0.contains("people-merged-or-split") }))
    }

    @Test func aReleasedListIsMarkedAndStays() throws {
        let list = try #require(try county.waiting().first)
        try county.edit(
            "linking/stile.yaml", "clock: calendar",
            "clock: calendar\nreleased: ../release/released")
        let found = try subjects(of: list)
        try county.signAll(list)
        try county.released(list, asOf: "2025-06-03")
        try override(.join(found.listed[0], found.others[0]))
        let outcome = try night()
        #expect(outcome.notes.contains { $0.contains("list \(list) was released, and") })
        let last = try #require(try leaves(list).last)
        #expect(last.contains("\"list.marked\"") && !last.contains("list.withdrawn"))
        let review = try LinkingZone.review(configuration: county.linking, list: list)
        #expect(review.text.contains("marked in run") && review.state == "approved")
        let audit = try LinkingZone.audit(configuration: county.linking, list: nil)
        #expect(audit.contains { $0.contains(list) && $0.contains("marked in run") })
        // Once is enough.
        let count = try leaves(list).count
        try override(.undo(1))
        _ = try night()
        #expect(try leaves(list).count == count)
    }
}
