import ColumnFiles
import Intake
import PipelineModel
import TestSupport
import Testing

@Suite struct HeldRowsTests {
    func row(_ key: Int, _ surname: String = "Lee", _ happened: String = "2020-01-02") -> String {
        "\(key),Ann,\(surname),1980-05-17,F,3,\(happened)\n"
    }

    func take(
        _ rows: [String], _ extract: ExtractContract, into held: inout HeldRows, day: Day = someDay,
        header: String = patientsHeader
    ) throws -> ExtractDelta {
        let result = try held.delta(
            of: try check(header + rows.joined(), extract, day: day))
        held = result.held
        return result.delta
    }

    @Test func aSnapshotOpensCorrectsAndRetracts() throws {
        let extract = try patients()
        var held = nothingHeld(extract)
        let first = try take([row(1), row(2), row(3)], extract, into: &held)
        #expect(first.counts.opened == 3 && held.openCount == 3)
        let second = try take(
            [row(3), row(2, "Roe", "2020-02-02"), row(4)], extract, into: &held, day: someDay + 1)
        #expect(second.counts.opened == 2)
        #expect(second.counts.closed == 2)
        #expect(second.counts.corrected == 1)
        #expect(second.counts.unchanged == 1)
        #expect(second.known.allSatisfy { $0 == someDay + 1 })
        #expect(zip(second.record, second.record.dropFirst()).allSatisfy { $0 <= $1 })
        let closes = second.operation.indices.filter { second.operation[$0] == .close }
        for close in closes {
            let open = try #require(
                first.record.firstIndex(of: second.record[close]))
            #expect(second.subject[close] == first.subject[open])
            #expect(second.happened[close] == first.happened[open])
            #expect(second.identity.allSatisfy { $0.values[close] == nil })
        }
        #expect(held.openCount == 3)
    }

    @Test func anUnchangedDeliveryGivesAnEmptyDelta() throws {
        let extract = try patients()
        var held = nothingHeld(extract)
        _ = try take([row(1), row(2)], extract, into: &held)
        let again = try take([row(2), row(1)], extract, into: &held, day: someDay + 1)
        #expect(again.count == 0)
        #expect(again.counts.unchanged == 2)
        #expect(again.identity.map(\.name) == ["date_of_birth", "given_name", "surname"])
    }

    @Test func aRowWithoutADayOfItsOwnHappenedWhenItWasFirstDelivered() throws {
        let extract = try patients([("happened: registered_on", "happened: delivery")])
        var held = nothingHeld(extract)
        let first = try take([row(1), row(2)], extract, into: &held)
        #expect(first.happened == [someDay, someDay])
        let again = try take([row(1), row(2, "Roe")], extract, into: &held, day: someDay + 1)
        #expect(again.counts.unchanged == 1 && again.counts.corrected == 1)
        let opened = try #require(again.operation.firstIndex(of: .open))
        #expect(again.happened[opened] == someDay + 1)
        let gone = try take([row(2, "Roe")], extract, into: &held, day: someDay + 2)
        #expect(gone.operation == [.close] && gone.happened == [someDay])
    }

    @Test func anAppendNeverRetracts() throws {
        let extract = try patients([
            ("delivery: snapshot", "delivery: append"), (", largest_change: 0.5", ""),
        ])
        var held = nothingHeld(extract)
        _ = try take([row(1), row(2)], extract, into: &held)
        let second = try take([row(2, "Roe"), row(3)], extract, into: &held, day: someDay + 1)
        #expect(second.counts.opened == 2)
        #expect(second.counts.corrected == 1)
        #expect(second.counts.closed == 1)
        #expect(held.openCount == 3)
        let third = try take([row(1)], extract, into: &held, day: someDay + 2)
        #expect(third.count == 0)
    }

    @Test func aDeltaDeletesByItsKeyAlone() throws {
        let extract = try patients([
            ("delivery: snapshot", "delivery: delta"), (", largest_change: 0.5", ""),
            (
                "known: delivery",
                "known: delivery\n        operation: {column: op, open: [I, U], close: [D]}"
            ),
        ])
        let header = "op," + patientsHeader
        var held = nothingHeld(extract)
        _ = try take(
            ["I," + row(1), "I," + row(2)], extract, into: &held, header: header)
        let second = try take(
            ["D,1,,,,,,\n", "U," + row(2, "Roe"), "D,9,,,,,,\n"], extract, into: &held,
            day: someDay + 1, header: header)
        #expect(second.counts.closed == 2)
        #expect(second.counts.opened == 1)
        #expect(second.counts.unknownDeletions == 1)
        #expect(held.openCount == 1)
        let doubtful = try check(
            header + "X," + row(1), extract, day: someDay + 2)
        #expect(doubtful.quarantine.map(\.rule) == [.unknownOperation])
    }

    @Test func aRefusedRowLosesNothingThatIsHeld() throws {
        let extract = try patients([
            ("quarantine_limit: 0.02", "quarantine_limit: 1"),
            ("largest_change: 0.5", "largest_change: 5"),
        ])
        var held = nothingHeld(extract)
        _ = try take([row(1), row(2), row(3)], extract, into: &held)
        let named = try take(
            [row(1), "2,Ann,Lee,,F,99,2020-01-02\n"], extract, into: &held, day: someDay + 1)
        #expect(named.counts.closed == 1)
        #expect(held.openCount == 2)
        let unnamed = try take([row(1), "ragged\n"], extract, into: &held, day: someDay + 2)
        #expect(unnamed.counts.closed == 0)
        #expect(unnamed.counts.retractionsWithheld == 1)
        #expect(held.openCount == 2)
    }

    @Test func whatComesBackIsNotKnownBeforeItWent() throws {
        let extract = try patients([
            ("known: delivery", "known: registered_on"),
            ("largest_change: 0.5", "largest_change: 5"),
        ])
        var held = nothingHeld(extract)
        #expect(
            try take([row(1), row(2)], extract, into: &held).known.max() == Day(iso: "2020-01-02"))
        _ = try take([row(2)], extract, into: &held, day: someDay + 1)
        #expect(held.openCount == 1)
        let back = try take([row(1), row(2)], extract, into: &held, day: someDay + 2)
        #expect(back.operation == [.open])
        #expect(back.known == [someDay + 2])
    }

    @Test func anotherSetOfColumnsOpensEveryRowAnew() throws {
        let extract = try patients()
        var held = nothingHeld(extract)
        _ = try take([row(1)], extract, into: &held)
        let wider = try patients([
            ("imd_decile: {column", "decile: {column")
        ])
        let delta = try take([row(1)], wider, into: &held, day: someDay + 1)
        #expect(delta.counts.corrected == 1)
    }

    @Test func anOlderDeliveryIsRefused() throws {
        let extract = try patients()
        var held = nothingHeld(extract)
        _ = try take([row(1)], extract, into: &held)
        let checked = try check(patientsHeader + row(1), extract, day: someDay - 1)
        let error = fault { _ = try held.delta(of: checked) }
        #expect(error?.message == "The delivery is older than the one last taken in.")
    }

    @Test func heldRowsComeBackFromTheirColumnFile() throws {
        let extract = try patients()
        var held = nothingHeld(extract)
        _ = try take([row(1), row(2)], extract, into: &held)
        let folder = TemporaryFolder()
        let store = try ColumnStore(directory: folder.path)
        let table = try store.read(try store.write(held.table))
        #expect(try HeldRows(table, file: "held") == held)
        var other = table
        other.version = 2
        #expect(throws: StileError.self) { _ = try HeldRows(other, file: "held") }
    }
}
