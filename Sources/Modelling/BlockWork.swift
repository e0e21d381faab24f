import LinearAlgebra
import PipelineModel

/// What one thread needs to work on a block of rows: made once a shard, used for all its blocks.
///
/// The columns of a block are of two kinds: dense ones, centred and scaled, with ones in column 0, and
/// those that are mostly zero, of which the numbers that are not zero are looked up row by row.
struct BlockWork: ~Copyable {
    /// The intercept and the dense columns.
    var block: RowBlock
    /// Room for as many numbers again.
    var spare: RowBlock?
    /// Linear predictors, then residuals; an element for each row of a block.
    let predictor: UnsafeMutablePointer<Double>
    /// Roots of working weights.
    let roots: UnsafeMutablePointer<Double>
    /// Anything else that there is one of for each row.
    let others: UnsafeMutablePointer<Double>
    private let layout: ParameterLayout
    private let sparse: CompressedRows?
    /// The row of the shard at which the block begins.
    private var first = 0
    /// The rows of the block among those of the shard.
    private var held: Range<Int> { first..<(first + block.rows) }

    init(_ layout: ParameterLayout, _ sparse: CompressedRows?, withSpare: Bool = false) {
        self.layout = layout
        self.sparse = sparse
        block = RowBlock(columns: layout.dense.count + 1)
        spare = withSpare ? RowBlock(columns: layout.dense.count + 1) : nil
        predictor = .allocate(capacity: 3 * RowShards.blockRows)
        predictor.initialize(repeating: 0, count: 3 * RowShards.blockRows)
        roots = predictor + RowShards.blockRows
        others = roots + RowShards.blockRows
    }

    deinit { predictor.deallocate() }

    /// Copies some rows, centred and scaled, into the block.
    ///
    /// - Parameters:
    ///   - lent: The dense columns; `nil` where there are none.
    ///   - range: Which rows of all.
    ///   - offset: Where they begin in what is lent.
    ///   - standardisation: Of all columns.
    mutating func fill(
        from lent: LentRows?, _ range: Range<Int>, at offset: Int,
        _ standardisation: Standardisation
    ) {
        first = range.lowerBound % RowShards.shardRows
        block.begin(rows: range.count)
        block.column(0).update(repeating: 1)
        guard let lent else { return }
        for (index, column) in layout.dense.enumerated() {
            let mean = standardisation.means[column]
            let factor = 1 / standardisation.scales[column]
            switch lent.columns[index] {
            case .dense(let numbers):
                var next: UnsafePointer<Double>?
                if index + 1 < layout.dense.count, case .dense(let start) = lent.columns[index + 1]
                {
                    next = start + offset
                }
                block.fill(
                    index + 1, from: numbers + offset, mean: mean, factor: factor, next: next)
            case .sparse(let nonzeros):
                let target = block.column(index + 1)
                target.update(repeating: -mean * factor)
                for place in nonzeros.indices(in: offset..<(offset + range.count)) {
                    target[nonzeros.row(place) - offset] = (nonzeros.values[place] - mean) * factor
                }
            }
        }
    }

    /// Copies the dense columns to the spare block.
    mutating func copyToSpare() { spare?.copy(block) }

    /// `predictor = X · parameters`.
    func predict(_ coefficients: ParameterLayout.Coefficients) {
        coefficients.dense.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { block.multiply(base, into: predictor) }
        }
        sparse?.addProduct(coefficients.sparse, rows: held, to: predictor)
    }

    /// `sums += Xᵀ · vector`, as the layout has it.
    func addTransposedProduct(
        _ vector: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>
    ) {
        block.addTransposedProduct(vector, into: sums)
        sparse?.addTransposedProduct(vector, rows: held, to: sums + block.columns)
    }

    /// `sums += XᵀWX`, as the layout has it, W being the squares of `factors`; the block is
    /// overwritten.
    mutating func addGram(
        weightedBy factors: UnsafePointer<Double>, into sums: UnsafeMutablePointer<Double>
    ) {
        sparse?.addGram(
            beside: block, weightedBy: factors, rows: held, order: layout.sparseCount,
            mixed: sums + layout.mixedOffset, own: sums + layout.sparseOffset)
        block.scaleRows(by: factors)
        block.addGram(into: sums)
    }
}
