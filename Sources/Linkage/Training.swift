import Foundation
import PipelineModel

/// Chooses keys and estimates the model from the pairs that they bring together.
///
/// Two rounds: keys chosen for matches as they are guessed to be give a first model; the likely
/// matches under it say which columns agree in matches of these sources, and keys chosen for
/// that give the model that is used.
struct Training {
    let store: FieldStore
    /// With everything derived.
    let specification: LinkageSpecification
    let comparison: PairComparison
    let mayRepeat: [Bool]
    let threads: Int

    /// The pairs from which the levels are estimated; more would move no digit that counts.
    static let countedPairs = 40_000

    private var comparisons: [LinkageSpecification.Comparison] { specification.comparisons ?? [] }

    /// What training gives: parameters, and the candidate pairs of the keys among them.
    struct Result {
        var parameters: LinkageParameters
        var candidates: CandidatePairs
    }

    /// `nil` where there is no candidate pair.
    func result() -> Result? {
        let plan = BlockingPlan(
            store, columns: BlockingColumns.names(store), eligiblePairs: eligiblePairs)
        let given = (specification.blocking ?? []).map { [$0] }
        // Beyond the first hundred thousand records a sixth of it does: names and dates that are
        // rare enough in a town are so in a county.
        let rows = Double(store.rowCount)
        let budget =
            specification.candidatesPerRecord * (min(rows, 1e5) + max(rows - 1e5, 0) / 6)
        let random = RandomAgreement(store, comparisons, comparison, mayRepeat: mayRepeat)
        func keys(_ matches: [BlockingPlan.Match]) -> (keys: [[String]], pairs: Double) {
            plan.keys(given: given, matches: budget > 0 ? matches : [], budget: budget)
        }
        let first = keys(MatchGuess.matches(plan, store))
        guard let model = fit(first, random: random) else { return nil }
        guard budget > 0, store.rowCount <= BlockingPlan.small else { return model.result }
        let likely = likelyMatches(model)
        guard likely.count >= 50 else { return model.result }
        let second = keys(
            MatchGuess.matches(
                plan, store, likely: likely,
                touching: touched(first.keys, fields: plan.columns)))
        guard second.keys != first.keys else { return model.result }
        return fit(second, random: random)?.result ?? model.result
    }

    /// The pairs of rows that could be one person: of two sources, or of one with duplicates.
    private let eligiblePairs: Double

    init(
        store: FieldStore, specification: LinkageSpecification, comparison: PairComparison,
        mayRepeat: [Bool], threads: Int
    ) {
        self.store = store
        self.specification = specification
        self.comparison = comparison
        self.mayRepeat = mayRepeat
        self.threads = threads
        eligiblePairs = Self.eligiblePairs(store, mayRepeat)
    }

    private static func eligiblePairs(_ store: FieldStore, _ mayRepeat: [Bool]) -> Double {
        var rows = [Double](repeating: 0, count: mayRepeat.count)
        for subject in store.rowSubject { rows[Int(store.subjectSource[Int(subject)])] += 1 }
        let all = rows.reduce(0, +)
        var pairs = all * (all - 1) / 2
        for (source, count) in rows.enumerated() where !mayRepeat[source] {
            pairs -= count * (count - 1) / 2
        }
        return max(pairs, 1)
    }

    private struct Model {
        var result: Result
        var sample: TrainingSample
    }

