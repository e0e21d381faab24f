import LinearAlgebra
import PipelineModel

/// Whether estimates are where they were planted.
public enum WaldTest {
    /// (b − β)ᵀ V⁻¹ (b − β), which is chi-square with one degree of freedom for
    /// each estimate where β is the truth.
    ///
    /// - Parameters:
    ///   - estimate: The estimates b, as ``FittedModel/estimates``.
    ///   - planted: The true values β, in the same order.
    ///   - covariance: V, column-major, as ``FittedModel/covariance``.
    /// - Throws: `StileError` where V is not positive definite or of another size.
    public static func joint(
        estimate: [Double], planted: [Double], covariance: [Double]
    ) throws -> (statistic: Double, degreesOfFreedom: Int, pValue: Double) {
        let size = estimate.count
        guard planted.count == size, covariance.count == size * size else {
            throw StileError(
                .input, "Estimates, planted values and their covariance differ in size.",
                remedy: "Take all three in the order of the model's parameters.")
        }
        // Scaled to a correlation, so that units of very different size do no harm.
        let errors = (0..<size).map { covariance[$0 * size + $0].squareRoot() }
        var correlation = Matrix(rows: size, columns: size, values: covariance)
        for column in 0..<size {
            for row in 0..<size { correlation[row, column] /= errors[row] * errors[column] }
        }
        guard let factor = try UpperFactor(cholesky: correlation) else {
            throw StileError(
                .input, "The covariance of the estimates is not positive definite.",
                remedy: "Leave aliased terms out.")
        }
        let distance = (0..<size).map { (estimate[$0] - planted[$0]) / errors[$0] }
        let statistic = zip(distance, factor.solve(distance)).reduce(0) { $0 + $1.0 * $1.1 }
        return (statistic, size, ChiSquare.upperTail(statistic, degreesOfFreedom: size))
    }
}
