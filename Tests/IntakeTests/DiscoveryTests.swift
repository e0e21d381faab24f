import Intake
import PipelineModel
import Testing

@Suite struct DiscoveryTests {
    let today = Day(iso: "2026-03-10") ?? .missing

    func discover(
        _ listing: [String], last: Day? = nil, _ exchanges: [(String, String)] = []
    ) throws -> Discovery {
        Discovery(
            of: try contract(exchanges).sources[0], listing: listing,
            lastAccepted: last.map { ["gp.patients": $0] } ?? [:], today: today, clock: .calendar)
    }

    @Test func deliveriesComeInTheOrderOfTheirDays() throws {
        let found = try discover([
            "patients_2026-03-10.csv.gz", "patients_20260308.csv", "notes.txt", ".hidden",
            "patients_2026-03-09.csv",
        ])
        #expect(
            found.deliveries.map(\.file) == [
                "patients_20260308.csv", "patients_2026-03-09.csv", "patients_2026-03-10.csv.gz",
            ])
        #expect(found.deliveries.map { today - ($0.day ?? .missing) } == [2, 1, 0])
        #expect(found.unmatched == ["notes.txt"])
        #expect(found.faults.isEmpty)
    }

    @Test func aMissingFileIsNamedWithItsRemedy() throws {
        let never = try discover([])
        #expect(
            never.faults.map(\.description) == [
                "gp/patients_2026-03-10.csv: The file is missing, and none of “gp.patients” ever came. Ask the source for it, put it into the drop folder and run again."
            ])
        let overdue = try discover([], last: today - 4)
        #expect(
            overdue.faults.map(\.message) == [
                "The file is missing: the newest of “gp.patients” is of 2026-03-06, 4 days old, and 3 are allowed."
            ])
        #expect(overdue.faults[0].code == .input)
    }

    @Test func aFileWithinTheMaximumAgeIsAwaited() throws {
        #expect(try discover([], last: today - 3).awaited == ["gp.patients"])
        #expect(try discover([], last: today - 3).faults.isEmpty)
        #expect(try discover([], last: today - 1).awaited.isEmpty)
    }

    @Test func anOlderDeliveryIsRefusedAndTheSameIsRepeated() throws {
        let found = try discover(
            ["patients_2026-03-08.csv", "patients_2026-03-09.csv", "patients_2026-03-10.csv"],
            last: today - 1)
        #expect(found.deliveries.map(\.file) == ["patients_2026-03-10.csv"])
        #expect(found.repeated.map(\.file) == ["patients_2026-03-09.csv"])
        #expect(
            found.faults.map(\.message) == [
                "The file is for 2026-03-08, and “gp.patients” was already taken in for 2026-03-09."
            ])
    }

    @Test func doubtfulFilesAreFaults() throws {
        let found = try discover([
            "patients_2026-03-10.csv", "patients_2026-03-10.csv.gz", "patients_2026-03-11.csv",
            "patients_2026-02-30.csv",
        ])
        #expect(
            found.faults.map(\.message).sorted() == [
                "The file is for a day that is still to come.",
                "The name of the file has no readable day.",
                "Two files of “gp.patients” are for one day.",
            ])
    }

    @Test func onceAndOptionalFilesAreNeverOverdue() throws {
        for arrives in ["once", "optional"] {
            let exchanges = [
                ("arrives: nightly", "arrives: \(arrives)"),
                ("patients_{date}.csv", "patients.csv"),
            ]
            #expect(try discover([], last: today - 999, exchanges).faults.isEmpty)
            let found = try discover(["patients.csv"], exchanges)
            #expect(found.deliveries.map(\.day) == [today])
        }
        let again = try discover(
            ["patients.csv"], last: today - 9,
            [("arrives: nightly", "arrives: once"), ("patients_{date}.csv", "patients.csv")])
        #expect(again.repeated.count == 1 && again.deliveries.isEmpty)
    }
}
