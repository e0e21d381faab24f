/// A share of counted rows with Wilson's 95 % interval.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", JASA 22 (1927): for x of n with z the 97.5 % point of the normal distribution,
/// the centre is (x + z²/2) ÷ (n + z²) and the reach z ÷ (n + z²) · √(x (n − x) ÷ n + z²/4).
public struct Share: Codable, Sendable, Equatable {
    public var count: Int
    public var of: Int
    public var estimate: Double
    public var lower: Double
    public var upper: Double
    /// As many independent rows would say as much; absent where rows stand alone.
    public var effectiveSize: Double?

    /// - Precondition: `of` is above 0 and `count` in 0…`of`.
    init(_ count: Int, of whole: Int) {
        self.init(count, of: whole, part: Double(count), all: Double(whole))
    }

    /// The share with Wilson's interval of an effective size.
    ///
    /// - Precondition: `of` is above 0, `count` in 0…`of` and the size at least 0.
    init(_ count: Int, of whole: Int, effectiveSize: Double) {
        self.init(
            count, of: whole, part: Double(count) / Double(whole) * effectiveSize,
            all: effectiveSize)
        self.effectiveSize = effectiveSize
    }

    private init(_ count: Int, of whole: Int, part: Double, all: Double) {
        self.count = count
        of = whole
        let square = Interval.normalQuantile * Interval.normalQuantile
        let centre = (part + square / 2) / (all + square)
        let reach =
            Interval.normalQuantile / (all + square)
            * ((all > 0 ? part * (all - part) / all : 0) + square / 4).squareRoot()
        estimate = Double(count) / Double(whole)
        // At the ends the bound is the estimate itself, whatever the rounding.
        lower = count == 0 ? 0 : max(0, min(centre - reach, estimate))
        upper = count == whole ? 1 : min(1, max(centre + reach, estimate))
    }

    /// Observed against expected: the share ÷ the mean probability, with the share's interval
    /// ÷ the same; what is expected counts as known.
    ///
    /// - Parameters:
    ///   - share: Rows with the event, of all rows.
    ///   - expected: The sum of the probabilities of all rows.
    static func observedToExpected(_ share: Share, expected: Double) -> Assessed<Estimate> {
        let mean = expected / Double(share.of)
        let ratio = Double(share.count) / expected
        guard expected > 0, ratio.isFinite, (share.upper / mean).isFinite else {
            return .notAssessable("no event is expected")
        }
        var found = Estimate(ratio, lower: share.lower / mean, upper: share.upper / mean)
        if share.effectiveSize != nil { found.method = .clusteredWilson }
        return .value(found)
    }
}