    private func fit(
        _ plan: (keys: [[String]], pairs: Double), random: RandomAgreement
    ) -> Model? {
        let candidates = CandidatePairs(
            store, keys: plan.keys, largestBlock: specification.largestBlock, mayRepeat: mayRepeat,
            threads: threads)
        let sample = sample(candidates, pairs: plan.pairs)
        guard !sample.pairs.isEmpty else { return nil }
        let comparisons = comparisons
        let decided = touched(candidates.keys, comparisons: comparisons)
        let tables = sample.tables(
            keys: candidates.keys.count, touched: decided, layout: comparison.layout,
            largest: Self.countedPairs)
        var expectation = ExpectationMaximisation(tables, layout: comparison.layout)
        // Relatives differ in what is a person's own; that is what they are, not an estimate.
        let household = Set(specification.household ?? [])
        expectation.prior[1] = comparisons.map {
            household.contains($0.name) ? 20 : max(20, 0.2 * expectation.total)
        }
        var strangers = random.shares
        var estimate = start(keys: candidates.keys.count, strangers: strangers)
        let patterns = sample.patterns.map { (comparison.layout.digits($0.pattern), $0.count) }
        var found = (matches: 0.0, relatives: 0.0)
        var rounds = 0
        for _ in 0..<3 {
            estimate.probabilities[2] = strangers
            estimate = expectation.estimate(from: estimate, free: random.unknown)
            rounds += estimate.rounds
            found = shares(patterns, estimate.probabilities, scale: sample.oneIn)
            let matches = min(found.matches / eligiblePairs, 0.5)
            let relatives = min(found.relatives / eligiblePairs, 0.4)
            strangers = zip(random.shares.indices, random.shares).map { index, marginal in
                guard !random.unknown[index] else { return estimate.probabilities[2][index] }
                return Self.strangers(
                    marginal, matches: random.holdsMatches ? matches : 0,
                    m: estimate.probabilities[0][index], relatives: relatives,
                    r: estimate.probabilities[1][index])
            }
        }
        let missed = neverCompared(sample, candidates.keys, estimate.probabilities, found)
        let parameters = LinkageParameters(
            prevalence: min(max(found.matches / (1 - missed) / eligiblePairs, 1e-12), 0.5),
            relatives: min(found.relatives / eligiblePairs, 0.4),
            comparisons: comparisons.enumerated().map { index, comparison in
                let shares = FormerValues.settled(
                    comparison, m: estimate.probabilities[0][index],
                    r: estimate.probabilities[1][index])
                return LinkageParameters.Comparison(
                    name: comparison.name,
                    levels: comparison.levels.map(\.text) + ["disagreement"],
                    m: shares.m, r: shares.r, u: estimate.probabilities[2][index])
            },
            keys: candidates.keys, neverCompared: missed, pairs: Int(sample.candidates),
            rounds: rounds, converged: estimate.converged)
        return Model(
            result: Result(parameters: parameters, candidates: candidates), sample: sample)
    }

    /// What is left of the agreement of pairs at random when those of one person and of one
    /// household are taken out.
    private static func strangers(
        _ marginal: [Double], matches: Double, m: [Double], relatives: Double, r: [Double]
    ) -> [Double] {
        let rest = marginal.indices.map { level in
            max(
                (marginal[level] - matches * m[level] - relatives * r[level])
                    / (1 - matches - relatives),
                marginal[level] * 0.05)
        }
        let sum = rest.reduce(0, +)
        return rest.map { $0 / sum }
    }

