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
                    let counted = Counted(shard, weights)
                    for (index, column) in lent.columns.enumerated() {
                        switch column {
                        case .dense(let numbers):
                            for block in RowShards.blocks(of: shard) {
                                let first = block.lowerBound - shard.lowerBound
                                weights.withPointer(at: block.lowerBound) { weights in
                                    moments[index].join(
                                        ColumnMoments(
                                            numbers + first, weights: weights, count: block.count))
                                }
                            }
                        case .sparse(let nonzeros):
                            moments[index] = counted.moments(nonzeros, shard, weights)
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

/// What some rows weigh, so that of a column that is mostly zero the zeros need not be visited.
private struct Counted {
    /// The sum of the weights, and how many are above 0.
    var weight: Double
    var rows: Int

    init(_ range: Range<Int>, _ weights: [Double]?) {
        weight = weights.map { $0[range].reduce(0, +) } ?? Double(range.count)
        rows = weights.map { $0[range].count { $0 > 0 } } ?? range.count
    }

    func moments(
        _ nonzeros: LentNonzeros, _ range: Range<Int>, _ weights: [Double]?
    ) -> ColumnMoments {
        let own = weights.map { weights in
            (0..<nonzeros.count).map { weights[range.lowerBound + nonzeros.row($0)] }
        }
        var moments = own.withPointer(at: 0) { own in
            nonzeros.values.baseAddress.map {
                ColumnMoments($0, weights: own, count: nonzeros.count)
            } ?? ColumnMoments()
        }
        let counted = own.map { $0.count { $0 > 0 } } ?? nonzeros.count
        let taken = own.map { $0.reduce(0, +) } ?? Double(nonzeros.count)
        moments.join(zeros: rows - counted, weight: weight - taken)
        return moments
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
