import Evaluation
import Foundation
import Modelling
import PipelineModel
import Testing

@testable import LinkingZone

/// The path of a penalty on the page of an evaluation.
struct PenaltyPathPageTests {
    private static let rows = 240
    private static let columns: [(name: String, values: [Double])] = {
        var generator = SeededGenerator(seed: 4, label: "path page")
        return ["age", "visits", "distance", "noise", "none"].enumerated().map { index, name in
            (
                name,
                (0..<rows).map { _ in (generator.uniform() * 4 - 2) * [10, 1, 0.1, 1, 1][index] }
            )
        }
    }()

    private static func fit(
        _ method: FitSpecification.Method, _ strength: Penalty.Strength
    ) throws -> FittedModel {
        var generator = SeededGenerator(seed: 5, label: "path page")
        let outcomes = (0..<rows).map { row in
            generator.chance(
                Logistic.probability(
                    0.1 * columns[0].values[row] - 0.6 * columns[1].values[row]
                        + 4 * columns[2].values[row])) ? 1.0 : 0
        }
        let keys = (0..<rows).map { row in
            let person = PersonPseudonym(high: 1, low: UInt64(row + 1))
            return RowKey(unit: person.cast(), asOf: Day(20_000), person: person)
        }
        return try LogisticRegression.fit(
            DesignMatrix(
                unitKind: .person, rows: keys, columns: columns.map(\.name),
                values: columns.flatMap(\.values)),
            outcomes: Outcomes(values: outcomes),
            specification: FitSpecification(method: method, penalty: Penalty(strength: strength)),
            provenance: ModelProvenance(model: "t"))
    }

    private func page(_ fit: FittedModel?) throws -> String {
        let score = (0..<60).map { Double($0) / 20 - 2 }
        let report = try Evaluation.evaluate(
            ScoredTable(
                score: score, probability: score.map(Logistic.probability),
                outcome: (0..<60).map { $0 % 3 == 0 ? 1 : 0 }), listSize: 10, resamples: 0)
        return EvaluationPage.html(report, title: "t", fit: fit, made: [])
    }

    private func section(_ page: String) throws -> String {
        let start = try #require(page.range(of: ">How strong the penalty is</h2>"))
        let rest = page[start.upperBound...]
        return String(rest[..<(try #require(rest.range(of: "<h2")).lowerBound)])
    }

    @Test(arguments: [Penalty.CrossValidation.Rule.minimum, .oneStandardError])
    func theCurvesAndTheChosenStrengthAreShown(_ rule: Penalty.CrossValidation.Rule) throws {
        let model = try Self.fit(.lasso, .crossValidated(.init(folds: 5, rule: rule)))
        let penalty = try #require(model.penalty)
        let html = try section(page(model))
        #expect(html.components(separatedBy: "<svg").count == 3)
        #expect(html.components(separatedBy: "class=\"limit\"").count == (rule == .minimum ? 3 : 4))
        #expect(html.contains(">λ of the model</text>"))
        #expect(html.contains(">least deviance</text>") == (rule == .oneStandardError))
        #expect(html.contains("class=\"band\"") && html.contains("in 5 parts"))
        // A row for each λ, one for each term, and their heads.
        let rows = html.components(separatedBy: "<tr").count - 1
        #expect(rows == penalty.path.count + Self.columns.count + 2)
        let chosen = try #require(penalty.path.first { $0.strength == penalty.strength })
        #expect(html.contains(String(format: "%.5f", chosen.deviance)))
        // On one standard deviation, so that units do not matter: the age is measured in tens.
        let age = try #require(model.terms.first { $0.name == "age" })
        let scale = try #require(age.scale)
        let values = Self.columns[0].values
        let mean = values.reduce(0, +) / Double(Self.rows)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        #expect((scale - (square / Double(Self.rows)).squareRoot()).magnitude < 1e-9 * scale)
        let shown = String(format: "%.4f", (age.coefficient ?? 0) * scale)
        #expect(html.contains(">\(shown)<"), "\(shown)")
        #expect(html.contains("the other 2 terms"))
        #expect(!html.contains("nan") && !html.contains("inf<"))
    }

    /// A ridge has every term at each λ.
    @Test func aRidgeKeepsAllTerms() throws {
        let html = try section(
            page(Self.fit(.ridge, .crossValidated(.init(folds: 4)))))
        #expect(html.contains("squared coefficients (ridge)") && !html.contains(">never<"))
    }

    @Test func whereNothingWasChosenThereIsNoPath() throws {
        for model in [nil, try Self.fit(.irls, .fixed(0)), try Self.fit(.ridge, .fixed(0.1))] {
            #expect(try !page(model).contains("How strong the penalty is"))
        }
    }

    /// A fit of another version has neither coefficients along its path nor scales.
    @Test func withoutCoefficientsTheCurveOfTheRowsLeftOutStands() throws {
        var model = try Self.fit(.lasso, .crossValidated(.init(folds: 4)))
        for term in model.terms.indices { model.terms[term].scale = nil }
        let html = try section(page(model))
        #expect(html.contains("were not kept") && html.components(separatedBy: "<svg").count == 2)
    }
}
