/// The penalty that a model was fitted with.
public struct FittedPenalty: Codable, Sendable, Equatable {
    /// One λ that was tried.
    public struct Step: Codable, Sendable, Equatable {
        public var strength: Double
        /// The mean deviance of rows that were left out, for each unit of weight.
        public var deviance: Double
        public var standardError: Double
    }

    /// α, the share of the absolute penalty: 0 for ridge, 1 for LASSO.
    public var mixing: Double
    /// λ, on columns divided by their population standard deviations, for each unit of weight.
    public var strength: Double
    /// The rule by which λ was chosen; absent where the specification states it.
    public var chosenBy: String?
    /// Parts into which the rows were divided to choose it.
    public var folds: Int?
    /// What was tried, in descending λ; empty where the specification states λ.
    public var path: [Step]
    /// The effective number of parameters, the intercept included.
    public var effectiveParameters: Double
}
