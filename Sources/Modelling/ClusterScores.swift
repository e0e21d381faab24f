import LinearAlgebra
import PipelineModel

/// The sum over clusters of the outer products of their scores, for standard errors that hold where
/// rows of one person or household depend on each other.
///
/// V = c H⁻¹ (Σ s sᵀ) H⁻¹ with s the sum of x w (y − p) over the rows of a cluster and
/// c = G ÷ (G − 1) for G clusters. Source: K.-Y. Liang and S. L. Zeger, "Longitudinal data analysis
/// using generalized linear models", Biometrika 73 (1986); the factor as `vcovCL(type = "HC0")` of
/// R's sandwich.
struct ClusterScores {
    /// The cluster of each row, from 0 without gaps.
    let clusters: [UInt32]

    /// The number of clusters.
    var count: Int { Int(clusters.max().map { $0 + 1 } ?? 0) }

    /// At most so many numbers are held for clusters of several rows at one time.
    static let room = 8 << 20

    /// Σ s sᵀ at `parameters`, on the standardised columns.
    func products(_ problem: LogisticProblem, at parameters: [Double]) throws -> Matrix {
        let order = problem.order
        var sizes = [UInt32](repeating: 0, count: count)
        for cluster in clusters { sizes[Int(cluster)] += 1 }
        // A row that is a cluster by itself is an outer product of its own.
        let alone = sizes.map { $0 == 1 }
        var total = Matrix(
            rows: order, columns: order,
            values: try problem.total(count: order * order) { work, range, sums in
                work.predict(parameters)
                _ = problem.weigh(&work, range)
                for row in 0..<range.count
                where !alone[Int(clusters[range.lowerBound + row])] {
                    work.predictor[row] = 0
                }
                work.block.scaleRows(by: work.predictor)
                work.block.addGram(into: sums)
            })
        total.mirrorUpperTriangle()

        var places = [Int32](repeating: -1, count: count)
        var together = 0
        for cluster in 0..<count where sizes[cluster] > 1 {
            places[cluster] = Int32(together)
            together += 1
        }
        let slab = max(1, Self.room / order)
        for first in stride(from: 0, to: together, by: slab) {
            let size = min(slab, together - first)
            let scores = try sums(problem, parameters, places, first..<(first + size))
            let part = try GramMatrix.weighted(
                scores, rows: size, columns: order, threads: problem.threads)
            for index in total.values.indices { total.values[index] += part.values[index] }
        }
        return total
    }

    /// The scores of the clusters at some places: clusters × parameters, column-major.
    private func sums(
        _ problem: LogisticProblem, _ parameters: [Double], _ places: [Int32], _ slab: Range<Int>
    ) throws -> [Double] {
        let order = problem.order
        // One thread adds all rows in their order, so that the sums have one order too.
        let shards = RowShards(rows: problem.rows).ranges
        var scores = [Double](repeating: 0, count: slab.count * order)
        for shard in shards {
            let rows = try problem.residuals(of: shard, at: parameters)
            try problem.design.withRows(shard) { lent in
                for (index, row) in shard.enumerated() {
                    let place = Int(places[Int(clusters[row])])
                    guard slab.contains(place) else { continue }
                    scores[place - slab.lowerBound] += rows[index]
                }
                for (parameter, column) in problem.used.enumerated() {
                    let values = lent.column(column)
                    let mean = problem.standardisation.means[column]
                    let factor = 1 / problem.standardisation.scales[column]
                    let start = (parameter + 1) * slab.count - slab.lowerBound
                    for (index, row) in shard.enumerated() {
                        let place = Int(places[Int(clusters[row])])
                        guard slab.contains(place) else { continue }
                        scores[start + place] += rows[index] * (values[index] - mean) * factor
                    }
                }
            }
        }
        return scores
    }
}

extension LogisticProblem {
    /// w (y − p) of the rows of one shard.
    func residuals(of shard: Range<Int>, at parameters: [Double]) throws -> [Double] {
        var residuals: [Double] = []
        residuals.reserveCapacity(shard.count)
        var work = BlockWork(columns: order)
        try design.withRows(shard) { lent in
            for range in RowShards.blocks(of: shard) {
                fill(&work.block, from: lent, range, range.lowerBound - shard.lowerBound)
                work.predict(parameters)
                _ = weigh(&work, range)
                residuals.append(
                    contentsOf: UnsafeBufferPointer(start: work.predictor, count: range.count))
            }
        }
        return residuals
    }
}
