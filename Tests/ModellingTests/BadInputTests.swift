import Foundation
import Modelling
import PipelineModel
import Testing

/// Every way of fitting on every kind of bad input: a sentence or an answer, and never a number that
/// is none.
struct BadInputTests {
    enum Way: String, CaseIterable {
        case irls, ridge, ridgeChosen, elasticNet, lasso, firth

        var specification: FitSpecification {
            func penalised(_ method: FitSpecification.Method, _ strength: Penalty.Strength)
                -> FitSpecification
            {
                FitSpecification(method: method, penalty: Penalty(mixing: 0.5, strength: strength))
            }
            let chosen = Penalty.Strength.crossValidated(.init(folds: 3, seed: 1))
            return switch self {
            case .irls: FitSpecification()
            case .ridge: penalised(.ridge, .fixed(0.1))
            case .ridgeChosen: penalised(.ridge, chosen)
            case .elasticNet: penalised(.elasticNet, .fixed(0.02))
            case .lasso: penalised(.lasso, .fixed(0.02))
            case .firth: FitSpecification(method: .firth, profilesIntervals: true)
            }
        }

        var isPenalised: Bool { specification.method.isPenalised }
    }

    /// One table, and what is said of it.
    struct Input: Sendable, CustomTestStringConvertible {
        var name: String
        var columns: [(String, [Double])]
        var outcome: [Double]
        var weights: [Double]?
        /// What a fit without a penalty says, Firth's, and one with a penalty; `nil` for an answer.
        var irls: String?
        var firth: String?
        var penalised: String?
        /// Terms without a coefficient, where nothing is penalised; a penalty leaves out what is
        /// constant only.
        var aliased: [String] = []
        var isConstant = false

        var testDescription: String { name }

        func sentence(_ way: Way) -> String? {
            way.isPenalised ? penalised : way == .firth ? firth : irls
        }
    }

    private static let rows = 24
    private static let age: [Double] = (0..<rows).map { (row: Int) in Double((row * 7) % 11) }
    private static let dose: [Double] = (0..<rows).map { (row: Int) in Double((row * 5) % 9) }
    private static let outcome: [Double] = {
        let week: [Double] = [0, 1, 0, 0, 1, 1, 0]
        return (0..<rows).map { (row: Int) in week[row % 7] }
    }()

    private static func same(
        _ name: String, _ columns: [(String, [Double])], _ outcome: [Double] = outcome,
        weights: [Double]? = nil, says sentence: String?, aliased: [String] = [],
        isConstant: Bool = false
    ) -> Input {
        Input(
            name: name, columns: columns, outcome: outcome, weights: weights, irls: sentence,
            firth: sentence, penalised: sentence, aliased: aliased, isConstant: isConstant)
    }

    private static func with(_ value: Double, at row: Int) -> [(String, [Double])] {
        var dose = dose
        dose[row] = value
        return [("age", age), ("dose", dose)]
    }

    static let inputs: [Input] = {
        typealias Columns = [(String, [Double])]
        let both: Columns = [("age", age), ("dose", dose)]
        let wide: Columns = (0..<30).map { (column: Int) in
            let values = (0..<rows).map { (row: Int) in Double((row * (column + 3) + column) % 37) }
            return ("c\(column)", values)
        }
        let separating: [Double] = (0..<rows).map { (row: Int) in
            4 * outcome[row] + Double(row % 3)
        }
        let some: [Double] = (0..<rows).map { (row: Int) in row % 4 == 0 ? 0 : 1 }
        let noise: [Double] = (0..<rows).map { (row: Int) in Double((row * 5) % 7) }
        let nothing = [Double](repeating: 0, count: rows)
        let everything = [Double](repeating: 1, count: rows)
        let vast: [Double] = dose.map { (value: Double) in 1e300 * (value + 1) }
        let unweighted: [Double] = [.nan] + Array(some.dropFirst())
        let unknown: [Double] = [.nan] + Array(outcome.dropFirst())
        var onlyOne = [Double](repeating: 0, count: rows)
        onlyOne[4] = 1
        let tooMany = "The model has 30 terms and an intercept, but only 24 rows."
        let separated = "The outcomes are separated by “"
        let inputs: [Input] = [
            same(
                "a constant column", [("age", age), ("one", [Double](repeating: 3, count: rows))],
                says: nil,
                aliased: ["one"], isConstant: true),
            same(
                "a column of zeros", [("age", age), ("none", nothing)], says: nil,
                aliased: ["none"], isConstant: true),
            same("a column twice", both + [("again", age)], says: nil, aliased: ["again"]),
            same(
                "no event", both, nothing, says: "All 24 rows have the outcome 0"),
            same(
                "events only", both, everything, says: "All 24 rows have the outcome 1"),
            same("a value that is none", with(.nan, at: 3), says: "“dose” has 1 values"),
            same("infinity", with(.infinity, at: 3), says: "“dose” has 1 values"),
            same("infinity below zero", with(-.infinity, at: 0), says: "“dose” has 1 values"),
            same(
                "1e300", with(1e300, at: 3),
                says: "The column “dose” has values so large that their spread overflows."),
            same(
                "1e300 everywhere", [("age", age), ("dose", vast)],
                says: "The column “dose” has values so large that their spread overflows."),
            same(
                "one row", [("age", [1]), ("dose", [2])], [1],
                says: "The only row has the outcome 1"),
            same("no row", [("age", []), ("dose", [])], [], says: "There is no row to fit on."),
            Input(
                name: "more columns than rows", columns: wide, outcome: outcome, irls: tooMany,
                firth: tooMany, penalised: nil),
            Input(
                name: "perfect separation", columns: [("noise", noise), ("dose", separating)],
                outcome: outcome, irls: separated, firth: nil, penalised: nil),
            same("some weights of 0", both, weights: some, says: nil),
            same(
                "every weight 0", both, weights: nothing,
                says: "Every row has a weight of 0, so there is nothing to fit on."),
            same(
                "every weight 0 but one", both, weights: onlyOne,
                says: "The only row has the outcome 1"),
            same(
                "a weight that is none", both, weights: unweighted,
                says: "1 rows have a weight that is negative or not finite."),
            same(
                "an outcome that is none", both, unknown, says: "1 rows have"),
        ]
        return inputs
    }()

