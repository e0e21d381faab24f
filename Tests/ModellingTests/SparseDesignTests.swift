import Modelling
import PipelineModel
import Testing

/// Columns that are mostly zero are summed up row by row; the answer is that of the same columns
/// with their zeros moved away, which are not.
struct SparseDesignTests {
    private let provenance = ModelProvenance(model: "test")

    /// Seven columns of rare counts among two that are dense, and the same with 1 added to each.
    private func designs() -> (DesignMatrix, DesignMatrix, Outcomes) {
        var generator = SeededGenerator(seed: 31, label: "sparse")
        let rows = 40_000
        var columns: [(String, [Double])] = []
        for index in 0..<9 {
            let values = (0..<rows).map { _ -> Double in
                if index == 2 || index == 6 { return generator.uniform() * 10 }
                guard generator.chance(0.03) else { return 0 }
                return Double(1 + Int(generator.uniform() * 4))
            }
            columns.append(("x\(index)", values))
        }
        let outcome = (0..<rows).map { row -> Double in
            let linear =
                -2 + 0.5 * columns[0].1[row] - 0.3 * columns[4].1[row] + 0.1 * columns[2].1[row]
            return generator.chance(Logistic.probability(linear)) ? 1 : 0
        }
        let moved = columns.map { ($0.0, $0.1.map { $0 + 1 }) }
        return (Designs.matrix(columns), Designs.matrix(moved), Outcomes(values: outcome))
    }

    @Test(arguments: [
        FitSpecification(),
        FitSpecification(method: .lasso, penalty: Penalty(strength: .fixed(0.002))),
        FitSpecification(method: .ridge, penalty: Penalty(strength: .fixed(0.01))),
    ])
    func theAnswerIsTheSame(_ specification: FitSpecification) throws {
        let (sparse, dense, outcomes) = designs()
        let weights = (0..<40_000).map { 1 + Double($0 % 3) }
        let offsets = (0..<40_000).map { Double($0 % 5) / 10 }
        let one = try LogisticRegression.fit(
            sparse, outcomes: outcomes, weights: weights, offsets: offsets,
            specification: specification, provenance: provenance, threads: 2)
        let other = try LogisticRegression.fit(
            dense, outcomes: outcomes, weights: weights, offsets: offsets,
            specification: specification, provenance: provenance)
        for index in 1..<10 {
            #expect(agree(one.estimates[index], other.estimates[index], to: 1e-9))
        }
        let slopes = other.estimates.dropFirst().reduce(0, +)
        #expect(agree(one.intercept, other.intercept + slopes, to: 1e-9))
        for (left, right) in zip(one.standardErrors, other.standardErrors).dropFirst() {
            #expect(agree(left, right, to: 1e-10))
        }
        #expect(agree(one.logLikelihood, other.logLikelihood, to: 1e-12))
    }

    @Test func threadsDoNotMatter() throws {
        let (sparse, _, outcomes) = designs()
        let models = try [1, 2, 5].map {
            try LogisticRegression.fit(
                sparse, outcomes: outcomes, provenance: provenance, threads: $0
            ).canonicalJSON()
        }
        #expect(models[0] == models[1] && models[1] == models[2])
    }
}
