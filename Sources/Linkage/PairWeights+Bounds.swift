import Foundation

extension PairWeights {
    /// No pair weighs more whose pattern has in each comparison one of some digits.
    ///
    /// The weight log2(2^m / (2^r + 2^u)) grows with m − r and with m − u, of which each is a sum over
    /// the comparisons and over the edges of ``StrangerTree``: the largest of every summand give a bound.
    ///
    /// - Parameter digits: For each comparison, those that the pattern may have.
    func most(_ digits: [[Int]]) -> Double {
        var (overRelatives, overStrangers) = (
            shares.match - shares.relative, shares.match - shares.stranger
        )
        for (comparison, possible) in digits.enumerated() {
            var (relatives, strangers) = (-Double.infinity, -Double.infinity)
            for digit in possible {
                let m = match[comparison][digit]
                relatives = max(relatives, m - relative[comparison][digit])
                let rarity =
                    Self.frequencyLimit
                    * Double(
                        frequencies.count { $0.comparison == comparison && $0.counts(digit) })
                strangers = max(strangers, m - stranger[comparison][digit] + rarity)
            }
            overRelatives += relatives
            overStrangers += strangers
        }
        let errors = log2(errors.most(digits))
        overRelatives += errors
        overStrangers += errors - tree.least(digits)
        let (low, high) = (min(overRelatives, overStrangers), max(overRelatives, overStrangers))
        // The last bits of a sum must not decide.
        return low - log2(1 + exp2(low - high)) + 1e-5
    }
}

extension StrangerTree {
    /// What the edges add at the least, where each comparison has one of some digits.
    func least(_ digits: [[Int]]) -> Double {
        edges.reduce(0) { sum, edge in
            var least = Double.infinity
            for a in digits[edge.first] {
                for b in digits[edge.second] {
                    least = min(least, a > 0 && b > 0 ? edge.bits[a - 1][b - 1] : 0)
                }
            }
            return sum + least
        }
    }
}

extension MatchHeterogeneity {
    /// The most that ``factor(_:share:)`` can be, where each comparison has one of some digits.
    func most(_ digits: [[Int]]) -> Double {
        guard share > 0 else { return 1 }
        var (one, other) = (1 - share, share)
        for (place, possible) in digits.enumerated() {
            var most = (careful: 0.0, careless: 0.0)
            for digit in possible {
                let ratios: (careful: Double, careless: Double) =
                    digit == 0
                    ? (1, 1)
                    : (
                        ratio(place, agrees: digit <= exact[place], isCareless: false),
                        ratio(place, agrees: digit <= exact[place], isCareless: true)
                    )
                most = (
                    max(most.careful, ratios.careful), max(most.careless, ratios.careless)
                )
            }
            one *= most.careful
            other *= most.careless
        }
        return one + other
    }
}
