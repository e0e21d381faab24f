import CLinearAlgebra
import PipelineModel

/// The orthogonal factorisation of a matrix with column exchanges (`dgeqp3`).
public struct PivotedQR: Sendable {
    /// R: as many rows as the smaller dimension, zeros below the diagonal.
    public let triangle: Matrix
    /// Which column of the input stands at each column of ``triangle``.
    public let order: [Int]
    /// The number of diagonal elements above the tolerance.
    public let rank: Int

    /// - Parameters:
    ///   - matrix: What is factorised.
    ///   - tolerance: A diagonal element counts where it is above this share of the largest.
    ///   - pivoting: Where `false` the columns keep their order, and ``rank`` is only a count.
    /// - Throws: `StileError` where a size does not fit 32 bits or LAPACK refuses.
    public init(_ matrix: Matrix, tolerance: Double = 1e-10, pivoting: Bool = true) throws {
        _ = BLASIdentity.isHeldToOneThread
        var rows = try Dimension.checked(matrix.rows, of: "rows")
        var columns = try Dimension.checked(matrix.columns, of: "columns")
        var values = matrix.values
        let depth = min(matrix.rows, matrix.columns)
        // A column marked from the start is not exchanged.
        var pivots = [Int32](repeating: pivoting ? 0 : 1, count: matrix.columns)
        if depth > 0 {
            var reflectors = [Double](repeating: 0, count: depth)
            var info: Int32 = 0
            var size: Int32 = -1
            var wanted = [0.0]
            dgeqp3_(&rows, &columns, &values, &rows, &pivots, &reflectors, &wanted, &size, &info)
            size = max(3 * columns + 1, Int32(wanted[0]))
            var work = [Double](repeating: 0, count: Int(size))
            dgeqp3_(&rows, &columns, &values, &rows, &pivots, &reflectors, &work, &size, &info)
            guard info == 0 else {
                throw StileError(
                    .input, "The orthogonal factorisation of the design failed.",
                    remedy: "Check the matrix for values that are not finite.")
            }
        } else {
            pivots = (0..<columns).map { $0 + 1 }
        }
        var upper = Matrix(rows: depth, columns: matrix.columns)
        for column in 0..<matrix.columns {
            for row in 0..<min(column + 1, depth) {
                upper[row, column] = values[column * matrix.rows + row]
            }
        }
        triangle = upper
        order = pivots.map { Int($0) - 1 }
        let diagonal = (0..<depth).map { upper[$0, $0].magnitude }
        let largest = diagonal.max() ?? 0
        rank = diagonal.count { $0 > largest * tolerance }
    }
}
