import Foundation
import PipelineModel
import Storage
import TestSupport
import Testing

/// A row that breaks the contract is in quarantine with line, column and rule; the rows beside
/// it are taken in.
@Suite struct BadRowTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var row: [UInt8]
        var column: String
        var rule: String
    }

    private static func row(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let cases: [Case] = [
        Case(
            testDescription: "ragged", row: row("P90,Zwetschgenbaum,Quillfeather,1950-01-01"),
            column: "", rule: "ragged row"),
        Case(
            testDescription: "invalid UTF-8",
            row: row("P90,Zwetsch") + [0xc3, 0x28]
                + row(",Quillfeather,1950-01-01,F,ZE98 7QW,,2020-01-01,3"),
            column: "forename", rule: "invalid text"),
        Case(
            testDescription: "duplicated key",
            row: row("P0,Zwetschgenbaum,Quillfeather,1950-01-01,F,ZE98 7QW,,2020-01-01,3"),
            column: "patient_id", rule: "duplicate key"),
        Case(
            testDescription: "not a day",
            row: row("P90,Zwetschgenbaum,Quillfeather,1950-01-01,F,ZE98 7QW,,2020-02-30,3"),
            column: "registered_on", rule: "not a day"),
        Case(
            testDescription: "out of bounds",
            row: row("P90,Zwetschgenbaum,Quillfeather,1950-01-01,F,ZE98 7QW,,2020-01-01,11"),
            column: "imd_decile", rule: "out of bounds"),
    ]

    @Test(arguments: cases) func aBadRowIsInQuarantine(_ bad: Case) throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        let good = Array(Hamlet.patients(Hamlet.secondDay).utf8)
        try hamlet.folder.write(
            good + bad.row + [UInt8(ascii: "\n")], to: "d/source/drop/gp/patients_2026-03-03.csv")
        let finished = try hamlet.runSource(Hamlet.secondDay)
        #expect(finished.status == 0, "\(finished.err)")
        #expect(
            finished.out.contains("pseudonymise gp.patients: 41 rows in, 64 out, 1 refused"),
            "\(finished.out)")
        let quarantine = try hamlet.database(.source).quarantine(
            source: "gp", extract: "gp.patients", file: "patients_2026-03-03.csv")
        #expect(quarantine == [QuarantinedRow(line: 42, column: bad.column, rule: bad.rule)])
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
    }

    @Test func anNHSNumberOfZerosIsCountedAndItsRowKept() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.secondDay)
        let rows = Hamlet.patients(Hamlet.secondDay).replacing(
            Hamlet.nhsNumber(3), with: "0000000000")
        try hamlet.drop(rows, as: "gp/patients_2026-03-03.csv")
        let finished = try hamlet.runSource(Hamlet.secondDay)
        #expect(finished.status == 0, "\(finished.err)")
        #expect(
            finished.out.contains("pseudonymise gp.patients: 40 rows in, 64 out\n"),
            "\(finished.out)")
        let counts = try hamlet.database(.source).identifierCounts(
            source: "gp", extract: "gp.patients")
        #expect(
            counts.contains {
                $0.field == "nhs_number" && $0.rule == "nhs_number.repeated" && $0.count == 1
            },
            "\(counts)")
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
    }

    @Test func twoPatientsWithOneNHSNumberAreCounted() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.drop(Hamlet.firstDay)
        let rows = Hamlet.patients(Hamlet.firstDay).replacing(
            Hamlet.nhsNumber(3), with: Hamlet.nhsNumber(4))
        try hamlet.drop(rows, as: "gp/patients_2026-03-02.csv")
        let checked = try Command.run([
            "check", "--config", hamlet.source, "--as-of", Hamlet.asOf(Hamlet.firstDay),
        ])
        #expect(checked.status == 0, "\(checked.err)")
        #expect(
            checked.out.contains("nhs_number: nhs_number.shared: 2 subjects share a value"),
            "\(checked.out)")
        let finished = try hamlet.runSource(Hamlet.firstDay)
        #expect(finished.status == 0, "\(finished.err)")
        let counts = try hamlet.database(.source).identifierCounts(
            source: "gp", extract: "gp.patients")
        #expect(counts.contains { $0.rule == "nhs_number.shared" && $0.count == 2 }, "\(counts)")
        for text in [checked.out, checked.err, finished.out, finished.err] {
            #expect(!text.contains(Hamlet.nhsNumber(4)))
        }
    }
}
