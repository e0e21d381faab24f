import Modelling
import PipelineModel
import Testing

struct RefusedFitTests {
    private func refusal(
        _ columns: [(String, [Double])], _ outcomes: [Double], weights: [Double]? = nil,
        offsets: [Double]? = nil, specification: FitSpecification = FitSpecification()
    ) -> String {
        let error = #expect(throws: StileError.self) {
            try LogisticRegression.fit(
                Designs.matrix(columns), outcomes: Outcomes(values: outcomes), weights: weights,
                offsets: offsets, specification: specification,
                provenance: ModelProvenance(model: "test"))
        }
        return error?.description ?? ""
    }

    @Test func completeSeparationIsNamed() {
        let x: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]
        let noise: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
        let text = refusal([("dose", x)], [0, 0, 0, 0, 1, 1, 1, 1])
        #expect(text.contains("The outcomes are separated by “dose”"))
        #expect(
            refusal([("noise", noise), ("dose", x)], [0, 0, 0, 0, 1, 1, 1, 1])
                .contains("“dose”"))
    }

    @Test func quasiCompleteSeparationNamesTheTermAlone() {
        // Every row with the flag has the event; age says nothing of the kind.
        var generator = SeededGenerator(seed: 4, label: "quasi")
        let age = (0..<200).map { _ in 20 + 60 * generator.uniform() }
        let flag = (0..<200).map { $0 % 10 == 0 ? 1.0 : 0 }
        let outcome = (0..<200).map { flag[$0] == 1 || generator.chance(0.3) ? 1.0 : 0 }
        let text = refusal([("age", age), ("flag", flag)], outcome)
        #expect(text.contains("The outcomes are separated by “flag”:"))
    }

    @Test func nearlySeparatedOutcomesAreFitted() throws {
        // One row on the wrong side is enough for a maximum.
        let x = (0..<40).map(Double.init)
        var outcome = x.map { $0 < 20 ? 0.0 : 1 }
        outcome[21] = 0
        let model = try LogisticRegression.fit(
            Designs.matrix([("x", x)]), outcomes: Outcomes(values: outcome),
            provenance: ModelProvenance(model: "test"))
        #expect(model.terms[0].coefficient.map { $0 > 0 } == true)
    }

    @Test func anOutlierIsNotSeparation() throws {
        var generator = SeededGenerator(seed: 9, label: "outlier")
        var x = (0..<400).map { _ in generator.uniform() }
        x[17] = 1e5
        let outcome = (0..<400).map { _ in generator.chance(0.4) ? 1.0 : 0 }
        _ = try LogisticRegression.fit(
            Designs.matrix([("x", x)]), outcomes: Outcomes(values: outcome),
            provenance: ModelProvenance(model: "test"))
    }

    @Test func outcomesOfOneClass() {
        #expect(
            refusal([("x", [1, 2, 3])], [0, 0, 0]).contains("All 3 rows have the outcome 0"))
        #expect(
            refusal([("x", [1, 2, 3])], [1, 1, 1]).contains("All 3 rows have the outcome 1"))
        #expect(
            refusal([("x", [1, 2, 3])], [0, 0, 1], weights: [1, 1, 0])
                .contains("All 2 rows have the outcome 0"))
    }

    @Test func oneRowAndNone() {
        #expect(refusal([("x", [1])], [1]).contains("The only row has the outcome 1"))
        #expect(refusal([("x", [])], []).contains("There is no row to fit on."))
    }

    @Test func moreTermsThanRows() {
        #expect(
            refusal([("a", [1, 2, 3]), ("b", [2, 1, 5])], [0, 1, 0])
                .contains("The model has 2 terms and an intercept, but only 3 rows."))
    }

    @Test func valuesThatAreNotFinite() {
        let text = refusal(
            [
                ("a", [1, .nan, 61.25, 4, 5]), ("b", [1, 2, 3, 4, 6]),
                ("c", [1, .infinity, .nan, 1, 2]),
            ],
            [0, 1, 0, 1, 0])
        #expect(text.contains("“a” has 1 values that are missing or infinite"))
        #expect(text.contains("“c” has 2 values"))
        #expect(!text.contains("“b”") && !text.contains("61.25"))
    }

    @Test func outcomesThatAreNeither0Nor1() {
        #expect(
            refusal([("a", [1, 2, 3, 4])], [0, 1, .nan, 2])
                .contains("2 rows have an outcome that is neither 0 nor 1"))
    }

    @Test func weightsOffsetsAndLengths() {
        let x = [("a", [1.0, 2, 3, 4])]
        #expect(
            refusal(x, [0, 1, 1, 0], weights: [1, -1, 1, 1]).contains("1 rows have a weight"))
        #expect(
            refusal(x, [0, 1, 1, 0], offsets: [1, .nan, 1, 1]).contains("1 rows have an offset"))
        #expect(refusal(x, [0, 1, 1]).contains("not one for each of the 4 rows"))
    }

    @Test func twoColumnsOfOneName() {
        #expect(
            refusal([("a", [1, 2, 3, 4]), ("a", [1, 2, 2, 4])], [0, 1, 0, 1])
                .contains("Two columns of the matrix are called “a”"))
    }

    @Test func tooFewSteps() {
        let (matrix, outcomes) = Designs.spector
        let error = #expect(throws: StileError.self) {
            try LogisticRegression.fit(
                matrix, outcomes: outcomes, specification: .init(maximumIterations: 2),
                provenance: ModelProvenance(model: "test"))
        }
        #expect(error?.message.contains("did not converge in 2 steps") == true)
    }

    @Test func rowsWithoutAnOutcomeAreDropped() {
        let (matrix, outcomes) = Designs.matrix([("a", [1, 2, 3]), ("b", [4, 5, 6])])
            .withKnownOutcome(Outcomes(values: [1, .nan, 0]))
        #expect(matrix.values == [1, 3, 4, 6])
        #expect(matrix.rows.map(\.unit.low) == [0, 2])
        #expect(outcomes.values == [1, 0])
    }
}
