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
    var threads: Int
    /// The columns that are mostly zero, where it pays to treat them so.
    var sparse: SparseRows?

    /// The number of parameters.
    var order: Int { used.count + 1 }

    var rows: Int { design.rowCount }

    /// The same with every column treated as dense, for what needs the rows as they are.
    var dense: LogisticProblem {
        var other = self
        other.sparse = nil
        return other
    }

    /// Where the parameters stand in the sums over rows.
    var layout: ParameterLayout { ParameterLayout(used, sparse?.columns ?? [], standardisation) }

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
        let layout = self.layout
        let coefficients = layout.coefficients(parameters)
        let plain = 1 + layout.vectorSize
        let size = plain + (withInformation ? layout.matrixSize : 0)
        let sums = try total(count: size, step: step) { work, range, sums in
            work.predict(coefficients)
            sums[0] += weigh(&work, range)
            work.addTransposedProduct(work.predictor, into: sums + 1)
            guard withInformation else { return }
            work.addGram(weightedBy: work.roots, into: sums + plain)
        }
        return Derivatives(
            logLikelihood: sums[0], gradient: layout.vector(sums[1..<plain]),
            information: withInformation ? layout.matrix(sums[plain...]) : nil)
    }

    /// XᵀX of the standardised columns, weighted by the weights of the rows alone.
    func gram(step: Int = 1) throws -> Matrix {
        let layout = self.layout
        let sums = try total(count: layout.matrixSize, step: step) { work, range, sums in
            rootWeights(&work, range)
            work.addGram(weightedBy: work.roots, into: sums)
        }
        return layout.matrix(sums[...])
    }

    /// The roots of the weights of the rows alone.
    private func rootWeights(_ work: inout BlockWork, _ range: Range<Int>) {
        for row in 0..<range.count {
            work.roots[row] = weights?[range.lowerBound + row].squareRoot() ?? 1
        }
    }

    /// The linear predictor of each row, without its offset.
    func predictors(at parameters: [Double]) throws -> [Double] {
        let coefficients = layout.coefficients(parameters)
        return try perShard {
            [Double]()
        } visit: { work, range, found in
            work.predict(coefficients)
            found.append(
                contentsOf: UnsafeBufferPointer(start: work.predictor, count: range.count))
        }.flatMap(\.self)
    }

    /// Adds their offsets to the block's linear predictors.
    func addOffsets(_ work: borrowing BlockWork, _ range: Range<Int>) {
        guard let offsets else { return }
        for row in 0..<range.count { work.predictor[row] += offsets[range.lowerBound + row] }
    }

    /// Turns the block's linear predictors into residuals and roots of working weights.
    ///
    /// - Returns: The log-likelihood of the rows.
    func weigh(_ work: inout BlockWork, _ range: Range<Int>) -> Double {
        addOffsets(work, range)
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
        count: Int, step: Int = 1, withSpare: Bool = false,
        _ body: @Sendable (inout BlockWork, Range<Int>, UnsafeMutablePointer<Double>) throws -> Void
    ) throws -> [Double] {
        let partials = try perShard(step: step, withSpare: withSpare) { () -> [Double] in
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
    /// - Parameters:
    ///   - step: Only every `step`-th block of rows is visited.
    ///   - withSpare: Whether `visit` needs room for a second block.
    ///   - start: What a shard begins with.
    ///   - visit: Takes in one block of rows.
    func perShard<Partial: Sendable>(
        step: Int = 1, withSpare: Bool = false, _ start: @Sendable () -> Partial,
        visit: @Sendable (inout BlockWork, Range<Int>, inout Partial) throws -> Void
    ) throws -> [Partial] {
        let layout = self.layout
        return try RowShards(rows: rows).map(threads: threads) { shard in
            Result {
                var work = BlockWork(
                    layout, sparse?.shard(of: shard.lowerBound), withSpare: withSpare)
                var partial = start()
                let blocks = RowShards.blocks(of: shard).filter {
                    $0.lowerBound / RowShards.blockRows % step == 0
                }
                /// What is lent begins at `origin`.
                func visitAll(_ blocks: [Range<Int>], _ lent: LentRows?, _ origin: Int) throws {
                    for range in blocks {
                        work.fill(from: lent, range, at: range.lowerBound - origin, standardisation)
                        try visit(&work, range, &partial)
                    }
                }
                if layout.dense.isEmpty {
                    // The intercept and what is held need no value of the design.
                    try visitAll(blocks, nil, 0)
                } else if step == 1 {
                    try design.withRows(shard, of: layout.dense) {
                        try visitAll(blocks, $0, shard.lowerBound)
                    }
                } else {
                    for range in blocks {
                        try design.withRows(range, of: layout.dense) {
                            try visitAll([range], $0, range.lowerBound)
                        }
                    }
                }
                return partial
            }
        }.map { try $0.get() }
    }

    // MARK: Orthogonal factors and separation

    /// R with RᵀR = XᵀWX, by orthogonal factorisation.
    ///
    /// - Parameter parameters: Where W is taken; `nil` for the weights of the rows alone.
    func orthogonalFactor(at parameters: [Double]?) throws -> OrthogonalFactor {
        let order = self.order
        // An orthogonal factor is of the rows as they are.
        let problem = dense
        let coefficients = problem.layout.coefficients(
            parameters ?? .init(repeating: 0, count: order))
        let partials = try problem.perShard {
            OrthogonalFactor(columns: order)
        } visit: { work, range, factor in
            if parameters == nil {
                rootWeights(&work, range)
            } else {
                work.predict(coefficients)
                _ = weigh(&work, range)
            }
            work.block.scaleRows(by: work.roots)
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
        let coefficients = layout.coefficients(direction)
        let extremes = try perShard {
            (least: Double.infinity, largest: -Double.infinity)
        } visit: {
            work, range, extremes in
            work.predict(coefficients)
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
