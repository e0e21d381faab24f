import Foundation
import PipelineModel

/// Turns an agreement pattern into a match weight in bits, and says whether it is one that is
/// never a link by itself.
struct PairWeights: Sendable {
    private let layout: PatternLayout
    /// For each comparison, log2 of m, r and u of each digit; a missing value (0) has 0.
    let match: [[Double]]
    let relative: [[Double]]
    let stranger: [[Double]]
    /// log2 of the shares of the classes among all pairs.
    let shares: (match: Double, relative: Double, stranger: Double)
    let tree: StrangerTree
    let errors: MatchHeterogeneity
    private let conflicts: [Conflict]
    private let identifiers: [Int]
    private let exact: [Int]
    let frequencies: [TermFrequency]
    private var table = PatternTable()
    private var known: [Known] = []

    /// What is known of a pattern before the frequency of its tokens is looked at.
    private struct Known {
        var match: Double
        var relative: Double
        var stranger: Double
        var holds: Holds
        /// The weight where no token of it has a frequency.
        var weight: Double
        /// The frequencies that count: a bit for each.
        var frequencies: UInt64
        /// No pair with the pattern weighs more, however rare what it agrees on is.
        var most: Double
    }

    /// What holds a pair back.
    struct Holds: OptionSet {
        var rawValue: UInt8
        /// A pattern that does so always.
        static let always = Holds(rawValue: 1)
        /// That of twins.
        static let ofTwins = Holds(rawValue: 2)
    }

    private struct Conflict {
        var bit: Holds
        var disagree: [(comparison: Int, digit: Int)]
        var agree: [Int]
        var evenWithIdentifier: Bool
    }

    /// How many bits a token's frequency may give or take.
    static let frequencyLimit = 6.0

    init(
        _ parameters: LinkageParameters, _ specification: LinkageSpecification,
        layout: PatternLayout, frequencies: [TermFrequency]
    ) {
        self.layout = layout
        match = parameters.comparisons.map { [0] + $0.m.map { log2($0) } }
        relative = parameters.comparisons.map { [0] + $0.r.map { log2($0) } }
        stranger = parameters.comparisons.map { [0] + $0.u.map { log2($0) } }
        tree = StrangerTree(parameters)
        shares = (
            log2(parameters.prevalence), log2(max(parameters.relatives, 1e-300)),
            log2(1 - parameters.prevalence - parameters.relatives)
        )
        let comparisons = specification.comparisons ?? []
        let index = Dictionary(
            uniqueKeysWithValues: comparisons.enumerated().map { ($1.name, $0) })
        identifiers = (specification.identifiers ?? []).compactMap { index[$0] }
        exact = comparisons.map(\.exact)
        errors = MatchHeterogeneity(parameters, exact: exact)
        conflicts = (specification.conflicts ?? []).compactMap { conflict in
            let disagree = conflict.disagree.compactMap { name in
                index[name].map { ($0, comparisons[$0].levels.count + 1) }
            }
            let agree = conflict.agree.compactMap { index[$0] }
            guard disagree.count == conflict.disagree.count, agree.count == conflict.agree.count
            else { return nil }
            guard !conflict.ofTwins || parameters.twins?.areHeld != false else { return nil }
            return Conflict(
                bit: conflict.ofTwins ? .ofTwins : .always, disagree: disagree, agree: agree,
                evenWithIdentifier: conflict.evenWithIdentifier)
        }
        self.frequencies = frequencies
    }

    /// The weight of a pair of rows with this pattern.
    mutating func weigh(_ pattern: UInt64, _ left: UInt32) -> (weight: Double, holds: Holds) {
        let number = table.number(pattern)
        if number == known.count { known.append(compute(pattern)) }
        let known = known[number]
        var wanted = known.frequencies
        guard wanted != 0 else { return (known.weight, known.holds) }
        var rarity = 0.0
        while wanted != 0 {
            rarity += Double(frequencies[wanted.trailingZeroBitCount].bits[Int(left)])
            wanted &= wanted - 1
        }
        guard rarity != 0 else { return (known.weight, known.holds) }
        return (
            Self.weight(known.match, known.relative, known.stranger - rarity), known.holds
        )
    }

