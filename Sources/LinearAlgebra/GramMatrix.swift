/// XᵀWX in fixed row blocks.
public enum GramMatrix {
    /// The symmetric matrix XᵀWX of a column-major `values` (rows × columns).
    ///
    /// A block of rows at a time is scaled by √w and multiplied (`dsyrk`); the
    /// shards' sums are added in shard order, so the bits do not depend on `threads`.
    ///
    /// - Parameters:
    ///   - values: X, column by column.
    ///   - rows: The number of rows of X.
    ///   - columns: The number of columns of X.
    ///   - weights: One weight ≥ 0 a row, or `nil` for ones.
    ///   - threads: How many shards of rows are worked on at one time.
    /// - Returns: Both triangles, `columns` × `columns`.
    /// - Throws: `StileError` where a size does not fit 32 bits.
    public static func weighted(
        _ values: [Double], rows: Int, columns: Int, weights: [Double]? = nil, threads: Int = 1
    ) throws -> Matrix {
        precondition(values.count == rows * columns && weights.map { $0.count == rows } ?? true)
        _ = try Dimension.checked(rows, of: "rows")
        _ = try Dimension.checked(columns * RowShards.blockRows, of: "columns")
        guard columns > 0 else { return Matrix(rows: 0, columns: 0) }
        let sums = RowShards(rows: rows).sum(threads: threads, count: columns * columns) { shard in
            var gram = [Double](repeating: 0, count: columns * columns)
            var block = RowBlock(columns: columns)
            var roots = [Double](repeating: 1, count: RowShards.blockRows)
            for range in RowShards.blocks(of: shard) {
                block.begin(rows: range.count)
                for column in 0..<columns {
                    let target = block.column(column)
                    for row in 0..<range.count {
                        target[row] = values[column * rows + range.lowerBound + row]
                    }
                }
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
        var gram = Matrix(rows: columns, columns: columns, values: sums)
        gram.mirrorUpperTriangle()
        return gram
    }
}

extension Matrix {
    /// Copies the upper triangle onto the lower.
    ///
    /// - Precondition: The matrix is square.
    public mutating func mirrorUpperTriangle() {
        precondition(rows == columns)
        for column in 0..<columns {
            for row in 0..<column { self[column, row] = self[row, column] }
        }
    }
}
