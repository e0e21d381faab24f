import Foundation

/// Estimates Fellegi–Sunter's model with three classes of pairs: matches, relatives, strangers.
///
/// The pairs that one key brings together are a mixture with shares λ(key, class). Given the
/// class, the levels of the comparisons that the key does not itself decide are independent, so
/// that a pattern γ has probability Σ λ(key, c) Π θ(c, γ) there; a comparison that cannot be made
/// drops out of the product. What strangers do (u) is known from token counts and pairs at random
/// and is held; what matches (m) and relatives (r) do is estimated over the pairs of all keys
/// together, a pair counting in each key that it shares: a composite likelihood (C. Varin,
/// N. Reid and D. Firth, Statistica Sinica 21, 2011). Leaving out what a key decides keeps the
/// choice of pairs from the estimate.
///
/// A round reads tables of patterns, not pairs: thousands of rows, whatever the number of pairs.
struct ExpectationMaximisation {
    /// Match, relative, stranger.
    static let classes = 3

    let layout: PatternLayout
    /// For each key, its pairs by pattern.
    var tables: [Table]
    /// How far no parameter may still move.
    var tolerance = 1e-4
    var maximumRounds = 60
    /// Pseudo-pairs with which the start values of matches and relatives weigh in each
    /// comparison, so that a level that was never seen has a finite weight, and relatives stay
    /// relatives where there are few.
    var prior: [[Double]]
    /// For each comparison, the levels (0 for the best) that relatives reach no more often than
    /// strangers do, and of which only matches have more.
    var own: [[Int]] = []

    /// All pairs of all tables.
    var total: Double { tables.reduce(0) { $0 + $1.counts.reduce(0, +) } }

    struct Table {
        var counts: [Double]
        /// The digits of each pattern, `comparisons` each.
        var digits: [UInt8]
        /// The same with every comparison that can be made: what is learnt from.
        var full: [UInt8]
        /// By what the strangers' probability of each pattern is more than Π u.
        var together: [Double]
        /// By what the matches' probability of each pattern is more than Π m.
        var errors: [Double]
    }

    struct Estimate: Sendable, Equatable {
        /// For each class (match, relative, stranger), comparison and level.
        var probabilities: [[[Double]]]
        /// For each key, the shares of the classes among its pairs.
        var shares: [[Double]]
        var rounds = 0
        var converged = false
    }

    /// - Parameter tables: For each key its patterns, each once, with counts; the comparisons
    ///   that the key decides have the digit 0.
    init(_ tables: [[TrainingSample.Row]], layout: PatternLayout) {
        self.layout = layout
        prior = Array(
            repeating: Array(repeating: 2, count: layout.radices.count), count: Self.classes)
        self.tables = tables.map { table in
            Table(
                counts: table.map(\.count),
                digits: table.flatMap { layout.digits($0.pattern).map { UInt8($0) } },
                full: table.flatMap { layout.digits($0.full).map { UInt8($0) } },
                together: [Double](repeating: 1, count: table.count),
                errors: [Double](repeating: 1, count: table.count))
        }
    }

    /// Takes over which comparisons go together among strangers.
    mutating func take(_ tree: StrangerTree) {
        let comparisons = layout.radices.count
        for table in tables.indices {
            let digits = tables[table].digits
            tables[table].together = tables[table].counts.indices.map { row in
                exp2(
                    tree.bits(
                        digits[(row * comparisons)..<((row + 1) * comparisons)].lazy.map { Int($0) }
                    ))
            }
        }
    }

