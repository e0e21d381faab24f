import Foundation
import Intake
import PipelineModel
import Testing

@Suite struct ExtractCheckTests {
    /// The quarantine of `rows`, with a limit that lets every row be refused.
    func quarantine(
        _ rows: String, _ exchanges: [(String, String)] = [], header: String = patientsHeader
    ) throws -> [QuarantineRow] {
        let extract = try patients(exchanges + [("quarantine_limit: 0.02", "quarantine_limit: 1")])
        return try check(header + rows, extract).quarantine
    }

    func delta(_ text: String, _ exchanges: [(String, String)] = []) throws -> ExtractDelta {
        let extract = try patients(exchanges)
        return try nothingHeld(extract).delta(of: try check(text, extract)).delta
    }

    @Test func aRowIsTakenWithItsTypes() throws {
        let delta = try delta(patientsHeader + "1, Ann ,Lee,1980-05-17,F,3,2020-01-02\n")
        #expect(delta.count == 1)
        #expect(delta.operation == [.open])
        #expect(delta.happened == [try #require(Day(iso: "2020-01-02"))])
        #expect(delta.known == [someDay])
        #expect(delta.trusted.isEmpty)
        #expect(
            delta.identity == [
                IdentityColumn("date_of_birth", ["1980-05-17"]),
                IdentityColumn("given_name", ["Ann"]), IdentityColumn("surname", ["Lee"]),
            ])
        #expect(
            delta.payload == [
                Column("birth_month", .day([try #require(Day(iso: "1980-05-01"))])),
                Column("imd_decile", .number([3])),
                Column("sex", .code(vocabulary: ["F"], codes: [0])),
            ])
        let subject = testDigest("subject:gp", Array("1".utf8))
        #expect(delta.subject == [SubjectPseudonym(high: subject.0, low: subject.1)])
    }

    @Test func aMarkedFieldCountsOnlyWhereItsMarkerSaysSo() throws {
        let marked = (
            "surname: surname", "surname: {column: surname, when: {column: sex, in: [F, X]}}"
        )
        let rows = ["F", "M", "", "X "].enumerated().map {
            "\($0.offset),Ann,Lee,1980-05-17,\($0.element),3,2020-01-02\n"
        }
        let first = try delta(patientsHeader + rows.joined(), [marked])
        #expect(
            first.identity.first { $0.name == "surname" }?.values == ["Lee", nil, nil, "Lee"])
        // A marker that changes is a correction.
        let extract = try patients([marked])
        let held = try nothingHeld(extract).delta(
            of: try check(patientsHeader + rows[0], extract)
        ).held
        let changed = try held.delta(
            of: try check(
                patientsHeader + rows[0].replacingOccurrences(of: ",F,", with: ",M,"), extract))
        #expect(changed.delta.operation == [.close, .open])
    }

    @Test(arguments: [
        ("{column: surname}", "The field has no “when”."),
        ("{column: surname, when: {column: sex}}", "does not say which values"),
        ("{column: surname, when: {column: sex, in: [\"\"]}}", "an empty one never counts"),
        ("{column: \"\", when: {column: sex, in: [F]}}", "“column” names no column"),
    ])
    func aMarkerThatSaysNothingIsRefused(field: String, part: String) throws {
        do {
            _ = try patients([("surname: surname", "surname: \(field)")])
            Issue.record("nothing was refused")
        } catch { #expect("\(error)".contains(part), "\(error)") }
    }

    @Test func missingValuesStayMissing() throws {
        let delta = try delta(patientsHeader + "1,NULL,,  ,NULL,,2020-01-02\n")
        #expect(delta.identity.allSatisfy { $0.values == [nil] })
        #expect(delta.payload[0].values == .day([.missing]))
        #expect(delta.payload[2].values == .code(vocabulary: [], codes: [.max]))
    }

    @Test(arguments: [
        ("1,canary,Lee,1980-05-17,F,3,\n", "registered_on", QuarantineRule.happenedMissing),
        ("1,canary,Lee,1980-05-17,F,3,02/01/2020\n", "registered_on", .notADay),
        ("1,canary,Lee,1980-02-30,F,3,2020-01-02\n", "date_of_birth", .notADay),
        ("1,canary,Lee,1980-05-17,canary,3,2020-01-02\n", "sex", .notAllowed),
        ("1,canary,Lee,1980-05-17,F,11,2020-01-02\n", "imd_decile", .outOfBounds),
        ("1,canary,Lee,1980-05-17,F,canary,2020-01-02\n", "imd_decile", .notANumber),
        ("NULL,canary,Lee,1980-05-17,F,3,2020-01-02\n", "patient_id", .keyMissing),
        ("1,canary,Lee,1980-05-17,F,3\n", "", .raggedRow),
        ("1,\"canary\"x,Lee,1980-05-17,F,3,2020-01-02\n", "forename", .strayQuote),
    ])
    func aRefusedRowIsLocatedWithoutItsValue(row: String, column: String, rule: QuarantineRule)
        throws
    {
        let found = try quarantine(row)
        #expect(
            found == [QuarantineRow(file: "gp/patients.csv", line: 2, column: column, rule: rule)])
        #expect(!String(reflecting: found).contains("canary"))
    }

