/// Learns what each comparison does in matches from the pairs that are more likely matches than not.
///
/// Expectation–maximisation by key leaves out what a key decides, and where all keys decide nearly
/// everything, as with names that the date of birth salts, little is left to tell a match by. A
/// pair's whole pattern tells, whatever key brought it together. So as not to learn from a choice
/// of pairs, each comparison is learnt from the pairs that a key found which does not decide it.
/// The many pairs that are a little like a match are left out: together they would outweigh the
/// matches wherever the model is a little wrong. Pairs that are of one person or of two of a household, as
/// those that differ in the given name alone, are in, each by how likely it is a match: left out on one
/// side of a line, they would say that no match is like them.
struct LikelyMatches {
    /// The least share of matches among the matches and the strangers with a pattern.
    static let least = 0.5
    /// The smallest share of matches on a level, but where strangers reach it more seldom still.
    ///
    /// No register is right in more than 999 matches of 1,000. Where a level weighs against a match
    /// without bound, no pair on it is ever likely, and what is learnt stays what it was: nothing.
    static let rarest = 0.001

    private let layout: PatternLayout
    private var rows: [Row] = []

    /// Pairs with one pattern.
    private struct Row {
        var digits: [Int]
        /// With every comparison that can be made.
        var full: [Int]
        /// For each comparison, how many of the pairs a key found that does not decide it.
        var counts: [Double]
    }

    /// What a pair's row is found by.
    private struct Patterns: Hashable {
        var pattern: UInt64
        var full: UInt64
    }

    /// - Parameters:
    ///   - pairs: Candidate pairs.
    ///   - full: Their patterns with every comparison that can be made.
    ///   - touched: For each key, the comparisons that it decides.
    ///   - layout: Of the patterns.
    init(
        _ pairs: [TrainingSample.Pair], full: [UInt64], touched: [[Bool]], layout: PatternLayout
    ) {
        self.layout = layout
        let comparisons = layout.radices.indices
        // For each comparison, the keys that leave it open.
        let open = comparisons.map { comparison in
            touched.indices.reduce(UInt64(0)) {
                touched[$1][comparison] ? $0 : $0 | 1 << UInt64($1)
            }
        }
        var places: [Patterns: Int] = [:]
        for (pair, full) in zip(pairs, full) {
            let next = places.count
            let patterns = Patterns(pattern: pair.pattern, full: full)
            let place = places[patterns] ?? next
            if place == next {
                places[patterns] = place
                rows.append(
                    Row(
                        digits: layout.digits(pair.pattern), full: layout.digits(full),
                        counts: comparisons.map { _ in 0 }))
            }
            for comparison in comparisons where pair.keys & open[comparison] != 0 {
                rows[place].counts[comparison] += 1
            }
        }
    }

    /// P(level | match) by the pairs' probabilities under `mixture`.
    ///
    /// - Parameters:
    ///   - mixture: How likely a pair is a match by its pattern.
    ///   - start: What is held where no pair says anything, and with the weight of two pairs.
    ///   - strangers: P(level | stranger).
    func levels(
        _ mixture: PairMixture, from start: [[Double]], strangers: [[Double]]
    ) -> [[Double]] {
        var sums = start.map { $0.map { 2 * $0 } }
        for row in rows {
            let (match, stranger) = mixture.chances(row.digits)
            guard match > 0, match >= Self.least * (match + stranger) else { continue }
            for comparison in sums.indices where row.full[comparison] > 0 {
                sums[comparison][row.full[comparison] - 1] += row.counts[comparison] * match
            }
        }
        return zip(sums, strangers).map { levels, strangers in
            let total = levels.reduce(0, +)
            return Self.raised(levels.map { $0 / total }, strangers: strangers)
        }
    }

    /// The same shares with none less than ``rarest`` or, where that is less still, than among strangers.
    ///
    /// What is raised thus says nothing for a match.
    static func raised(_ shares: [Double], strangers: [Double]) -> [Double] {
        let raised = zip(shares, strangers).map { max($0, min(rarest, $1), 1e-9) }
        let total = raised.reduce(0, +)
        return raised.map { $0 / total }
    }
}