    /// - Parameter pairs: About how many there are.
    private func sample(_ candidates: CandidatePairs, pairs: Double) -> TrainingSample {
        let oneIn = UInt64(max(1, (pairs / Double(TrainingSample.largest)).rounded(.up)))
        let comparison = comparison
        let pairs = candidates.map(oneIn: oneIn) { _, forEachChunk in
            var pairs: [TrainingSample.Pair] = []
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: CandidatePairs.chunk) { all in
                all.initialize(repeating: 0)
                forEachChunk { left, right in
                    let patterns = UnsafeMutableBufferPointer(rebasing: all[..<left.count])
                    comparison.compare(left, right, into: patterns)
                    for index in left.indices {
                        pairs.append(
                            TrainingSample.Pair(
                                left: left[index], right: right[index], pattern: patterns[index],
                                keys: candidates.sharedKeys(Int(left[index]), Int(right[index]))))
                    }
                }
            }
            return pairs
        }
        return TrainingSample(pairs: pairs.flatMap { $0 }, oneIn: Double(oneIn))
    }

    /// For each key, the comparisons that it decides, in whole or in part.
    private func touched(
        _ keys: [[String]], comparisons: [LinkageSpecification.Comparison]
    ) -> [[Bool]] {
        let parts = comparisons.map { comparison in
            Set(comparison.levels.flatMap { $0.needs.flatMap { store.parts[$0.field] ?? [] } })
        }
        return keys.map { key in
            let own = BlockingColumns.parts(of: key, store)
            return parts.map { !$0.isDisjoint(with: own) }
        }
    }

    private func touched(_ keys: [[String]], fields: [String]) -> [[Bool]] {
        keys.map { key in
            let own = BlockingColumns.parts(of: key, store)
            return fields.map { !BlockingColumns.parts(of: [$0], store).isDisjoint(with: own) }
        }
    }

    /// Where the estimate starts: matches mostly agree, relatives on what a household shares.
    private func start(keys: Int, strangers: [[Double]]) -> ExpectationMaximisation.Estimate {
        let household = Set(specification.household ?? [])
        let matches = zip(comparisons, strangers).map { comparison, strangers in
            Self.agreeing(strangers, exact: comparison.exact, share: 0.85)
        }
        let relatives = zip(comparisons, strangers).map { comparison, strangers in
            household.contains(comparison.name)
                ? Self.agreeing(strangers, exact: comparison.exact, share: 0.8)
                : zip(strangers, Self.agreeing(strangers, exact: comparison.exact, share: 0.3))
                    .map { 0.9 * $0 + 0.1 * $1 }
        }
        return ExpectationMaximisation.Estimate(
            probabilities: [matches, relatives, strangers],
            shares: Array(repeating: [0.2, 0.1, 0.7], count: keys))
    }

    /// `share` on the levels of equality, in the proportions of pairs at random; a twentieth on
    /// the disagreement; the rest between.
    private static func agreeing(_ random: [Double], exact: Int, share: Double) -> [Double] {
        let levels = random.count
        let equal = random.prefix(exact).reduce(0, +)
        let middle = levels - exact - 1
        let disagreement = middle > 0 ? (1 - share) / 3 : 1 - share
        return random.indices.map { level in
            if level < exact { return share * (random[level] / equal) }
            if level == levels - 1 { return disagreement }
            return (1 - share - disagreement) / Double(middle)
        }
    }

    /// How many of the candidate pairs are matches and relatives, strangers being as many among
    /// all pairs as they are at random.
    private func shares(
        _ patterns: [([Int], Double)], _ probabilities: [[[Double]]], scale: Double
    ) -> (matches: Double, relatives: Double) {
        let all = eligiblePairs
        let densities = patterns.map { digits, _ in
            probabilities.map { kind in
                digits.enumerated().reduce(1.0) {
                    $1.element > 0 ? $0 * kind[$1.offset][$1.element - 1] : $0
                }
            }
        }
        let total = patterns.reduce(0) { $0 + $1.1 } * scale
        var (matches, relatives) = (total * 0.1, total * 0.1)
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
        return (matches, relatives)
    }

    /// The share of matches that no key finds, by capture and recapture.
    ///
    /// Two keys that have no identity field in common find a match independently of each other, so
    /// that all matches are n₁n₂/n₁₂ (Lincoln and Petersen, with Chapman's correction); the median over such pairs of
    /// keys. It is too low where errors in different fields go together.
    private func neverCompared(
        _ sample: TrainingSample, _ keys: [[String]], _ probabilities: [[[Double]]],
        _ found: (matches: Double, relatives: Double)
    ) -> Double {
        var chance: [UInt64: Double] = [:]
        let layout = comparison.layout
        let all = eligiblePairs
        func isMatch(_ pattern: UInt64) -> Double {
            if let known = chance[pattern] { return known }
            let digits = layout.digits(pattern)
            let density = probabilities.map { kind in
                digits.enumerated().reduce(1.0) {
                    $1.element > 0 ? $0 * kind[$1.offset][$1.element - 1] : $0
                }
            }
            let (m, r) = (found.matches * density[0], found.relatives * density[1])
            let sum = m + r + all * density[2]
            let value = sum > 0 ? m / sum : 0
            chance[pattern] = value
            return value
        }
        let parts = keys.map { BlockingColumns.parts(of: $0, store) }
        var pairs: [(Int, Int)] = []
        for first in keys.indices {
            for second in keys.indices
            where second > first && parts[first].isDisjoint(with: parts[second]) {
                pairs.append((first, second))
            }
        }
        var byKeys: [UInt64: Double] = [:]
        for pair in sample.pairs { byKeys[pair.keys, default: 0] += isMatch(pair.pattern) }
        let sums = byKeys.sorted { $0.key < $1.key }
        let estimates = pairs.compactMap { first, second -> Double? in
            let (one, two) = (UInt64(1) << UInt64(first), UInt64(1) << UInt64(second))
            var (ofOne, ofTwo, ofBoth) = (0.0, 0.0, 0.0)
            for (mask, sum) in sums {
                if mask & one != 0 { ofOne += sum }
                if mask & two != 0 { ofTwo += sum }
                if mask & (one | two) == one | two { ofBoth += sum }
            }
            guard ofBoth >= 30 else { return nil }
            return (ofOne + 1) * (ofTwo + 1) / (ofBoth + 1) - 1
        }.sorted()
        guard !estimates.isEmpty else { return 0 }
        let total = estimates[estimates.count / 2] * sample.oneIn
        return min(max(1 - found.matches / total, 0), 0.9)
    }

    /// Pairs that are very likely of one person.
    private func likelyMatches(_ model: Model) -> [TrainingSample.Pair] {
        var weights = PairWeights(
            model.result.parameters, specification, layout: comparison.layout, frequencies: [])
        var likely: [TrainingSample.Pair] = []
        for pair in model.sample.pairs where weights.weigh(pair.pattern, pair.left).weight > 4 {
            likely.append(pair)
        }
        guard likely.count > 8_192 else { return likely }
        return (0..<8_192).map { likely[$0 * likely.count / 8_192] }
    }
}
