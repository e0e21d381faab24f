import Foundation
import LinearAlgebra
import PipelineModel

/// A logistic log-likelihood over the standardised columns of a design.
///
/// Parameter 0 is the intercept; parameter j belongs to the column `used[j − 1]`.
struct LogisticProblem: Sendable {
    let values: [Double]
    let rows: Int
    /// The columns of the design that have a parameter.
    var used: [Int]
    let standardisation: Standardisation
    let outcomes: [Double]
    let weights: [Double]?
    let offsets: [Double]?
    let threads: Int

    /// The number of parameters.
    var order: Int { used.count + 1 }

    /// The log-likelihood at one point with its first two derivatives.
    struct Derivatives {
        var logLikelihood: Double
        var gradient: [Double]
        /// The observed information XᵀWX.
        var information: Matrix
    }

    /// Copies a range of rows, centred and scaled, into a block.
    private func fill(_ block: inout RowBlock, _ range: Range<Int>) {
        block.begin(rows: range.count)
        block.column(0).update(repeating: 1)
        values.withUnsafeBufferPointer { source in
            for (index, column) in used.enumerated() {
                let target = block.column(index + 1)
                let mean = standardisation.means[column]
                let factor = 1 / standardisation.scales[column]
                let start = column * rows + range.lowerBound
                for row in 0..<range.count { target[row] = (source[start + row] - mean) * factor }
            }
        }
    }

