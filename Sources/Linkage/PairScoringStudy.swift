public import EncodedExtract

/// Candidate pairs that are ready to be compared, for measuring what comparing and weighing them takes.
public struct PairScoringStudy: Sendable {
    /// How many candidate pairs there are.
    public let pairs: Int
    private let scoring: PairScoring
    private let parts: [CandidatePairs.Held]
    private let floor: Double

    /// Finds the candidate pairs of `sources` by the keys of `parameters`.
    ///
    /// - Parameters:
    ///   - sources: The encodings of each source.
    ///   - specification: The `linkage:` configuration.
    ///   - parameters: What an earlier linkage of the same sources has estimated.
    ///   - most: About how many pairs; those of whole shards of keys, from the first on.
    /// - Throws: What ``Linker`` throws.
    public init(
        _ sources: [Encodings], _ specification: LinkageSpecification,
        parameters: LinkageParameters, most: Int
    ) throws {
        let held = try HeldEncodings([], delta: sources, rekey: false)
        let resolved = try specification.resolved(over: held.pieces)
        try SpecificationCheck.check(resolved, sources: held.pieces)
        let store = try FieldStore(held.pieces, firstNew: held.firstNew)
        scoring = PairScoring(
            store, resolved, parameters,
            comparison: try PairComparison(resolved.comparisons ?? [], over: store),
            mayRepeat: store.sourceNames.map(resolved.sourcesWithDuplicates.contains),
            threads: Linker.threads)
        floor = resolved.reviewThreshold
        var (parts, count): ([CandidatePairs.Held], Int) = ([], 0)
        scoring.candidates.forEachSegment(
            most: PairBudget.usual, scoring.comparison.order
        ) { segment in
            for part in segment where count < most {
                parts.append(part)
                count += part.pairs.count
            }
        }
        self.parts = parts
        pairs = count
    }

    /// Compares and weighs all pairs by one thread, and says how many are kept.
    ///
    /// - Parameter screened: Whether pairs that cannot weigh enough are left out first, as where
    ///   there are too many pairs to be kept; else all of them are compared in full.
    public func kept(screened: Bool) -> Int {
        let weights = scoring.weights
        var parts = parts
        if screened, let screen = PairScreen(scoring.comparison, weights, floor: floor) {
            parts = parts.map(screen.screened)
        }
        return scoring.comparedAndWeighed(
            &parts, scoring.comparison, Spares { weights }, floor: floor, threads: 1
        ).reduce(0) { $0 + $1.count }
    }
}
