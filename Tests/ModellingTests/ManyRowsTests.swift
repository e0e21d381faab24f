import Modelling
import PipelineModel
import Testing

/// With many rows the fit begins on a part of them and keeps an information for several steps;
/// the answer is the same.
struct ManyRowsTests {
    private let provenance = ModelProvenance(model: "test")

    @Test func manyRowsGiveTheAnswerOfAFewWithWeights() throws {
        let times = 300
        let (matrix, outcomes) = Designs.planted(
            rows: 1_000, coefficients: [0.8, -0.5, 0.3], intercept: -1, seed: 12)
        let order = (0..<times).flatMap { _ in 0..<1_000 }
        let many = DesignMatrix(
            unitKind: .person,
            rows: order.indices.map {
                RowKey(unit: .init(high: 0, low: UInt64($0)), asOf: Day(0), person: .none)
            }, columns: matrix.columns,
            values: matrix.columns.indices.flatMap { column in
                order.map { matrix.values[column * 1_000 + $0] }
            })
        let large = try LogisticRegression.fit(
            many, outcomes: Outcomes(values: order.map { outcomes.values[$0] }),
            provenance: provenance, threads: 2)
        let small = try LogisticRegression.fit(
            matrix, outcomes: outcomes, weights: [Double](repeating: Double(times), count: 1_000),
            provenance: provenance)
        for index in 0..<4 {
            #expect(agree(large.estimates[index], small.estimates[index], to: 1e-11))
            #expect(agree(large.standardErrors[index], small.standardErrors[index], to: 1e-10))
        }
        #expect(agree(large.logLikelihood, small.logLikelihood, to: 1e-12))
        #expect(large.newtonDecrement < 1e-9 && large.scaledGradient < 1e-9)
        #expect(large.informations < small.informations)
    }

    @Test func aToleranceBelowTheRoundingEndsToo() throws {
        // Nearly collinear columns: no step becomes as short as that.
        var (matrix, outcomes) = Designs.planted(
            rows: 140_000, coefficients: [0.5, 0.4], intercept: -1, seed: 14)
        for row in 0..<140_000 {
            matrix.values[140_000 + row] = matrix[row, 0] + 1e-3 * matrix[row, 1]
        }
        let model = try LogisticRegression.fit(
            matrix, outcomes: outcomes, specification: FitSpecification(tolerance: 1e-12),
            provenance: provenance, threads: 2)
        #expect(model.newtonDecrement < 1e-6 && model.iterations < 20)
    }

    @Test func aPartOfTheRowsThatMisleadsDoesNoHarm() throws {
        // The blocks that a rough start looks at have another truth than the rest.
        var (matrix, outcomes) = Designs.planted(
            rows: 270_000, coefficients: [0.5], intercept: 0, seed: 13)
        for row in 0..<270_000 where row / 512 % 16 == 0 {
            outcomes.values[row] = matrix[row, 0] < 1 ? 1 : 0
        }
        matrix.values[3] = 0.4
        let model = try LogisticRegression.fit(
            matrix, outcomes: outcomes, provenance: provenance, threads: 2)
        #expect(model.newtonDecrement < 1e-9)
    }
}
