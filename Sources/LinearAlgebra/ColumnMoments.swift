import CRowKernels

/// The mean, the spread and the range of a column, or of a part of one.
///
/// Parts are joined in a fixed order, so that the result does not depend on threads.
///
/// Source: T. Chan, G. Golub and R. LeVeque, "Algorithms for computing the sample variance",
/// The American Statistician 37 (1983), pairwise updating.
public struct ColumnMoments: Sendable, Equatable {
    /// The sum of the weights; the number of rows where there are none.
    public private(set) var weight = 0.0
    public private(set) var mean = 0.0
    /// Σ weight · (value − mean)².
    public private(set) var squares = 0.0
    /// Of the rows with a weight above 0.
    public private(set) var least = Double.infinity
    public private(set) var largest = -Double.infinity
    /// Values that are NaN or infinite, whatever their weight.
    public private(set) var notFinite = 0
    /// Values other than 0.
    public private(set) var nonzero = 0

    public init() {}

    /// The moments of `count` values.
    ///
    /// - Parameters:
    ///   - values: The values.
    ///   - weights: A weight ≥ 0 for each, or `nil` for ones.
    ///   - count: How many there are.
    public init(
        _ values: UnsafePointer<Double>, weights: UnsafePointer<Double>?, count: Int
    ) {
        guard count > 0 else { return }
        let range = stile_range_of(values, count)
        notFinite = count - range.finite
        nonzero = range.nonzero
        guard notFinite == 0 else { return }
        guard let weights else {
            weight = Double(count)
            mean = stile_sum(values, count) / Double(count)
            squares = stile_sum_of_squares(values, mean, count)
            (least, largest) = (range.least, range.largest)
            return
        }
        for row in 0..<count where weights[row] > 0 {
            weight += weights[row]
            let off = values[row] - mean
            let step = weights[row] / weight * off
            mean += step
            squares += weights[row] * off * (values[row] - mean)
            least = min(least, values[row])
            largest = max(largest, values[row])
        }
    }

    /// Takes in the moments of further rows.
    public mutating func join(_ other: ColumnMoments) {
        notFinite += other.notFinite
        nonzero += other.nonzero
        guard other.weight > 0 else { return }
        let total = weight + other.weight
        let off = other.mean - mean
        mean += off * (other.weight / total)
        squares += other.squares + off * off * (weight / total * other.weight)
        weight = total
        least = min(least, other.least)
        largest = max(largest, other.largest)
    }

    /// Takes in rows whose value is 0.
    ///
    /// - Parameters:
    ///   - count: How many of them have a weight above 0; with none nothing changes.
    ///   - weight: The sum of their weights.
    public mutating func join(zeros count: Int, weight: Double) {
        guard count > 0 else { return }
        var zeros = ColumnMoments()
        (zeros.weight, zeros.least, zeros.largest) = (max(weight, 0), 0, 0)
        join(zeros)
    }

    /// Whether all rows of weight above 0 have one value.
    public var isConstant: Bool { !(least < largest) }

    /// The population standard deviation, √(Σ w (x − mean)² ÷ Σ w).
    public var deviation: Double { weight > 0 ? (squares / weight).squareRoot() : 0 }
}
