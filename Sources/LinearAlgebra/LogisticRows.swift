import CRowKernels

/// What a logistic likelihood needs of each row, by kernels for the processor at hand.
public enum LogisticRows {
    /// Turns linear predictors into weighted residuals and roots of working weights.
    ///
    /// - Parameters:
    ///   - predictor: The linear predictor η of each row; on return weight · (y − p).
    ///   - roots: Receives √(weight · p (1 − p)) of each row.
    ///   - outcomes: y of each row, 0 or 1.
    ///   - weights: A weight ≥ 0 for each row, or `nil` for ones.
    ///   - count: The number of rows.
    /// - Returns: The sum of weight · (y log p + (1 − y) log(1 − p)).
    public static func weigh(
        predictor: UnsafeMutablePointer<Double>, roots: UnsafeMutablePointer<Double>,
        outcomes: UnsafePointer<Double>, weights: UnsafePointer<Double>?, count: Int
    ) -> Double {
        stile_logistic_rows(predictor, roots, outcomes, weights, count)
    }
}
