/// A share of a count, with its 95 % interval by Wilson's score.
///
/// The interval is (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96; it stays
/// within 0...1 and holds for few and for shares near the ends.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
/// JASA 22 (1927).
public struct Proportion: Sendable, Equatable, Codable {
    public var count: Int
    public var of: Int
    /// `count / of`; 0 where there are none.
    public var share: Double
    public var low: Double
    public var high: Double

    public init(_ count: Int, of total: Int) {
        self.count = count
        of = total
        guard total > 0 else {
            (share, low, high) = (0, 0, 1)
            return
        }
        share = Double(count) / Double(total)
        let (low, high) = Self.interval(share, size: Double(total))
        self.low = count == 0 ? 0 : low
        self.high = count == total ? 1 : high
    }

    /// The interval of a share of so many, which need be no whole number.
    static func interval(_ share: Double, size n: Double) -> (low: Double, high: Double) {
        let z = 1.959963984540054
        let middle = share + z * z / (2 * n)
        let reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return (max((middle - reach) / scale, 0), min((middle + reach) / scale, 1))
    }
}
