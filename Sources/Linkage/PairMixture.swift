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

    private func densities(_ digits: [Int], without: Set<Int>) -> [Double] {
        var digits = digits
        for place in without { digits[place] = 0 }
        var densities = probabilities.map { kind in
            digits.enumerated().reduce(1.0) {
                $1.element > 0 ? $0 * kind[$1.offset][$1.element - 1] : $0
            }
        }
        densities[0] *= errors.factor(digits)
        densities[2] *= exp2(tree.bits(digits))
        return densities
    }

    /// The probability that a pair with this pattern is a match, comparisons at the places
    /// `without` not looked at.
    func match(_ digits: [Int], without: Set<Int>) -> Double { share(0, digits, without) }

    /// The probability that a pair with this pattern is of two people who are no relatives.
    func stranger(_ digits: [Int]) -> Double { share(2, digits, []) }

    private func share(_ kind: Int, _ digits: [Int], _ without: Set<Int>) -> Double {
        let densities = densities(digits, without: without)
        let counts = [matches, relatives, max(all - matches - relatives, 0)]
        let sum = zip(densities, counts).reduce(0) { $0 + $1.0 * $1.1 }
        return sum > 0 ? densities[kind] * counts[kind] / sum : 0
    }

    /// Counts the matches and relatives among candidate pairs, strangers being as many among all
    /// pairs as they are at random.
    ///
    /// - Parameter scale: How many pairs each stands for.
    mutating func count(_ patterns: [([Int], Double)], scale: Double) {
        let densities = patterns.map { self.densities($0.0, without: []) }
        let total = patterns.reduce(0) { $0 + $1.1 } * scale
        (matches, relatives) = (total * 0.1, total * 0.1)
        for _ in 0..<200 {
            var next = (0.0, 0.0)
            for (row, density) in densities.enumerated() {
                let (m, r) = (matches * density[0], relatives * density[1])
                let sum = m + r + max(all - matches - relatives, 0) * density[2]
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
