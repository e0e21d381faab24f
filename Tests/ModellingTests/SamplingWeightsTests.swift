import Foundation
import PipelineModel
import StrictYAML
import Testing

@testable import Modelling

/// Rows that stand for different numbers of people, beside R's survey, sandwich and glmnet.
///
/// x, o and y are those of `RowsOfR`.
///     w <- 1 + 9*x[,4]; v <- w / mean(w); cl <- (0:(n-1)) %/% 3
///     g <- glm(y ~ x[,1:3], binomial, weights = v, control = list(epsilon = 1e-14, maxit = 100))
struct SamplingWeightsTests {
    private static let columns = RowsOfR.columns
    private static let offset = RowsOfR.offset
    private static let weight = columns[3].map { 1 + 9 * $0 }
    private static let outcome = RowsOfR.outcome
    private static let coefficients = [
        0.0863703880054947, 0.9404443207688471, -0.8658422562713902, 0.0640295247353018,
    ]

    /// The weight stands between the others.
    private static func design(
        weight: [Double] = weight, _ more: [(String, [Double])] = []
    ) -> DesignMatrix {
        Designs.matrix(
            [
                ("a", columns[0]), ("stands_for", weight), ("b", columns[1]), ("c", columns[2]),
            ] + more)
    }

    private func specification(
        _ method: FitSpecification.Method = .irls, _ strength: Penalty.Strength = .fixed(0)
    ) -> FitSpecification {
        var specification = FitSpecification(method: method, penalty: Penalty(strength: strength))
        specification.weights = "stands_for"
        return specification
    }

    private func fit(
        _ specification: FitSpecification, _ design: DesignMatrix = design(),
        weights: [Double]? = nil, clusters: [UInt32]? = nil, threads: Int = 1
    ) throws -> FittedModel {
        try LogisticRegression.fit(
            design, outcomes: Outcomes(values: Self.outcome), weights: weights, clusters: clusters,
            specification: specification, provenance: ModelProvenance(model: "test"),
            threads: threads)
    }

    // coef(g); glmnet(x[,1:3], y, "binomial", weights = w, alpha = a, lambda = l, thresh = 1e-24)
    @Test(arguments: [
        (FitSpecification.Method.irls, 0.0, coefficients),
        (.lasso, 0.02, [0.107964608355189, 0.647684325651545, -0.549820746886377, 0]),
        (
            .ridge, 0.05,
            [0.0938144262322500, 0.7744553815698615, -0.7120279749720928, 0.0599380432717677]
        ),
    ])
    func agreesWithR(
        _ method: FitSpecification.Method, _ strength: Double, _ expected: [Double]
    ) throws {
        let model = try fit(specification(method, .fixed(strength)))
        #expect(model.estimates.count == 4)
        for (found, expected) in zip(model.estimates, expected) {
            #expect((found - expected).magnitude < 1e-7, "\(model.estimates)")
        }
        #expect(model.parameters == ["(intercept)", "a", "b", "c"] && model.aliased.isEmpty)
        #expect(model.equation.terms.map(\.name) == ["a", "b", "c"])
        let term = model.terms[1]
        #expect(term.coefficient == nil && term.isWeight == true && term.standardError == nil)
        #expect(try FittedModel(canonicalJSON: model.canonicalJSON(), file: "f") == model)
    }

    // svyglm(y ~ x1 + x2 + x3, svydesign(ids = ~1, weights = ~w, data), quasibinomial()) and
    // vcovCL(g, cluster = 1:n, type = "HC0") say the same; c(g$deviance, g$null.deviance)
    @Test func errorsAreThoseOfASample() throws {
        let model = try fit(specification())
        let expected = [
            0.608612529767607, 0.697946960631164, 0.724120828479874, 0.673789093680665,
        ]
        #expect(model.clusteredStandardErrors.count == 4)
        for (found, expected) in zip(model.clusteredStandardErrors, expected) {
            #expect(agree(found, expected, to: 1e-7), "\(found)")
        }
        // Those of the information would take weights for people.
        #expect(model.covariance.isEmpty && model.interceptStandardError == nil)
        #expect(model.terms.allSatisfy { $0.standardError == nil })
        #expect(model.terms[0].clusteredStandardError == model.clusteredStandardErrors[1])
        #expect(model.clusters == nil)
        #expect(agree(model.deviance, 161.953446778490, to: 1e-10))
        #expect(agree(model.nullDeviance, 165.626617685705, to: 1e-10))
    }

