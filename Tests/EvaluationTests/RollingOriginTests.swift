import Evaluation
import PipelineModel
import Testing

struct RollingOriginTests {
    private static let rows = FourHundredRows.table
    private static let other = RollingOrigin.Scores(
        score: FourHundredRows.probability.enumerated().map { $0 % 3 == 0 ? -$1 : $1 },
        probability: FourHundredRows.probability.enumerated().map { $0 % 3 == 0 ? 0.2 : $1 })

    private func entry(
        _ origin: String = "2024-01-01", kept: Assessed<RollingOrigin.Scores> = .value(other)
    ) -> RollingOrigin.Entry {
        .init(
            origin: origin, rowsOfFit: 900, eventsOfFit: 90, listSize: 40,
            outcome: Self.rows.outcome,
            refitted: .value(.init(score: Self.rows.score, probability: Self.rows.probability)),
            firstFit: kept, model: .notAssessable("its fit saw rows of this period"),
            presentRule: .value(Self.rows.baselineRank))
    }

    private func rolling(_ entries: [RollingOrigin.Entry]) throws -> RollingOrigin {
        try RollingOrigin.assess(
            entries, threshold: 0.2, thresholdSource: .list, outcomeKnownAfterDays: 90)
    }

    @Test func anOriginHasTheFiguresOfAnEvaluationOfItsRows() throws {
        let origin = try #require(try rolling([entry()]).origins.first)
        let report = try Evaluation.evaluate(Self.rows, listSize: 40, resamples: 0)
        let (refitted, rule) = (origin.results[0], origin.results[3])
        #expect(origin.rows == 400 && origin.events == report.events && origin.listSize == 40)
        #expect(refitted.discrimination == report.discrimination)
        #expect(refitted.calibration == report.calibration)
        #expect(refitted.list == .value(report.list))
        #expect(rule.discrimination == report.baselineDiscrimination)
        #expect(rule.list == report.baselineList)
        // DeLong's test the other way round.
        let test = try #require(report.againstBaseline.value)
        #expect(rule.againstRefitted.value?.difference.estimate == -test.difference.estimate)
        #expect(rule.againstRefitted.value?.pValue == test.pValue)
        let point = try #require(report.decisionCurve.value?.points.first { $0.threshold == 0.2 })
        #expect(refitted.netBenefit == .value(point.model))
        #expect(rule.netBenefit == point.presentRule)
        #expect(rule.calibration.value == nil)
    }

    @Test func regretIsAgainstTheBestOfTheOrigin() throws {
        let rolling = try rolling([
            entry(), entry("2024-04-01", kept: .notAssessable("there was none")),
        ])
        for origin in rolling.origins {
            for (place, figure) in RollingOrigin.Figure.allCases.enumerated() {
                let own = origin.results.map { result -> Double? in
                    switch figure {
                    case .auroc: result.discrimination.value?.estimate
                    case .precisionAtList: result.list.value?.precision.expected
                    case .netBenefit: result.netBenefit.value
                    }
                }
                let best = try #require(own.compactMap(\.self).max())
                for (value, result) in zip(own, origin.results) {
                    #expect(result.regret[place].figure == figure)
                    #expect(result.regret[place].regret.value == value.map { best - $0 })
                }
            }
        }
        let summaries = rolling.summaries.filter { $0.figure == .auroc }
        #expect(summaries.map(\.contestant) == RollingOrigin.Contestant.allCases)
        #expect(summaries.map(\.origins) == [2, 1, 0, 2])
        #expect(summaries[0].best == 2 && summaries[0].largestRegret == .value(0))
        let rule = rolling.origins.compactMap { $0.results[3].regret[0].regret.value }
        #expect(summaries[3].meanRegret == .value((rule[0] + rule[1]) / 2))
        #expect(summaries[2].meanRegret.value == nil)
    }

    @Test func aFitThatFailsIsNoFigureAndStopsNothing() throws {
        var entry = entry()
        entry.refitted = .notAssessable("the rows known by then carry no fit: Separated.")
        let origin = try #require(try rolling([entry]).origins.first)
        #expect(
            origin.results[0].list
                == .notAssessable("the rows known by then carry no fit: Separated."))
        #expect(origin.results[3].againstRefitted.value == nil)
        // The rule flags as many as the first fit does instead.
        let flagged = Self.other.probability.count { $0 >= 0.2 }
        let report = try Evaluation.evaluate(Self.rows, listSize: flagged, resamples: 0)
        let found = try #require(report.baselineList.value?.events.expected)
        let benefit = found / 400 - (Double(flagged) - found) / 400 * 0.25
        #expect(FourHundredRows.near(origin.results[3].netBenefit.value, benefit, 1e-12))
    }
}