    /// - Parameter start: Where the estimate starts; the strangers' values are held but for
    ///   comparisons in `free`.
    func estimate(from start: Estimate, free: [Bool]) -> Estimate {
        let comparisons = layout.radices.count
        guard comparisons > 0 else { return start }
        let levels = Int(layout.radices.max() ?? 0)
        var now = start
        var theta = flat(start.probabilities, levels)
        hold(&theta, levels)
        let first = theta
        for round in 1...maximumRounds {
            var sums = [Double](repeating: 0, count: theta.count)
            for kind in 0..<Self.classes {
                for comparison in 0..<comparisons {
                    let weight = prior[kind][comparison]
                    for level in 1..<Int(layout.radices[comparison]) {
                        let place = (kind * comparisons + comparison) * levels + level
                        sums[place] = weight * first[place]
                    }
                }
            }
            var moved = 0.0
            let before = theta
            for (key, table) in tables.enumerated() {
                let found = pass(table, now.shares[key], theta, levels, &sums)
                let total = found.reduce(0, +)
                guard total > 0 else { continue }
                for kind in 0..<Self.classes {
                    let share = max((found[kind] + 0.5) / (total + 1.5), 1e-9)
                    moved = max(moved, abs(share - now.shares[key][kind]))
                    now.shares[key][kind] = share
                }
            }
            for kind in 0..<Self.classes {
                for comparison in 0..<comparisons where kind < 2 || free[comparison] {
                    let range = 1..<Int(layout.radices[comparison])
                    let base = (kind * comparisons + comparison) * levels
                    let total = range.reduce(0) { $0 + sums[base + $1] }
                    for level in range {
                        theta[base + level] = max(sums[base + level] / total, 1e-9)
                    }
                }
            }
            hold(&theta, levels)
            for place in theta.indices { moved = max(moved, abs(theta[place] - before[place])) }
            now.rounds = round
            now.converged = moved < tolerance
            if now.converged { break }
        }
        now.probabilities = nested(theta, levels)
        return now
    }

    /// Gives relatives what strangers have of ``own`` levels; what is left keeps its proportions.
    private func hold(_ theta: inout [Double], _ levels: Int) {
        let comparisons = layout.radices.count
        for (comparison, held) in own.enumerated() where !held.isEmpty {
            let relative = (comparisons + comparison) * levels
            let stranger = (2 * comparisons + comparison) * levels
            let places = held.map { $0 + 1 }
            for place in places { theta[relative + place] = theta[stranger + place] }
            let fixed = places.reduce(0) { $0 + theta[relative + $1] }
            let free = (1..<Int(layout.radices[comparison])).filter { !places.contains($0) }
            let rest = free.reduce(0) { $0 + theta[relative + $1] }
            guard rest > 0 else { continue }
            for place in free { theta[relative + place] *= (1 - fixed) / rest }
        }
    }

    /// One round over one key's patterns: adds what each class is expected to have of each level,
    /// and gives what it has of the pairs.
    private func pass(
        _ table: Table, _ shares: [Double], _ theta: [Double], _ levels: Int,
        _ sums: inout [Double]
    ) -> [Double] {
        let comparisons = layout.radices.count
        var found = [0.0, 0.0, 0.0]
        let (digits, full, theta) = (table.digits.span, table.full.span, theta.span)
        var sums = sums.mutableSpan
        let stride = comparisons * levels
        for (row, count) in table.counts.enumerated() {
            var (match, relative) = (shares[0] * table.errors[row], shares[1])
            var stranger = shares[2] * table.together[row]
            for comparison in 0..<comparisons {
                let digit = Int(digits[row * comparisons + comparison])
                guard digit > 0 else { continue }
                let place = comparison * levels + digit
                match *= theta[place]
                relative *= theta[stride + place]
                stranger *= theta[2 * stride + place]
            }
            let total = match + relative + stranger
            guard total > 0 else { continue }
            match *= count / total
            relative *= count / total
            stranger *= count / total
            found[0] += match
            found[1] += relative
            found[2] += stranger
            for comparison in 0..<comparisons {
                let digit = Int(full[row * comparisons + comparison])
                guard digit > 0 else { continue }
                let place = comparison * levels + digit
                sums[place] += match
                sums[stride + place] += relative
                sums[2 * stride + place] += stranger
            }
        }
        return found
    }

    private func flat(_ values: [[[Double]]], _ levels: Int) -> [Double] {
        values.flatMap {
            $0.flatMap { [1.0] + $0 + [Double](repeating: 0, count: levels - 1 - $0.count) }
        }
    }

    private func nested(_ theta: [Double], _ levels: Int) -> [[[Double]]] {
        let comparisons = layout.radices.count
        return (0..<Self.classes).map { kind in
            (0..<comparisons).map { comparison in
                let base = (kind * comparisons + comparison) * levels
                return (1..<Int(layout.radices[comparison])).map { theta[base + $0] }
            }
        }
    }
}
