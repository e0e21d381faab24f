import PipelineModel

/// A logistic regression with a handful of terms, by Newton's method on the normal equations;
/// for curves of calibration, where nothing is gained by BLAS.
struct SmallLogisticFit {
    /// One for each column of the design.
    var coefficients: [Double]
    /// The inverse of the information matrix at the estimate, row by row.
    var covariance: [Double]

    /// Fits outcomes on the columns of a design, which hold the intercept where there is one.
    ///
    /// - Parameters:
    ///   - design: Row by row, `columns` numbers each.
    ///   - columns: The number of terms.
    ///   - outcome: 0 or 1 for each row; how many of its trials, where there are trials.
    ///   - trials: How many rows each row stands for; `nil` where one.
    ///   - start: Coefficients to start from; `nil` for 0.
    /// - Returns: `nil` where the information matrix is not positive definite or 50 steps do
    ///   not reach a Newton decrement below 1e-12.
    static func fit(
        _ design: [Double], columns: Int, outcome: [Double], trials: [Double]? = nil,
        from start: [Double]? = nil
    ) -> SmallLogisticFit? {
        var coefficients = start ?? [Double](repeating: 0, count: columns)
        var likelihood = -Double.infinity
        var surface = Surface(design, columns, outcome, trials, coefficients)
        for _ in 0..<50 {
            likelihood = surface.likelihood
            guard let inverse = inverse(surface.information, columns) else { return nil }
            let step = (0..<columns).map { row in
                (0..<columns).reduce(0) { $0 + inverse[row * columns + $1] * surface.gradient[$1] }
            }
            let decrement = zip(step, surface.gradient).reduce(0) { $0 + $1.0 * $1.1 }
            guard decrement.isFinite else { return nil }
            if decrement < 1e-12 {
                // At a likelihood of 1 the outcomes are separated, and the curve is arbitrary.
                guard surface.likelihood < -1e-6 else { return nil }
                return SmallLogisticFit(
                    coefficients: zip(coefficients, step).map { $0 + $1 }, covariance: inverse)
            }
            var share = 1.0
            var moved = false
            for _ in 0..<30 {
                let next = zip(coefficients, step).map { $0 + share * $1 }
                let there = Surface(design, columns, outcome, trials, next)
                if there.likelihood.isFinite,
                    there.likelihood >= likelihood - 1e-12 * (likelihood.magnitude + 1)
                {
                    (coefficients, surface, moved) = (next, there, true)
                    break
                }
                share /= 2
            }
            if !moved { return nil }
        }
        return nil
    }

    /// The linear predictor at a row of a design, with its standard error.
    func predict(_ row: [Double]) -> (linear: Double, error: Double) {
        let linear = zip(coefficients, row).reduce(0) { $0 + $1.0 * $1.1 }
        var variance = 0.0
        for left in row.indices {
            for right in row.indices {
                variance += row[left] * covariance[left * row.count + right] * row[right]
            }
        }
        return (linear, max(variance, 0).squareRoot())
    }

    /// The log-likelihood, its gradient and the information matrix.
    private struct Surface {
        var likelihood = 0.0
        var gradient: [Double]
        var information: [Double]

        init(
            _ design: [Double], _ columns: Int, _ outcome: [Double], _ trials: [Double]?,
            _ coefficients: [Double]
        ) {
            var gradient = [Double](repeating: 0, count: columns)
            var information = [Double](repeating: 0, count: columns * columns)
            var likelihood = 0.0
            design.withUnsafeBufferPointer { design in
                for row in outcome.indices {
                    let start = row * columns
                    var linear = 0.0
                    for column in 0..<columns {
                        linear += design[start + column] * coefficients[column]
                    }
                    let expected = Logistic.probability(linear)
                    var residual = outcome[row] - expected
                    var weight = expected * (1 - expected)
                    if let trials {
                        residual = outcome[row] - trials[row] * expected
                        weight *= trials[row]
                        likelihood -=
                            trials[row] * Logistic.softplus(linear) - outcome[row] * linear
                    } else {
                        likelihood -= Logistic.softplus(outcome[row] == 1 ? -linear : linear)
                    }
                    for column in 0..<columns {
                        let value = design[start + column]
                        gradient[column] += residual * value
                        for other in 0...column {
                            information[column * columns + other] +=
                                weight * value * design[start + other]
                        }
                    }
                }
            }
            for column in 0..<columns {
                for other in 0..<column {
                    information[other * columns + column] = information[column * columns + other]
                }
            }
            self.likelihood = likelihood
            self.gradient = gradient
            self.information = information
        }
    }

    /// The inverse of a symmetric positive definite matrix by its Cholesky factor; `nil` where a
    /// pivot is not above 1e-13 of its diagonal.
    private static func inverse(_ matrix: [Double], _ size: Int) -> [Double]? {
        var factor = matrix
        for column in 0..<size {
            var pivot = factor[column * size + column]
            for inner in 0..<column {
                pivot -= factor[column * size + inner] * factor[column * size + inner]
            }
            guard pivot > 1e-13 * matrix[column * size + column], pivot.isFinite else { return nil }
            let root = pivot.squareRoot()
            factor[column * size + column] = root
            for row in column + 1..<max(size, column + 1) {
                var value = factor[row * size + column]
                for inner in 0..<column {
                    value -= factor[row * size + inner] * factor[column * size + inner]
                }
                factor[row * size + column] = value / root
            }
        }
        var inverse = [Double](repeating: 0, count: size * size)
        for unit in 0..<size {
            var solution = [Double](repeating: 0, count: size)
            for row in unit..<size {
                var value = row == unit ? 1.0 : 0
                for inner in unit..<row { value -= factor[row * size + inner] * solution[inner] }
                solution[row] = value / factor[row * size + row]
            }
            for row in stride(from: size - 1, through: 0, by: -1) {
                var value = solution[row]
                for inner in row + 1..<max(size, row + 1) {
                    value -= factor[inner * size + row] * solution[inner]
                }
                solution[row] = value / factor[row * size + row]
                inverse[row * size + unit] = solution[row]
            }
        }
        return inverse
    }
}
