import PipelineModel

/// How a column's values are spread, without showing any one person's.
///
/// A smallest or largest value may be one person's, so the ends are rounded quantiles with at
/// least ``smallestCount`` people's rows beyond them, or the mean and the standard deviation.
public struct ColumnRange: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Codable {
        /// 0 or 1.
        case binary
        case whole
        case number
        /// There were no rows to look at.
        case unknown
    }

    /// The fewest people who must lie beyond a stated end.
    public static let smallestCount = 10

    public var name: String
    public var kind: Kind
    public var low: Double
    public var high: Double
    /// Where the ends come from.
    public var ends: String
    /// Whether the rows of fewer than ten people may differ from the commonest of two values.
    public var isRare: Bool

    /// The range of a column of which no row is at hand.
    static func unknown(_ name: String) -> ColumnRange {
        ColumnRange(
            name: name, kind: .unknown, low: 0, high: 1, ends: "no data: 0 and 1", isRare: false)
    }

    /// The range of a column.
    ///
    /// - Parameters:
    ///   - name: The name of the column.
    ///   - values: Its values, all finite.
    ///   - rowsOfOne: The most rows that are about one person, household or setting.
    static func of(_ name: String, _ values: [Double], rowsOfOne: Int = 1) -> ColumnRange {
        let fewest = smallestCount * max(1, rowsOfOne)
        guard !values.isEmpty else { return unknown(name) }
        if values.allSatisfy({ $0 == 0 || $0 == 1 }) {
            let ones = values.count { $0 == 1 }
            return ColumnRange(
                name: name, kind: .binary, low: 0, high: 1, ends: "0 or 1",
                isRare: min(ones, values.count - ones) < fewest)
        }
        let isWhole = values.allSatisfy { $0 == $0.rounded() && $0.magnitude < 1e9 }
        let (low, high, ends) = ends(values, fewest)
        var range = ColumnRange(
            name: name, kind: isWhole ? .whole : .number, low: rounded(low), high: rounded(high),
            ends: ends, isRare: false)
        if isWhole {
            range.low = range.low.rounded()
            range.high = range.high.rounded()
        }
        if range.high <= range.low { range.high = range.low + 1 }
        return range
    }

    private static func ends(_ values: [Double], _ fewest: Int) -> (Double, Double, String) {
        let beyond = max(fewest, values.count / 100)
        if values.count >= 10 * beyond {
            let sorted = values.sorted()
            return (
                sorted[beyond], sorted[values.count - 1 - beyond],
                values.count >= 100 * fewest
                    ? "1 % and 99 % quantiles, rounded to two digits"
                    : "quantiles with \(beyond) rows beyond each, rounded to two digits"
            )
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(values.count)).squareRoot()
        return (
            mean - deviation, mean + deviation,
            "mean and standard deviation, rounded to two digits"
        )
    }

    /// A number with two digits that count.
    static func rounded(_ value: Double, digits: Int = 2) -> Double {
        guard value != 0, value.isFinite else { return value }
        // Through the text: the nearest double of a short decimal, on every machine.
        return Double(Decimals.scientific(value, digits: digits)) ?? value
    }
}