    @Test(arguments: Way.allCases, inputs)
    func aSentenceOrAnAnswer(_ way: Way, _ input: Input) throws {
        func fit(_ threads: Int) throws -> FittedModel {
            try LogisticRegression.fit(
                Designs.matrix(input.columns), outcomes: Outcomes(values: input.outcome),
                weights: input.weights, specification: way.specification,
                provenance: ModelProvenance(model: "test"), threads: threads)
        }
        if let sentence = input.sentence(way) {
            let error = #expect(throws: StileError.self) { try fit(1) }
            #expect(error?.message.contains(sentence) == true, "\(String(describing: error))")
            #expect(error?.remedy.isEmpty == false)
            #expect(error?.description.lowercased().contains("nan") == false)
            return
        }
        let model = try fit(1)
        let expected = way.isPenalised && !input.isConstant ? [] : input.aliased
        #expect(model.aliased == expected)
        #expect(model.estimates.allSatisfy { $0.isFinite })
        #expect(model.scaledGradient < 1e-6, "\(model.scaledGradient)")
        // JSON has no way to write a number that is none: it would not come to be.
        let json = try model.canonicalJSON()
        let again = try fit(2).canonicalJSON()
        #expect(json == again)
        let text = String(decoding: json, as: UTF8.self).lowercased()
        for place in [":nan", ",nan", "[nan", ":inf", ":-inf"] {
            #expect(!text.contains(place))
        }
    }

    @Test func ofColumnsTwiceAPenaltySharesTheCoefficientOrTakesOne() throws {
        let columns = [("age", Self.age), ("again", Self.age)]
        func fit(_ method: FitSpecification.Method) throws -> FittedModel {
            try LogisticRegression.fit(
                Designs.matrix(columns), outcomes: Outcomes(values: Self.outcome),
                specification: .init(method: method, penalty: .init(strength: .fixed(0.01))),
                provenance: ModelProvenance(model: "test"))
        }
        let ridge = try fit(.ridge)
        #expect(agree(ridge.estimates[1], ridge.estimates[2], to: 1e-9))
        let alone = try LogisticRegression.fit(
            Designs.matrix([("age", Self.age)]), outcomes: Outcomes(values: Self.outcome),
            specification: .init(method: .lasso, penalty: .init(strength: .fixed(0.01))),
            provenance: ModelProvenance(model: "test"))
        let lasso = try fit(.lasso)
        #expect(
            (lasso.estimates[1] + lasso.estimates[2] - alone.estimates[1]).magnitude < 1e-7,
            "\(lasso.estimates)")
    }

    @Test func aRowOfNoWeightIsNoRow() throws {
        let weights = (0..<Self.rows).map { $0 % 4 == 0 ? 0.0 : 1 }
        let kept = (0..<Self.rows).filter { weights[$0] > 0 }
        let matrix = Designs.matrix([("age", Self.age), ("dose", Self.dose)])
        for way in [Way.irls, .ridge, .lasso, .elasticNet, .firth] {
            let weighted = try LogisticRegression.fit(
                matrix, outcomes: Outcomes(values: Self.outcome), weights: weights,
                specification: way.specification, provenance: ModelProvenance(model: "test"))
            let without = try LogisticRegression.fit(
                matrix.selecting(kept),
                outcomes: Outcomes(values: kept.map { Self.outcome[$0] }),
                specification: way.specification, provenance: ModelProvenance(model: "test"))
            for (one, other) in zip(weighted.estimates, without.estimates) {
                #expect((one - other).magnitude < 1e-8, "\(way)")
            }
        }
    }

    @Test func theFactorThatWasUsedIsStated() throws {
        let (matrix, outcomes) = Designs.spector
        var generator = SeededGenerator(seed: 3, label: "nearly twice")
        let nearly = (0..<32).map { matrix.values[$0] + 1e-7 * generator.uniform() }
        let columns = [
            ("GPA", Array(matrix.values[0..<32])), ("TUCE", Array(matrix.values[32..<64])),
            ("nearly", nearly),
        ]
        for (design, factor) in [(matrix, "cholesky"), (Designs.matrix(columns), "qr")] {
            let model = try LogisticRegression.fit(
                design, outcomes: outcomes, specification: .init(method: .firth),
                provenance: ModelProvenance(model: "test"))
            #expect(model.factorisation == factor, "\(model.reciprocalCondition)")
        }
    }
}
