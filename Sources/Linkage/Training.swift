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
        guard store.rowCount > 1 else { return nil }
        let plan = BlockingPlan(
            store, columns: BlockingColumns.names(store), eligiblePairs: eligiblePairs,
            threads: threads)
        let given = (specification.blocking ?? []).map { [$0] }
        let budget = specification.candidateBudget(records: store.rowCount)
        let random = RandomAgreement(
            store, comparisons, comparison, mayRepeat: mayRepeat, threads: threads)
        func keys(_ matches: [BlockingPlan.Match]) -> (keys: [[String]], pairs: Double) {
            plan.keys(given: given, matches: budget > 0 ? matches : [], budget: budget)
        }
        store.letGo()
        let first = keys(MatchGuess.matches(plan, store, mayRepeat: mayRepeat))
        guard let model = fit(first, random: random) else { return nil }
        guard let simulation = simulation(plan, model, given: given) else { return model.result }
        defer { store.letGo() }
        func finished(_ model: Model, _ simulation: MatchSimulation) -> Result {
            var result = model.result
            let missed = plan.missed(
                result.candidates.keys, given: given,
                simulation.matches(20_000, label: "matches of the estimate"))
            result.parameters.take(neverCompared: missed)
            return result
        }
        guard budget > 0, store.rowCount <= BlockingPlan.small else {
            return finished(model, simulation)
        }
        let second = keys(simulation.matches(BlockingPlan.matches, label: "made-up matches"))
        guard second.keys != first.keys, let final = fit(second, random: random),
            let simulation = self.simulation(plan, final, given: given)
        else { return finished(model, simulation) }
        return finished(final, simulation)
    }

    /// Made-up matches from the candidate pairs of a model.
    private func simulation(
        _ plan: BlockingPlan, _ model: Model, given: [[String]]
    ) -> MatchSimulation? {
        // Some thousands of pairs say enough; those that are hardly alike are no donors.
        let mixture = model.mixture
        var table = PatternTable()
        var likely: [Bool] = []
        let all = model.sample.pairs.filter { pair in
            let number = table.number(pair.pattern)
            if number == likely.count {
                let digits = comparison.layout.digits(pair.pattern)
                likely.append(mixture.match(digits, without: []) > 0.01)
            }
            return likely[number]
        }
        let step = max(1, all.count / 16_384)
        let pairs = stride(from: 0, to: all.count, by: step).map { all[$0] }
        return MatchSimulation(
            plan, store, mayRepeat: mayRepeat, pairs: pairs, keys: model.result.candidates.keys,
            given: given, comparisons: comparisons, layout: comparison.layout, mixture: mixture)
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
        var mixture: PairMixture
    }

    private func fit(
        _ plan: (keys: [[String]], pairs: Double), random: RandomAgreement
    ) -> Model? {
        var candidates = CandidatePairs(
            store, keys: plan.keys, largestBlock: specification.largestBlock, mayRepeat: mayRepeat,
            threads: threads)
        // Weighed from the same pairs afterwards, where they are not too many.
        let most = PairBudget(specification, store).most
        let oneIn = UInt64(max(1, (plan.pairs / Double(TrainingSample.largest)).rounded(.up)))
        if plan.pairs < 2 * Double(most) {
            candidates.hold(most: most, comparison, keysOfOneIn: oneIn)
        }
        let sample = sample(candidates, oneIn: oneIn)
        candidates.letGoOfSample()
        store.letGo()
        guard !sample.pairs.isEmpty else { return nil }
        let comparisons = comparisons
        let decided = touched(candidates.keys, comparisons: comparisons)
        let counted = sample.counted(Self.countedPairs)
        // What a comparison does that another mostly leaves nothing to say, such as names under
        // a part of a date beside names under all of it, is learnt wherever it can be made.
        let full =
            comparisons.allSatisfy(\.unless.isEmpty)
            ? counted.map(\.pattern)
            : comparison.withoutExceptions.patterns(
                counted.map(\.left), counted.map(\.right), threads: threads)
        store.letGo()
        let tables = TrainingSample.tables(
            counted, full: full, keys: candidates.keys.count, touched: decided,
            layout: comparison.layout)
        var expectation = ExpectationMaximisation(tables, layout: comparison.layout)
        // Relatives differ in what is a person's own; that is what they are, not an estimate.
        let household = Set(specification.household ?? [])
        expectation.prior[1] = comparisons.map {
            household.contains($0.name) ? 20 : max(20, 0.2 * expectation.total)
        }
        expectation.own = comparisons.map { comparison in
            let isPersonal = !household.contains(comparison.name) && isUnderDate(comparison)
            return Set(comparison.ownLevels + (isPersonal ? Array(0..<comparison.exact) : []))
                .sorted()
        }
        var strangers = random.shares
        var estimate = start(keys: candidates.keys.count, strangers: strangers)
        let patterns = sample.patterns.map { (comparison.layout.digits($0.pattern), $0.count) }
        let exact = comparisons.map(\.exact)
        var heterogeneity: LinkageParameters.Heterogeneity?
        func errors() -> MatchHeterogeneity {
            MatchHeterogeneity(
                m: estimate.probabilities[0], exact: exact, share: heterogeneity?.share ?? 0,
                shift: heterogeneity?.shift ?? 0)
        }
        var mixture = PairMixture(
            estimate.probabilities, tree: StrangerTree([], names: []), errors: errors(),
            all: eligiblePairs)
        let levels = comparisons.map { $0.levels.count + 1 }
        let names = comparisons.map(\.name)
        var dependences: [LinkageParameters.Dependence] = []
        var rounds = 0
        for pass in 0..<3 {
            estimate.probabilities[2] = strangers
            let tree = StrangerTree(dependences, names: names)
            expectation.take(tree)
            expectation.take(errors(), decided: decided)
            estimate = expectation.estimate(from: estimate, free: random.unknown)
            rounds += estimate.rounds
            mixture = PairMixture(
                estimate.probabilities, tree: tree, errors: errors(), all: eligiblePairs)
            mixture.count(patterns, scale: sample.oneIn)
            let matches = min(mixture.matches / eligiblePairs, 0.5)
            let relatives = min(mixture.relatives / eligiblePairs, 0.4)
            strangers = zip(random.shares.indices, random.shares).map { index, marginal in
                guard !random.unknown[index] else { return estimate.probabilities[2][index] }
                if let patterns = random.underSalts[index] {
                    return Self.strangers(index, patterns, mixture, levels: marginal.count)
                }
                return Self.strangers(
                    marginal, matches: min(matches * random.matches[index], 0.5),
                    m: estimate.probabilities[0][index], relatives: relatives,
                    r: estimate.probabilities[1][index])
            }
            if pass == 2 { break }
            heterogeneity = expectation.heterogeneity(estimate, exact: exact, decided: decided)
            dependences = StrangerDependence.edges(
                names, levels: levels, patterns: random.patterns,
                strangers: random.patterns.counts.enumerated().map { row, count in
                    // Pairs of one source that knows a person once are no matches.
                    random.holdsMatches
                        ? count * mixture.stranger(random.patterns.digits(of: row)) : count
                })
        }
        let likely = LikelyMatches(
            counted, full: full, touched: decided, layout: comparison.layout)
        func take(_ matches: [[Double]]) {
            estimate.probabilities[0] = matches
            mixture = PairMixture(
                estimate.probabilities, tree: mixture.tree, errors: errors(), all: eligiblePairs)
            mixture.count(patterns, scale: sample.oneIn)
        }
        // What no key leaves to be learnt has come out as nothing, such as another date of birth.
        take(
            zip(estimate.probabilities[0], estimate.probabilities[2]).map {
                LikelyMatches.raised($0, strangers: $1)
            })
        for _ in 0..<5 {
            take(
                likely.levels(
                    mixture, from: estimate.probabilities[0],
                    strangers: estimate.probabilities[2]))
        }
        var parameters = LinkageParameters(
            prevalence: min(max(mixture.matches / eligiblePairs, 1e-12), 0.5),
            relatives: min(mixture.relatives / eligiblePairs, 0.4),
            comparisons: comparisons.enumerated().map { index, comparison in
                let shares = FormerValues.settled(
                    comparison, m: estimate.probabilities[0][index],
                    r: estimate.probabilities[1][index])
                return LinkageParameters.Comparison(
                    name: comparison.name,
                    levels: comparison.levels.map(\.text) + ["disagreement"],
                    m: shares.m, r: shares.r, u: estimate.probabilities[2][index])
            },
            keys: candidates.keys, neverCompared: 0, pairs: Int(sample.candidates),
            rounds: rounds, converged: estimate.converged,
            dependences: mixture.tree.dependences(names: names), heterogeneity: heterogeneity)
        parameters.belowReview = mixture.matches(
            below: specification.reviewThreshold, patterns)
        let salted = Set(comparisons.filter(isSalted).map(\.name))
        if !salted.isEmpty {
            // A joint filter stands in for those that a salt keeps apart.
            let ofNames = comparisons.indices.filter { index in
                salted.contains(comparisons[index].name)
                    || (!salted.isDisjoint(with: comparisons[index].unless)
                        && comparisons[index].comparesFilters)
            }
            parameters.uncompared = mixture.matches(withoutAny: ofNames, patterns)
        }
        return Model(
            result: Result(parameters: parameters, candidates: candidates), sample: sample,
            mixture: mixture)
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

    /// What strangers among pairs under a salt do, each pair by how likely it is of strangers going by
    /// all other comparisons.
    ///
    /// Two records of one source with one date of birth are mostly one person where its records
    /// repeat, so that nothing is left when the matches are taken out by their number.
    private static func strangers(
        _ index: Int, _ patterns: CountedPatterns, _ mixture: PairMixture, levels: Int
    ) -> [Double] {
        var found = [Double](repeating: 0.5, count: levels)
        for (row, pairs) in patterns.counts.enumerated() {
            var digits = Array(patterns.digits(of: row))
            let digit = digits[index]
            guard digit > 0 else { continue }
            digits[index] = 0
            found[digit - 1] += pairs * mixture.stranger(digits)
        }
        let total = found.reduce(0, +)
        return found.map { $0 / total }
    }

    /// - Parameter oneIn: The pairs of about one first row in so many are taken.
    private func sample(_ candidates: CandidatePairs, oneIn: UInt64) -> TrainingSample {
        if let held = candidates.held {
            let rows = comparison.order.rows
            let pairs = CandidatePairs.concurrently(held.count, threads: threads) { index in
                var pairs: [TrainingSample.Pair] = []
                for (pair, pattern) in zip(held[index].pairs, held[index].patterns) {
                    let left = rows[Int(pair >> 32)]
                    guard CandidatePairs.isSampled(left, oneIn: oneIn) else { continue }
                    pairs.append(
                        TrainingSample.Pair(
                            left: left, right: rows[Int(pair & 0xffff_ffff)], pattern: pattern,
                            keys: held[index].keys(of: pair)))
                }
                return pairs
            }
            return TrainingSample(pairs: pairs.flatMap { $0 }, oneIn: Double(oneIn))
        }
        let shards = candidates.map(oneIn: oneIn) { _, forEachChunk in
            var pairs = (left: [UInt32](), right: [UInt32]())
            forEachChunk { left, right in
                pairs.left += left
                pairs.right += right
            }
            return pairs
        }
        let (left, right) = (shards.flatMap(\.left), shards.flatMap(\.right))
        let patterns = comparison.patterns(left, right, threads: threads)
        let pairs = left.indices.map { index in
            TrainingSample.Pair(
                left: left[index], right: right[index], pattern: patterns[index],
                keys: candidates.sharedKeys(Int(left[index]), Int(right[index])))
        }
        return TrainingSample(pairs: pairs, oneIn: Double(oneIn))
    }

    /// Whether a comparison looks at filters that a salt keeps from being compared with all others.
    private func isSalted(_ comparison: LinkageSpecification.Comparison) -> Bool {
        comparison.levels.contains { level in
            level.needs.contains { $0.kind == .filter && store.filters[$0.field]?.salt != nil }
        }
    }

    /// Whether a comparison can be made only of records with one date of birth: of two people in one
    /// home those are twins, and twins have given names of their own.
    private func isUnderDate(_ comparison: LinkageSpecification.Comparison) -> Bool {
        let fields = comparison.levels.first?.needs.filter { $0.kind == .filter }.map(\.field) ?? []
        let salts = fields.compactMap { store.filters[$0]?.salt }
        let dates = comparisons.filter { $0.levels.contains(where: \.isCrossed) }.map(\.name)
        return !fields.isEmpty && salts.count == fields.count
            && salts.allSatisfy(dates.contains)
    }

    /// For each key, the comparisons that it decides, in whole or in part.
    private func touched(
        _ keys: [[String]], comparisons: [LinkageSpecification.Comparison]
    ) -> [[Bool]] {
        let parts = comparisons.map { $0.parts(store) }
        return keys.map { key in
            let own = BlockingColumns.parts(of: key, store)
            return parts.map { !$0.isDisjoint(with: own) }
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
}
