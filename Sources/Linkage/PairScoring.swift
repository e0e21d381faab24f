import PipelineModel

/// Weighs the candidate pairs, and any other pair that is asked for.
struct PairScoring {
    let store: FieldStore
    /// With everything derived.
    let specification: LinkageSpecification
    let comparison: PairComparison
    let parameters: LinkageParameters
    private let frequencies: [TermFrequency]
    let candidates: CandidatePairs
    /// Candidate pairs of rows, by key, as the last pass saw them.
    private(set) var pairsByKey: [Int]

    /// - Parameters:
    ///   - mayRepeat: For each source, whether two of its subjects may be one person.
    ///   - comparison: The comparisons of the specification over the store.
    ///   - candidates: The candidate pairs of the parameters' keys, where they are there already.
    init(
        _ store: FieldStore, _ specification: LinkageSpecification,
        _ parameters: LinkageParameters, comparison: PairComparison, mayRepeat: [Bool],
        threads: Int, candidates: CandidatePairs? = nil
    ) {
        self.store = store
        self.specification = specification
        self.parameters = parameters
        self.comparison = comparison
        frequencies = TermFrequency.all(specification.comparisons ?? [], store, threads: threads)
        self.candidates =
            candidates
            ?? CandidatePairs(
                store, keys: parameters.keys, largestBlock: specification.largestBlock,
                mayRepeat: mayRepeat, threads: threads)
        pairsByKey = Array(repeating: 0, count: self.candidates.keys.count)
    }

    /// A pair of rows and its weight.
    struct Scored: Sendable {
        var left: UInt32
        var right: UInt32
        var weight: Double
        var conflict: Bool
    }

    /// Weighs patterns; it remembers those that it has seen.
    var weights: PairWeights {
        PairWeights(
            parameters, specification, layout: comparison.layout, frequencies: frequencies)
    }

    /// All candidate pairs of which a row is new and that have at least the weight `floor`, in
    /// the order of keys.
    mutating func score(floor: Double) -> [Scored] {
        let (comparison, fresh) = (comparison, weights)
        let shards = candidates.map { key, forEachChunk in
            var weights = fresh
            var scored: [Scored] = []
            var count = 0
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: CandidatePairs.chunk) { all in
                all.initialize(repeating: 0)
                forEachChunk { left, right in
                    count += left.count
                    let patterns = UnsafeMutableBufferPointer(rebasing: all[..<left.count])
                    comparison.compare(left, right, into: patterns)
                    for pair in patterns.indices {
                        let (weight, conflict) = weights.weigh(patterns[pair], left[pair])
                        guard weight >= floor else { continue }
                        scored.append(
                            Scored(
                                left: left[pair], right: right[pair], weight: weight,
                                conflict: conflict))
                    }
                }
            }
            return (key: key, count: count, scored: scored)
        }
        pairsByKey = Array(repeating: 0, count: candidates.keys.count)
        var scored: [Scored] = []
        scored.reserveCapacity(shards.reduce(0) { $0 + $1.scored.count })
        for shard in shards {
            pairsByKey[shard.key] += shard.count
            scored += shard.scored
        }
        return scored
    }

    /// The weights of pairs of rows, whether or not a key brings them together.
    ///
    /// - Parameters:
    ///   - left: The left row of each pair.
    ///   - right: The right row of each pair.
    ///   - weights: ``weights``, which are better made once than for every call.
    func weigh(
        _ left: [UInt32], _ right: [UInt32], _ weights: inout PairWeights
    ) -> [(weight: Double, conflict: Bool)] {
        let patterns = comparison.patterns(left, right)
        return left.indices.map { weights.weigh(patterns[$0], left[$0]) }
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
        case .inBand(let field, let band): "\(field) equal, of frequency band \(band)"
        case .anySimilar(let fields, let least):
            "any similar of \(fields.joined(separator: ", ")), at least \(least)"
        }
    }
}
