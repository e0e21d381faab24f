import Foundation
import PipelineModel

/// Turns an agreement pattern into a match weight in bits, and says whether it is
/// one that is never a link by itself.
struct PairWeights {
    private let layout: PatternLayout
    private let prior: Double
    /// For each comparison, the weight of each digit; a missing value (0) weighs nothing.
    private let weights: [[Double]]
    private let conflicts: [Conflict]
    private let identifiers: [Int]
    /// For each comparison with term frequency: its tokens and the extra bits of each.
    private let frequencies: [(comparison: Int, tokens: [UInt64], bits: [UInt64: Double])]
    private var table = PatternTable()
    private var known: [(weight: Double, conflict: Bool)] = []

    private struct Conflict {
        var disagree: [(comparison: Int, digit: Int)]
        var agree: [Int]
        var evenWithIdentifier: Bool
    }

    /// How many bits a token's frequency may give or take.
    static let frequencyLimit = 6.0

    init(
        _ parameters: LinkageParameters, _ specification: LinkageSpecification,
        layout: PatternLayout, store: FieldStore
    ) {
        self.layout = layout
        prior = parameters.priorWeight
        weights = parameters.comparisons.map { [0] + $0.weights }
        let comparisons = specification.comparisons ?? []
        let index = Dictionary(
            uniqueKeysWithValues: comparisons.enumerated().map { ($1.name, $0) })
        identifiers = (specification.identifiers ?? []).compactMap { index[$0] }
        conflicts = (specification.conflicts ?? []).compactMap { conflict in
            let disagree = conflict.disagree.compactMap { name in
                index[name].map { ($0, comparisons[$0].levels.count + 1) }
            }
            let agree = conflict.agree.compactMap { index[$0] }
            guard disagree.count == conflict.disagree.count, agree.count == conflict.agree.count
            else { return nil }
            return Conflict(
                disagree: disagree, agree: agree,
                evenWithIdentifier: conflict.evenWithIdentifier)
        }
        frequencies = comparisons.enumerated().compactMap { position, comparison in
            guard comparison.termFrequency, case .equal(let field) = comparison.levels[0],
                let tokens = store.tokens[field]
            else { return nil }
            return (position, tokens, Self.frequencyBits(tokens))
        }
    }

    /// log2 of the mean coincidence over a token's own share: positive for a rare
    /// token, negative for a frequent one.
    static func frequencyBits(_ tokens: [UInt64]) -> [UInt64: Double] {
        var counts: [UInt64: Double] = [:]
        for token in tokens where token != 0 { counts[token, default: 0] += 1 }
        let total = counts.values.reduce(0, +)
        let mean = counts.values.reduce(0) { $0 + $1 * $1 } / (total * total)
        return counts.mapValues {
            min(max(log2(mean / ($0 / total)), -frequencyLimit), frequencyLimit)
        }
    }

    /// The weight of a pair of rows with this pattern.
    mutating func weigh(_ pattern: UInt64, _ left: UInt32) -> (weight: Double, conflict: Bool) {
        let number = table.number(pattern)
        if number == known.count { known.append(compute(pattern)) }
        let known = known[number]
        guard !frequencies.isEmpty else { return known }
        var weight = known.weight
        for frequency in frequencies where layout.digit(frequency.comparison, of: pattern) == 1 {
            weight += frequency.bits[frequency.tokens[Int(left)]] ?? 0
        }
        return (weight, known.conflict)
    }

    private func compute(_ pattern: UInt64) -> (weight: Double, conflict: Bool) {
        let digits = layout.digits(pattern)
        var weight = prior
        for (comparison, digit) in digits.enumerated() { weight += weights[comparison][digit] }
        let identified = identifiers.contains { digits[$0] == 1 }
        let conflict = conflicts.contains { conflict in
            (conflict.evenWithIdentifier || !identified)
                && conflict.disagree.allSatisfy { digits[$0.comparison] == $0.digit }
                && conflict.agree.allSatisfy { digits[$0] == 1 }
        }
        return (weight, conflict)
    }
}
