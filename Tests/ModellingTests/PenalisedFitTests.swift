import Modelling
import PipelineModel
import StrictYAML
import Testing

/// Ridge, LASSO and elastic net beside R's glmnet 4.1.6.
struct PenalisedFitTests {
    private let provenance = ModelProvenance(model: "test")

    private func specification(
        _ method: FitSpecification.Method, _ strength: Penalty.Strength, mixing: Double = 0.5
    ) -> FitSpecification {
        FitSpecification(method: method, penalty: Penalty(mixing: mixing, strength: strength))
    }

    // R: glmnet(X, y, family = "binomial", alpha = a, lambda = l, thresh = 1e-22, maxit = 1e7)
    @Test(arguments: [
        (
            FitSpecification.Method.ridge, 0.05,
            [-9.2835782920997119, 1.8999452718257981, 0.0810690683060425, 1.6070620638967776]
        ),
        (
            .ridge, 0.2,
            [-5.9935012235621965, 1.1269959075201879, 0.0604831414670721, 0.9406554449320405]
        ),
        (
            .elasticNet, 0.05,
            [-8.6829847770957791, 1.9108167276489818, 0.0545147484097543, 1.5434174227909236]
        ),
        (
            .elasticNet, 0.2,
            [-3.78881304925773899, 0.89960478618699669, 0.00153684316426787, 0.60607076722942721]
        ),
        (
            .lasso, 0.05,
            [-8.0171008369327215, 1.9552656471653083, 0.0204107439724028, 1.4689771184159077]
        ),
        (.lasso, 0.2, [-1.739456730159506, 0.349306346549056, 0, 0]),
    ])
    func agreesWithGlmnet(
        _ method: FitSpecification.Method, _ strength: Double, _ expected: [Double]
    ) throws {
        let (matrix, outcomes) = Designs.spector
        let model = try LogisticRegression.fit(
            matrix, outcomes: outcomes, specification: specification(method, .fixed(strength)),
            provenance: provenance)
        for index in 0..<4 {
            #expect(
                (model.estimates[index] - expected[index]).magnitude < 1e-8, "\(model.estimates)")
        }
        #expect(model.scaledGradient < 1e-9 && model.reciprocalCondition > 0)
        #expect(model.standardErrors.isEmpty && model.interceptStandardError == nil)
        #expect(model.terms.allSatisfy { $0.standardError == nil })
        #expect(model.penalty?.strength == strength && model.penalty?.chosenBy == nil)
    }

    @Test func withoutAPenaltyItIsMaximumLikelihood() throws {
        let (matrix, outcomes) = Designs.spector
        let plain = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        for method in [FitSpecification.Method.ridge, .lasso, .elasticNet] {
            let model = try LogisticRegression.fit(
                matrix, outcomes: outcomes, specification: specification(method, .fixed(0)),
                provenance: provenance)
            for index in 0..<4 {
                #expect(agree(model.estimates[index], plain.estimates[index], to: 1e-9))
            }
            #expect(agree(model.penalty?.effectiveParameters, 4, to: 1e-12))
        }
    }

    @Test func aPenaltyHasAnAnswerWhereOutcomesAreSeparatedOrColumnsEqual() throws {
        let x: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]
        let outcome = Outcomes(values: [0, 0, 0, 0, 1, 1, 1, 1])
        let ridge = try LogisticRegression.fit(
            Designs.matrix([("x", x), ("again", x)]), outcomes: outcome,
            specification: specification(.ridge, .fixed(0.1)), provenance: provenance)
        #expect(agree(ridge.estimates[1], ridge.estimates[2], to: 1e-9))
        #expect(ridge.aliased.isEmpty)
        // More columns than rows.
        let wide = Designs.matrix(
            (0..<12).map { column in
                (
                    "c\(column)",
                    x.map { ($0 * Double(column + 1)).truncatingRemainder(dividingBy: 5) }
                )
            })
        let lasso = try LogisticRegression.fit(
            wide, outcomes: outcome, specification: specification(.lasso, .fixed(0.05)),
            provenance: provenance)
        #expect(lasso.estimates.allSatisfy { $0.isFinite })
    }

    @Test func aWeightOfTwoIsARowTwice() throws {
        let (matrix, outcomes) = Designs.spector
        let order = (0..<32).flatMap { $0 % 3 == 0 ? [$0, $0] : [$0] }
        let specification = specification(.elasticNet, .fixed(0.03), mixing: 0.3)
        let weighted = try LogisticRegression.fit(
            matrix, outcomes: outcomes, weights: (0..<32).map { $0 % 3 == 0 ? 2.0 : 1 },
            specification: specification, provenance: provenance)
        let repeated = try LogisticRegression.fit(
            matrix.selecting(order), outcomes: Outcomes(values: order.map { outcomes.values[$0] }),
            specification: specification, provenance: provenance)
        for index in 0..<4 {
            #expect(agree(weighted.estimates[index], repeated.estimates[index], to: 1e-8))
        }
    }

    /// Three columns say something, nine nothing.
    private let noisy = Designs.planted(
        rows: 600, coefficients: [1.2, -1, 0.8] + [Double](repeating: 0, count: 9),
        intercept: -1, seed: 11)

    @Test func crossValidationChoosesAPenaltyAndDropsNoise() throws {
        let validation = Penalty.CrossValidation(folds: 5, rule: .oneStandardError, seed: 2)
        let lasso = try LogisticRegression.fit(
            noisy.0, outcomes: noisy.1,
            specification: specification(.lasso, .crossValidated(validation)),
            provenance: provenance)
        let penalty = try #require(lasso.penalty)
        #expect((20..<60).contains(penalty.path.count) && penalty.folds == 5)
        #expect(penalty.chosenBy == "one_standard_error")
        let kept = lasso.terms.filter { ($0.coefficient ?? 0) != 0 }.map(\.name)
        #expect(Set(kept).isSuperset(of: ["x0", "x1"]) && kept.count <= 7, "\(kept)")
        #expect(penalty.effectiveParameters == Double(kept.count + 1))
        // The least deviance is at or below the chosen λ, and the end of the path is worse.
        let least = try #require(penalty.path.min { $0.deviance < $1.deviance })
        #expect(penalty.strength >= least.strength)
        #expect(penalty.path[0].deviance > least.deviance)
        let minimum = try LogisticRegression.fit(
            noisy.0, outcomes: noisy.1,
            specification: specification(.lasso, .crossValidated(.init(folds: 5, seed: 2))),
            provenance: provenance)
        #expect(minimum.penalty?.strength == least.strength)
        #expect(penalty.pathEnd == nil && minimum.penalty?.pathEnd == nil)
        // At the largest λ nothing is left, at the least all; at the chosen one what the model has.
        #expect(penalty.path.first?.terms == 0 && penalty.path.last?.terms == 12)
        let chosen = penalty.path.first { $0.strength == penalty.strength }
        #expect(chosen?.terms == kept.count)
    }

    @Test func aPenaltyAtAnEndOfThePathIsSaid() throws {
        func end(_ slope: Double, _ seed: UInt64) throws -> FittedPenalty {
            let (matrix, outcomes) = Designs.planted(
                rows: 300, coefficients: [slope], intercept: 0, seed: seed)
            let model = try LogisticRegression.fit(
                matrix, outcomes: outcomes,
                specification: specification(
                    .lasso, .crossValidated(.init(folds: 5, rule: .oneStandardError, seed: 1))),
                provenance: provenance)
            return try #require(model.penalty)
        }
        // A column of noise is better left out; nothing weaker than the path's end is tried.
        let noise = try end(0, 3)
        #expect(noise.pathEnd == .strongest && noise.strength == noise.path[0].strength)
        #expect(try end(2, 3).pathEnd == nil)
        let given = try LogisticRegression.fit(
            noisy.0, outcomes: noisy.1, specification: specification(.lasso, .fixed(0.01)),
            provenance: provenance)
        #expect(given.penalty?.pathEnd == nil && given.penalty?.path.isEmpty == true)
    }

    @Test func threadsDoNotMatterAndTheSeedDoes() throws {
        func model(_ threads: Int, _ seed: UInt64) throws -> FittedModel {
            try LogisticRegression.fit(
                noisy.0, outcomes: noisy.1,
                specification: specification(.ridge, .crossValidated(.init(folds: 4, seed: seed))),
                provenance: provenance, threads: threads)
        }
        let one = try model(1, 1)
        let (two, other) = (try model(2, 1), try model(1, 7))
        #expect(try one.canonicalJSON() == two.canonicalJSON())
        #expect(one.penalty?.path != other.penalty?.path)
    }

    @Test func rowsOfOnePersonStayInOneFold() throws {
        // Every row twice: were the two in different folds, the noise would be learnt by heart.
        let twice = (0..<120).flatMap { [$0, $0] }
        var generator = SeededGenerator(seed: 5, label: "noise")
        let columns = (0..<20).map { index in
            ("n\(index)", (0..<120).map { _ in generator.uniform() })
        }
        let outcome = (0..<120).map { _ in generator.chance(0.4) ? 1.0 : 0 }
        let matrix = Designs.matrix(columns).selecting(twice)
        let outcomes = Outcomes(values: twice.map { outcome[$0] })
        func strength(_ clusters: [UInt32]?) throws -> Double {
            let model = try LogisticRegression.fit(
                matrix, outcomes: outcomes, clusters: clusters,
                specification: specification(.ridge, .crossValidated(.init(folds: 10))),
                provenance: provenance)
            return try #require(model.penalty?.strength)
        }
        let (together, apart) = (try strength(twice.map(UInt32.init)), try strength(nil))
        #expect(together > 3 * apart)
    }

    @Test(arguments: [
        ("{method: ridge, strength: 0.01}", nil),
        ("{method: lasso}", nil),
        ("{method: elastic_net, mixing: 0.2, folds: 5, choose: one_standard_error}", nil),
        ("{method: lasso, strength: cross_validated}", nil),
        ("{method: firth, correct_intercept: false}", nil),
        ("{method: irls, strength: 0.1}", "“strength” belongs to a penalised method"),
        ("{method: lasso, mixing: 0.1}", "“mixing” belongs to the method elastic_net"),
        ("{method: ridge, correct_intercept: true}", "belongs to the method firth"),
        ("{method: ridge, strength: much}", "“strength” must be a number"),
        ("{method: ridge, folds: 1}", "“folds” must be a whole number from 2"),
    ])
    func specificationsAreRead(_ text: String, _ fault: String?) throws {
        var faults = FaultList()
        let node = try YAMLDocument.parse(Array(text.utf8), file: "model.yaml")
        let specification = FitSpecification.parse(node, faults: &faults)
        var message = ""
        do { try faults.check() } catch { message = String(describing: error) }
        if let fault {
            #expect(message.contains(fault), "\(message)")
        } else {
            let method = text.dropFirst(9).prefix { $0.isLetter || $0 == "_" }
            #expect(message == "" && specification.method.rawValue == method)
        }
    }

    // R: glmnet.control(fdev = 0, devmax = 1)
    //    cv.glmnet(x, GRADE, family = "binomial", alpha = a, lambda = c(0.3, 0.1, 0.03, 0.01, 0.003),
    //              foldid = (seq_len(32) - 1) %% 4 + 1, thresh = 1e-20, maxit = 1e8), glmnet 4.1-6
    @Test(arguments: [
        (
            0.0, [1.1917193451, 1.15796504857, 1.21859884012, 1.32007600239, 1.41650942457],
            [0.14302581707, 0.152455849766, 0.199531094665, 0.252485349154, 0.302004073074], 0.3
        ),
        (
            1.0, [1.41056338842, 1.21601199812, 1.21729349262, 1.3536031838, 1.44573936927],
            [0.182948228043, 0.112127867919, 0.167750863044, 0.257502856254, 0.315085320187], 0.1
        ),
    ])
    func theCurveOfGivenFoldsAgreesWithR(
        _ mixing: Double, _ deviances: [Double], _ errors: [Double], _ chosen: Double
    ) throws {
        let (matrix, outcomes) = Designs.spector
        let curve = try LogisticRegression.penaltyCurve(
            matrix, outcomes: outcomes, mixing: mixing, fold: (0..<32).map { $0 % 4 },
            strengths: [0.3, 0.1, 0.03, 0.01, 0.003])
        for (index, step) in curve.enumerated() {
            #expect(agree(step.deviance, deviances[index], to: 1e-8))
            #expect(agree(step.standardError, errors[index], to: 1e-8))
        }
        #expect(Penalty.CrossValidation.Rule.minimum.choice(of: curve) == 0.1)
        #expect(Penalty.CrossValidation.Rule.oneStandardError.choice(of: curve) == chosen)
    }
}
