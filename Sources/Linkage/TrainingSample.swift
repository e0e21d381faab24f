import PipelineModel

/// A sample of the candidate pairs with their agreement patterns and the keys that they share.
struct TrainingSample: Sendable {
    /// A pair of rows.
    struct Pair: Sendable {
        var left: UInt32
        var right: UInt32
        var pattern: UInt64
        /// The keys that both rows share, a bit for each.
        var keys: UInt64
    }

    /// The most pairs that are held.
    static let largest = 1_500_000

    var pairs: [Pair]
    /// How many candidate pairs each of these stands for.
    var oneIn: Double
    /// All candidate pairs, as estimated from the sample.
    var candidates: Double { Double(pairs.count) * oneIn }

    /// Some of the pairs, spread over all.
    ///
    /// - Parameter largest: About how many at the most.
    func counted(_ largest: Int) -> [Pair] {
        let step = UInt64(max(1, (pairs.count + largest - 1) / largest))
        guard step > 1 else { return pairs }
        return pairs.filter {
            BlockingColumns.mixed(UInt64($0.left) << 32 | UInt64($0.right)) % step == 0
        }
    }

    /// Pairs by pattern, with their counts, for each key: comparisons that the key itself
    /// decides are left out (their digit is 0), so that what is estimated from a key's pairs
    /// is not what made them pairs.
    ///
    /// - Parameters:
    ///   - pairs: Those that are counted.
    ///   - full: Their patterns with every comparison that can be made.
    ///   - keys: How many keys there are.
    ///   - touched: For each key, the comparisons that it decides.
    ///   - layout: Of the patterns.
    static func tables(
        _ pairs: [Pair], full: [UInt64], keys: Int, touched: [[Bool]], layout: PatternLayout
    ) -> [[Row]] {
        var tables = [[Patterns: Double]](repeating: [:], count: keys)
        var counts: [Combination: Double] = [:]
        for (pair, full) in zip(pairs, full) {
            let patterns = Patterns(pattern: pair.pattern, full: full)
            counts[Combination(patterns: patterns, keys: pair.keys), default: 0] += 1
        }
        for (entry, count) in counts {
            let digits = layout.digits(entry.patterns.pattern)
            let full = layout.digits(entry.patterns.full)
            var mask = entry.keys
            while mask != 0 {
                let key = mask.trailingZeroBitCount
                mask &= mask - 1
                var patterns = entry.patterns
                for comparison in digits.indices where touched[key][comparison] {
                    patterns.pattern -= UInt64(digits[comparison]) * layout.strides[comparison]
                    patterns.full -= UInt64(full[comparison]) * layout.strides[comparison]
                }
                tables[key][patterns, default: 0] += count
            }
        }
        return tables.map { table in
            table.sorted { ($0.key.pattern, $0.key.full) < ($1.key.pattern, $1.key.full) }
                .map { Row(pattern: $0.key.pattern, full: $0.key.full, count: $0.value) }
        }
    }

    /// So many pairs of one pattern.
    struct Row {
        var pattern: UInt64
        /// With every comparison that can be made.
        var full: UInt64
        var count: Double
    }

    /// The pairs by whole pattern, with their counts.
    var patterns: [(pattern: UInt64, count: Double)] {
        var table: [UInt64: Double] = [:]
        for pair in pairs { table[pair.pattern, default: 0] += 1 }
        return table.sorted { $0.key < $1.key }.map { (pattern: $0.key, count: $0.value) }
    }

    private struct Patterns: Hashable {
        var pattern: UInt64
        var full: UInt64
    }

    private struct Combination: Hashable {
        var patterns: Patterns
        var keys: UInt64
    }
}
