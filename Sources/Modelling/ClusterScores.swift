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
        let layout = problem.layout
        let coefficients = layout.coefficients(parameters)
        let outer = try problem.total(count: layout.matrixSize) { work, range, sums in
            work.predict(coefficients)
            _ = problem.weigh(&work, range)
            for row in 0..<range.count where !alone[Int(clusters[range.lowerBound + row])] {
                work.predictor[row] = 0
            }
            work.addGram(weightedBy: work.predictor, into: sums)
        }
        var total = layout.matrix(outer[...])

        var places = [Int32](repeating: -1, count: count)
        var together = 0
        for cluster in 0..<count where sizes[cluster] > 1 {
            places[cluster] = Int32(together)
            together += 1
        }
        guard together > 0 else { return total }
        let residuals = try problem.residuals(at: parameters)
        let slab = max(1, Self.room / order)
        for first in stride(from: 0, to: together, by: slab) {
            let part = first..<min(first + slab, together)
            let scores = try sums(problem, residuals, places, part)
            let gram = try GramMatrix.weighted(
                scores, rows: part.count, columns: order, threads: problem.threads)
            for index in total.values.indices { total.values[index] += gram.values[index] }
        }
        return total
    }

    /// The scores of the clusters at some places: clusters × parameters, column-major.
    ///
    /// Each parameter is summed by one thread, over all rows in their order.
    private func sums(
        _ problem: LogisticProblem, _ residuals: [Double], _ places: [Int32], _ slab: Range<Int>
    ) throws -> [Double] {
        /// The place of a row in the slab, or `nil`.
        @Sendable func place(_ row: Int) -> Int? {
            let place = Int(places[Int(clusters[row])])
            return slab.contains(place) ? place - slab.lowerBound : nil
        }
        var intercept = [Double](repeating: 0, count: slab.count)
        for row in residuals.indices {
            if let place = place(row) { intercept[place] += residuals[row] }
        }
        let whole = intercept
        let columns = RowShards.map(count: problem.used.count, threads: problem.threads) { index in
            Result {
                let column = problem.used[index]
                let mean = problem.standardisation.means[column]
                let factor = 1 / problem.standardisation.scales[column]
                // Of a mostly zero column the zeros are not visited, and the mean is taken off whole.
                var isCentred = true
                var scores = [Double](repeating: 0, count: slab.count)
                for shard in RowShards(rows: problem.rows).ranges {
                    try problem.design.withRows(shard, of: [column]) { lent in
                        guard let numbers = lent.columns.first else { return }
                        isCentred = numbers.isDense
                        let centre = isCentred ? mean : 0
                        numbers.forEach(shard.count) { row, value in
                            let row = shard.lowerBound + row
                            guard let place = place(row) else { return }
                            scores[place] += residuals[row] * (value - centre) * factor
                        }
                    }
                }
                guard !isCentred else { return scores }
                return zip(scores, whole).map { $0 - $1 * mean * factor }
            }
        }
        return try columns.reduce(into: intercept) { $0 += try $1.get() }
    }
}

extension LogisticProblem {
    /// w (y − p) of each row.
    func residuals(at parameters: [Double]) throws -> [Double] {
        let coefficients = layout.coefficients(parameters)
        return try perShard {
            [Double]()
        } visit: { work, range, residuals in
            work.predict(coefficients)
            _ = weigh(&work, range)
            residuals.append(
                contentsOf: UnsafeBufferPointer(start: work.predictor, count: range.count))
        }.flatMap(\.self)
    }
}
