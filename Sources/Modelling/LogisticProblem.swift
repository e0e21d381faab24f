import LinearAlgebra
import PipelineModel

/// A logistic log-likelihood over the standardised columns of a design.
///
/// Parameter 0 is the intercept; parameter j belongs to the column `used[j − 1]`.
struct LogisticProblem: Sendable {
    let design: any DesignRows
    /// The columns of the design that have a parameter, in ascending order.
    var used: [Int]
    let standardisation: Standardisation
    let outcomes: [Double]
    let weights: [Double]?
    let offsets: [Double]?
    let threads: Int
    /// The used columns that are mostly zero, where it pays to treat them so.
    var sparse: SparsePart?

    /// The number of parameters.
    var order: Int { used.count + 1 }

    var rows: Int { design.rowCount }

    /// The same with other columns, none of them treated as sparse.
    func withColumns(_ columns: [Int]) -> LogisticProblem {
        var other = self
        other.used = columns
        other.sparse = nil
        return other
    }

    /// The log-likelihood at one point with its derivatives.
    struct Derivatives {
        var logLikelihood: Double
        var gradient: [Double]
        /// The observed information XᵀWX; `nil` where it was not asked for.
        var information: Matrix?
    }

    /// Log-likelihood, gradient and, where asked for, information at `parameters`, in one pass.
    ///
    /// - Parameters:
    ///   - parameters: Where, on the standardised columns.
    ///   - withInformation: Whether to work the information out.
    ///   - step: Only every `step`-th block of rows is visited, for a rough start.
    func derivatives(
        at parameters: [Double], withInformation: Bool = true, step: Int = 1
    ) throws -> Derivatives {
        if let sparse, step == 1 {
            return try sparse.derivatives(
                of: self, at: parameters, withInformation: withInformation)
        }
        let order = self.order
        let size = 1 + order + (withInformation ? order * order : 0)
        let sums = try total(count: size, step: step) { work, range, sums in
            work.predict(parameters)
            let likelihood = weigh(&work, range)
            sums[0] += likelihood
            work.block.addTransposedProduct(work.predictor, into: sums + 1)
            guard withInformation else { return }
            work.block.scaleRows(by: work.roots)
            work.block.addGram(into: sums + 1 + order)
        }
        var information: Matrix?
        if withInformation {
            var matrix = Matrix(rows: order, columns: order, values: Array(sums[(1 + order)...]))
            matrix.mirrorUpperTriangle()
            information = matrix
        }
        return Derivatives(
            logLikelihood: sums[0], gradient: Array(sums[1...order]), information: information)
    }

    /// XᵀX of the standardised columns, weighted by the weights of the rows alone.
    func gram(step: Int = 1) throws -> Matrix {
        let order = self.order
        let sums = try total(count: order * order, step: step) { work, range, sums in
            if let weights {
                for row in 0..<range.count {
                    work.roots[row] = weights[range.lowerBound + row].squareRoot()
                }
                work.block.scaleRows(by: work.roots)
            }
            work.block.addGram(into: sums)
        }
        return Matrix(rows: order, columns: order, values: sums)
    }

    /// The linear predictor of each row, without its offset.
    func predictors(at parameters: [Double]) throws -> [Double] {
        try perShard {
            [Double]()
        } visit: { work, range, found in
            work.predict(parameters)
            found.append(
                contentsOf: UnsafeBufferPointer(start: work.predictor, count: range.count))
        }.flatMap(\.self)
    }

    /// Turns the block's linear predictors into residuals and roots of working weights.
    ///
    /// - Returns: The log-likelihood of the rows.
    func weigh(_ work: inout BlockWork, _ range: Range<Int>) -> Double {
        if let offsets {
            for row in 0..<range.count { work.predictor[row] += offsets[range.lowerBound + row] }
        }
        return weights.withPointer(at: range.lowerBound) { weights in
            outcomes.withUnsafeBufferPointer { outcomes in
                outcomes.baseAddress.map {
                    LogisticRows.weigh(
                        predictor: work.predictor, roots: work.roots,
                        outcomes: $0 + range.lowerBound, weights: weights, count: range.count)
                } ?? 0
            }
        }
    }

    // MARK: Passes over the rows

