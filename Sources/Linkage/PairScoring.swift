import PipelineModel

/// Weighs the candidate pairs, and any other pair that is asked for.
struct PairScoring {
    let store: FieldStore
    /// With everything derived.
    let specification: LinkageSpecification
    /// Of all rows; of none yet where few are new, since what is compared of a row is then taken as
    /// pairs of it come up.
    private(set) var comparison: PairComparison
    private let isOfFew: Bool
    private(set) var parameters: LinkageParameters
    private let frequencies: [TermFrequency]
    private let threads: Int
    /// The most candidate pairs that are held at a time.
    var pairsAtOnce: Int
    private(set) var candidates: CandidatePairs
    /// Candidate pairs of rows, by key, as the last pass saw them.
    private(set) var pairsByKey: [Int]

    /// - Parameters:
    ///   - mayRepeat: For each source, whether two of its subjects may be one person.
    ///   - comparison: The comparisons of the specification over the store; over none of its rows where
    ///     `isOfFew`.
    ///   - isOfFew: Whether few rows are new and so few are compared.
    ///   - candidates: The candidate pairs of the parameters' keys, where they are there already.
    ///   - kept: The fingerprints of these keys, where they have been kept.
    init(
        _ store: FieldStore, _ specification: LinkageSpecification,
        _ parameters: LinkageParameters, comparison: PairComparison, isOfFew: Bool = false,
        mayRepeat: [Bool], threads: Int, candidates: CandidatePairs? = nil,
        kept: HeldKeys? = nil
    ) {
        self.store = store
        self.specification = specification
        self.parameters = parameters
        self.threads = threads
        pairsAtOnce = PairBudget(specification, store).most
        self.comparison = comparison
        self.isOfFew = isOfFew
        frequencies = TermFrequency.all(specification.comparisons ?? [], store, threads: threads)
        self.candidates =
            candidates
            ?? CandidatePairs(
                store, keys: parameters.keys, largestBlock: specification.largestBlock,
                mayRepeat: mayRepeat, threads: threads, kept: kept)
        pairsByKey = Array(repeating: 0, count: self.candidates.keys.count)
    }

    /// A pair of rows and its weight.
    struct Scored: Sendable {
        var left: UInt32
        var right: UInt32
        var weight: Double
        var holds: PairWeights.Holds
        /// Whether it is never a link by itself.
        var conflict: Bool { !holds.isEmpty }
    }

    /// Weighs patterns; it remembers those that it has seen.
    var weights: PairWeights {
        PairWeights(
            parameters, specification, layout: comparison.layout, frequencies: frequencies)
    }

    /// All candidate pairs of which a row is new and that have at least the weight `floor`, in
    /// any order.
    mutating func score(floor: Double) -> [Scored] {
        var scored: [Scored] = []
        var counts = Array(repeating: 0, count: candidates.keys.count)
        let order = isOfFew ? nil : comparison.order
        let weights = weights
        let screen = isOfFew ? nil : PairScreen(comparison, weights, floor: floor)
        let spares = Spares { weights }
        candidates.forEachSegment(most: pairsAtOnce, order, screen: screen) { segment in
            for part in segment { counts[part.key] += part.pairs.count + part.leftOut }
            let comparison = isOfFew ? placing(&segment) : comparison
            let found =
                candidates.held != nil
                ? weighed(segment, spares, floor: floor)
                : comparedAndWeighed(&segment, comparison, spares, floor: floor, threads: threads)
            for part in found { scored += part }
        }
        pairsByKey = counts
        return scored
    }

    /// Has the data say what pairs like those of twins are, and lets go of those that are not held back.
    ///
    /// To be asked once, of all pairs that parameters were estimated from.
    ///
    /// - Parameters:
    ///   - scored: All pairs, weighed.
    ///   - mayRepeat: For each source, whether two of its subjects may be one person.
    ///   - without: Subjects that are to decide nothing.
    mutating func settleTwins(
        _ scored: inout [Scored], mayRepeat: [Bool], without: Set<Int32>
    ) {
        let comparisons = Dictionary(
            parameters.comparisons.map { ($0.name, $0.m) }, uniquingKeysWith: { first, _ in first })
        // For each such pattern, the share of matches that disagree so.
        let shares = (specification.conflicts ?? []).filter(\.ofTwins).map { conflict in
            conflict.disagree.reduce(1.0) { $0 * (comparisons[$1]?.last ?? 1) }
        }
        guard let share = shares.min() else { return }
        if share >= 2 * ConflictRivals.twins {
            parameters.twins = .errors
        } else {
            let rivals = ConflictRivals(scored, store, mayRepeat: mayRepeat, without: without)
            parameters.twins =
                rivals.share.map {
                    $0 > ConflictRivals.bearable ? .twoPeople : .onePerson
                } ?? .tooFew
            if parameters.twins == .twoPeople { parameters.heldBack = rivals.shareOfMatches }
        }
        guard parameters.twins?.areHeld == false else { return }
        for index in scored.indices { scored[index].holds.remove(.ofTwins) }
    }

