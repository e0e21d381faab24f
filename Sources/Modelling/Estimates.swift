import LinearAlgebra

/// Estimates on the standardised columns, taken back to the columns as they are.
struct Estimates {
    let standardisation: Standardisation
    let used: [Int]

    private var order: Int { used.count + 1 }
    private var factors: [Double] { [1] + used.map { 1 / standardisation.scales[$0] } }
    private var shifts: [Double] { [0] + used.map { standardisation.means[$0] } }

    /// The intercept and the coefficients.
    func values(_ parameters: [Double]) -> [Double] {
        let (factors, shifts) = (self.factors, self.shifts)
        var values = (0..<order).map { parameters[$0] * factors[$0] }
        for index in 1..<max(order, 1) { values[0] -= values[index] * shifts[index] }
        return values
    }

    /// What multiplies the standardised parameters for one of ``values(_:)``.
    func functional(_ index: Int) -> [Double] {
        var functional = [Double](repeating: 0, count: order)
        functional[index] = factors[index]
        if index == 0 {
            for other in 1..<max(order, 1) { functional[other] = -factors[other] * shifts[other] }
        }
        return functional
    }

    /// The covariance of ``values(_:)``; the intercept is γ₀ − Σ mⱼβⱼ, so its row combines the
    /// others.
    func covariance(_ scaled: Matrix) -> Matrix {
        let (factors, shifts) = (self.factors, self.shifts)
        var covariance = Matrix(rows: order, columns: order)
        for column in 0..<order {
            for row in 0..<order {
                covariance[row, column] = scaled[row, column] * factors[row] * factors[column]
            }
        }
        for column in 0..<order {
            for row in 1..<max(order, 1) {
                covariance[0, column] -= shifts[row] * covariance[row, column]
            }
        }
        for row in 0..<order {
            for column in 1..<max(order, 1) {
                covariance[row, 0] -= shifts[column] * covariance[row, column]
            }
        }
        return covariance
    }

    /// A B A for symmetric matrices.
    static func sandwich(_ bread: Matrix, _ filling: Matrix) -> Matrix {
        let order = bread.rows
        func product(_ left: Matrix, _ right: Matrix) -> Matrix {
            var result = Matrix(rows: order, columns: order)
            for column in 0..<order {
                for inner in 0..<order {
                    let factor = right[inner, column]
                    for row in 0..<order { result[row, column] += left[row, inner] * factor }
                }
            }
            return result
        }
        return product(product(bread, filling), bread)
    }
}
