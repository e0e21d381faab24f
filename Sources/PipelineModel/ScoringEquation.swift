/// A logistic equation ready to score: an intercept and terms in a fixed order.
///
/// It is what fitting and a published equation have in common, and all that
/// scoring knows of either.
public struct ScoringEquation: Sendable, Equatable {
    /// A column of the matrix and what it is multiplied by.
    public struct Term: Sendable, Equatable {
        /// The name of the column.
        public var name: String
        public var coefficient: Double
        /// The value against which reasons are measured: the mean of the fitting
        /// data, or a stated reference value.
        public var mean: Double

        public init(name: String, coefficient: Double, mean: Double) {
            self.name = name
            self.coefficient = coefficient
            self.mean = mean
        }
    }

    /// The name of the model.
    public var name: String
    public var intercept: Double
    /// The terms in the order in which they are added.
    public var terms: [Term]

    public init(name: String, intercept: Double, terms: [Term]) {
        self.name = name
        self.intercept = intercept
        self.terms = terms
    }
}
