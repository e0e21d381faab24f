import Modelling
import PipelineModel
import Testing

struct LogisticRegressionTests {
    private let provenance = ModelProvenance(model: "test")

    @Test func agreesWithR() throws {
        let (matrix, outcomes) = Designs.spector
        let model = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        // R: m <- glm(GRADE ~ GPA + TUCE + PSI, binomial, spector, epsilon = 1e-14)
        //    print(summary(m)$coefficients, digits = 16); deviance(m); m$null.deviance
        // refined by Newton's method in 80-bit arithmetic.
        let coefficients = [
            -13.02134685811569, 2.826112594889321, 0.0951576613179093, 2.378687655093354,
        ]
        let errors = [4.931324213602759, 1.262941075629092, 0.1415542056736947, 1.064564254497133]
        for index in 0..<4 {
            #expect(agree(model.estimates[index], coefficients[index], to: 1e-12))
            #expect(agree(model.standardErrors[index], errors[index], to: 1e-11))
        }
        #expect(agree(model.deviance, 25.77926844426283, to: 1e-13))
        #expect(agree(model.nullDeviance, 41.18345939323459, to: 1e-13))
        #expect(agree(model.logLikelihood, -12.88963422213141, to: 1e-13))
        #expect(model.rows == 32 && model.events == 11)
        #expect(model.aliased.isEmpty && model.factorisation == "cholesky")
        #expect(model.iterations < 10 && model.newtonDecrement < 1e-9)
        #expect(model.scaledGradient < 1e-9)
        #expect(agree(model.terms[1].mean, 21.9375, to: 1e-15))
    }

    @Test func aTwoByTwoTableByHand() throws {
        // Exposed: 12 of 20; not exposed: 6 of 30. Odds ratio (12 ÷ 8) ÷ (6 ÷ 24) = 6.
        let exposed = (0..<50).map { $0 < 20 ? 1.0 : 0 }
        let outcome = (0..<50).map { $0 < 12 || (20..<26).contains($0) ? 1.0 : 0 }
        let model = try LogisticRegression.fit(
            Designs.matrix([("exposed", exposed)]), outcomes: Outcomes(values: outcome),
            provenance: provenance)
        #expect(agree(model.intercept, -1.3862943611198906, to: 1e-12))
        #expect(agree(model.terms[0].coefficient, 1.791759469228055, to: 1e-12))
        // √(1/12 + 1/8 + 1/6 + 1/24), √(1/6 + 1/24)
        #expect(agree(model.terms[0].standardError, 0.6454972243679028, to: 1e-12))
        #expect(agree(model.interceptStandardError, 0.4564354645876384, to: 1e-12))
    }

