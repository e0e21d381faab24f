import Foundation
import PipelineModel
import Storage
import TestSupport
import Testing

/// An extract that is wrong as a whole stops its source with a sentence; nothing held changes,
/// and once it is mended the same night comes to the same list.
@Suite struct BadExtractTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var file = "gp/patients_2026-03-03.csv"
        /// What is delivered instead; `nil` delivers nothing.
        var bytes: [UInt8]?
        var message: String
        var remedy: String

        init(_ name: String, _ bytes: [UInt8]?, _ message: String, _ remedy: String) {
            testDescription = name
            self.bytes = bytes
            self.message = message
            self.remedy = remedy
        }
    }

    private static let rows = Hamlet.patientRows(Hamlet.secondDay)
    private static func file(_ rows: [String]) -> [UInt8] {
        Array((([Hamlet.patientsHeader] + rows).joined(separator: "\n") + "\n").utf8)
    }
    private static let again = "Ask the source to send it again."

    static let cases: [Case] = [
        Case("empty file", [], "The file is empty: it has not even a header.", again),
        Case(
            "header only", file([]), "The file has a header and no rows.",
            "Ask the source whether the file is whole, and to send it again."),
        Case(
            "NUL byte", Array(file(rows).map { $0 == UInt8(ascii: "Q") ? 0 : $0 }),
            "The file has a NUL byte on line 2.", "Ask the source"),
        Case(
            "too many ragged rows", file(rows.map { $0 + ",x" }),
            "40 of 40 rows break the contract, above the limit of 0.1 of them.",
            "Read the quarantine for the lines and rules; ask the source to mend and send again."),
        Case(
            "missing columns", Array("patient_id,forename\n1,2\n".utf8),
            "The file has the wrong shape: it has no column",
            "Ask the source for the file as agreed"),
        Case(
            "shrunk file", file(Array(rows.prefix(12))),
            "The file has 12 rows and 40 are held: a larger change than 0.5 of them.",
            "If the change is real, raise “largest_change” for this delivery."),
        Case(
            "quote that never closes", file(rows.prefix(30) + ["P90,\"open"]),
            "A quote that opens in the row of line 32 is never closed.", "Ask the source"),
        Case(
            "UTF-16", [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00],
            "The file begins with the mark of UTF-16, not of utf-8.", "Ask the source for UTF-8."),
    ]

    @Test(arguments: cases) func aBadFileStopsItsSourceAndMendingFinishes(_ bad: Case) throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let exchange = try hamlet.digests("exchange/gp")
        let held = try hamlet.held(.source).filter { $0.contains("gp.patients") }
        try hamlet.drop(Hamlet.secondDay)
        if let bytes = bad.bytes { try hamlet.folder.write(bytes, to: "d/source/drop/\(bad.file)") }

        let finished = try hamlet.runSource(Hamlet.secondDay)
        #expect(finished.status == 3)
        #expect(
            finished.err.contains("\(bad.file)") && finished.err.contains(bad.message)
                && finished.err.contains(bad.remedy), "\(finished.err)")
        for canary in Hamlet.canaries { #expect(!finished.err.contains(canary)) }
        #expect(try hamlet.digests("exchange/gp") == exchange)
        #expect(try hamlet.held(.source).filter { $0.contains("gp.patients") } == held)
        #expect(hamlet.names("source/drop/gp") == ["patients_2026-03-03.csv"])
        // The other sources have done their night.
        #expect(hamlet.names("source/drop/hospital").isEmpty)

        try hamlet.drop(Hamlet.patients(Hamlet.secondDay), as: bad.file)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
        #expect(hamlet.names("source/drop/gp").isEmpty)
    }

    @Test func aFileThatNeverCameStopsItsSource() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.drop(Hamlet.firstDay)
        try FileManager.default.removeItem(
            atPath: "\(hamlet.path)/source/drop/gp/patients_2026-03-02.csv")
        let finished = try hamlet.runSource(Hamlet.firstDay)
        #expect(finished.status == 3)
        #expect(
            finished.err.contains(
                "gp/patients_2026-03-03.csv: The file is missing, and none of “gp.patients” ever came. Ask the source for it, put it into the drop folder and run again."
            ), "\(finished.err)")
        #expect(try hamlet.digests("exchange/gp").isEmpty)
        // The model needs it, so nobody is scored.
        let linking = try hamlet.runLinking(Hamlet.firstDay)
        #expect(linking.status == 3)
        #expect(
            linking.err.contains(
                "The model “hamlet” needs gp.patients, of which nothing has arrived."),
            "\(linking.err)")
        #expect(hamlet.lists().isEmpty)

        try hamlet.drop(Hamlet.firstDay)
        #expect(try hamlet.runSource(Hamlet.firstDay).status == 0)
        #expect(try hamlet.runLinking(Hamlet.firstDay).status == 0)
        #expect(hamlet.lists().count == 1)
    }

    @Test func aLateFileStopsItsSourceAndTheScoring() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let finished = try Command.run(hamlet.sourceArguments("2026-03-09"))
        #expect(finished.status == 3)
        #expect(
            finished.err.contains(
                "The file is missing: the newest of “gp.patients” is of 2026-03-02, 7 days old, and 3 are allowed."
            ), "\(finished.err)")
        let linking = try Command.run(hamlet.linkingArguments("2026-03-09"))
        #expect(linking.status == 3)
        #expect(
            linking.err.contains(
                "The register opt_outs.register was last heard from on 2026-03-02, more than its 3 days ago."
            ), "\(linking.err)")
        #expect(hamlet.lists().count == 1)
    }

    @Test func aLateSourceOfTheModelStopsTheScoring() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        try hamlet.drop(Hamlet.optOuts("2026-03-08"), as: "opt_outs/register_2026-03-08.csv")
        #expect(try Command.run(hamlet.sourceArguments("2026-03-09")).status == 3)
        let linking = try Command.run(hamlet.linkingArguments("2026-03-09"))
        #expect(linking.status == 3)
        #expect(
            linking.err.contains(
                "The source gp was last heard from on 2026-03-02, more than its 3 days ago. Find out why it is late; the model is scored when it arrives."
            ), "\(linking.err)")
        #expect(hamlet.lists().count == 1)
    }

    /// The reader gives up at its limit of 1 MiB, whatever is still to come: the rest of a
    /// line of 2 GiB, which is sparse on the disk, is never read into memory.
    @Test func aLineOfTwoGibibytesIsRefusedInBoundedMemory() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let file = "\(hamlet.path)/source/drop/gp/patients_2026-03-03.csv"
        try hamlet.drop(Hamlet.secondDay)
        let head = Hamlet.patientsHeader + "\nP0,\"" + String(repeating: "a", count: 2 << 20)
        try hamlet.drop(head, as: "gp/patients_2026-03-03.csv")
        truncate(file, 2_200_000_000)
        let finished = try Command.run(
            hamlet.sourceArguments(Hamlet.asOf(Hamlet.secondDay)),
            prefix: ["bash", "-c", "ulimit -v 1500000; exec \"$0\" \"$@\""])
        #expect(finished.status == 3)
        #expect(
            finished.err.contains("gp/patients_2026-03-03.csv:2")
                && finished.err.contains("1048576"),
            "\(finished.err)")
        #expect(!finished.err.contains("aaaa"))
        #expect(hamlet.names("source/drop/gp") == ["patients_2026-03-03.csv"])

        try hamlet.drop(Hamlet.patients(Hamlet.secondDay), as: "gp/patients_2026-03-03.csv")
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.secondDay))
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.secondDay))
        #expect(try hamlet.newestList() == Deployment.undisturbed())
    }

    @Test func aRegisterThatNeverCameStopsTheScoring() throws {
        let hamlet = try Deployment.hamlet()
        try hamlet.edit(
            "linking/stile.yaml", "models:", "registers: [opt_outs, objections]\nmodels:")
        try hamlet.drop(Hamlet.firstDay)
        try Deployment.expectSuccess(hamlet.runSource(Hamlet.firstDay))
        let refused = try hamlet.runLinking(Hamlet.firstDay)
        #expect(refused.status == 3)
        #expect(refused.err.contains("The register objections has never been heard from."))
        #expect(hamlet.lists().isEmpty)
        try hamlet.edit(
            "linking/stile.yaml", "registers: [opt_outs, objections]\n", "registers: [opt_outs]\n")
        try Deployment.expectSuccess(hamlet.runLinking(Hamlet.firstDay))
        #expect(hamlet.lists().count == 1)
    }
}