    /// As ``weigh(_:_:)``; `nil` where the pattern cannot weigh `floor`, whatever the frequency of its
    /// tokens, which is not looked up then.
    mutating func weigh(
        _ pattern: UInt64, _ left: UInt32, atLeast floor: Double
    ) -> (weight: Double, holds: Holds)? {
        let number = table.number(pattern)
        if number == known.count { known.append(compute(pattern)) }
        guard known[number].most >= floor else { return nil }
        let (weight, holds) = weigh(pattern, left)
        return weight >= floor ? (weight, holds) : nil
    }

    /// log2(2^match / (2^relative + 2^stranger)).
    private static func weight(_ match: Double, _ relative: Double, _ stranger: Double) -> Double {
        let (high, low) = (max(relative, stranger), min(relative, stranger))
        return match - high - log2(1 + exp2(low - high))
    }

    private func compute(_ pattern: UInt64) -> Known {
        let digits = layout.digits(pattern)
        var (m, r, u) = shares
        for (comparison, digit) in digits.enumerated() {
            m += match[comparison][digit]
            r += relative[comparison][digit]
            u += stranger[comparison][digit]
        }
        m += log2(errors.factor(digits))
        u += tree.bits(digits)
        func agrees(_ comparison: Int) -> Bool {
            digits[comparison] >= 1 && digits[comparison] <= exact[comparison]
        }
        let identified = identifiers.contains(where: agrees)
        let holds = conflicts.filter { conflict in
            (conflict.evenWithIdentifier || !identified)
                && conflict.disagree.allSatisfy { digits[$0.comparison] == $0.digit }
                && conflict.agree.allSatisfy(agrees)
        }.reduce(into: Holds()) { $0.formUnion($1.bit) }
        var counting: UInt64 = 0
        for (place, frequency) in frequencies.enumerated()
        where frequency.counts(digits[frequency.comparison]) {
            counting |= 1 << UInt64(place)
        }
        let weight = Self.weight(m, r, u)
        let rarest = Double(counting.nonzeroBitCount) * Self.frequencyLimit
        return Known(
            match: m, relative: r, stranger: u, holds: holds, weight: weight,
            frequencies: counting,
            // The last bits of a logarithm must not decide.
            most: max(weight, Self.weight(m, r, u - rarest)) + 1e-6)
    }
}

/// How much more or less agreement on a token says than agreement on that field does on average.
struct TermFrequency: Sendable {
    var comparison: Int
    /// Bits to add, for each row.
    var bits: [Float]
    /// The first levels, so many, for which they count.
    var levels = 1

    /// Whether they count where the comparison has this digit.
    func counts(_ digit: Int) -> Bool { digit >= 1 && digit <= levels }

    /// One for each comparison that asks for it.
    static func all(
        _ comparisons: [LinkageSpecification.Comparison], _ store: FieldStore, threads: Int
    ) -> [TermFrequency] {
        CandidatePairs.concurrently(comparisons.count, threads: threads) {
            one($0, comparisons[$0], store)
        }.compactMap { $0 }
    }

    private static func one(
        _ position: Int, _ comparison: LinkageSpecification.Comparison, _ store: FieldStore
    ) -> TermFrequency? {
        guard comparison.termFrequency else { return nil }
        switch comparison.levels[0] {
        case .equal(let field):
            guard let tokens = store.tokens[field]?.values else { return nil }
            return TermFrequency(comparison: position, bits: bits(tokens))
        case .similar(let field, _), .inBand(let field, _):
            // Under a salt each value of it has filters of its own, too few to count.
            guard let filters = store.filters[field], filters.salts == nil else { return nil }
            return TermFrequency(
                comparison: position,
                bits: bits(filters, bands: store.tokens["\(field).band"]?.values ?? []),
                levels: comparison.exact)
        default: return nil
        }
    }

    /// log2 of the mean coincidence over a token's own share: positive for a rare token,
    /// negative for a frequent one; 0 for a missing one.
    static func bits(_ tokens: [UInt64]) -> [Float] {
        let runs = TokenRuns(tokens)
        let total = Double(runs.rows.count)
        let sizes = (0..<runs.count).map { Double(runs.starts[$0 + 1] - runs.starts[$0]) }
        let mean = sizes.reduce(0.0) { $0 + $1 * $1 } / (total * total)
        var bits = [Float](repeating: 0, count: tokens.count)
        for run in 0..<runs.count {
            let own = log2(mean / (sizes[run] / total))
            let held = Float(
                min(max(own, -PairWeights.frequencyLimit), PairWeights.frequencyLimit))
            for place in runs.starts[run]..<runs.starts[run + 1] {
                bits[Int(runs.rows[place])] = held
            }
        }
        return bits
    }
}
