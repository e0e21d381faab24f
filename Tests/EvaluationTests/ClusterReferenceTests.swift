import Evaluation
import PipelineModel
import Testing

/// Intervals that know which rows are of one person, against `Rscript Benchmarks/peers/clusters.R
/// boot` (R 4.2, sandwich 3.0).
struct ClusterReferenceTests {
    private let report: EvaluationReport

    init() throws {
        report = try Evaluation.evaluate(
            PeopleWithSeveralRows.table, listSize: 60, resamples: 0)
    }

    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
        FourHundredRows.near(left, right, tolerance)
    }

    private func expect(_ found: Share?, _ numbers: [Double], _ line: SourceLocation) {
        #expect(Double(found?.count ?? -1) == numbers[0], sourceLocation: line)
        #expect(Double(found?.of ?? -1) == numbers[1], sourceLocation: line)
        #expect(near(found?.effectiveSize, numbers[2], 1e-7), sourceLocation: line)
        #expect(near(found?.lower, numbers[3]), sourceLocation: line)
        #expect(near(found?.upper, numbers[4]), sourceLocation: line)
    }

    @Test func theRowsAreThoseOfR() {
        #expect(report.rows == 368 && report.events == 132 && report.people == 120)
    }

    @Test func areasAreObuchowskis() throws {
        let area = try #require(report.discrimination.value)
        #expect(near(area.estimate, 0.717321520287622))
        #expect(near(area.standardError, 0.0351162876614195))
        #expect(near(area.lower, 0.647147218950987) && near(area.upper, 0.787495821624257))
        #expect(area.method == .clusteredDeLong)
        let rule = try #require(report.baselineDiscrimination.value)
        #expect(near(rule.estimate, 0.647342064714946))
        #expect(near(rule.standardError, 0.0376473189626569))
        let test = try #require(report.againstBaseline.value)
        #expect(near(test.difference.estimate, 0.0699794555726759))
        #expect(near(test.difference.standardError, 0.0299398845518774))
        #expect(near(test.covariance, 0.00087703879860792))
        #expect(near(test.z, 2.33733217813252) && near(test.pValue, 0.0226130747812344))
        let table = PeopleWithSeveralRows.table
        #expect(
            try Evaluation.compare(
                table.score, table.baselineRank.map { -$0 }, outcome: table.outcome,
                about: table.about) == report.againstBaseline)
        // As rows that stand alone: narrower.
        let alone = try Evaluation.evaluate(
            PeopleWithSeveralRows.alone, listSize: 60, resamples: 0)
        #expect(near(alone.discrimination.value?.standardError, 0.0281573536344223))
        #expect(
            near(alone.againstBaseline.value?.difference.standardError, 0.0278914879681618))
    }

    @Test func calibrationHasSandwichErrors() throws {
        let calibration = try #require(report.calibration.value)
        let slope = try #require(calibration.slope.value)
        for (found, numbers) in [
            (
                calibration.inTheLarge,
                [-0.720380585827496, 0.154666779520969, -1.02663625684896, -0.414124914806036]
            ),
            (slope, [0.945185520373467, 0.178843957154157, 0.591056622907454, 1.29931441783948]),
        ] {
            #expect(near(found.estimate, numbers[0], 1e-8))
            #expect(near(found.standardError, numbers[1], 1e-8))
            #expect(near(found.lower, numbers[2], 1e-8) && near(found.upper, numbers[3], 1e-8))
            #expect(found.method == .clusterSandwich)
        }
        let curve = try #require(report.calibrationCurve.value)
        #expect(near(curve.integratedIndex, 0.147622282608696, 1e-7))
        for (place, numbers) in [
            (10, [0.245, 0.167312625260385, 0.0983412768626267, 0.270162918167363]),
            (30, [0.585, 0.371782642852406, 0.286099415173958, 0.466363557037812]),
        ] {
            let point = curve.curve[place]
            #expect(near(point.probability, numbers[0]))
            #expect(near(point.observed.estimate, numbers[1], 1e-7))
            #expect(near(point.observed.lower, numbers[2], 1e-7))
            #expect(near(point.observed.upper, numbers[3], 1e-7))
        }
    }

    @Test func sharesAreOfTheirEffectiveSize() throws {
        expect(
            report.list.precisionListed,
            [42, 60, 34.5910184710952, 0.533756607207949, 0.826262011508416], #_sourceLocation)
        expect(
            report.list.sensitivityListed.value,
            [42, 132, 82.1990371015961, 0.227548601629106, 0.42505034465043], #_sourceLocation)
        expect(
            report.list.specificityListed.value,
            [218, 236, 142.841628298241, 0.868266911836966, 0.956996789309696],
            #_sourceLocation)
        let ratio = try #require(report.observedToExpected.value)
        #expect(near(ratio.estimate, 0.708439554541795) && ratio.method == .clusteredWilson)
        #expect(near(ratio.lower, 0.581289680120303) && near(ratio.upper, 0.846509722812273))
    }

    @Test func groupsToo() throws {
        let group = report.groups[0]
        expect(
            group.positivePredictiveValue.value,
            [14, 19, 12.6681501284837, 0.462291202721653, 0.901176079326749], #_sourceLocation)
        expect(
            group.falseNegativeRate.value,
            [31, 45, 36.6539733473491, 0.527262969549217, 0.81467822866856], #_sourceLocation)
        // A design effect of 0.94 counts as 1.
        expect(
            group.falsePositiveRate.value,
            [5, 89, 82.781686689291, 0.0235281542215726, 0.12819540481653], #_sourceLocation)
        expect(
            group.falseOmissionRate.value,
            [31, 115, 69.7442243585065, 0.179498546191791, 0.383691072116809], #_sourceLocation)
        expect(
            group.shareOfList,
            [19, 60, 27.7194494241316, 0.175164643295518, 0.502797789111734], #_sourceLocation)
        #expect(near(group.observedToExpected.value?.lower, 0.453623433279285))
        #expect(near(group.observedToExpected.value?.upper, 0.924901846993068))
        #expect(near(group.discrimination.value?.estimate, 0.774032459425718))
        #expect(near(group.discrimination.value?.standardError, 0.0570316695947798))
        let slope = try #require(group.calibration.value?.slope.value)
        #expect(near(slope.estimate, 1.46841158488859, 1e-8))
        #expect(near(slope.standardError, 0.367178040814984, 1e-8))
    }

    /// Figure, 2.5 and 97.5 % quantiles and standard deviation over R's 4,000 draws, which are
    /// others: the bounds are within a fifth of the standard deviation.
    @Test func drawsAreThoseOfALargeBootstrap() throws {
        let drawn = try Evaluation.evaluate(
            PeopleWithSeveralRows.table, listSize: 60, resamples: 1_000)
        let draws = try #require(drawn.bootstrap.value)
        let benefit = try #require(draws.netBenefit.first { $0.threshold == 0.4 })
        let twentieth = try #require(draws.lists.first { $0.share == 0.05 })
        for (found, numbers) in [
            (draws.discrimination, [0.717321520287622, 0.647841, 0.782654, 0.034942]),
            (draws.averagePrecision, [0.602753405223834, 0.484409, 0.716354, 0.059638]),
            (draws.brier, [0.220443274456522, 0.199430, 0.243269, 0.011246]),
            (draws.scaledBrier, [0.0416888161273753, -0.120658, 0.156559, 0.070643]),
            (draws.integratedIndex, [0.147622282608696, 0.095766, 0.208123, 0.028865]),
            (draws.precision, [0.7, 0.543328, 0.862645, 0.082555]),
            (draws.sensitivity, [0.318181818181818, 0.265380, 0.381736, 0.029552]),
            (draws.lift, [1.95151515151515, 1.627663, 2.341312, 0.181251]),
            (twentieth.precision, [0.789473684210526, 0.535281, 1, 0.117312]),
            (benefit.model, [0.0371376811594203, -0.053825, 0.128559, 0.046761]),
            (benefit.abovePresentRule, [0.0396882151029749, -0.000701, 0.079998, 0.020452]),
        ] {
            let found = try #require(found.value)
            #expect(found.method == .bootstrap)
            #expect(near(found.estimate, numbers[0], 1e-7))
            #expect(near(found.lower, numbers[1], numbers[3] / 5), "\(numbers[0])")
            #expect(near(found.upper, numbers[2], numbers[3] / 5), "\(numbers[0])")
        }
        #expect(draws.netBenefit.count == AcceptanceMargins.thresholds.count)
        #expect(draws.lists.map(\.share) == drawn.lists.map(\.share))
        // What is drawn is what the report says of all rows.
        let curve = try #require(drawn.decisionCurve.value)
        for (point, found) in zip(curve.points, draws.netBenefit) {
            #expect(near(found.model.value?.estimate, point.model))
            #expect(
                near(
                    found.abovePresentRule.value?.estimate,
                    point.model - (point.presentRule.value ?? .nan)))
        }
        for (list, found) in zip(drawn.lists, draws.lists) {
            #expect(near(found.precision.value?.estimate, list.model.precision.expected))
            #expect(near(found.lift.value?.estimate, list.model.lift.value?.expected ?? .nan))
        }
        #expect(near(draws.averagePrecision.value?.estimate, drawn.averagePrecision.value ?? 0))
    }
}
