import PipelineModel

/// How often two records at random agree on each level of each comparison.
///
/// For a token's equality this is exact: the sum over the tokens of the product of
/// their shares. Other levels come from pairs made by stepping through the records
/// in the order of a hash of their subjects, which is the same whatever the order
/// of the input.
struct RandomAgreement {
    private static let steps = [1, 3, 7, 17, 41]
    private static let sample = 20_000

    /// P(level | random), the disagreement last, for each comparison.
    static func estimate(
        _ store: FieldStore, _ comparisons: [LinkageSpecification.Comparison],
        _ comparison: PairComparison
    ) -> [[Double]] {
        var counts = comparisons.map { [Double](repeating: 1e-3, count: $0.levels.count + 1) }
        let (left, right) = pairs(store)
        if !left.isEmpty {
            var patterns = [UInt64](repeating: 0, count: left.count)
            patterns.withUnsafeMutableBufferPointer { patterns in
                left.withUnsafeBufferPointer { left in
                    right.withUnsafeBufferPointer { right in
                        comparison.compare(left, right, into: patterns)
                    }
                }
            }
            for pattern in patterns {
                for index in comparisons.indices {
                    let digit = comparison.layout.digit(index, of: pattern)
                    if digit > 0 { counts[index][digit - 1] += 1 }
                }
            }
        }
        return zip(comparisons, counts).map { comparison, counts in
            let sum = counts.reduce(0, +)
            var shares = counts.map { $0 / sum }
            if case .equal(let field) = comparison.levels[0], let tokens = store.tokens[field] {
                let exact = min(max(coincidence(tokens), 1e-9), 0.999)
                let rest = 1 - shares[0]
                shares = [exact] + shares.dropFirst().map { $0 / rest * (1 - exact) }
            }
            return shares
        }
    }

    /// The chance that two different records share a token: Σ n(n−1) / N(N−1).
    static func coincidence(_ tokens: [UInt64]) -> Double {
        let present = tokens.filter { $0 != 0 }.sorted()
        guard present.count > 1 else { return 0 }
        var sum = 0.0
        var start = 0
        while start < present.count {
            var end = start + 1
            while end < present.count, present[end] == present[start] { end += 1 }
            let count = Double(end - start)
            sum += count * (count - 1)
            start = end
        }
        return sum / (Double(present.count) * Double(present.count - 1))
    }

    private static func pairs(_ store: FieldStore) -> ([UInt32], [UInt32]) {
        func hash(_ row: Int) -> UInt64 {
            let subject = store.subjects[Int(store.rowSubject[row])]
            var word = subject.high ^ (subject.low &* 0x9e37_79b9_7f4a_7c15)
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            return word ^ (word >> 31)
        }
        let order = (0..<store.rowCount).map { (hash($0), UInt32($0)) }
            .sorted { $0 < $1 }.prefix(sample).map(\.1)
        var left: [UInt32] = []
        var right: [UInt32] = []
        for step in steps where step < order.count {
            for index in order.indices {
                let (a, b) = (order[index], order[(index + step) % order.count])
                guard store.rowSubject[Int(a)] != store.rowSubject[Int(b)] else { continue }
                left.append(a)
                right.append(b)
            }
        }
        return (left, right)
    }
}