    /// The linear predictor, offset included, of the rows of a filled block.
    private func predict(
        _ block: borrowing RowBlock, _ range: Range<Int>, _ parameters: [Double],
        into predictor: UnsafeMutablePointer<Double>
    ) {
        parameters.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { block.multiply(base, into: predictor) }
        }
        if let offsets {
            for row in 0..<range.count { predictor[row] += offsets[range.lowerBound + row] }
        }
    }

    /// Log-likelihood, gradient and information at `parameters`, in one pass.
    func derivatives(at parameters: [Double]) -> Derivatives {
        let order = self.order
        let sums = RowShards(rows: rows).sum(
            threads: threads, count: 1 + order + order * order
        ) { shard in
            var block = RowBlock(columns: order)
            var sums = [Double](repeating: 0, count: 1 + order + order * order)
            sums.withUnsafeMutableBufferPointer { sums in
                withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * RowShards.blockRows) {
                    work in
                    guard let sums = sums.baseAddress, let predictor = work.baseAddress else {
                        return
                    }
                    let roots = predictor + RowShards.blockRows
                    for range in RowShards.blocks(of: shard) {
                        fill(&block, range)
                        predict(block, range, parameters, into: predictor)
                        // The predictor's place is taken by the residual, row by row.
                        sums[0] += replace(predictor, roots, range)
                        block.addTransposedProduct(predictor, into: sums + 1)
                        block.scaleRows(by: roots)
                        block.addGram(into: sums + 1 + order)
                    }
                }
            }
            return sums
        }
        var information = Matrix(
            rows: order, columns: order, values: Array(sums[(1 + order)...]))
        information.mirrorUpperTriangle()
        return Derivatives(
            logLikelihood: sums[0], gradient: Array(sums[1...order]), information: information)
    }

    /// XᵀX of the standardised columns, weighted by the weights of the rows alone.
    func standardisedGram() throws -> Matrix {
        let order = self.order
        let sums = RowShards(rows: rows).sum(threads: threads, count: order * order) { shard in
            var block = RowBlock(columns: order)
            var gram = [Double](repeating: 0, count: order * order)
            var roots = [Double](repeating: 1, count: RowShards.blockRows)
            for range in RowShards.blocks(of: shard) {
                fill(&block, range)
                if let weights {
                    for row in 0..<range.count {
                        roots[row] = weights[range.lowerBound + row].squareRoot()
                    }
                    roots.withUnsafeMutableBufferPointer { buffer in
                        if let base = buffer.baseAddress { block.scaleRows(by: base) }
                    }
                }
                gram.withUnsafeMutableBufferPointer { buffer in
                    if let base = buffer.baseAddress { block.addGram(into: base) }
                }
            }
            return gram
        }
        return Matrix(rows: order, columns: order, values: sums)
    }

    /// Puts the weighted residual in the place of the predictor and √w in `roots`.
    ///
    /// - Returns: The log-likelihood of the rows.
    private func replace(
        _ predictor: UnsafeMutablePointer<Double>, _ roots: UnsafeMutablePointer<Double>,
        _ range: Range<Int>
    ) -> Double {
        var logLikelihood = 0.0
        for row in 0..<range.count {
            let isEvent = outcomes[range.lowerBound + row] == 1
            let weight = weights?[range.lowerBound + row] ?? 1
            // Above 0 where the model leans to what did not happen.
            let against = isEvent ? -predictor[row] : predictor[row]
            let small = exp(-against.magnitude)
            let large = 1 / (1 + small)
            // The probability of what did not happen, without cancellation.
            let missed = against >= 0 ? large : small * large
            logLikelihood -= weight * (max(against, 0) + log1p(small))
            predictor[row] = weight * (isEvent ? missed : -missed)
            roots[row] = (weight * large * (small * large)).squareRoot()
        }
        return logLikelihood
    }

    /// R with RᵀR = XᵀWX, by orthogonal factorisation.
    ///
    /// - Parameter parameters: Where W is taken; `nil` for the weights of the rows alone.
    func orthogonalFactor(at parameters: [Double]?) throws -> OrthogonalFactor {
        let order = self.order
        let partials = RowShards(rows: rows).map(threads: threads) { shard in
            Result {
                var block = RowBlock(columns: order)
                var factor = OrthogonalFactor(columns: order)
                for range in RowShards.blocks(of: shard) {
                    fill(&block, range)
                    var roots = [Double](repeating: 1, count: RowShards.blockRows)
                    try roots.withUnsafeMutableBufferPointer { buffer in
                        guard let roots = buffer.baseAddress else { return }
                        if let parameters {
                            var predictor = [Double](repeating: 0, count: RowShards.blockRows)
                            predictor.withUnsafeMutableBufferPointer { buffer in
                                guard let base = buffer.baseAddress else { return }
                                predict(block, range, parameters, into: base)
                                _ = replace(base, roots, range)
                            }
                        } else if let weights {
                            for row in 0..<range.count {
                                roots[row] = weights[range.lowerBound + row].squareRoot()
                            }
                        }
                        block.scaleRows(by: roots)
                        try factor.add(block)
                    }
                }
                return factor
            }
        }
        var total = OrthogonalFactor(columns: order)
        for partial in partials { try total.add(try partial.get()) }
        return total
    }

    /// The least and the largest (2y − 1) xᵀd over all rows of positive weight.
    ///
    /// A direction d with no negative value and some positive one separates the
    /// outcomes, wholly or in part. Source: A. Albert and J. A. Anderson, "On the
    /// existence of maximum likelihood estimates in logistic regression models",
    /// Biometrika 71 (1984).
    func separation(along direction: [Double]) -> (least: Double, largest: Double) {
        let order = self.order
        let extremes = RowShards(rows: rows).map(threads: threads) { shard -> (Double, Double) in
            var block = RowBlock(columns: order)
            var least = Double.infinity
            var largest = -Double.infinity
            var product = [Double](repeating: 0, count: RowShards.blockRows)
            for range in RowShards.blocks(of: shard) {
                fill(&block, range)
                product.withUnsafeMutableBufferPointer { product in
                    direction.withUnsafeBufferPointer { direction in
                        if let into = product.baseAddress, let base = direction.baseAddress {
                            block.multiply(base, into: into)
                        }
                    }
                    for row in 0..<range.count where weights?[range.lowerBound + row] ?? 1 > 0 {
                        let side = outcomes[range.lowerBound + row] == 1 ? 1.0 : -1.0
                        least = min(least, side * product[row])
                        largest = max(largest, side * product[row])
                    }
                }
            }
            return (least, largest)
        }
        return extremes.reduce((.infinity, -.infinity)) { (min($0.0, $1.0), max($0.1, $1.1)) }
    }
}
