import Evaluation
import PipelineModel
import Testing

struct AcceptanceTests {
    private var report: EvaluationReport {
        get throws {
            var table = FourHundredRows.table
            table.groups = [
                .init(name: "sex", levels: ["F", "M"], codes: (0..<400).map { UInt32($0 % 2) }),
                .init(
                    name: "area", levels: ["all", "isle"],
                    codes: (0..<400).map { $0 < 4 ? 1 : 0 }),
            ]
            return try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        }
    }

    private func judge(_ margins: AcceptanceMargins) throws -> AcceptanceReport {
        AcceptanceReport.judge(margins, try report)
    }

    @Test func marginsAreJudgedOnTheEstimate() throws {
        // AUROC 0.768 (0.719 to 0.816).
        let met = try judge(.init(overall: [.init(.auroc, least: 0.75)]))
        #expect(met.verdict == .passed && met.results[0].verdict == .passed)
        #expect(met.results[0].wholeIntervalWithin == false)
        let clear = try judge(.init(overall: [.init(.auroc, least: 0.7)]))
        #expect(clear.results[0].wholeIntervalWithin == true)
        let missed = try judge(
            .init(overall: [
                .init(.auroc, least: 0.7), .init(.calibrationSlope, least: 0.8, most: 1.2),
            ]))
        #expect(missed.verdict == .failed)
        #expect(missed.results.map(\.verdict) == [.passed, .failed])
    }

    @Test func whatHasNoFigureIsNotPassed() throws {
        var table = FourHundredRows.table
        table.probability = []
        let report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        let margins = AcceptanceMargins(
            overall: [.init(.auroc, least: 0.7), .init(.observedToExpected, least: 0.8)])
        let judged = AcceptanceReport.judge(margins, report)
        #expect(judged.verdict == .notAssessable)
        #expect(judged.results.map(\.verdict) == [.passed, .notAssessable])
    }

    @Test func everyFigureCanBeJudged() throws {
        let judged = try judge(
            .init(
                overall: AcceptanceMargins.Figure.allCases.map { .init($0, least: -100) },
                byGroup: AcceptanceMargins.GroupFigure.allCases.map { .init($0, most: 100) },
                netBenefitAbovePresentRule: [0.3]))
        #expect(judged.verdict == .passed)
        #expect(
            judged.results.count == AcceptanceMargins.Figure.allCases.count + 1
                + 4 * AcceptanceMargins.GroupFigure.allCases.count)
        // Four rows on an isle: no figure of theirs says anything.
        #expect(judged.levelsNotAssessable == AcceptanceMargins.GroupFigure.allCases.count)
    }

    @Test func oneGroupThatFailsFailsAll() throws {
        let report = try report
        let rates = report.groups.prefix(2).compactMap(\.falseNegativeRate.value?.estimate)
        let whole = 1 - (report.list.sensitivityListed.value?.estimate ?? 0)
        let worst = (rates.max() ?? 0) / whole
        let just = try judge(
            .init(byGroup: [.init(.falseNegativeRateRatio, most: worst + 1e-9)]))
        #expect(just.verdict == .passed)
        let tight = try judge(
            .init(byGroup: [.init(.falseNegativeRateRatio, most: worst - 1e-9)]))
        #expect(tight.verdict == .failed)
        #expect(tight.results.count { $0.verdict == .failed } == 1)
    }

    @Test func byGroupWithoutGroupsIsNotAssessable() throws {
        let report = try Evaluation.evaluate(FourHundredRows.table, listSize: 80, resamples: 0)
        let judged = AcceptanceReport.judge(.init(byGroup: [.init(.auroc, least: 0.5)]), report)
        #expect(judged.verdict == .notAssessable)
    }

    @Test func netBenefitMustBeAboveTheRule() throws {
        var report = try report
        #expect(
            AcceptanceReport.judge(.init(netBenefitAbovePresentRule: [0.3]), report).verdict
                == .passed)
        // The model itself as the rule: no more than the rule.
        var table = FourHundredRows.table
        table.baselineRank = table.score.map { -$0 }
        report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        #expect(
            AcceptanceReport.judge(.init(netBenefitAbovePresentRule: [0.3]), report).verdict
                == .failed)
        table.baselineRank = []
        report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        #expect(
            AcceptanceReport.judge(.init(netBenefitAbovePresentRule: [0.3]), report).verdict
                == .notAssessable)
    }
}
