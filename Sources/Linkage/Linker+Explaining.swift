import EncodedExtract
public import PipelineModel

extension Linker {
    /// Explains what `state` holds of two subjects, weighing them anew under its parameters.
    ///
    /// - Throws: `StileError` with code `input` where a subject is not held, nothing was compared
    ///   yet, or the specification is not the one under which people were linked.
    public static func explain(
        _ left: SubjectPseudonym, _ right: SubjectPseudonym, in state: LinkState,
        specification: LinkageSpecification
    ) throws -> PairExplanation {
        guard left != right else {
            throw StileError(
                .input, "Both subjects are the same.", remedy: "Name two different subjects.")
        }
        guard let parameters = state.parameters else {
            throw StileError(
                .input, "No pair of records was ever compared, so there is nothing to explain.",
                remedy: "Link two sources that share people first.")
        }
        let resolved = try state.linkedBy(specification, then: "ask again")
        let store = try FieldStore(state.held, firstNew: state.held.map(\.count))
        try checkMayBeExplained(left, right, state, store)
        let comparisons = resolved.comparisons ?? []
        let comparison = try PairComparison(comparisons, over: store)
        let frequencies = TermFrequency.all(comparisons, store, threads: threads)
        let rows = try (
            store.rows(of: index(of: left, store)), store.rows(of: index(of: right, store))
        )
        let best = bestVersions(
            rows.0, rows.1, comparison,
            PairWeights(
                parameters, resolved, layout: comparison.layout, frequencies: frequencies))

        var rarity = [Double](repeating: 0, count: comparisons.count)
        let digits = comparison.layout.digits(best.pattern)
        for frequency in frequencies where frequency.counts(digits[frequency.comparison]) {
            rarity[frequency.comparison] += Double(frequency.bits[best.row])
        }
        let steps = PairExplanation.steps(
            parameters, digits: digits, exact: comparisons.map(\.exact), rarity: rarity)
        func described(_ subject: SubjectPseudonym, _ rows: Range<Int>) -> PairExplanation.Subject {
            PairExplanation.Subject(
                subject: subject.hex,
                source: store.sourceNames[store.source(of: rows.lowerBound)],
                versions: rows.count)
        }
        let verdict = PairVerdict(
            left, right, weight: best.weight, conflict: best.conflict, state: state,
            specification: resolved, trusted: shareTrustedKey(rows.0, rows.1, store))
        return PairExplanation(
            left: described(left, rows.0), right: described(right, rows.1), steps: steps,
            weight: best.weight, conflict: best.conflict, isHeld: verdict.isHeld,
            linkThreshold: resolved.linkThreshold, reviewThreshold: resolved.reviewThreshold,
            decision: verdict.decision, reason: verdict.reason, runnerUp: verdict.runnerUp)
    }

    /// Refuses every pair of a person with a replaced identity, or of that identity, in the same
    /// words: an answer about one pair and none about another would tell them.
    private static func checkMayBeExplained(
        _ left: SubjectPseudonym, _ right: SubjectPseudonym, _ state: LinkState,
        _ store: FieldStore
    ) throws {
        _ = try (index(of: left, store), index(of: right, store))
        guard try MustNotLink(store).hidden(state, store).isDisjoint(with: [left, right]) else {
            throw StileError(
                .policy,
                "One of the two is protected by its source, so none of its pairs is explained.",
                remedy:
                    "Ask the source zone, where identities may be seen and the protection is on file."
            )
        }
    }

    private static func index(of subject: SubjectPseudonym, _ store: FieldStore) throws -> Int32 {
        guard let index = store.index(of: subject) else {
            throw StileError(
                .input, "No source holds the subject \(subject.hex).",
                remedy:
                    "Take subjects from stile link --export, or from stile pseudonymise --lookup in the source zone."
            )
        }
        return index
    }

    /// The best pair of versions, as `SubjectPairs` chooses it.
    private static func bestVersions(
        _ left: Range<Int>, _ right: Range<Int>, _ comparison: PairComparison,
        _ weights: PairWeights
    ) -> (pattern: UInt64, row: Int, weight: Double, conflict: Bool) {
        var weights = weights
        let ones = left.flatMap { row in right.map { _ in UInt32(row) } }
        let twos = left.flatMap { _ in right.map { UInt32($0) } }
        var patterns = [UInt64](repeating: 0, count: ones.count)
        patterns.withUnsafeMutableBufferPointer { patterns in
            ones.withUnsafeBufferPointer { ones in
                twos.withUnsafeBufferPointer { twos in
                    comparison.compare(ones, twos, into: patterns)
                }
            }
        }
        var best: (pattern: UInt64, row: Int, weight: Double, conflict: Bool)?
        for (pair, pattern) in patterns.enumerated() {
            let (weight, holds) = weights.weigh(pattern, ones[pair])
            let conflict = !holds.isEmpty
            if let best,
                weight < best.weight || (weight == best.weight && (conflict || !best.conflict))
            {
                continue
            }
            best = (pattern, Int(ones[pair]), weight, conflict)
        }
        return best ?? (0, left.lowerBound, 0, false)
    }

    private static func shareTrustedKey(
        _ left: Range<Int>, _ right: Range<Int>, _ store: FieldStore
    ) -> Bool {
        guard let tokens = store.tokens["trusted"] else { return false }
        let known = Set(left.map { tokens[$0] }).subtracting([0])
        return right.contains { known.contains(tokens[$0]) }
    }
}
