import Foundation

/// Estimates Fellegi–Sunter's parameters from a table of agreement patterns.
///
/// With the levels of the comparisons independent given match or no match, a
/// pattern γ has probability λ Π m(γ_c) + (1−λ) Π u(γ_c); a comparison that is
/// missing drops out of the product. E step: r(γ) = λ Π m / (λ Π m + (1−λ) Π u).
/// M step: λ, m and u are the weighted shares. The table has as many rows as there
/// are different patterns, so a round costs microseconds whatever the number of pairs.
///
/// u is estimated among the candidate pairs, and is never lower than at random: sharing
/// a block makes some agreements common among pairs that do not match, and random pairs
/// would understate them.
struct ExpectationMaximisation {
    /// The patterns in ascending order, with their counts.
    let patterns: [(pattern: UInt64, count: Double)]
    let layout: PatternLayout
    private let digits: [[Int]]
    /// How far no parameter may still move.
    var tolerance = 1e-9
    var maximumRounds = 2_000
    /// Pseudo-pairs spread over the levels of a comparison by the start values, so that
    /// a level that was never seen has a finite weight.
    var prior = 1.0

    /// - Parameter table: Each pattern once, with its count, in any order.
    init(_ table: some Sequence<(UInt64, Int)>, layout: PatternLayout) {
        self.layout = layout
        patterns = table.sorted { $0.0 < $1.0 }.map { ($0.0, Double($0.1)) }
        digits = patterns.map { layout.digits($0.pattern) }
    }

    struct Estimate {
        var prevalence: Double
        var m: [[Double]]
        var u: [[Double]]
        var rounds = 0
        var converged = false
    }

    /// - Parameters:
    ///   - prevalence: Where λ starts.
    ///   - random: P(level | two records at random), where u starts.
    func estimate(prevalence: Double, random: [[Double]]) -> Estimate {
        let total = patterns.reduce(0) { $0 + $1.count }
        var now = Estimate(
            prevalence: prevalence, m: random.map { Self.start($0.count) }, u: random)
        let startM = now.m
        guard total > 0 else { return now }
        for round in 1...maximumRounds {
            var next = Estimate(
                prevalence: 0, m: startM.map { $0.map { $0 * prior } },
                u: random.map { $0.map { $0 * prior } })
            for (row, entry) in patterns.enumerated() {
                let r = responsibility(digits[row], now)
                next.prevalence += r * entry.count
                for (comparison, digit) in digits[row].enumerated() where digit > 0 {
                    next.m[comparison][digit - 1] += r * entry.count
                    next.u[comparison][digit - 1] += (1 - r) * entry.count
                }
            }
            next.prevalence = min(max(next.prevalence / total, 1e-9), 1 - 1e-9)
            next.m = next.m.map(Self.normalised)
            next.u = zip(next.u, random).map { Self.atLeast($1, Self.normalised($0)) }
            next.rounds = round
            next.converged = distance(now, next) < tolerance
            now = next
            if now.converged { break }
        }
        return now
    }

    private func responsibility(_ digits: [Int], _ estimate: Estimate) -> Double {
        var match = estimate.prevalence
        var other = 1 - estimate.prevalence
        for (comparison, digit) in digits.enumerated() where digit > 0 {
            match *= estimate.m[comparison][digit - 1]
            other *= estimate.u[comparison][digit - 1]
        }
        return match / (match + other)
    }

    /// Matches mostly agree: 0.8 on the first level, 0.05 on the disagreement.
    private static func start(_ levels: Int) -> [Double] {
        guard levels > 2 else { return [0.9, 0.1] }
        let middle = 0.15 / Double(levels - 2)
        return [0.8] + [Double](repeating: middle, count: levels - 2) + [0.05]
    }

    /// Raises the agreement levels to what random pairs show: sharing a block makes an
    /// agreement more common, never rarer, and a level that few pairs reach must not
    /// weigh without bound.
    private static func atLeast(_ random: [Double], _ values: [Double]) -> [Double] {
        let last = values.count - 1
        return normalised(
            values.indices.map { $0 == last ? values[$0] : max(values[$0], random[$0]) })
    }

    private static func normalised(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0, +)
        return values.map { max($0 / sum, 1e-12) }
    }

    private func distance(_ left: Estimate, _ right: Estimate) -> Double {
        var largest = abs(left.prevalence - right.prevalence)
        for (a, b) in zip(left.m.joined(), right.m.joined()) { largest = max(largest, abs(a - b)) }
        for (a, b) in zip(left.u.joined(), right.u.joined()) { largest = max(largest, abs(a - b)) }
        return largest
    }
}
