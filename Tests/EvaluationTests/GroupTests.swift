import Evaluation
import PipelineModel
import Testing

struct GroupTests {
    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        FourHundredRows.near(left, right, tolerance)
    }

    /// Two groupings that cross: halves by row, and thirds.
    private var table: ScoredTable {
        var table = FourHundredRows.table
        table.groups = [
            .init(name: "sex", levels: ["F", "M"], codes: (0..<400).map { UInt32($0 % 2) }),
            .init(
                name: "area", levels: ["east", "north", "west"],
                codes: (0..<400).map { $0 < 12 ? 2 : $0 < 200 ? 0 : $0 < 390 ? 1 : .max }),
        ]
        table.missing = (0..<400).map { $0 % 4 == 0 ? 2 : 0 }
        return table
    }

    @Test func everyFigureOfAGroupIsThatOfItsRows() throws {
        let table = table
        let report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        let female = report.groups[0]
        let rows = stride(from: 0, to: 400, by: 2).map { $0 }
        let list = Set(
            (0..<400).sorted { (-table.score[$0], $0) < (-table.score[$1], $1) }.prefix(80))
        let listed = rows.filter { list.contains($0) }
        let found = listed.count { table.outcome[$0] == 1 }
        let events = rows.count { table.outcome[$0] == 1 }
        #expect(female.listed == listed.count && female.events == events)
        #expect(female.shareOfList.count == listed.count && female.shareOfList.of == 80)
        #expect(near(female.representation.value, Double(listed.count) / 80 / 0.5))
        #expect(female.positivePredictiveValue.value?.count == found)
        #expect(female.falseDiscoveryRate.value?.count == listed.count - found)
        #expect(female.falsePositiveRate.value?.count == listed.count - found)
        #expect(female.falsePositiveRate.value?.of == 200 - events)
        #expect(female.falseNegativeRate.value?.count == events - found)
        #expect(female.falseOmissionRate.value?.of == 200 - listed.count)
        #expect(female.withMissingValues.value?.count == 100)
        let alone = try Evaluation.evaluate(
            ScoredTable(
                score: rows.map { table.score[$0] },
                probability: rows.map { table.probability[$0] },
                outcome: rows.map { table.outcome[$0] }), listSize: 10, resamples: 0)
        #expect(female.discrimination == alone.discrimination)
        #expect(
            near(
                female.calibration.value?.slope.value?.estimate,
                alone.calibration.value?.slope.value?.estimate ?? 0, 1e-10))
        #expect(
            near(
                female.observedToExpected.value?.upper,
                alone.observedToExpected.value?.upper ?? 0, 1e-10))
    }

    @Test func intersectionsNameWhatIsTooSmall() throws {
        let report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        let pair = try #require(report.intersections.first)
        #expect(report.intersections.count == 1 && pair.groupings == ["sex", "area"])
        #expect(
            pair.groups.map(\.level) == ["F × east", "F × north", "M × east", "M × north"])
        // Twelve rows of the west and ten of an unknown area, each of either sex.
        #expect(pair.tooSmall == 4 && pair.rowsInTooSmall == 22)
        #expect(pair.groups.reduce(0) { $0 + $1.rows } + pair.rowsInTooSmall == 400)
        #expect(report.text.contains("sex × area: 4 with enough rows, 4 too small (22 rows)"))
    }

    @Test func withoutCountsMissingValuesAreNotAssessable() throws {
        var table = table
        table.missing = []
        let report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        #expect(report.groups[0].withMissingValues.value == nil)
    }
}
