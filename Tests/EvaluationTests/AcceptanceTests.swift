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

    @Test func aMarginOnTheEstimate() throws {
        // AUROC 0.768 (0.719 to 0.816).
        func judged(_ least: Double) throws -> AcceptanceReport {
            try judge(.init(overall: [.init(.auroc, least: least)], reading: .estimate))
        }
        let close = try judged(0.75)
        #expect(close.verdict == .met && close.results[0].onInterval == .undecided)
        #expect(try judged(0.7).results[0].onInterval == .met)
        #expect(try judged(0.8).verdict == .notMet)
        let missed = try judge(
            .init(
                overall: [
                    .init(.auroc, least: 0.7), .init(.calibrationSlope, least: 0.8, most: 1.2),
                ], reading: .estimate))
        #expect(missed.verdict == .notMet)
        #expect(missed.results.map(\.verdict) == [.met, .notMet])
    }

    @Test func aMarginOnTheInterval() throws {
        // AUROC 0.768 (0.719 to 0.816).
        let area = try #require(try report.discrimination.value)
        for (least, most, verdict) in [
            (0.7, nil, MarginVerdict.met), (0.75, nil, .undecided), (0.8, nil, .undecided),
            (0.82, nil, .notMet), (nil, 0.71, .notMet), (nil, 0.82, .met),
            (0.71, 0.82, .met), (0.71, 0.77, .undecided), (0.1, 0.2, .notMet),
            (area.lower, area.upper, .met), (area.upper + 1e-9, 1, .notMet),
            (area.upper, 1, .undecided),
        ] as [(Double?, Double?, MarginVerdict)] {
            let judged = try judge(.init(overall: [.init(.auroc, least: least, most: most)]))
            #expect(judged.verdict == verdict, "\(least ?? -1) \(most ?? -1)")
            #expect(judged.judge == .interval && judged.results[0].onInterval == verdict)
        }
        // Without an interval the estimate has to do.
        let brier = try judge(.init(overall: [.init(.scaledBrier, least: 0.9)]))
        #expect(brier.verdict == .notMet && brier.results[0].onInterval == nil)
        let counted = try judge(
            .init(overall: [
                .init(.auroc, least: 0.7), .init(.auroc, least: 0.75), .init(.scaledBrier, most: 0),
                .init(.liftAtList, least: 0.1),
            ]))
        #expect(counted.verdict == .notMet)
        #expect(counted.counts.met == 2 && counted.counts.notMet == 1)
        #expect(counted.counts.undecided == 1 && counted.counts.notAssessable == 0)
    }

    @Test func aRatioToWhatIsKnownHasTheIntervalOfItsShare() throws {
        let report = try report
        let judged = try judge(
            .init(
                overall: [.init(.liftAtList, least: 0)],
                byGroup: [.init(.representation, least: 0)]))
        let lift = judged.results[0]
        #expect(lift.lower == report.list.precisionListed.lower / report.prevalence)
        #expect(lift.upper == report.list.precisionListed.upper / report.prevalence)
        let first = report.groups[0]
        #expect(judged.results[1].lower == first.shareOfList.lower / first.shareOfPopulation)
        #expect(judged.results[1].found == first.representation)
    }

    /// Rows of the same person are no new evidence: what rows that stand alone would have met is
    /// undecided.
    @Test func marginsKnowWhichRowsAreOfOnePerson() throws {
        let together = try Evaluation.evaluate(
            PeopleWithSeveralRows.table, listSize: 60, resamples: 60)
        let alone = try Evaluation.evaluate(
            PeopleWithSeveralRows.alone, listSize: 60, resamples: 60)
        typealias Figure = AcceptanceMargins.Figure
        for (figure, words, method, other) in [
            (.auroc, 0.655, .clusteredDeLong, .deLong),
            (.calibrationSlope, 0.62, .clusterSandwich, .modelBased),
            (.observedToExpected, 0.59, .clusteredWilson, .wilson),
            (.precisionAtList, 0.555, .clusteredWilson, .wilson),
            (.sensitivityAtList, 0.235, .clusteredWilson, .wilson),
            (.liftAtList, 1.52, .clusteredWilson, .wilson),
        ] as [(Figure, Double, IntervalMethod, IntervalMethod)] {
            let margins = AcceptanceMargins(overall: [.init(figure, least: words)])
            let independent = AcceptanceReport.judge(margins, alone)
            #expect(independent.verdict == .met, "\(figure)")
            #expect(independent.results[0].method == other)
            let judged = AcceptanceReport.judge(margins, together)
            #expect(judged.verdict == .undecided, "\(figure)")
            #expect(judged.results[0].method == method)
        }
        // By group, where every margin has a method too.
        let groups = AcceptanceReport.judge(
            .init(byGroup: AcceptanceMargins.GroupFigure.allCases.map { .init($0, most: 100) }),
            together)
        #expect(groups.verdict == .met)
        #expect(
            Set(groups.results.compactMap(\.method))
                == [.clusteredDeLong, .clusterSandwich, .clusteredWilson])
    }

    /// What has no other interval is judged by draws, where there are any.
    @Test func drawsJudgeWhatHasNoOtherInterval() throws {
        let report = try Evaluation.evaluate(
            PeopleWithSeveralRows.table, listSize: 60, resamples: 200)
        let draws = try #require(report.bootstrap.value)
        let drawn: [(AcceptanceMargins.Figure, Assessed<Estimate>)] = [
            (.averagePrecision, draws.averagePrecision), (.scaledBrier, draws.scaledBrier),
            (.integratedCalibrationIndex, draws.integratedIndex),
        ]
        for (figure, estimate) in drawn {
            let bounds = try #require(estimate.value)
            for (least, verdict) in [
                (bounds.lower, MarginVerdict.met), (bounds.lower + 1e-6, .undecided),
                (bounds.upper + 1e-6, .notMet),
            ] {
                let judged = AcceptanceReport.judge(
                    .init(overall: [.init(figure, least: least)]), report)
                #expect(judged.verdict == verdict && judged.results[0].method == .bootstrap)
            }
        }
        for threshold in [0.2, 0.4] {
            let judged = AcceptanceReport.judge(
                .init(netBenefitAbovePresentRule: [threshold]), report)
            let drawn = try #require(draws.netBenefit.first { $0.threshold == threshold })
            let bounds = try #require(drawn.abovePresentRule.value)
            let found = judged.results[0]
            #expect(found.onEstimate == .met && found.method == .bootstrap)
            #expect(found.lower == bounds.lower && found.upper == bounds.upper)
            #expect(found.verdict == (bounds.lower > 0 ? .met : .undecided))
        }
        // The model itself as the rule is not above it, in no draw.
        var table = PeopleWithSeveralRows.table
        table.baselineRank = table.score.map { -$0 }
        let same = AcceptanceReport.judge(
            .init(netBenefitAbovePresentRule: [0.4]),
            try Evaluation.evaluate(table, listSize: 60, resamples: 60))
        #expect(same.verdict == .notMet && same.results[0].onInterval == .notMet)
    }

    @Test func groupsWithFewEventsAreNotJudged() throws {
        let report = try report
        let fewest = try #require(report.groups.prefix(2).map(\.events).min())
        for (minimum, verdicts) in [(fewest, 2), (fewest + 1, 1), (10_000, 0)] {
            let judged = AcceptanceReport.judge(
                .init(
                    byGroup: [.init(.observedToExpected, least: 0, most: 9)],
                    minimumEvents: minimum), report)
            let sexes = judged.results.filter { $0.grouping == "sex" }
            #expect(sexes.count { $0.verdict == .met } == verdicts)
            #expect(judged.counts.notAssessable == judged.results.count - judged.counts.met)
            #expect(judged.verdict == (verdicts > 0 ? .met : .notAssessable))
        }
        // Who is on the list can be told without an event.
        let listed = AcceptanceReport.judge(
            .init(byGroup: [.init(.representation, most: 9)], minimumEvents: 10_000), report)
        #expect(listed.counts.met == 3)
    }

    @Test func whatHasNoFigureIsNotMet() throws {
        var table = FourHundredRows.table
        table.probability = []
        let report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        let margins = AcceptanceMargins(
            overall: [.init(.auroc, least: 0.7), .init(.observedToExpected, least: 0.8)])
        let judged = AcceptanceReport.judge(margins, report)
        #expect(judged.verdict == .notAssessable)
        #expect(judged.results.map(\.verdict) == [.met, .notAssessable])
    }

    @Test func everyFigureCanBeJudged() throws {
        let judged = try judge(
            .init(
                overall: AcceptanceMargins.Figure.allCases.map { .init($0, least: -100) },
                byGroup: AcceptanceMargins.GroupFigure.allCases.map { .init($0, most: 100) },
                netBenefitAbovePresentRule: [0.3], reading: .estimate))
        #expect(judged.verdict == .met)
        #expect(
            judged.results.count == AcceptanceMargins.Figure.allCases.count + 1
                + 4 * AcceptanceMargins.GroupFigure.allCases.count)
        // Four rows on an isle: no figure of theirs says anything.
        #expect(judged.counts.notAssessable == AcceptanceMargins.GroupFigure.allCases.count)
    }

    @Test func oneGroupThatFailsFailsAll() throws {
        let report = try report
        let rates = report.groups.prefix(2).compactMap(\.falseNegativeRate.value?.estimate)
        let whole = 1 - (report.list.sensitivityListed.value?.estimate ?? 0)
        let worst = (rates.max() ?? 0) / whole
        let just = try judge(
            .init(
                byGroup: [.init(.falseNegativeRateRatio, most: worst + 1e-9)], reading: .estimate))
        #expect(just.verdict == .met)
        let tight = try judge(
            .init(
                byGroup: [.init(.falseNegativeRateRatio, most: worst - 1e-9)], reading: .estimate))
        #expect(tight.verdict == .notMet)
        #expect(tight.results.count { $0.verdict == .notMet } == 1)
    }

    @Test func byGroupWithoutGroupsIsNotAssessable() throws {
        let report = try Evaluation.evaluate(FourHundredRows.table, listSize: 80, resamples: 0)
        let judged = AcceptanceReport.judge(.init(byGroup: [.init(.auroc, least: 0.5)]), report)
        #expect(judged.verdict == .notAssessable)
    }

    @Test func netBenefitMustBeAboveTheRule() throws {
        var report = try report
        // Without draws there is no interval, and the estimate alone does not meet the margin.
        for (reading, verdict) in [
            (AcceptanceMargins.Reading.estimate, AcceptanceReport.Verdict.met),
            (.interval, .undecided),
        ] {
            let margins = AcceptanceMargins(
                netBenefitAbovePresentRule: [0.3], reading: reading)
            #expect(AcceptanceReport.judge(margins, report).verdict == verdict)
        }
        // The model itself as the rule: no more than the rule.
        var table = FourHundredRows.table
        table.baselineRank = table.score.map { -$0 }
        report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        #expect(
            AcceptanceReport.judge(.init(netBenefitAbovePresentRule: [0.3]), report).verdict
                == .notMet)
        table.baselineRank = []
        report = try Evaluation.evaluate(table, listSize: 80, resamples: 0)
        #expect(
            AcceptanceReport.judge(.init(netBenefitAbovePresentRule: [0.3]), report).verdict
                == .notAssessable)
    }
}
