import Evaluation
import PipelineModel
import Testing

/// Figures of ``FourHundredRows`` against R 4.2.2 (rms 6.5, pROC 1.18.0) and scikit-learn 1.9.1.
struct ReferenceTests {
    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-10) -> Bool {
        FourHundredRows.near(left, right, tolerance)
    }

    private let report: EvaluationReport

    init() throws {
        report = try Evaluation.evaluate(FourHundredRows.table, listSize: 40, resamples: 0)
    }

    @Test func theRowsAreThoseOfR() {
        #expect(report.rows == 400 && report.events == 123)
    }

    // r1 <- roc(y, p, direction="<"); r2 <- roc(y, b, direction="<")
    // roc.test(r1, r2, method="delong", paired=TRUE); cov(r1, r2, method="delong")
    @Test func deLongsTestAgreesWithPROC() {
        #expect(near(report.discrimination.value?.estimate, 0.767955152475712))
        #expect(
            near(report.discrimination.value?.standardError, 6.11908855838427e-4.squareRoot()))
        #expect(near(report.baselineDiscrimination.value?.estimate, 0.489874086466496))
        let test = report.againstBaseline.value
        #expect(near(test?.z, 7.00009166668918, 1e-9))
        #expect(near(test?.pValue, 2.55795092580578e-12, 1e-20))
        #expect(near(test?.covariance, -1.10549944462989e-05, 1e-15))
        #expect(near(test?.difference.estimate, 0.767955152475712 - 0.489874086466496))
    }

    @Test func aScoreIsNotTestedAgainstItself() throws {
        let score = FourHundredRows.probability
        let test = try Evaluation.compare(
            score, score.map { $0 * 2 }, outcome: FourHundredRows.outcome)
        #expect(
            test == .notAssessable("the two scores order the rows alike, as far as can be told"))
    }

    @Test func theTestTurnsRoundWithItsScores() throws {
        let (score, rule) = (FourHundredRows.probability, FourHundredRows.rule)
        let there = try Evaluation.compare(score, rule, outcome: FourHundredRows.outcome).value
        let back = try Evaluation.compare(rule, score, outcome: FourHundredRows.outcome).value
        #expect(near(there?.z, -(back?.z ?? 0), 1e-12))
        #expect(there?.pValue == back?.pValue)
    }

    // average_precision_score(y, p), average_precision_score(y, b): ties count at once
    @Test func averagePrecisionAgreesWithScikitLearn() throws {
        #expect(near(report.averagePrecision.value, 0.560028171730066))
        var table = FourHundredRows.table
        table.score = FourHundredRows.rule
        #expect(
            near(
                try Evaluation.evaluate(table, listSize: 1, resamples: 0).averagePrecision.value,
                0.294613133262103))
    }

    // lp <- qlogis(p); kn <- attr(rcspline.eval(lp, nk=5), "knots")
    // f <- glm(y ~ rcs(lp, kn), family=binomial, control=list(epsilon=1e-14, maxit=100))
    // d <- abs(fitted(f)-p); c(mean(d), median(d), quantile(d, .9), max(d))
    // For comparison: smoothed by loess(y ~ p) instead, the mean distance is 0.0548.
    @Test func theCalibrationCurveAgreesWithRms() throws {
        let curve = try #require(report.calibrationCurve.value)
        #expect(near(curve.integratedIndex, 0.0565392070539025, 1e-9))
        #expect(near(curve.medianDistance, 0.0406580215915617, 1e-9))
        #expect(near(curve.ninetiethDistance, 0.1355272577584745, 1e-9))
        #expect(near(curve.largestDistance, 0.2591633983727677, 1e-9))
        let knots = [
            -4.3712493452029264, -2.4711783578719473, -1.1706912574401962, -0.0722986373009801,
            1.5245903821397628,
        ]
        #expect(zip(curve.knots, knots).allSatisfy { near(Logistic.logit($0), $1, 1e-9) })
        #expect(curve.leftOut == 0 && curve.curve.count == 51)
        // predict(f, newdata, se.fit=TRUE) at the lowest, the middle and the highest p; R takes
        // its standard errors from the weights of the step before the last
        let expected = [
            (0.0100033156132228, 0.0287249702431514, 0.00509576546894479, 0.145859835549643),
            (0.4589346738717353, 0.4643026957950889, 0.37272842694757236, 0.558349030777628),
            (0.9078660321302479, 0.6487026337574802, 0.40347391463994214, 0.834476837902602),
        ]
        for (index, row) in zip([0, 25, 50], expected) {
            let point = curve.curve[index]
            #expect(near(point.probability, row.0, 1e-9))
            #expect(near(point.observed.estimate, row.1, 1e-9))
            #expect(near(point.observed.lower, row.2, 1e-7))
            #expect(near(point.observed.upper, row.3, 1e-7))
        }
    }

    // control <- list(epsilon=1e-15, maxit=100)
    // glm(y ~ offset(lp), binomial, control=control); glm(y ~ lp, binomial, control=control)
    @Test func calibrationAgreesWithGlm() {
        let calibration = report.calibration.value
        #expect(near(calibration?.inTheLarge.estimate, -0.0214821827087743, 1e-9))
        #expect(near(calibration?.inTheLarge.standardError, 0.132932039046561, 1e-7))
        #expect(near(calibration?.slope.value?.estimate, 0.628995474354197, 1e-9))
        #expect(near(calibration?.slope.value?.standardError, 0.081539723509459, 1e-7))
        #expect(near(calibration?.slopeIntercept.value, -0.221832603188485, 1e-9))
    }

    @Test func tooFewOrTooLikeProbabilitiesHaveNoCurve() throws {
        var table = FourHundredRows.table
        table.probability = table.probability.map { $0 < 0.2 ? 0.1 : 0.3 }
        var curve = try Evaluation.evaluate(table, listSize: 5, resamples: 0).calibrationCurve
        #expect(curve == .notAssessable("the probabilities take too few values for a curve"))
        table.probability = [Double](repeating: 0, count: 400)
        curve = try Evaluation.evaluate(table, listSize: 5, resamples: 0).calibrationCurve
        #expect(curve.value == nil)
        // Certain rows are left out and said.
        table = FourHundredRows.table
        table.probability[7] = 0
        table.probability[8] = 1
        let report = try Evaluation.evaluate(table, listSize: 5, resamples: 0)
        #expect(report.calibrationCurve.value?.leftOut == 2)
        #expect(report.certainProbabilities == 2)
    }
}
