import ColumnFiles
import Foundation
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
        let rows = 33_000
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

    private static let specifications = [
        FitSpecification(),
        FitSpecification(method: .lasso, penalty: Penalty(strength: .fixed(0.002))),
        FitSpecification(method: .ridge, penalty: Penalty(strength: .fixed(0.01))),
    ]

    @Test(arguments: specifications)
    func theAnswerIsTheSame(_ specification: FitSpecification) throws {
        let (sparse, dense, outcomes) = designs()
        let weights = (0..<33_000).map { Double($0 % 3) }
        let offsets = (0..<33_000).map { Double($0 % 5) / 10 }
        let clusters = (0..<33_000).map { UInt32($0 / 2) }
        func fit(_ design: any DesignRows, _ threads: Int) throws -> FittedModel {
            try LogisticRegression.fit(
                design, outcomes: outcomes, weights: weights, offsets: offsets,
                clusters: clusters, specification: specification, provenance: provenance,
                threads: threads)
        }
        let other = try fit(dense, 1)
        // As the fit finds it, and as it is given.
        for one in [try fit(sparse, 2), try fit(DesignColumns(sparse), 1)] {
            for index in 1..<10 {
                #expect(agree(one.estimates[index], other.estimates[index], to: 1e-12))
            }
            let slopes = other.estimates.dropFirst().reduce(0, +)
            #expect(agree(one.intercept, other.intercept + slopes, to: 1e-12))
            #expect(one.standardErrors.count == other.standardErrors.count)
            for (left, right) in zip(one.standardErrors, other.standardErrors).dropFirst() {
                #expect(agree(left, right, to: 1e-12))
            }
            for (left, right) in zip(one.clusteredStandardErrors, other.clusteredStandardErrors)
                .dropFirst()
            {
                #expect(agree(left, right, to: 1e-11))
            }
            #expect(agree(one.logLikelihood, other.logLikelihood, to: 1e-12))
        }
    }

    @Test func threadsDoNotMatter() throws {
        let (sparse, _, outcomes) = designs()
        let clusters = (0..<33_000).map { UInt32($0 / 2) }
        let models = try [1, 2, 5].map {
            try LogisticRegression.fit(
                DesignColumns(sparse), outcomes: outcomes, clusters: clusters,
                provenance: provenance, threads: $0
            ).canonicalJSON()
        }
        #expect(models[0] == models[1] && models[1] == models[2])
    }

    @Test func firthTakesThemAsTheyAre() throws {
        let (sparse, dense, outcomes) = designs()
        let chosen = Array(0..<32_800)
        func fit(_ design: DesignMatrix) throws -> FittedModel {
            try LogisticRegression.fit(
                SelectedRows(DesignColumns(design), rows: chosen),
                outcomes: Outcomes(values: Array(outcomes.values[..<32_800])),
                specification: FitSpecification(method: .firth), provenance: provenance,
                threads: 2)
        }
        let (one, other) = (try fit(sparse), try fit(dense))
        for index in 1..<10 {
            #expect(agree(one.estimates[index], other.estimates[index], to: 1e-10))
        }
    }

    @Test func aFileGivesTheBytesOfMemory() throws {
        let (matrix, _, outcomes) = designs()
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("stile-sparse-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try ColumnStore(directory: folder.path)
        let count = matrix.rows.count
        let digest = try store.write(
            ColumnTable(
                schema: "test", version: 1,
                columns: matrix.columns.enumerated().map { index, name in
                    Column(
                        "feature.\(name)",
                        .numbers(matrix.values[(index * count)..<((index + 1) * count)]))
                }))
        let file = try ColumnFileRows(path: store.path(of: digest), prefix: "feature.")
        // As a fit on training rows takes them.
        let rows = (0..<count).filter { $0 % 10 != 4 }
        let chosen = Outcomes(values: rows.map { outcomes.values[$0] })
        func fit(_ design: any DesignRows) throws -> Data {
            try LogisticRegression.fit(
                design, outcomes: chosen, provenance: provenance, threads: 2
            ).canonicalJSON()
        }
        let streamed = try fit(SelectedRows(file, rows: rows))
        #expect(try streamed == fit(SelectedRows(DesignColumns(matrix), rows: rows)))
        #expect(try streamed == fit(DesignColumns(matrix.selecting(rows))))
    }
}
