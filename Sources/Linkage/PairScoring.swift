import PipelineModel

/// Estimates parameters over the candidate pairs, and weighs them.
struct PairScoring {
    let store: FieldStore
    /// With everything derived.
    let specification: LinkageSpecification
    let comparison: PairComparison
    let candidates: CandidatePairs
    /// Candidate pairs of rows, by blocking field, as the last pass saw them.
    private(set) var pairsByField: [Int]

    private var comparisons: [LinkageSpecification.Comparison] { specification.comparisons ?? [] }

    init(
        _ store: FieldStore, _ specification: LinkageSpecification, mayRepeat: [Bool]
    ) throws {
        self.store = store
        self.specification = specification
        comparison = try PairComparison(specification.comparisons ?? [], over: store)
        candidates = CandidatePairs(
            store, blocking: specification.blocking ?? [],
            largestBlock: specification.largestBlock, mayRepeat: mayRepeat)
        pairsByField = Array(repeating: 0, count: candidates.blocking.count)
    }

    /// Hands over all candidate pairs with their patterns, a chunk at a time.
    mutating func forEachChunk(
        _ body: (
            UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt64>
        ) -> Void
    ) {
        var counts = [Int](repeating: 0, count: candidates.blocking.count)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: CandidatePairs.chunk) { all in
            all.initialize(repeating: 0)
            candidates.forEachChunk { field, left, right in
                counts[field] += left.count
                let patterns = UnsafeMutableBufferPointer(rebasing: all[..<left.count])
                comparison.compare(left, right, into: patterns)
                body(left, right, UnsafeBufferPointer(patterns))
            }
        }
        pairsByField = counts
    }

    /// Parameters from the table of patterns of all candidate pairs; `nil` where there
    /// is no candidate pair.
    mutating func train() -> LinkageParameters? {
        var table = PatternTable()
        var counts: [Int] = []
        forEachChunk { _, _, patterns in
            for pattern in patterns {
                let number = table.number(pattern)
                if number == counts.count { counts.append(1) } else { counts[number] += 1 }
            }
        }
        let pairs = counts.reduce(0, +)
        guard pairs > 0 else { return nil }
        let random = RandomAgreement.estimate(store, comparisons, comparison)
        let estimate = ExpectationMaximisation(
            zip(table.patterns, counts), layout: comparison.layout
        )
        .estimate(prevalence: startingPrevalence(pairs), random: random)
        return LinkageParameters(
            prevalence: estimate.prevalence,
            comparisons: comparisons.enumerated().map { index, comparison in
                LinkageParameters.Comparison(
                    name: comparison.name,
                    levels: comparison.levels.map(\.text) + ["disagreement"],
                    m: estimate.m[index], u: estimate.u[index], random: random[index])
            },
            pairs: pairs, rounds: estimate.rounds, converged: estimate.converged)
    }

    /// Half of the subjects of the smaller sources have a match, as a start.
    private func startingPrevalence(_ pairs: Int) -> Double {
        var bySource: [Int32: Int] = [:]
        for source in store.subjectSource { bySource[source, default: 0] += 1 }
        let largest = bySource.values.max() ?? 0
        let others = store.subjects.count - largest
        let expected = Double(others > 0 ? others : largest) / 2
        return min(max(expected / Double(pairs), 0.001), 0.5)
    }

    /// A pair of rows and its weight.
    struct Scored {
        var left: UInt32
        var right: UInt32
        var weight: Double
        var conflict: Bool
    }

    /// All candidate pairs of at least the weight `floor`.
    mutating func score(_ parameters: LinkageParameters, floor: Double) -> [Scored] {
        var weights = PairWeights(
            parameters, specification, layout: comparison.layout, store: store)
        var scored: [Scored] = []
        forEachChunk { left, right, patterns in
            for pair in patterns.indices {
                let (weight, conflict) = weights.weigh(patterns[pair], left[pair])
                guard weight >= floor else { continue }
                scored.append(
                    Scored(
                        left: left[pair], right: right[pair], weight: weight, conflict: conflict))
            }
        }
        return scored
    }
}

extension LinkageSpecification.Level {
    /// The level in words, for parameters and reports.
    var text: String {
        switch self {
        case .equal(let field): "\(field) equal"
        case .crossed(let left, let right): "\(left) equals \(right)"
        case .anyEqual(let fields): "any equal of \(fields.joined(separator: ", "))"
        case .shares(let field): "\(field) shared"
        case .similar(let field, let least): "\(field) similar, at least \(least)"
        }
    }
}
