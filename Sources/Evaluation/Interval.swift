/// An estimate with its standard error and 95 % interval.
public struct Interval: Codable, Sendable, Equatable {
    /// The 97.5 % point of the normal distribution.
    static let normalQuantile = 1.959963984540054

    public var estimate: Double
    public var standardError: Double
    public var lower: Double
    public var upper: Double
    /// By what the interval knows which rows are of one person, household or setting; absent where
    /// rows stand alone.
    public var method: IntervalMethod?

    /// The normal interval, cut off at `bounds`.
    init(estimate: Double, standardError: Double, bounds: ClosedRange<Double>? = nil) {
        self.init(
            estimate: estimate, standardError: standardError, bounds: bounds,
            reach: Interval.normalQuantile * standardError)
    }

    /// The interval by Student's distribution, cut off at `bounds`.
    init(
        estimate: Double, standardError: Double, bounds: ClosedRange<Double>? = nil,
        degrees: Int, method: IntervalMethod
    ) {
        self.init(
            estimate: estimate, standardError: standardError, bounds: bounds,
            reach: StudentDistribution.upper(degrees) * standardError)
        self.method = method
    }

    private init(
        estimate: Double, standardError: Double, bounds: ClosedRange<Double>?, reach: Double
    ) {
        self.estimate = estimate
        self.standardError = standardError
        lower = max(estimate - reach, bounds?.lowerBound ?? -.greatestFiniteMagnitude)
        upper = min(estimate + reach, bounds?.upperBound ?? .greatestFiniteMagnitude)
    }

    /// Whether every number of it is finite.
    var isFinite: Bool { estimate.isFinite && standardError.isFinite }
}

/// An estimate with a 95 % interval that comes from no standard error.
public struct Estimate: Codable, Sendable, Equatable {
    public var estimate: Double
    public var lower: Double
    public var upper: Double
    /// By what the interval knows which rows are of one person, household or setting; absent where
    /// rows stand alone.
    public var method: IntervalMethod?

    public init(_ estimate: Double, lower: Double, upper: Double) {
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
    }
}