    @Test func aRowOfInvalidTextIsRefusedAndTheNextIsTaken() throws {
        let extract = try patients([("quarantine_limit: 0.02", "quarantine_limit: 0.5")])
        let bytes =
            Array((patientsHeader + "1,").utf8) + [0xff] + Array(",Lee,,F,3,2020-01-02\n".utf8)
            + Array("2,Ann,Lee,,F,3,2020-01-02\n".utf8)
        let checked = try check(bytes, extract)
        #expect(checked.fault == nil)
        #expect(checked.rowCount == 1)
        #expect(
            checked.quarantine == [
                QuarantineRow(
                    file: "gp/patients.csv", line: 2, column: "forename", rule: .invalidText)
            ])
    }

    @Test func aKnownColumnMayNotBeAfterTheDelivery() throws {
        let exchange = [("known: delivery", "known: registered_on")]
        let late = (someDay + 1).iso
        #expect(
            try quarantine("1,a,b,,F,3,\(late)\n", exchange).map(\.rule) == [.knownAfterDelivery])
        let delta = try delta(patientsHeader + "1,a,b,,F,3,2020-01-02\n", exchange)
        #expect(delta.known == delta.happened)
    }

    @Test func oneOfSeveralRowsWithOneKeyStays() throws {
        let same = "1,a,b,,F,3,2020-01-02\n"
        let other = "1,a,c,,F,3,2020-01-02\n"
        let extract = try patients([("quarantine_limit: 0.02", "quarantine_limit: 0.5")])
        let checked = try check(
            patientsHeader + same + other + same + "2" + same.dropFirst(), extract)
        #expect(checked.counts.repeated == 1)
        #expect(
            checked.quarantine == [
                QuarantineRow(
                    file: "gp/patients.csv", line: 3, column: "patient_id", rule: .duplicateKey)
            ])
        let delta = try nothingHeld(extract).delta(of: checked).delta
        #expect(delta.count == 2)
        #expect(delta.identity[2].values == ["b", "b"])
    }

    @Test func aFreeTextIsNoCode() throws {
        let exchange = [("type: code, allow: [F, M, X]", "type: code")]
        let text = String(repeating: "x", count: 65)
        #expect(
            try quarantine("1,a,b,,\(text),3,2020-01-02\n", exchange).map(\.rule) == [.codeTooLong])
    }

    @Test func anOrdinalClockTakesWholeNumbers() throws {
        let exchanges = [
            ("clock: calendar", "clock: ordinal"), ("known: delivery", "known: registered_on"),
            (", coarsen: month", ""),
            ("birth_month: {column: date_of_birth", "when: {column: when"),
            ("arrives: nightly", "arrives: once"), ("patients_{date}.csv", "patients.csv"),
        ]
        let extract = try patients(exchanges)
        let header = patientsHeader.dropLast() + ",when\n"
        let checked = try check(
            header + "1,a,b,,F,3,12522,7\n2,a,b,,F,3,443867222,8\n", extract, day: nil,
            clock: .ordinal)
        #expect(checked.delivered == Day(443_867_222))
        let delta = try nothingHeld(extract).delta(of: checked).delta
        #expect(Set(delta.known) == [Day(12_522), Day(443_867_222)])
    }

    @Test func aTrustedKeyIsHandedOver() throws {
        let extract = try patients([("link: encodings", "link: {trusted_key: patient_id}")])
        let checked = try check(patientsHeader + " 77 ,a,b,,F,3,2020-01-02\n", extract)
        #expect(try nothingHeld(extract).delta(of: checked).delta.trusted == [Array("77".utf8)])
    }
}
