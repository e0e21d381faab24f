import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import Hashing
import PipelineModel
import TestSupport
import Testing

@testable import Release
@testable import Sealing

@Suite struct ReleaseTests {
    let fixture: ReleaseFixture

    init() throws { fixture = try ReleaseFixture() }

    func refusal(_ code: StileError.Code, _ part: String, _ body: () throws -> Void) {
        let error = #expect(throws: StileError.self) { try body() }
        #expect(error?.code == code)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        let text = error?.description ?? ""
        for canary in ["Ann", "Sum", "Old"] { #expect(!text.contains(canary)) }
    }

    var output: String { fixture.folder.path }

    @Test func allRolesTogetherOpenExactlyTheListedPeople() throws {
        let given = try fixture.everyone()
        let released = try fixture.open(try fixture.approved(given), given.map(\.1))
        #expect(released.rows.map(\.rank) == [1, 2])
        #expect(
            released.rows.map(\.identity.fields) == [
                ["given_name": "Ann 2", "surname": "=Sum, 2", "upn": "U2"],
                ["given_name": "Ann 4", "surname": "=Sum, 4", "upn": "U4"],
            ])
        #expect(released.dropped == 0)
        let digest = try fixture.opener().write(released, to: output, now: fixture.now)
        let written = try Data(contentsOf: URL(fileURLWithPath: output + "/referrals.csv"))
        #expect(ContentDigest.sha256(Array(written)) == digest)
        let reference = released.rows[0].reference
        #expect(
            String(decoding: written, as: UTF8.self).split(separator: "\n").prefix(2) == [
                "row,reference,given_name,surname,upn,likelihood,reasons,protective_factors",
                "1,\(reference),Ann 2,\"'=Sum, 2\",U2,0.6,\"Visits: 3 (gp, 2026-01-01); information held about someone else\",Attendance: above average (school)",
            ])
        #expect(!String(decoding: written, as: UTF8.self).contains("arrest"))
        let mode = try FileManager.default.attributesOfItem(atPath: output + "/referrals.csv")
        #expect(mode[.posixPermissions] as? Int == 0o600)
        let kinds = try fixture.log.view().leaves.map(\.entry.kind)
        #expect(kinds.suffix(2) == ["release.intent", "release.done"])
        let envelope = try Envelope.read(
            Array(try Data(contentsOf: URL(fileURLWithPath: output + "/release.dsse.json"))),
            file: "e")
        let statement = try envelope.statement(
            verifiedWith: fixture.releaseKey.signing.verifying, file: "e")
        #expect(statement["referrals.csv"] == digest)
        #expect(statement["list.json"] == fixture.list.digest)
    }

    @Test func aDeputyOfTheSameRoleDoesAsWell() throws {
        var given = try fixture.everyone()
        given[2] = (4, try fixture.bundle(4, "lived"))
        let released = try fixture.open(try fixture.approved(given), given.map(\.1))
        #expect(released.rows.count == 2)
    }

    // J130, J128, J129 and a missing role.
    @Test func sharesMustBeThoseOfTheApprovals() throws {
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let bundles = given.map(\.1)
        refusal(.integrity, "“p-3” gave as “lived” are not there") {
            _ = try fixture.open(approved, Array(bundles.prefix(2)))
        }
        refusal(.integrity, "stand twice") {
            _ = try fixture.open(approved, bundles + [bundles[0]])
        }
        let again = try fixture.bundle(1, "ig")
        refusal(.integrity, "belong to no approval") {
            _ = try fixture.open(approved, bundles + [again])
        }
        refusal(.integrity, "are not there") {
            _ = try fixture.open(approved, [again] + bundles.dropFirst())
        }
        #expect(
            try !fixture.log.view().leaves.contains { $0.entry.kind == "release.intent" })
    }

    @Test func sharesOfAnotherListRecordSetOrZoneAreRefused() throws {
        func attempt(_ part: String, _ make: () throws -> ShareBundle) throws {
            let fixture = self.fixture
            var given = try fixture.everyone()
            given[0] = (1, try make())
            let approved = try fixture.approved(given)
            refusal(.integrity, part) { _ = try fixture.open(approved, given.map(\.1)) }
        }
        try attempt("made for another list") {
            try fixture.bundle(1, "ig", list: .sha256("other"))
        }
        try attempt("not those of the records") {
            try fixture.bundle(1, "ig", records: Array(fixture.references.dropLast()))
        }
        try attempt("not those of the records") {
            try fixture.bundle(
                1, "ig",
                records: fixture.references.dropLast() + [
                    .init(batch: "gp.patients.000001", record: ReleaseFixture.record(6))
                ])
        }
        try attempt("do not open with the key of this release zone") {
            try fixture.bundle(
                1, "ig",
                releaseKey: try ZoneKey.generate(.release)
                    .sealingKey)
        }
    }

    @Test func aRowMovedToAnotherRecordDoesNotOpen() throws {
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let other = try ReleaseFixture()
        // The same batch names, sealed under other secrets.
        refusal(.integrity, "Two sealed batches are called gp.patients.000001") {
            _ = try fixture.open(
                approved, given.map(\.1), batches: [fixture.batches[0], fixture.batches[0]])
        }
        refusal(.integrity, "does not open with the shares given") {
            _ = try fixture.open(approved, given.map(\.1), batches: other.batches)
        }
    }

    @Test func anotherListOrAMissingBatchIsRefused() throws {
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let shorter = try CandidateList(
            id: "help-1", model: "early-help", asOf: "2026-01-14", purpose: "help",
            rows: [fixture.list.rows[0]])
        refusal(.integrity, "not the one approved") {
            _ = try fixture.open(approved, given.map(\.1), list: shorter)
        }
        refusal(.integrity, "sealed batch school.pupils.000004 of a listed record is not there") {
            _ = try fixture.open(approved, given.map(\.1), batches: [fixture.batches[0]])
        }
    }

    // G92: whoever objects between approval and release is taken off, unopened.
    @Test func exclusionsOfTheDayAreTakenOff() throws {
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let everyone = Set(fixture.list.rows.compactMap(\.person))
        refusal(.policy, "Everyone on the list is excluded") {
            _ = try fixture.open(approved, given.map(\.1), excluded: everyone)
        }
        let released = try fixture.open(
            approved, given.map(\.1), excluded: [ReleaseFixture.person(2)])
        #expect(released.dropped == 1)
        #expect(released.rows.map(\.identity.fields["given_name"]) == ["Ann 4"])
    }

    @Test func aListIsReleasedOnceAndAKilledReleaseIsFinished() throws {
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let opener = try fixture.opener()
        let first = try fixture.open(approved, given.map(\.1))
        // Killed after the file was written and before it was put on record.
        let csv = ReferralCSV.bytes(first)
        try Data(csv).write(to: URL(fileURLWithPath: output + "/referrals.csv"))
        let fewer = try fixture.open(
            approved, given.map(\.1), excluded: [ReleaseFixture.person(2)])
        refusal(.integrity, "it is not this one") {
            try opener.write(fewer, to: output, now: fixture.now)
        }
        let second = try fixture.open(approved, given.map(\.1))
        try opener.write(second, to: output, now: fixture.now)
        refusal(.policy, "was released already") {
            _ = try fixture.open(approved, given.map(\.1))
        }
    }

    struct FullDisk: FileSystem {
        func writeDurably(_ bytes: [UInt8], to path: String, permissions: UInt16) throws {
            throw StileError(.inputOutput, "No space.", remedy: "Make space.")
        }
        func remove(_ path: String) throws {}
        func move(_ path: String, to destination: String) throws {}
    }

    @Test func aWriteFaultLeavesNoListAndNoWordThatItIsDone() throws {
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let released = try fixture.open(approved, given.map(\.1))
        #expect(throws: StileError.self) {
            try fixture.opener(fileSystem: FullDisk()).write(
                released, to: output, now: fixture.now)
        }
        #expect(!FileManager.default.fileExists(atPath: output + "/referrals.csv"))
        #expect(try fixture.log.view().leaves.last?.entry.kind == "release.intent")
    }

    @Test func aHoldBetweenDecisionAndReleaseWins() throws {
        let given = try fixture.everyone()
        let approved = try fixture.approved(given)
        let key = fixture.holders[3]
        let (signOff, envelope) = try Gate.sign(
            .hold, as: "lived", reason: "A family on this list has moved away.",
            by: Signer(person: key.person, key: key.signing, throwaway: true),
            proposal: fixture.proposal, policy: fixture.policy, log: try fixture.log.view(),
            now: fixture.now)
        try fixture.log.append(SignOff.logEntry(signOff, envelope: envelope), at: fixture.now)
        refusal(.policy, "since the gate decided") {
            _ = try fixture.open(approved, given.map(\.1))
        }
    }

    @Test func onlyTheZoneThatThePolicyNamesOpens() throws {
        let stranger = try ZoneKey.generate(.release)
        refusal(.policy, "not the one that the policy names") {
            _ = try Opener(key: stranger, policy: fixture.policy, log: fixture.log)
        }
    }

    @Test func keyFileRoundTripsAndHidesItsSecrets() throws {
        let key = fixture.releaseKey
        let path = output + "/release.key"
        try PrivateFile.create(key.bytes, at: path)
        #expect(try ZoneKey.read(fileAt: path, for: .release).sealingKey == key.sealingKey)
        var dumped = "\(key)"
        dump(key, to: &dumped)
        #expect(!dumped.contains(Hex.encode(key.sealingSecret)))
    }

    static let cells: [(String, String)] = [
        ("=1+1", "'=1+1"), ("+44", "'+44"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"),
        ("\rx", "\"'\rx\""), ("\nx", "\"'\nx\""), ("\r\nx", "\"'\r\nx\""), ("a,b", "\"a,b\""),
        ("a\"b", "\"a\"\"b\""), ("", ""), ("O'Neil", "O'Neil"), ("a=b", "a=b"),
    ]

    @Test(arguments: cells)
    func cellsAreGuarded(value: String, cell: String) {
        #expect(Array(ReferralCSV.cell(value).utf8) == Array(cell.utf8))
    }
}