    @Test(arguments: [
        (FitSpecification.Method.irls, true), (.irls, false), (.firth, false),
    ])
    func withoutErrorsTheEquationIsTheSame(
        _ method: FitSpecification.Method, isWeighted: Bool
    ) throws {
        var asked = specification(method)
        if !isWeighted { asked.weights = nil }
        let clusters = (0..<120).map { UInt32($0 / 3) }
        let model = try fit(asked, clusters: clusters)
        #expect(!model.clusteredCovariance.isEmpty && model.covariance.isEmpty == isWeighted)
        asked.estimatesErrors = false
        let bare = try fit(asked, clusters: clusters)
        #expect(bare.equation == model.equation && bare.deviance == model.deviance)
        #expect(bare.covariance.isEmpty && bare.clusteredCovariance.isEmpty)
        #expect(bare.interceptStandardError == nil && bare.clusteredInterceptStandardError == nil)
        #expect(
            bare.terms.allSatisfy {
                $0.standardError == nil && $0.clusteredStandardError == nil
            })
    }

    /// The variance of a column in so small a unit is no number, though its scores are.
    @Test func errorsThatOverflowStopNoFitThatHasNone() throws {
        var small = Designs.matrix([
            ("a", Self.columns[0].map { $0 * 1e-155 }), ("stands_for", Self.weight),
        ])
        var asked = specification()
        let error = #expect(throws: StileError.self) { try fit(asked, small) }
        #expect(error?.message == FitAssembly.noCovariance.message)
        asked.estimatesErrors = false
        let bare = try fit(asked, small)
        small = Designs.matrix([("a", Self.columns[0]), ("stands_for", Self.weight)])
        let model = try fit(asked, small)
        #expect(agree(bare.estimates[0], model.estimates[0], to: 1e-8))
        #expect(agree(bare.estimates[1] * 1e-155, model.estimates[1], to: 1e-8))
    }

    // svydesign(ids = ~cl, …), and vcovCL(g, cluster = cl, type = "HC0")
    @Test func errorsByPeopleKnowTheWeights() throws {
        let model = try fit(specification(), clusters: (0..<120).map { UInt32($0 / 3) })
        let expected = [
            0.547233766679569, 0.714782237044967, 0.679956436353415, 0.696763664957021,
        ]
        for (found, expected) in zip(model.clusteredStandardErrors, expected) {
            #expect(agree(found, expected, to: 1e-7), "\(found)")
        }
        #expect(model.clusters == 40 && model.covariance.isEmpty)
    }

    // glm(y ~ x[,1:3] + offset(o), binomial, weights = v), and its vcovCL by row
    @Test func besideAnOffset() throws {
        var both = specification()
        both.offset = "expected"
        let model = try fit(both, Self.design([("expected", Self.offset)]))
        let expected = [
            0.0516279461684433, 1.1134210352973470, -0.6882736685901223, 0.0778857938723641,
        ]
        let errors = [
            0.630444873335153, 0.718459213225475, 0.760294359320269, 0.702732580868063,
        ]
        for (found, expected) in zip(model.estimates, expected) {
            #expect((found - expected).magnitude < 1e-7, "\(model.estimates)")
        }
        for (found, expected) in zip(model.clusteredStandardErrors, errors) {
            #expect(agree(found, expected, to: 1e-7))
        }
        #expect(both.unestimated == ["expected", "stands_for"])
    }

    /// Weights in thousands, or added up to 1, are the same weights.
    @Test func onlyProportionsCount() throws {
        let plain = try fit(specification())
        for unit in [1_000, 1.0 / 726] {
            let other = try fit(specification(), Self.design(weight: Self.weight.map { $0 * unit }))
            for (left, right) in zip(plain.estimates, other.estimates) {
                #expect((left - right).magnitude < 1e-9)
            }
            for (left, right) in zip(plain.clusteredCovariance, other.clusteredCovariance) {
                #expect(agree(left, right, to: 1e-8))
            }
            #expect(agree(other.weighting?.total, 727.408518201722 * unit, to: 1e-12))
            #expect(
                agree(plain.weighting?.designEffect, other.weighting?.designEffect ?? 0, to: 1e-12))
        }
    }

    @Test func threadsDoNotMatter() throws {
        #expect(try fit(specification()) == fit(specification(), threads: 3))
    }

    /// Folds, path and chosen λ are those of weights beside the design.
    @Test func aChosenPenaltyIsOfTheWeightedRows() throws {
        let mean = Self.weight.reduce(0, +) / 120
        let others = Designs.matrix([
            ("a", Self.columns[0]), ("b", Self.columns[1]), ("c", Self.columns[2]),
        ])
        for method in [FitSpecification.Method.lasso, .ridge] {
            var plain = specification(method, .crossValidated(.init(folds: 4)))
            let within = try fit(plain)
            plain.weights = nil
            let beside = try fit(plain, others, weights: Self.weight.map { $0 / mean })
            let apart = try fit(plain, others)
            #expect(within.penalty?.strength == beside.penalty?.strength)
            #expect(within.penalty?.path == beside.penalty?.path)
            #expect(within.penalty?.path.first?.deviance != apart.penalty?.path.first?.deviance)
            #expect(within.weighting != nil && beside.weighting == nil)
        }
    }

    // sum(w)^2 / sum(w^2)
    @Test func theyTellAsMuchAsFewerRows() throws {
        let weights = try SamplingWeights("stands_for", of: Self.design())
        #expect(agree(120 / weights.designEffect, 101.82347338151, to: 1e-12))
        #expect(agree(weights.values.reduce(0, +), 120, to: 1e-12))
        let rows = EffectiveRows(
            clusters: Array(0..<120), outcome: Self.outcome, weights: weights)
        #expect(rows.effective == 101 && rows.weightEffect == weights.designEffect)
        let alike = try SamplingWeights(
            "stands_for", of: Self.design(weight: Self.weight.map { _ in 7 }))
        #expect(alike.designEffect == 1)
        // Both effects: 40 people in the mean of three rows each.
        let people = EffectiveRows(
            clusters: (0..<120).map { $0 / 3 }, outcome: Self.outcome, weights: weights)
        let plain = EffectiveRows(clusters: (0..<120).map { $0 / 3 }, outcome: Self.outcome)
        #expect(plain.effective == 40 && people.effective == Int(40 / weights.designEffect))
        #expect(people.byDesignEffect < plain.byDesignEffect)
    }

    @Test func whatIsNoWeightIsRefused() throws {
        func message(
            _ specification: FitSpecification, _ weight: [Double], _ others: [Double]? = nil
        )
            -> String?
        {
            let error = #expect(throws: StileError.self) {
                try fit(specification, Self.design(weight: weight), weights: others)
            }
            return error?.message
        }
        var unknown = specification()
        unknown.weights = "people"
        #expect(
            message(unknown, Self.weight) == "The weight “people” is not a column of the model.")
        for value in [0, -1, Double.nan, .infinity] {
            var weight = Self.weight
            weight[7] = value
            #expect(
                message(specification(), weight)
                    == "1 rows have a weight “stands_for” that is not above 0.")
        }
        for weight in [
            Self.weight.map { $0 * 1e307 },
            Self.weight.enumerated().map { $0 == 3 ? .leastNonzeroMagnitude : $1 },
        ] {
            #expect(message(specification(), weight)?.contains("too far apart") == true)
        }
        #expect(
            message(specification(), Self.weight, Self.weight)
                == "The weights “stands_for” are not the only ones.")
        #expect(message(specification(.firth), Self.weight) == FitSpecification.noWeightsForFirth)
    }

    @Test func theyAreReadFromTheSpecification() throws {
        func read(_ text: String) throws -> FitSpecification {
            var faults = FaultList()
            let node = try YAMLDocument.parse(Array(text.utf8), file: "model.yaml")
            let found = FitSpecification.parse(node, faults: &faults)
            try faults.check()
            return found
        }
        #expect(try read("{method: irls, weights: stands_for}").weights == "stands_for")
        #expect(try read("{method: irls}").weights == nil)
        let firth = #expect(throws: StileError.self) { try read("{method: firth, weights: w}") }
        #expect(firth?.message == FitSpecification.noWeightsForFirth)
        let twice = #expect(throws: StileError.self) {
            try read("{method: irls, weights: w, offset: w}")
        }
        #expect(twice?.message == "“w” is both offset and weight.")
    }
}
