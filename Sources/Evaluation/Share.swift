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

    /// - Precondition: `of` is above 0 and `count` in 0…`of`.
    init(_ count: Int, of whole: Int) {
        self.count = count
        of = whole
        let (part, all) = (Double(count), Double(whole))
        let square = Interval.normalQuantile * Interval.normalQuantile
        let centre = (part + square / 2) / (all + square)
        let reach =
            Interval.normalQuantile / (all + square)
            * (part * (all - part) / all + square / 4).squareRoot()
        estimate = part / all
        // At the ends the bound is the estimate itself, whatever the rounding.
        lower = count == 0 ? 0 : max(0, min(centre - reach, estimate))
        upper = count == whole ? 1 : min(1, max(centre + reach, estimate))
    }

    /// The share of `count` in `whole`, where `whole` is at least `minimum`.
    static func assess(
        _ count: Int, of whole: Int, minimum: Int = 1, _ what: @autoclosure () -> String
    ) -> Assessed<Share> {
        .when(
            whole >= minimum && whole > 0,
            otherwise: minimum > 1 ? "fewer than \(minimum) \(what())" : "no \(what())"
        ) { Share(count, of: whole) }
    }

    /// Observed against expected: the share ÷ the mean probability, with the share's interval
    /// ÷ the same; what is expected counts as known.
    ///
    /// - Parameters:
    ///   - observed: Rows with the event.
    ///   - rows: All rows; above 0.
    ///   - expected: The sum of the probabilities.
    static func observedToExpected(
        _ observed: Int, rows: Int, expected: Double
    ) -> Assessed<Estimate> {
        let share = Share(observed, of: rows)
        let mean = expected / Double(rows)
        let ratio = Double(observed) / expected
        guard expected > 0, ratio.isFinite, (share.upper / mean).isFinite else {
            return .notAssessable("no event is expected")
        }
        return .value(
            Estimate(ratio, lower: share.lower / mean, upper: share.upper / mean))
    }
}
