import CLinearAlgebra
import Foundation
import PipelineModel

/// An upper triangular R with RᵀR = A, for a symmetric positive definite A.
///
/// It comes from the Cholesky factorisation of A (`dpotrf`), or, where A = XᵀX is
/// ill-conditioned, from the orthogonal factorisation of X (``OrthogonalFactor``),
/// which does not square the condition number.
public struct UpperFactor: Sendable {
    /// The number of rows and columns.
    public let order: Int
    /// R in the upper triangle.
    private let factor: [Double]
    /// An estimate of 1 ÷ (‖A‖₁ ‖A⁻¹‖₁) by `dpocon`; 0 for a singular matrix.
    public let reciprocalCondition: Double

    /// Factorises A by Cholesky; `nil` where A is not positive definite to working precision.
    ///
    /// - Parameter matrix: Only the upper triangle is read.
    /// - Throws: `StileError` where the size does not fit 32 bits.
    public init?(cholesky matrix: Matrix) throws {
        precondition(matrix.rows == matrix.columns)
        _ = BLASIdentity.isHeldToOneThread
        let size = try Dimension.checked(matrix.rows, of: "columns")
        var values = matrix.values
        guard values.allSatisfy(\.isFinite) else { return nil }
        var n = size
        var info: Int32 = 0
        if size > 0 { dpotrf_("U", &n, &values, &n, &info, 1) }
        guard info == 0 else { return nil }
        order = matrix.rows
        factor = values
        reciprocalCondition = UpperFactor.reciprocalCondition(
            of: values, order: matrix.rows, norm: UpperFactor.norm(of: matrix))
    }

    /// Takes R itself, as an orthogonal factorisation gives it.
    ///
    /// - Throws: `StileError` where the size does not fit 32 bits.
    public init(triangle: Matrix) throws {
        precondition(triangle.rows == triangle.columns)
        _ = try Dimension.checked(triangle.rows, of: "columns")
        order = triangle.rows
        factor = triangle.values
        var product = Matrix(rows: order, columns: order)
        for column in 0..<order {
            for row in 0...column {
                var sum = 0.0
                for inner in 0...row { sum += triangle[inner, row] * triangle[inner, column] }
                product[row, column] = sum
            }
        }
        reciprocalCondition = UpperFactor.reciprocalCondition(
            of: factor, order: order, norm: UpperFactor.norm(of: product))
    }

    /// The solution x of A x = `right`.
    public func solve(_ right: [Double]) -> [Double] {
        precondition(right.count == order)
        guard order > 0 else { return [] }
        var solution = right
        var n = Int32(order)
        var one: Int32 = 1
        var info: Int32 = 0
        dpotrs_("U", &n, &one, factor, &n, &solution, &n, &info, 1)
        return solution
    }

    /// log det A, twice the sum of the logarithms of R's diagonal.
    public var logDeterminant: Double {
        (0..<order).reduce(0) { $0 + 2 * log(factor[$1 * order + $1].magnitude) }
    }

    /// Lends R, column-major, with zeros or leftovers below the diagonal.
    func withTriangle(_ body: (UnsafePointer<Double>) -> Void) {
        factor.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { body(base) }
        }
    }

    /// A⁻¹, both triangles; `nil` where R has a zero on its diagonal.
    public func inverse() -> Matrix? {
        guard order > 0 else { return Matrix(rows: 0, columns: 0) }
        var values = factor
        var n = Int32(order)
        var info: Int32 = 0
        dpotri_("U", &n, &values, &n, &info, 1)
        guard info == 0 else { return nil }
        var inverse = Matrix(rows: order, columns: order, values: values)
        inverse.mirrorUpperTriangle()
        return inverse
    }

    /// The largest sum of absolute values of a column, from the upper triangle.
    private static func norm(of matrix: Matrix) -> Double {
        var sums = [Double](repeating: 0, count: matrix.columns)
        for column in 0..<matrix.columns {
            for row in 0...column {
                let size = matrix[row, column].magnitude
                sums[column] += size
                if row != column { sums[row] += size }
            }
        }
        return sums.max() ?? 0
    }

    private static func reciprocalCondition(
        of factor: [Double], order: Int, norm: Double
    ) -> Double {
        guard order > 0 else { return 1 }
        guard (0..<order).allSatisfy({ factor[$0 * order + $0] != 0 }) else { return 0 }
        var n = Int32(order)
        var size = norm
        var result = 0.0
        var work = [Double](repeating: 0, count: 3 * order)
        var integers = [Int32](repeating: 0, count: order)
        var info: Int32 = 0
        dpocon_("U", &n, factor, &n, &size, &result, &work, &integers, &info, 1)
        return info == 0 && result.isFinite ? result : 0
    }
}
