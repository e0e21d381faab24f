/// The penalty that a model was fitted with.
public struct FittedPenalty: Codable, Sendable, Equatable {
    /// One λ that was tried.
    public struct Step: Codable, Sendable, Equatable {
        public var strength: Double
        /// The mean deviance of rows that were left out, for each unit of weight.
        public var deviance: Double
        public var standardError: Double
        /// Terms that a fit on all rows keeps at this λ; absent for a ridge, which keeps all,
        /// and where the share below is.
        public var terms: Int?
        /// The share of the null deviance that the fit on all rows explains; absent, as what
        /// follows, where the path was not kept or the fit did not converge to the full tolerance.
        public var explained: Double?
        /// The intercept of the fit on all rows.
        public var intercept: Double?
        /// Its coefficients on the columns as they are, in the order of the model's parameters after
        /// the intercept.
        public var coefficients: [Double]?

        /// Takes the fit on all rows.
        ///
        /// - Parameters:
        ///   - point: On the standardised columns.
        ///   - values: The intercept and the coefficients on the columns as they are.
        ///   - drops: Whether the penalty makes coefficients zero.
        mutating func keep(_ point: PenaltyPoint, _ values: [Double], drops: Bool) {
            terms = drops ? point.parameters.dropFirst().count { $0 != 0 } : nil
            explained = point.explained
            intercept = values.first
            coefficients = Array(values.dropFirst())
        }
    }

    /// An end of what was tried, beyond which another λ may be better.
    public enum PathEnd: String, Codable, Sendable {
        /// The largest λ: with an absolute penalty no term is left.
        case strongest
        /// The least λ, which may still hold the coefficients back.
        case weakest

        /// - Parameters:
        ///   - strength: The λ that was chosen.
        ///   - path: What was tried, in descending λ.
        /// - Returns: `nil` where λ does not lie at an end.
        init?(of strength: Double, on path: [Step]) {
            guard path.count > 1 else { return nil }
            switch strength {
            case path.first?.strength: self = .strongest
            case path.last?.strength: self = .weakest
            default: return nil
            }
        }
    }

    /// α, the share of the absolute penalty: 0 for ridge, 1 for LASSO.
    public var mixing: Double
    /// λ, on columns divided by their population standard deviations, for each unit of weight.
    public var strength: Double
    /// The rule by which λ was chosen; absent where the specification states it.
    public var chosenBy: String?
    /// Parts into which the rows were divided to choose it.
    public var folds: Int?
    /// At which end of what was tried λ was chosen; absent where between the ends, as it should be,
    /// or where the specification states it.
    public var pathEnd: PathEnd?
    /// What was tried, in descending λ; empty where the specification states λ.
    public var path: [Step]
    /// The effective number of parameters, the intercept included.
    public var effectiveParameters: Double
}
