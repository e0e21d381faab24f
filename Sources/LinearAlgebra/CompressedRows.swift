import CRowKernels
public import PipelineModel

/// Rows of a matrix of which most numbers are zero: those that are not, row by row.
///
/// The form is known as compressed sparse rows. Source: Y. Saad, "Iterative methods for sparse linear
/// systems" (2nd ed., SIAM, 2003), 3.4.
public struct CompressedRows: Sendable {
    /// More columns than this do not fit.
    public static let mostColumns = Int(UInt16.max)

    /// Where the numbers of each row begin; one more than there are rows.
    private var starts: [UInt32]
    /// The row of each number.
    private var places: [UInt16]
    /// The column of each number; ascending within a row.
    private var columns: [UInt16]
    private var values: [Double]

    /// No row.
    public init() {
        starts = [0]
        places = []
        columns = []
        values = []
    }

    /// Turns columns into rows.
    ///
    /// - Parameters:
    ///   - lent: The columns, at most ``mostColumns``.
    ///   - rows: How many rows they have, at most 2¹⁶.
    public init(_ lent: LentRows, rows: Int) {
        precondition(lent.columns.count <= Self.mostColumns && rows <= Int(UInt16.max) + 1)
        // First how many numbers each row has, then where the next of each row goes.
        var next = [UInt32](repeating: 0, count: rows + 1)
        next.withUnsafeMutableBufferPointer { next in
            for column in lent.columns {
                column.forEach(rows) { row, value in if value != 0 { next[row + 1] += 1 } }
            }
            for row in 0..<rows { next[row + 1] += next[row] }
        }
        starts = next
        let count = Int(next[rows])
        places = [UInt16](repeating: 0, count: count)
        columns = places
        values = [Double](repeating: 0, count: count)
        next.withUnsafeMutableBufferPointer { next in
            places.withUnsafeMutableBufferPointer { places in
                columns.withUnsafeMutableBufferPointer { columns in
                    values.withUnsafeMutableBufferPointer { values in
                        for (index, column) in lent.columns.enumerated() {
                            column.forEach(rows) { row, value in
                                guard value != 0 else { return }
                                let place = Int(next[row])
                                places[place] = UInt16(row)
                                columns[place] = UInt16(index)
                                values[place] = value
                                next[row] += 1
                            }
                        }
                    }
                }
            }
        }
    }

    /// `product += X · vector`, an element for each of the rows.
    public func addProduct(
        _ vector: [Double], rows: Range<Int>, to product: UnsafeMutablePointer<Double>
    ) {
        with(rows) { stile_sparse_product(product, $0, vector, rows.lowerBound, rows.count) }
    }

    /// `sums += Xᵀ · vector`, an element for each column.
    public func addTransposedProduct(
        _ vector: UnsafePointer<Double>, rows: Range<Int>, to sums: UnsafeMutablePointer<Double>
    ) {
        with(rows) { stile_sparse_transposed(sums, $0, vector, rows.lowerBound, rows.count) }
    }

    /// `mixed += DᵀWX` and, in the upper triangle, `own += XᵀWX`, both column by column.
    ///
    /// - Parameters:
    ///   - dense: D, of as many rows.
    ///   - factors: Of each row the root of its weight.
    ///   - rows: Which rows of X.
    ///   - order: The number of columns of X.
    ///   - mixed: Room for as many rows as D has columns, and a column for each of X.
    ///   - own: Room for a row and a column for each column of X.
    public func addGram(
        beside dense: borrowing RowBlock, weightedBy factors: UnsafePointer<Double>,
        rows: Range<Int>, order: Int, mixed: UnsafeMutablePointer<Double>,
        own: UnsafeMutablePointer<Double>
    ) {
        let (width, count) = (dense.columns, dense.rows)
        precondition(count == rows.count)
        // Row by row the dense numbers lie side by side.
        withUnsafeTemporaryAllocation(of: Double.self, capacity: width * count) { beside in
            guard let base = beside.baseAddress else { return }
            for column in 0..<width {
                let source = dense.column(column)
                var target = base + column
                for row in 0..<count {
                    target.pointee = source[row]
                    target += width
                }
            }
            with(rows) {
                stile_sparse_gram(
                    mixed, own, $0, factors, base, width, order, rows.lowerBound, count)
            }
        }
    }

    private func with(_ rows: Range<Int>, _ body: (stile_sparse_rows) -> Void) {
        precondition(rows.upperBound < starts.count)
        starts.withUnsafeBufferPointer { starts in
            places.withUnsafeBufferPointer { places in
                columns.withUnsafeBufferPointer { columns in
                    values.withUnsafeBufferPointer { values in
                        guard let starts = starts.baseAddress, let places = places.baseAddress,
                            let columns = columns.baseAddress, let values = values.baseAddress
                        else { return }
                        body(
                            stile_sparse_rows(
                                starts: starts, rows: places, columns: columns, values: values))
                    }
                }
            }
        }
    }
}
