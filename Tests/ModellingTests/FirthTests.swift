import Modelling
import PipelineModel
import Testing

/// Firth's penalised likelihood beside R's brglm2 0.9.
struct FirthTests {
    private let provenance = ModelProvenance(model: "test")

    private func firth(_ corrects: Bool) -> FitSpecification {
        FitSpecification(method: .firth, correctsIntercept: corrects)
    }

    @Test func agreesWithR() throws {
        let (matrix, outcomes) = Designs.spector
        let model = try LogisticRegression.fit(
            matrix, outcomes: outcomes, specification: firth(false), provenance: provenance)
        // R: glm(GRADE ~ GPA + TUCE + PSI, binomial, spector, method = "brglmFit",
        //        type = "AS_mean", epsilon = 1e-12, maxit = 200)
        let coefficients = [
            -10.433270217167943, 2.284464612114717, 0.070567816122941, 2.006681900165585,
        ]
        let errors = [4.159000977766008, 1.123564841396429, 0.130627890742596, 0.953422858481446]
        for index in 0..<4 {
            #expect(agree(model.estimates[index], coefficients[index], to: 1e-9))
            #expect(agree(model.standardErrors[index], errors[index], to: 1e-9))
        }
        #expect(model.method == "firth" && model.uncorrectedIntercept == nil)
    }

    /// `x` separates the outcomes wholly.
    private let separated = Designs.matrix([
        ("x", (1...10).map(Double.init)), ("z", [0, 1, 0, 1, 1, 0, 0, 1, 1, 0]),
    ])
    private let split = Outcomes(values: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])

    @Test func separatedOutcomesHaveAnAnswer() throws {
        let model = try LogisticRegression.fit(
            separated, outcomes: split, specification: firth(false), provenance: provenance)
        // R: glm(y ~ x + z, binomial, method = "brglmFit", type = "AS_mean", epsilon = 1e-13)
        let coefficients = [-3.739535333734813, 0.847038365968744, -1.744533796817184]
        let errors = [2.603943873991128, 0.467341145972525, 2.102784693310147]
        for index in 0..<3 {
            #expect(agree(model.estimates[index], coefficients[index], to: 1e-8))
            #expect(agree(model.standardErrors[index], errors[index], to: 1e-8))
        }
        #expect(agree(model.penalisedLogLikelihood, -1.29757658445869, to: 1e-10))
    }

    @Test func theCorrectedInterceptMakesTheMeanProbabilityTheShareOfEvents() throws {
        let model = try LogisticRegression.fit(
            separated, outcomes: split, specification: firth(true), provenance: provenance)
        #expect(agree(model.intercept, -3.74093985704182, to: 1e-8))
        #expect(agree(model.uncorrectedIntercept, -3.739535333734813, to: 1e-8))
        #expect(model.interceptStandardError == nil)
        let (rare, outcome) = Designs.planted(
            rows: 400, coefficients: [1.5, -1], intercept: -4, seed: 3)
        let fitted = try LogisticRegression.fit(
            rare, outcomes: outcome, specification: firth(true), provenance: provenance)
        let expected = (0..<400).reduce(0.0) { sum, row in
            sum
                + Logistic.probability(
                    fitted.intercept + fitted.estimates[1] * rare[row, 0]
                        + fitted.estimates[2] * rare[row, 1])
        }
        #expect(agree(expected, outcome.values.reduce(0, +), to: 1e-9))
    }

    /// The profile of the penalised likelihood by R's optim and uniroot.
    ///
    /// They have nothing of the algorithm in common with this one; logistf is not in Debian.
    ///
    ///     f <- function(b) { e <- X %*% b; p <- plogis(e)
    ///       sum(plogis((2 * y - 1) * e, log.p = TRUE)) +
    ///         determinant(crossprod(X * sqrt(p * (1 - p))))$modulus / 2 }
    ///     g <- function(v) 2 * (f(top) - optim(rest, function(r) f(append(r, v, j - 1)), control =
    ///       list(fnscale = -1, reltol = 1e-16))$value) - qchisq(0.95, 1)
    ///     uniroot(g, c(top[j], far), tol = 1e-10)
    ///
    /// For the upper bound of the column that separates, optim ends at a lower maximum; there the
    /// inner maximum is the best of sixty starts of scipy's Nelder–Mead.
    @Test func profileIntervalsAgreeWithR() throws {
        var profiled = firth(false)
        profiled.profilesIntervals = true
        let (matrix, outcomes) = Designs.spector
        let ordinary = try LogisticRegression.fit(
            matrix, outcomes: outcomes, specification: profiled, provenance: provenance)
        let apart = try LogisticRegression.fit(
            separated, outcomes: split, specification: profiled, provenance: provenance,
            threads: 2)
        let expected: [(ProfileInterval?, Double, Double)] = [
            (ordinary.terms[0].profileInterval, 0.3785460721, 4.765064352),
            (ordinary.terms[1].profileInterval, -0.164270586, 0.3418085374),
            (ordinary.terms[2].profileInterval, 0.3144423006, 4.107727165),
            (apart.interceptProfileInterval, -13.07218021, -0.05248309786),
            (apart.terms[0].profileInterval, 0.1786598029, 2.314862825),
            (apart.terms[1].profileInterval, -9.333202603, 1.947025817),
        ]
        for (found, lower, upper) in expected {
            #expect(agree(found?.lower, lower, to: 1e-6))
            #expect(agree(found?.upper, upper, to: 1e-6))
        }
    }

    @Test func aCorrectedInterceptHasNoInterval() throws {
        var profiled = firth(true)
        profiled.profilesIntervals = true
        let model = try LogisticRegression.fit(
            separated, outcomes: split, specification: profiled, provenance: provenance)
        #expect(model.interceptProfileInterval == nil)
        #expect(agree(model.terms[0].profileInterval?.lower, 0.1786598029, to: 1e-6))
        let plain = try LogisticRegression.fit(
            separated, outcomes: split, specification: firth(true), provenance: provenance)
        #expect(plain.terms.allSatisfy { $0.profileInterval == nil })
    }

    @Test func aWeightOfTwoIsARowTwice() throws {
        let (matrix, outcomes) = Designs.spector
        let order = (0..<32).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
        let weighted = try LogisticRegression.fit(
            matrix, outcomes: outcomes, weights: (0..<32).map { $0 % 3 == 0 ? 2.0 : 1 },
            specification: firth(true), provenance: provenance)
        let repeated = try LogisticRegression.fit(
            matrix.selecting(order), outcomes: Outcomes(values: order.map { outcomes.values[$0] }),
            specification: firth(true), provenance: provenance)
        for index in 0..<4 {
            #expect(agree(weighted.estimates[index], repeated.estimates[index], to: 1e-9))
        }
    }

    @Test func threadsDoNotMatter() throws {
        let (matrix, outcomes) = Designs.planted(
            rows: 70_000, coefficients: [0.5, -0.25], intercept: -1, seed: 8)
        let models = try [1, 3].map {
            try LogisticRegression.fit(
                matrix, outcomes: outcomes, specification: firth(true), provenance: provenance,
                threads: $0
            ).canonicalJSON()
        }
        #expect(models[0] == models[1])
    }
}