    /// The sum over all blocks of what `body` adds for each, in a fixed order.
    func total(
        count: Int, step: Int = 1,
        _ body: @Sendable (inout BlockWork, Range<Int>, UnsafeMutablePointer<Double>) throws -> Void
    ) throws -> [Double] {
        let partials = try perShard(step: step) { () -> [Double] in
            [Double](repeating: 0, count: count)
        } visit: { work, range, sums in
            try sums.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { try body(&work, range, base) }
            }
        }
        var total = [Double](repeating: 0, count: count)
        for partial in partials {
            for index in 0..<count { total[index] += partial[index] }
        }
        return total
    }

    /// What `visit` makes of the blocks of each shard, in shard order.
    ///
    /// Each block is lent with the used columns centred and scaled, ones in column 0.
    func perShard<Partial: Sendable>(
        step: Int = 1, _ start: @Sendable () -> Partial,
        visit: @Sendable (inout BlockWork, Range<Int>, inout Partial) throws -> Void
    ) throws -> [Partial] {
        try RowShards(rows: rows).map(threads: threads) { shard in
            Result {
                var work = BlockWork(columns: order)
                var partial = start()
                if used.isEmpty {
                    // The intercept alone needs no value of the design.
                    for range in RowShards.blocks(of: shard) {
                        work.block.begin(rows: range.count)
                        work.block.column(0).update(repeating: 1)
                        try visit(&work, range, &partial)
                    }
                } else if step == 1 {
                    try design.withRows(shard) { lent in
                        for range in RowShards.blocks(of: shard) {
                            fill(
                                &work.block, from: lent, range, range.lowerBound - shard.lowerBound)
                            try visit(&work, range, &partial)
                        }
                    }
                } else {
                    for range in RowShards.blocks(of: shard)
                    where range.lowerBound / RowShards.blockRows % step == 0 {
                        try design.withRows(range) { lent in
                            fill(&work.block, from: lent, range, 0)
                            try visit(&work, range, &partial)
                        }
                    }
                }
                return partial
            }
        }.map { try $0.get() }
    }

    /// Copies a range of rows, centred and scaled, into a block.
    func fill(
        _ block: inout RowBlock, from lent: LentRows, _ range: Range<Int>, _ first: Int
    ) {
        block.begin(rows: range.count)
        block.column(0).update(repeating: 1)
        for (index, column) in used.enumerated() {
            let next = index + 1 < used.count ? lent.column(used[index + 1]) + first : nil
            block.fill(
                index + 1, from: lent.column(column) + first,
                mean: standardisation.means[column], factor: 1 / standardisation.scales[column],
                next: next)
        }
    }

    // MARK: Orthogonal factors and separation

    /// R with RᵀR = XᵀWX, by orthogonal factorisation.
    ///
    /// - Parameter parameters: Where W is taken; `nil` for the weights of the rows alone.
    func orthogonalFactor(at parameters: [Double]?) throws -> OrthogonalFactor {
        let order = self.order
        let partials = try perShard {
            OrthogonalFactor(columns: order)
        } visit: {
            work, range, factor in
            if let parameters {
                work.predict(parameters)
                _ = weigh(&work, range)
                work.block.scaleRows(by: work.roots)
            } else if let weights {
                for row in 0..<range.count {
                    work.roots[row] = weights[range.lowerBound + row].squareRoot()
                }
                work.block.scaleRows(by: work.roots)
            }
            try factor.add(work.block)
        }
        var total = OrthogonalFactor(columns: order)
        for partial in partials { try total.add(partial) }
        return total
    }

    /// The least and the largest (2y − 1) xᵀd over all rows of positive weight.
    ///
    /// A direction d with no negative value and some positive one separates the
    /// outcomes, wholly or in part. Source: A. Albert and J. A. Anderson, "On the
    /// existence of maximum likelihood estimates in logistic regression models",
    /// Biometrika 71 (1984).
    func separation(along direction: [Double]) throws -> (least: Double, largest: Double) {
        // Nothing moves further than this anywhere, so that mostly no row need be looked at.
        let bound =
            direction[0].magnitude
            + zip(direction.dropFirst(), used).reduce(0) {
                $0 + $1.0.magnitude * standardisation.reaches[$1.1]
            }
        if bound < 1e-3 { return (-bound, bound) }
        let extremes = try perShard {
            (least: Double.infinity, largest: -Double.infinity)
        } visit: {
            work, range, extremes in
            work.predict(direction)
            for row in 0..<range.count where weights?[range.lowerBound + row] ?? 1 > 0 {
                let side = outcomes[range.lowerBound + row] == 1 ? 1.0 : -1.0
                extremes.least = min(extremes.least, side * work.predictor[row])
                extremes.largest = max(extremes.largest, side * work.predictor[row])
            }
        }
        return extremes.reduce((.infinity, -.infinity)) {
            (min($0.0, $1.least), max($0.1, $1.largest))
        }
    }
}
