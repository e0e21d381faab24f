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

    /// The pairs by pattern, with their counts, for each key: comparisons that the key itself
    /// decides are left out (their digit is 0), so that what is estimated from a key's pairs
    /// is not what made them pairs.
    ///
    /// - Parameter largest: The most pairs that are counted, spread over all.
    func tables(
        keys: Int, touched: [[Bool]], layout: PatternLayout, largest: Int
    ) -> [[(pattern: UInt64, count: Double)]] {
        var tables = [[UInt64: Double]](repeating: [:], count: keys)
        var byPattern: [Combination: Double] = [:]
        let step = max(1, (pairs.count + largest - 1) / largest)
        for pair in pairs
        where step == 1
            || BlockingColumns.mixed(UInt64(pair.left) << 32 | UInt64(pair.right))
                % UInt64(step) == 0
        {
            byPattern[Combination(pattern: pair.pattern, keys: pair.keys), default: 0] += 1
        }
        for (entry, count) in byPattern {
            let digits = layout.digits(entry.pattern)
            var mask = entry.keys
            while mask != 0 {
                let key = mask.trailingZeroBitCount
                mask &= mask - 1
                var pattern = entry.pattern
                for comparison in digits.indices where touched[key][comparison] {
                    pattern -= UInt64(digits[comparison]) * layout.strides[comparison]
                }
                tables[key][pattern, default: 0] += count
            }
        }
        return tables.map { table in
            table.sorted { $0.key < $1.key }.map { (pattern: $0.key, count: $0.value) }
        }
    }

    /// The pairs by whole pattern, with their counts.
    var patterns: [(pattern: UInt64, count: Double)] {
        var table: [UInt64: Double] = [:]
        for pair in pairs { table[pair.pattern, default: 0] += 1 }
        return table.sorted { $0.key < $1.key }.map { (pattern: $0.key, count: $0.value) }
    }

    private struct Combination: Hashable {
        var pattern: UInt64
        var keys: UInt64
    }
}
