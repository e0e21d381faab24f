import PipelineModel

extension Linker {
    /// The pairs of a run, weighed, and what can weigh further pairs.
    struct Weighing {
        /// Those of the state, or estimated anew; `nil` where there is nothing to learn from.
        private(set) var parameters: LinkageParameters?
        /// Weighs further pairs.
        ///
        /// It holds what is compared of every row, which is most of a linkage's memory.
        var scoring: PairScoring?
        /// All pairs of subjects that are kept, those of before too.
        private(set) var edges: [PeopleClustering.Edge]
        private(set) var skippedBlocks: [LinkageReport.SkippedBlocks] = []
        private(set) var candidatePairs: [LinkageReport.FieldCount] = []

        /// - Parameters:
        ///   - store: All rows; where everything is weighed anew all are new.
        ///   - specification: With everything derived.
        ///   - state: The parameters, and the pairs that were weighed before.
        ///   - again: Whether parameters are estimated and everything is weighed anew.
        ///   - mayRepeat: For each source, whether two of its subjects may be one person.
        ///   - mustNotLink: Pairs that may never be one person, which are left out.
        ///   - kept: The fingerprints of the keys of the state's parameters, where they have been kept.
        init(
            _ store: FieldStore, _ specification: LinkageSpecification, _ state: LinkState,
            again: Bool, mayRepeat: [Bool], mustNotLink: MustNotLink, kept: HeldKeys?
        ) throws {
            let threads = Linker.threads
            // A delta weighs few pairs: what is compared of their rows is taken when it is known
            // which.
            let isOfFew = !again && store.hasFewNew
            let comparison = try PairComparison(
                specification.comparisons ?? [], over: store, of: isOfFew ? [] : nil,
                threads: threads)
            parameters = state.parameters
            var candidates: CandidatePairs?
            let isTrained = again && specification.pinned == nil
            if again {
                let trained =
                    isTrained
                    ? Training(
                        store: store, specification: specification, comparison: comparison,
                        mayRepeat: mayRepeat, threads: threads
                    ).result() : nil
                parameters = specification.pinned ?? trained?.parameters
                candidates = trained?.candidates
            }
            scoring = parameters.map {
                PairScoring(
                    store, specification, $0, comparison: comparison, isOfFew: isOfFew,
                    mayRepeat: mayRepeat, threads: threads, candidates: candidates,
                    kept: again ? nil : kept)
            }
            candidates = nil
            let before = again ? [] : state.pairs
            guard again || store.isNew.contains(true), scoring != nil else {
                edges = mustNotLink.without(SubjectPairs.edges(before, store))
                if again {
                    // Nothing to weigh; where that is because blocks were too large, the report
                    // says so.
                    skippedBlocks =
                        CandidatePairs(
                            store, keys: (specification.blocking ?? []).map { [$0] },
                            largestBlock: specification.largestBlock, mayRepeat: mayRepeat,
                            threads: threads
                        ).skipped
                }
                return
            }
            var scored = scoring?.score(floor: specification.reviewThreshold) ?? []
            if isTrained {
                scoring?.settleTwins(&scored, mayRepeat: mayRepeat, without: mustNotLink.subjects)
                parameters = scoring?.parameters
            }
            edges = mustNotLink.without(SubjectPairs.best(scored, store, with: before))
            scored = []
            if let scored = scoring {
                skippedBlocks = scored.candidates.skipped
                candidatePairs = zip(scored.candidates.keys, scored.pairsByKey).map {
                    LinkageReport.FieldCount(field: $0.joined(separator: " + "), pairs: $1)
                }
            }
            scoring?.letGo()
        }

        /// Brings together what is compared of the subjects that several others compete for.
        mutating func holdContested(_ store: FieldStore, together: [(Int32, Int32)]) {
            scoring = scoring?.holding(
                PeopleClustering.contested(edges, together: together, store.subjects.count))
        }
    }
}
