import LinearAlgebra
import PipelineModel

/// The (weighted) mean and standard deviation of each column.
///
/// The fit works on centred and scaled columns and gives its answer in the
/// original ones; only rounding depends on the choice. A penalty depends on the scales.
struct Standardisation: Sendable {
    var means: [Double]
    /// The population standard deviation; 1 for a column that does not vary.
    var scales: [Double]
    /// The largest |value − mean| ÷ scale of each column.
    var reaches: [Double]
    /// How many values of each column are not zero.
    var nonzero: [Int]
    /// The columns with a single value.
    var constant: [Int]

    /// Reads every row once.
    ///
    /// - Throws: `StileError` naming each column with a value that is not finite.
    init(_ design: any DesignRows, weights: [Double]?, threads: Int) throws {
        let moments = try Standardisation.moments(design, weights: weights, threads: threads)
        let faults = zip(design.columns, moments).compactMap(Standardisation.fault)
        if let error = StileError.all(faults) { throw error }
        means = moments.map(\.mean)
        nonzero = moments.map(\.nonzero)
        scales = []
        reaches = []
        constant = []
        for (index, column) in moments.enumerated() {
            let scale = column.deviation
            let usable = !column.isConstant && scale > 0
            if !usable { constant.append(index) }
            scales.append(usable ? scale : 1)
            reaches.append(
                usable
                    ? max(column.largest - column.mean, column.mean - column.least) / scale : 0)
        }
    }

    private static func fault(_ name: String, _ moments: ColumnMoments) -> StileError? {
        if moments.notFinite > 0 {
            return StileError(
                .input,
                "The column “\(name)” has \(moments.notFinite) values that are missing or infinite.",
                remedy: "Declare in the feature what missing means.")
        }
        guard !moments.mean.isFinite || !moments.deviation.isFinite else { return nil }
        return StileError(
            .input, "The column “\(name)” has values so large that their spread overflows.",
            remedy: "Look for wrong values, or change the unit of the feature.")
    }

    private static func moments(
        _ design: any DesignRows, weights: [Double]?, threads: Int
    ) throws -> [ColumnMoments] {
        let count = design.columns.count
        let shards = try RowShards(rows: design.rowCount).map(threads: threads) { shard in
            Result {
                var moments = [ColumnMoments](repeating: ColumnMoments(), count: count)
                try design.withRows(shard) { lent in
                    for block in RowShards.blocks(of: shard) {
                        let first = block.lowerBound - shard.lowerBound
                        weights.withPointer(at: block.lowerBound) { weights in
                            for column in 0..<count {
                                moments[column].join(
                                    ColumnMoments(
                                        lent.column(column) + first, weights: weights,
                                        count: block.count))
                            }
                        }
                    }
                }
                return moments
            }
        }.map { try $0.get() }
        return shards.reduce([ColumnMoments](repeating: ColumnMoments(), count: count)) {
            zip($0, $1).map { whole, part in
                var joined = whole
                joined.join(part)
                return joined
            }
        }
    }
}

extension [Double]? {
    /// Lends a pointer to the element at `index`, or `nil` where there is no array.
    func withPointer<Result>(
        at index: Int, _ body: (UnsafePointer<Double>?) throws -> Result
    ) rethrows -> Result {
        guard let self else { return try body(nil) }
        return try self.withUnsafeBufferPointer { try body($0.baseAddress.map { $0 + index }) }
    }
}