    /// The comparison of the rows of some pairs alone, which are named by their places from now on.
    private func placing(_ segment: inout [CandidatePairs.Held]) -> PairComparison {
        var isThere = [Bool](repeating: false, count: store.rowCount)
        for part in segment {
            for pair in part.pairs {
                isThere[Int(pair >> 32)] = true
                isThere[Int(pair & 0xffff_ffff)] = true
            }
        }
        let rows = isThere.indices.lazy.filter { isThere[$0] }.map { UInt32($0) }
        let comparison = comparison.over(store, of: Array(rows), threads: threads)
        let places = comparison.order.places
        for part in segment.indices {
            for (index, pair) in segment[part].pairs.enumerated() {
                segment[part].pairs[index] =
                    UInt64(places[Int(pair >> 32)]) << 32 | UInt64(places[Int(pair & 0xffff_ffff)])
            }
        }
        return comparison
    }

    /// The most filters, in bytes, that are brought together for pairs to be weighed.
    private static let mostHeld = 1 << 26

    /// The same with what is compared of some subjects brought together: pairs of them are to be
    /// weighed, and others seldom.
    ///
    /// Filters are looked at where they lie where they are too many.
    func holding(_ subjects: [Int32]) -> PairScoring {
        var result = self
        let wanted = subjects.flatMap { store.rows(of: $0) }
        let own =
            isOfFew
            ? comparison.over(store, of: wanted.map { UInt32($0) }, threads: threads) : comparison
        result.comparison = own
        guard isOfFew || own.batches != nil, !own.filters.isEmpty else { return result }
        let words = own.filters.reduce(0) { $0 + $1.wordsPerRow }
        guard wanted.count * words * MemoryLayout<UInt64>.size <= Self.mostHeld else {
            return result
        }
        result.comparison = own.holding(
            wanted.map { own.order.places[$0] }.sorted(), threads: threads)
        return result
    }

    /// Lets go of what only ``score(floor:)`` needs: keys and counts stay.
    mutating func letGo() {
        candidates.letGo()
        store.letGo()
    }

    /// The pairs that weigh enough, of parts that have their patterns.
    private func weighed(
        _ parts: [CandidatePairs.Held], _ weights: Spares<PairWeights>, floor: Double
    ) -> [[Scored]] {
        let rows = comparison.order.rows
        return CandidatePairs.concurrently(parts.count, threads: threads) {
            Self.weigh(parts[$0].pairs, parts[$0].patterns, rows, weights, floor: floor)
        }
    }

    /// The pairs that weigh enough, of parts without patterns; the order of their pairs may change.
    ///
    /// - Parameters:
    ///   - parts: The candidate pairs.
    ///   - comparison: Of the rows that they are made of.
    ///   - weights: What patterns weigh.
    ///   - floor: The least weight of a pair that is kept.
    ///   - threads: How many processors to use.
    func comparedAndWeighed(
        _ parts: inout [CandidatePairs.Held], _ comparison: PairComparison,
        _ weights: Spares<PairWeights>, floor: Double, threads: Int
    ) -> [[Scored]] {
        let rows = comparison.order.rows
        return comparison.map(&parts, threads: threads) { pairs, patterns in
            Self.weigh(pairs, patterns, rows, weights, floor: floor)
        }
    }

    /// Weighs pairs that have been compared, whose places are of `rows`.
    private static func weigh(
        _ pairs: [UInt64], _ patterns: [UInt64], _ rows: [UInt32],
        _ weights: Spares<PairWeights>, floor: Double
    ) -> [Scored] {
        weights.with { weights in
            var scored: [Scored] = []
            for (pair, pattern) in zip(pairs, patterns) {
                let left = rows[Int(pair >> 32)]
                guard let (weight, holds) = weights.weigh(pattern, left, atLeast: floor) else {
                    continue
                }
                scored.append(
                    Scored(
                        left: left, right: rows[Int(pair & 0xffff_ffff)], weight: weight,
                        holds: holds))
            }
            return scored
        }
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
        let patterns =
            comparison.order.hasPlaces(left) && comparison.order.hasPlaces(right)
            ? comparison.patterns(ofFew: left, right)
            // Rows that were not asked for, seldom.
            : comparison.over(store, of: Array(Set(left + right)).sorted(), threads: 1)
                .patterns(ofFew: left, right)
        return left.indices.map { index in
            let (weight, holds) = weights.weigh(patterns[index], left[index])
            return (weight, !holds.isEmpty)
        }
    }
}

extension LinkageSpecification.Level {
    /// The level in words, for parameters and reports.
    var text: String {
        switch self {
        case .equal(let field): "\(field) equal"
        case .equalUnder(let field, let salt): "\(field) equal, under one \(salt)"
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
