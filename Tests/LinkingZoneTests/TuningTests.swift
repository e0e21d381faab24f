import Evaluation
import Features
import Modelling
import PipelineModel
import Testing

@testable import LinkingZone

/// Four hundred people, of whom one column says something of the first half only, and another never.
struct TuningTests {
    private static func day(_ text: String) -> Day { Day(iso: text) ?? Day(0) }

    private func specification(_ fit: String) throws -> ModelSpecification {
        try .made(
            model:
                """
                model: tuned
                title: Tuned
                purpose: testing
                version: 1
                unit: person
                cohort: {from: care.people}
                as_of:
                  train: {from: 2023-01-01, to: 2023-01-01, every_months: 3}
                  test: {from: 2024-01-01, to: 2024-01-01, every_months: 3}
                outcome: {from: care.events, horizon_days: 120}
                list: {size: 20}
                baseline: before
                fit: {\(fit), exploratory: true}
                resampling: {refits: 12}
                """,
            features:
                """
                features:
                  - {name: before, title: t, from: care.events, aggregate: count}
                  - {name: other, title: t, from: care.events, aggregate: count}
                """)
    }

    private func table() throws -> DevelopmentTable {
        var generator = SeededGenerator(seed: 12, label: "tuned")
        var rows: [RowKey] = []
        var (before, other, outcome) = ([Double](), [Double](), [Double]())
        for person in 0..<400 {
            let pseudonym = PersonPseudonym(high: 1, low: UInt64(person + 1))
            rows.append(
                RowKey(unit: pseudonym.cast(), asOf: Self.day("2023-01-01"), person: pseudonym))
            let count = Double(generator.below(5))
            before.append(count)
            other.append(Double(generator.below(3)))
            let slope = person < 200 ? 1.5 : 0
            outcome.append(generator.chance(Logistic.probability(slope * (count - 2))) ? 1 : 0)
        }
        let matrix = DesignMatrix(
            unitKind: .person, rows: rows, columns: ["before", "other"], values: before + other
        ).table
        return try DevelopmentTable(
            ColumnTable(
                schema: matrix.schema, version: matrix.version, attributes: matrix.attributes,
                columns: matrix.columns + [
                    Column("outcome", .number(outcome)),
                    Column("fold", .integer(outcome.map { _ in 0 })),
                ]), file: "made up")
    }

    @Test func thePenaltyIsChosenAnewOnWhateverRowsAreGiven() throws {
        let refit = try Refit(specification("method: lasso, folds: 5, seed: 3"))
        let all = try table()
        let telling = try #require(refit.model(all.rows(Array(0..<200))).penalty)
        let silent = try #require(refit.model(all.rows(Array(200..<400))).penalty)
        // Where a column tells the outcomes apart it is hardly held back; where none does, it is
        // held back by far more than it could ever pull.
        #expect(telling.chosenBy == "minimum" && silent.chosenBy == "minimum")
        let pull = try #require(silent.path.first?.strength)
        #expect(telling.strength < 0.3 * telling.path[0].strength, "\(telling.strength)")
        #expect(silent.strength > 0.3 * pull, "\(silent.strength) of \(pull)")
        // A λ that is carried over would be of one path.
        #expect(telling.path.map(\.strength) != silent.path.map(\.strength))
    }

    @Test func eachResampleHasItsOwnPenaltyAndTermsAndTheReportSaysWhich() throws {
        let specification = try specification("method: lasso, folds: 5, seed: 3")
        let all = try table()
        let score = all.matrix.values[0..<400]
        let report = try Refitting(specification, fitted: all, test: all)
            .report(score: Array(score))
        let tuning = try #require(report.tuning?.value)
        let model = try #require(Refit(specification).model(all).penalty)
        #expect(tuning.refits == 12 && tuning.strength == model.strength)
        let strengths = tuning.strengths
        #expect(strengths.lower < strengths.estimate && strengths.estimate < strengths.upper)
        let terms = try #require(tuning.terms)
        #expect(terms.map(\.name) == ["before", "other"])
        #expect(terms[0].inModel && terms[0].refits == 12)
        #expect(terms[1].refits < 12, "\(terms)")
        let html = try EvaluationPage.refits(report, bare()).map { "\($0)" }.joined()
        #expect(html.contains("Terms by how many of 12 refits chose them"))
    }

    /// Each row of the half of which the column tells something stands for fifty people: every refit,
    /// on rows in any order and several times, weights it so, and the weight is no term to choose.
    @Test func everyRefitIsWeighted() throws {
        var all = try table()
        for row in 0..<400 { all.matrix.values[400 + row] = row < 200 ? 50 : 1 }
        func slope(_ fit: String, _ rows: [Int]) throws -> Double {
            let model = try Refit(specification(fit)).model(all.rows(rows))
            return try #require(model.terms[0].coefficient)
        }
        let drawn = (0..<400).map { ($0 * 37 + 11) % 400 } + Array(100..<300)
        let telling = try slope("method: ridge, strength: 0.001", Array(0..<200))
        for rows in [Array(0..<400), drawn] {
            let weighted = try slope("method: ridge, strength: 0.001, weights: other", rows)
            #expect((weighted - telling).magnitude < 0.2 * telling, "\(weighted)")
            #expect(try slope("method: ridge, strength: 0.001", rows) < 0.7 * telling)
        }
        let report = try Refitting(
            specification("method: lasso, folds: 5, weights: other"), fitted: all, test: all
        ).report(score: Array(all.matrix.values[0..<400]))
        #expect(report.tuning?.value?.terms?.map(\.name) == ["before"])
        #expect(report.optimism.value != nil && report.learningCurve.value != nil)
    }

    @Test func ofARidgeThereAreNoTermsAndOfAGivenPenaltyNoTuning() throws {
        let all = try table()
        let score = Array(all.matrix.values[0..<400])
        let ridge = try Refitting(
            specification("method: ridge, folds: 3"), fitted: all, test: all
        ).report(score: score)
        let tuning = try #require(ridge.tuning?.value)
        #expect(tuning.terms == nil && tuning.strengths.lower < tuning.strengths.upper)
        let given = try Refitting(
            specification("method: lasso, strength: 0.01"), fitted: all, test: all
        ).report(score: score)
        #expect(given.tuning == nil)
    }

    private func bare() throws -> EvaluationReport {
        try Evaluation.evaluate(
            ScoredTable(
                score: (0..<60).map(Double.init), probability: (0..<60).map { Double($0) / 60 },
                outcome: (0..<60).map { Double($0 % 2) }), listSize: 6)
    }
}
