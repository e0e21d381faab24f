import LinearAlgebra

/// What one thread needs to work on a block of rows: made once a shard, used for all its blocks.
struct BlockWork: ~Copyable {
    var block: RowBlock
    /// Linear predictors, then residuals; an element for each row of a block.
    let predictor: UnsafeMutablePointer<Double>
    /// Roots of working weights.
    let roots: UnsafeMutablePointer<Double>
    /// Anything else that there is one of for each row.
    let others: UnsafeMutablePointer<Double>

    init(columns: Int) {
        block = RowBlock(columns: columns)
        predictor = .allocate(capacity: 3 * RowShards.blockRows)
        predictor.initialize(repeating: 0, count: 3 * RowShards.blockRows)
        roots = predictor + RowShards.blockRows
        others = roots + RowShards.blockRows
    }

    deinit { predictor.deallocate() }

    /// `predictor = block · parameters`.
    func predict(_ parameters: [Double]) {
        parameters.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { block.multiply(base, into: predictor) }
        }
    }
}
