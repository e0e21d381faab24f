import EthicsGate
import Foundation
import PipelineModel
import Sealing
import TestSupport
import Testing

@testable import Release

/// What a list of households or of settings releases.
@Suite struct UnitReleaseTests {
    /// People 1 and 2 of one household, in which 5 lives too, and person 4 of another.
    private static func households(_ batches: [String]) -> [Candidate] {
        func member(_ number: Int, _ home: UInt64, with others: [Int], rank: Int) -> Candidate {
            ReleaseFixture.row(
                .member(
                    ReleaseFixture.person(number),
                    of: .init(
                        pseudonym: .init(high: 9, low: home),
                        subjects: others.map(ReleaseFixture.subject))),
                rank: rank, record: number, in: batches)
        }
        return [
            member(1, 1, with: [1, 2, 5], rank: 1), member(2, 1, with: [1, 2, 5], rank: 1),
            member(4, 2, with: [4], rank: 2),
        ]
    }

    private static func setting(_ number: UInt64, _ code: String) -> Candidate {
        var row = ReleaseFixture.row(
            .setting(.init(unit: .init(high: 8, low: number), code: code)), rank: Int(number),
            record: 0, in: [])
        row.reasons = row.reasons.map { reason in
            var reason = reason
            reason.newestFact = ""
            reason.thirdParty = false
            return reason
        }
        return row
    }

    private func csv(_ released: Released) -> [String] {
        String(decoding: ReferralCSV.bytes(released), as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    @Test func membersOfAHouseholdStandTogether() throws {
        let fixture = try ReleaseFixture(rows: Self.households)
        #expect(fixture.list.summary == "3 people of 2 households")
        #expect(try CandidateList.read(fixture.list.bytes, file: "list.json") == fixture.list)
        let given = try fixture.everyone()
        let released = try fixture.open(try fixture.approved(given), given.map(\.1))
        #expect(released.rows.map(\.rank) == [1, 1, 2])
        #expect(
            released.rows.map(\.identity.fields["given_name"]) == ["Ann 1", "Ann 2", "Ann 4"])
        #expect(Set(released.rows.map(\.reference)).count == 3)
        let homes = released.rows.map(\.household)
        #expect(homes[0] == homes[1] && homes[0] != homes[2])
        let lines = csv(released)
        #expect(lines[0].hasPrefix("row,reference,household,given_name,"))
        #expect(lines[1].contains("information held about the household"))
        #expect(!lines.joined().contains("arrest"))
        #expect(released.summary == "3 people")
    }

    /// Whoever objects between signing and release takes the whole household off, whether the
    /// list names them or not.
    @Test func aHouseholdIsTakenOffWhole() throws {
        let fixture = try ReleaseFixture(rows: Self.households)
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let byPerson = try fixture.open(
            approved, given.map(\.1), excluded: [ReleaseFixture.person(2)])
        let bySubject = try fixture.open(
            approved, given.map(\.1), excludedSubjects: [ReleaseFixture.subject(5)])
        for released in [byPerson, bySubject] {
            #expect(released.rows.map(\.identity.fields["given_name"]) == ["Ann 4"])
            #expect(released.dropped == 2)
        }
    }

    @Test func aListOfSettingsOpensNobody() throws {
        let fixture = try ReleaseFixture { _ in
            [Self.setting(1, "E-101"), Self.setting(2, "E-202")]
        }
        #expect(fixture.list.summary == "2 settings" && fixture.list.records.isEmpty)
        #expect(try CandidateList.read(fixture.list.bytes, file: "list.json") == fixture.list)
        let given = try fixture.everyone()
        let released = try fixture.open(
            try fixture.approved(given), given.map(\.1),
            excluded: [ReleaseFixture.person(2)], batches: [])
        #expect(released.rows.map(\.setting) == ["E-101", "E-202"])
        #expect(released.rows.allSatisfy { $0.identity.fields.isEmpty })
        let lines = csv(released)
        #expect(lines[0] == "row,reference,setting,likelihood,reasons,protective_factors")
        #expect(
            lines[1].hasSuffix(
                ",E-101,0.6,Visits: 3 (gp); An arrest at home (police),Attendance: above average (school)"
            ))
        // No approval, no settings: the shares of every role must be there, empty as they are.
        let error = #expect(throws: StileError.self) {
            try fixture.open(fixture.approved(given), Array(given.map(\.1).dropLast()))
        }
        #expect(error?.code == .integrity)
    }

    @Test(arguments: [0, 1, 2, 3])
    func whatAListMayNotMix(_ fault: Int) throws {
        var rows = Self.households(["gp.patients.000001"])
        switch fault {
        case 0: rows.append(ReleaseFixture.people(["gp.patients.000001"])[1])
        case 1: rows[1].rank = 3
        case 2: rows[1].subject = rows[0].subject
        default:
            rows = [Self.setting(1, "E-101")]
            rows[0].records = [
                .init(
                    batch: "gp.patients.000001", record: ReleaseFixture.record(1),
                    subject: ReleaseFixture.subject(1))
            ]
        }
        let error = #expect(throws: StileError.self) {
            try CandidateList(
                id: "help-1", model: "m", asOf: "2026-01-14", purpose: "help", rows: rows)
        }
        #expect(error?.code == .integrity)
    }
}
