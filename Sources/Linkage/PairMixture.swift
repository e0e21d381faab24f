import Foundation

/// Matches, relatives and strangers among pairs of records: how likely a pattern is in each, and
/// how many there are.
struct PairMixture {
    /// For each class (match, relative, stranger), comparison and level.
    private let probabilities: [[[Double]]]
    let tree: StrangerTree
    let errors: MatchHeterogeneity
    /// Of how many pairs that could be one person.
    private let all: Double
    var matches: Double
    var relatives: Double

    init(
        _ probabilities: [[[Double]]], tree: StrangerTree, errors: MatchHeterogeneity, all: Double
    ) {
        self.probabilities = probabilities
        self.tree = tree
        self.errors = errors
        self.all = all
        (matches, relatives) = (0, 0)
    }

    private typealias Densities = (match: Double, relative: Double, stranger: Double)

    private func densities(_ digits: some RandomAccessCollection<Int>) -> Densities {
        var found: Densities = (1, 1, 1)
        for (comparison, digit) in digits.enumerated() where digit > 0 {
            found.match *= probabilities[0][comparison][digit - 1]
            found.relative *= probabilities[1][comparison][digit - 1]
            found.stranger *= probabilities[2][comparison][digit - 1]
        }
        found.match *= errors.factor(digits)
        found.stranger *= exp2(tree.bits(digits))
        return found
    }

    /// The probability that a pair with this pattern is a match, comparisons at the places
    /// `without` not looked at.
    func match(_ digits: [Int], without: Set<Int>) -> Double {
        var digits = digits
        for place in without { digits[place] = 0 }
        let (match, all) = weighed(densities(digits))
        return all > 0 ? match / all : 0
    }

    /// The probability that a pair with this pattern is of two people who are no relatives.
    func stranger(_ digits: some RandomAccessCollection<Int>) -> Double {
        chances(digits).stranger
    }

    /// The probabilities that a pair with this pattern is a match, and that it is of two people who are
    /// no relatives.
    func chances(
        _ digits: some RandomAccessCollection<Int>
    ) -> (match: Double, stranger: Double) {
        let densities = densities(digits)
        let (match, all) = weighed(densities)
        guard all > 0 else { return (0, 0) }
        return (
            match / all, densities.stranger * max(self.all - matches - relatives, 0) / all
        )
    }

    private func weighed(_ densities: Densities) -> (match: Double, all: Double) {
        let match = densities.match * matches
        return (
            match,
            match + densities.relative * relatives
                + densities.stranger * max(all - matches - relatives, 0)
        )
    }

    /// The share of matches whose pattern weighs less than `floor` bits, among pairs with some patterns.
    func matches(below floor: Double, _ patterns: [([Int], Double)]) -> Double {
        share(patterns) { _, match, all in match < exp2(floor) * (all - match) }
    }

    /// The share of matches of which none of some comparisons can be made, among pairs with some
    /// patterns.
    func matches(withoutAny comparisons: [Int], _ patterns: [([Int], Double)]) -> Double {
        share(patterns) { digits, _, _ in comparisons.allSatisfy { digits[$0] == 0 } }
    }

    /// The share of matches of which something holds, among pairs with some patterns.
    private func share(
        _ patterns: [([Int], Double)],
        where holds: (_ digits: [Int], _ match: Double, _ all: Double) -> Bool
    ) -> Double {
        var (held, total) = (0.0, 0.0)
        for (digits, count) in patterns {
            let (match, all) = weighed(densities(digits))
            guard all > 0 else { continue }
            total += count * match / all
            if holds(digits, match, all) { held += count * match / all }
        }
        return total > 0 ? held / total : 0
    }

    /// Counts the matches and relatives among candidate pairs, strangers being as many among all
    /// pairs as they are at random.
    ///
    /// - Parameter scale: How many pairs each stands for.
    mutating func count(_ patterns: [([Int], Double)], scale: Double) {
        let densities = patterns.map { self.densities($0.0) }
        let total = patterns.reduce(0) { $0 + $1.1 } * scale
        (matches, relatives) = (total * 0.1, total * 0.1)
        for _ in 0..<200 {
            var next = (0.0, 0.0)
            for (row, density) in densities.enumerated() {
                let (m, r) = (matches * density.match, relatives * density.relative)
                let sum = m + r + max(all - matches - relatives, 0) * density.stranger
                guard sum > 0 else { continue }
                next.0 += patterns[row].1 * scale * m / sum
                next.1 += patterns[row].1 * scale * r / sum
            }
            let moved = abs(next.0 - matches) + abs(next.1 - relatives)
            (matches, relatives) = (max(next.0, 1e-3), max(next.1, 1e-3))
            if moved < 1e-6 * total { break }
        }
    }
}
