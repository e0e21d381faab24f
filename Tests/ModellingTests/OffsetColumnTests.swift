import Foundation
import PipelineModel
import StrictYAML
import Testing

@testable import Modelling

/// A column whose coefficient is 1, beside R's offsets.
///
/// x, o and y are those of `RowsOfR`.
struct OffsetColumnTests {
    private static let columns = RowsOfR.columns
    private static let offset = RowsOfR.offset
    private static let outcome = RowsOfR.outcome
    /// The offset stands between the others.
    private static let design = Designs.matrix([
        ("a", columns[0]), ("expected", offset), ("b", columns[1]), ("c", columns[2]),
    ])

    private func fit(
        _ specification: FitSpecification, offsets: [Double]? = nil,
        _ design: DesignMatrix = design
    ) throws -> FittedModel {
        try LogisticRegression.fit(
            design, outcomes: Outcomes(values: Self.outcome), offsets: offsets,
            specification: specification, provenance: ModelProvenance(model: "test"))
    }

    private func specification(
        _ method: FitSpecification.Method, _ strength: Penalty.Strength = .fixed(0)
    ) -> FitSpecification {
        var specification = FitSpecification(
            method: method, penalty: Penalty(strength: strength), correctsIntercept: false)
        specification.offset = "expected"
        return specification
    }

    // coef(glm(y ~ x[,1:3] + offset(o), binomial)); brglm2 with type = "AS_mean";
    // glmnet(x[,1:3], y, "binomial", alpha = a, offset = o, lambda = l, thresh = 1e-24)
    @Test(arguments: [
        (
            FitSpecification.Method.irls, 0.0,
            [-0.0232051310334169, 0.9120971096858844, -0.3133971956094203, -0.0132975819063807]
        ),
        (
            .firth, 0,
            [-0.0181775047790987, 0.8889426214842050, -0.2916573188184324, -0.0149644676833186]
        ),
        (.lasso, 0.02, [-0.0310071590357127, 0.6059486083884601, 0, 0]),
        (
            .ridge, 0.05,
            [0.02599864840192675, 0.74812352852822883, -0.25670485148063676, -0.00611569371174983]
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
        let term = model.terms[1]
        #expect(term.coefficient == 1 && term.isOffset == true && term.standardError == nil)
        #expect(model.parameters == ["(intercept)", "a", "b", "c"] && model.aliased.isEmpty)
        #expect(try FittedModel(canonicalJSON: model.canonicalJSON(), file: "f") == model)
    }

    // sqrt(diag(vcov(g))); c(g$deviance, g$null.deviance)
    @Test func errorsAndDevianceAreThoseOfR() throws {
        let model = try fit(specification(.irls))
        let expected = [
            0.589482034765785, 0.668705032435275, 0.700566063905484, 0.654877070741268,
        ]
        for (found, expected) in zip(model.standardErrors, expected) {
            #expect(agree(found, expected, to: 1e-7))
        }
        #expect(agree(model.deviance, 152.742509512703, to: 1e-10))
        #expect(agree(model.nullDeviance, 154.822336071499, to: 1e-10))
        #expect(model.covariance.count == 16)
    }

    /// The equation is whole: the offset is a term of it like the others.
    @Test func theEquationAddsTheOffset() throws {
        let equation = try fit(specification(.irls)).equation
        #expect(equation.terms.map(\.name) == ["a", "expected", "b", "c"])
        #expect(equation.terms[1].coefficient == 1)
        #expect(agree(equation.terms[1].mean, Self.offset.reduce(0, +) / 120, to: 1e-12))
    }

    @Test func aChosenPenaltyIsThatOfOffsetsBesideTheDesign() throws {
        let others = Designs.matrix([
            ("a", Self.columns[0]), ("b", Self.columns[1]), ("c", Self.columns[2]),
        ])
        for method in [FitSpecification.Method.lasso, .ridge] {
            var plain = specification(method, .crossValidated(.init(folds: 4)))
            let within = try fit(plain)
            plain.offset = nil
            let beside = try fit(plain, offsets: Self.offset, others)
            #expect(agree(within.penalty?.strength, beside.penalty?.strength ?? 0, to: 1e-9))
            for (left, right) in zip(within.estimates, beside.estimates) {
                #expect((left - right).magnitude < 1e-8)
            }
        }
    }

    /// Nothing is estimated of an offset: five rows are enough for three columns, one of them it.
    @Test func anOffsetIsNoTermOfTheRowsCheck() throws {
        let x = [1.0, 2, 3, 4, 2.5]
        var specification = FitSpecification(correctsIntercept: false)
        let design = Designs.matrix([
            ("a", x), ("expected", [0, 0.1, 0, 0.2, 0]), ("b", [0, 1, 1, 0, 1]),
            ("c", [1, 0, 1, 1, 0]),
        ])
        func refusal() -> String {
            do {
                _ = try LogisticRegression.fit(
                    design, outcomes: Outcomes(values: [0, 1, 0, 1, 0]),
                    specification: specification, provenance: ModelProvenance(model: "test"))
                return ""
            } catch { return (error as? StileError)?.message ?? "\(error)" }
        }
        #expect(refusal().contains("4 terms and an intercept, but only 5 rows"))
        specification.offset = "expected"
        #expect(!refusal().contains("terms and an intercept"), "\(refusal())")
    }

    /// In each fold a path begins with the offset, however large it is.
    @Test func aLargeOffsetIsNoExplanation() throws {
        let design = Designs.matrix([
            ("a", Self.columns[0]), ("expected", Self.offset.map { $0 - 9 }),
            ("b", Self.columns[1]), ("c", Self.columns[2]),
        ])
        let chosen = specification(.lasso, .crossValidated(.init(folds: 4)))
        let (large, small) = (try fit(chosen, design), try fit(chosen))
        let (left, right) = (large.penalty?.path ?? [], small.penalty?.path ?? [])
        #expect(left.count == right.count && left.count > 5)
        for (one, other) in zip(left, right) {
            #expect(agree(one.deviance, other.deviance, to: 1e-7))
        }
        #expect(agree(large.intercept, small.intercept + 9, to: 1e-7))
    }

    private func fit(_ specification: FitSpecification, _ design: DesignMatrix) throws
        -> FittedModel
    {
        try fit(specification, offsets: nil, design)
    }

    @Test func whatIsNoOffsetIsRefused() throws {
        var unknown = specification(.irls)
        unknown.offset = "exposure"
        let missing = #expect(throws: StileError.self) { try fit(unknown) }
        #expect(missing?.message == "The offset “exposure” is not a column of the model.")
        let twice = #expect(throws: StileError.self) {
            try fit(specification(.irls), offsets: Self.offset)
        }
        #expect(twice?.message.contains("is not the only one") == true)
        for value in [Double.nan, .infinity] {
            var offset = Self.offset
            offset[7] = value
            let design = Designs.matrix([("a", Self.columns[0]), ("expected", offset)])
            let error = #expect(throws: StileError.self) { try fit(specification(.irls), design) }
            #expect(error?.message == "1 rows have an offset that is not finite.")
        }
    }

    @Test func itIsReadFromTheSpecification() throws {
        func read(_ text: String) throws -> FitSpecification {
            var faults = FaultList()
            let node = try YAMLDocument.parse(Array(text.utf8), file: "model.yaml")
            let found = FitSpecification.parse(node, faults: &faults)
            try faults.check()
            return found
        }
        #expect(try read("{method: irls, offset: expected}").offset == "expected")
        #expect(try read("{method: irls}").offset == nil)
        #expect(throws: StileError.self) { try read("{method: irls, offset: [a, b]}") }
    }
}