    @Test func aWeightOfTwoIsARowTwice() throws {
        let (matrix, outcomes) = Designs.spector
        let weights = (0..<32).map { $0 % 3 == 0 ? 2.0 : 1 }
        let order = (0..<32).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
        let weighted = try LogisticRegression.fit(
            matrix, outcomes: outcomes, weights: weights, provenance: provenance)
        let repeated = try LogisticRegression.fit(
            matrix.selecting(order), outcomes: Outcomes(values: order.map { outcomes.values[$0] }),
            provenance: provenance)
        for index in 0..<4 {
            #expect(agree(weighted.estimates[index], repeated.estimates[index], to: 1e-11))
            #expect(
                agree(weighted.standardErrors[index], repeated.standardErrors[index], to: 1e-11))
        }
        #expect(agree(weighted.nullDeviance, repeated.nullDeviance, to: 1e-12))
        #expect(agree(weighted.terms[0].mean, repeated.terms[0].mean, to: 1e-14))
        #expect(weighted.totalWeight == 43)
    }

    @Test func aConstantOffsetMovesTheInterceptOnly() throws {
        let (matrix, outcomes) = Designs.spector
        let plain = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        let moved = try LogisticRegression.fit(
            matrix, outcomes: outcomes, offsets: [Double](repeating: 1.5, count: 32),
            provenance: provenance)
        #expect(agree(moved.intercept, plain.intercept - 1.5, to: 1e-11))
        #expect(agree(moved.terms[2].coefficient, plain.estimates[3], to: 1e-11))
        #expect(agree(moved.nullDeviance, plain.nullDeviance, to: 1e-11))
    }

    @Test func anOffsetTakesTheTruthAway() throws {
        let (matrix, outcomes) = Designs.spector
        let plain = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        let offsets = (0..<32).map { row in
            (0..<3).reduce(plain.intercept) { $0 + plain.estimates[$1 + 1] * matrix[row, $1] }
        }
        let rest = try LogisticRegression.fit(
            matrix, outcomes: outcomes, offsets: offsets, provenance: provenance)
        for (estimate, error) in zip(rest.estimates, rest.standardErrors) {
            #expect(estimate.magnitude < 1e-8 * error)
        }
    }

    @Test func unitsDoNotMatter() throws {
        let (matrix, outcomes) = Designs.spector
        var other = matrix
        for row in 0..<32 { other.values[row] = (matrix.values[row] + 1e4) * 1e-6 }
        let plain = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        let moved = try LogisticRegression.fit(other, outcomes: outcomes, provenance: provenance)
        #expect(agree(moved.terms[0].coefficient, plain.estimates[1] * 1e6, to: 1e-9))
        #expect(agree(moved.terms[1].standardError, plain.standardErrors[2], to: 1e-9))
        #expect(agree(moved.deviance, plain.deviance, to: 1e-12))
    }

    @Test func threadsDoNotMatter() throws {
        let (matrix, outcomes) = Designs.planted(
            rows: 70_000, coefficients: [0.5, -0.3], intercept: -1, seed: 5)
        let one = try LogisticRegression.fit(
            matrix, outcomes: outcomes, provenance: provenance, threads: 1)
        let three = try LogisticRegression.fit(
            matrix, outcomes: outcomes, provenance: provenance, threads: 3)
        #expect(try one.canonicalJSON() == three.canonicalJSON())
    }

    @Test func plantedCoefficientsAreFoundAgain() throws {
        let truth = [0.7, -0.4, 0.0, 0.25]
        let (matrix, outcomes) = Designs.planted(
            rows: 20_000, coefficients: truth, intercept: -1.2, seed: 21)
        let model = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        let test = try WaldTest.joint(
            estimate: model.estimates, planted: [-1.2] + truth, covariance: model.covariance)
        #expect(test.degreesOfFreedom == 5)
        #expect(test.pValue > 0.01)
        let wrong = try WaldTest.joint(
            estimate: model.estimates, planted: [-1.2, 0.7, -0.4, 0.3, 0.25],
            covariance: model.covariance)
        #expect(wrong.pValue < 1e-6)
    }

    @Test func anIllConditionedDesignGoesThroughTheOrthogonalFactor() throws {
        // b = a + 1e-6 c spans what a and c span, so the coefficients are known from theirs.
        let (plain, outcomes) = Designs.planted(
            rows: 2_000, coefficients: [0.6, -0.5], intercept: 0.1, seed: 8)
        let a = Array(plain.values[..<2_000])
        let c = Array(plain.values[2_000...])
        let near = Designs.matrix([("a", a), ("b", zip(a, c).map { $0 + 1e-6 * $1 })])
        let model = try LogisticRegression.fit(near, outcomes: outcomes, provenance: provenance)
        let reference = try LogisticRegression.fit(
            plain, outcomes: outcomes, provenance: provenance)
        #expect(model.factorisation == "qr")
        let slope = reference.estimates[2] * 1e6
        #expect(agree(model.terms[1].coefficient, slope, to: 1e-6))
        #expect(agree(model.terms[1].standardError, reference.standardErrors[2] * 1e6, to: 1e-6))
        #expect(agree(model.deviance, reference.deviance, to: 1e-11))
    }

    @Test func aliasedColumnsAreNamedAndTheRestIsFitted() throws {
        let (matrix, outcomes) = Designs.spector
        let average = Array(matrix.values[..<32])
        let test = Array(matrix.values[32..<64])
        let method = Array(matrix.values[64...])
        let wide = Designs.matrix([
            ("constant", [Double](repeating: 7, count: 32)), ("GPA", average), ("TUCE", test),
            ("copy", average), ("PSI", method), ("sum", zip(test, method).map { $0 + 3 * $1 }),
        ])
        let model = try LogisticRegression.fit(wide, outcomes: outcomes, provenance: provenance)
        let plain = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        #expect(model.aliased == ["constant", "copy", "sum"])
        #expect(model.parameters == ["(intercept)", "GPA", "TUCE", "PSI"])
        #expect(
            model.terms.map { $0.coefficient == nil } == [true, false, false, true, false, true])
        for index in 0..<4 {
            #expect(agree(model.estimates[index], plain.estimates[index], to: 1e-10))
        }
        #expect(model.equation.terms.map(\.name) == ["GPA", "TUCE", "PSI"])
        let again = try FittedModel(canonicalJSON: model.canonicalJSON(), file: "c.json")
        #expect(again == model)
    }

    @Test func dummiesOfEveryLevelAliasTheLast() throws {
        let level = (0..<60).map { $0 % 3 }
        let outcome = (0..<60).map { ($0 * 7) % 5 < 2 ? 1.0 : 0 }
        let columns = (0..<3).map { wanted in
            ("level\(wanted)", level.map { $0 == wanted ? 1.0 : 0 })
        }
        let model = try LogisticRegression.fit(
            Designs.matrix(columns), outcomes: Outcomes(values: outcome), provenance: provenance)
        #expect(model.aliased == ["level2"])
    }

    @Test func allColumnsAliasedLeavesTheIntercept() throws {
        let model = try LogisticRegression.fit(
            Designs.matrix([("flat", [3, 3, 3, 3])]), outcomes: Outcomes(values: [0, 1, 1, 1]),
            provenance: provenance)
        #expect(agree(model.intercept, 1.0986122886681098, to: 1e-12))
        #expect(model.aliased == ["flat"])
    }
}
