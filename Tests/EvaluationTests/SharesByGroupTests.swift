import Evaluation
import PipelineModel
import Testing

struct SharesByGroupTests {
    /// Forty rows of twenty people, two each; twelve rows on the isle, nine without an area.
    private var table: ScoredTable {
        ScoredTable(
            score: (0..<40).map(Double.init), probability: [],
            outcome: (0..<40).map { $0 % 3 == 0 ? 1 : 0 },
            about: (0..<40).map { UnitPseudonym(high: 1, low: UInt64($0 / 2)) },
            groups: [
                .init(
                    name: "area", levels: ["main", "isle"],
                    codes: (0..<40).map { $0 < 19 ? 0 : $0 < 31 ? 1 : .max })
            ],
            missingInputs: [.init(name: "weight", holds: (0..<40).map { $0 % 4 == 0 })],
            linkedSources: [.init(name: "hospital", holds: (0..<40).map { $0 / 2 % 5 != 0 })])
    }

    @Test func inputsAreCountedByRow() throws {
        let report = try Evaluation.evaluate(table, listSize: 4, resamples: 0)
        let weight = try #require(report.missingInputs?.first)
        #expect(weight.name == "weight" && weight.all.count == 10 && weight.all.of == 40)
        #expect(weight.groups.map(\.level) == ["main", "isle", "not known"])
        #expect(weight.groups.map(\.share.value?.count) == [5, nil, nil])
        #expect(weight.groups.map(\.share.value?.of) == [19, nil, nil])
        // Twelve rows, but of seven people.
        #expect(
            weight.groups[1].share
                == .notAssessable("rows of fewer than 10 different people, households or settings"))
        #expect(weight.groups[2].share == .notAssessable("fewer than 10 to count"))
    }

    @Test func sourcesAreCountedByPerson() throws {
        let report = try Evaluation.evaluate(table, listSize: 4, resamples: 0)
        let hospital = try #require(report.linkedSources?.first)
        // People 0, 5, 10 and 15 of twenty were not found.
        #expect(hospital.all.count == 16 && hospital.all.of == 20)
        // Person 9 has a row in either area and counts in both.
        #expect(hospital.groups[0].share.value?.of == 10)
        #expect(hospital.groups[0].share.value?.count == 8)
        #expect(hospital.groups[1].share.value == nil)
    }

    @Test func whereNobodyLookedThereIsNothing() throws {
        let report = try Evaluation.evaluate(FourHundredRows.table, listSize: 4, resamples: 0)
        #expect(report.missingInputs == nil && report.linkedSources == nil)
    }

    @Test func flagsOfAnotherLengthAreRefused() {
        var table = table
        table.missingInputs[0].holds.removeLast()
        #expect(throws: StileError.self) { try Evaluation.evaluate(table, listSize: 4) }
    }
}
