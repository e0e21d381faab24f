public import EncodedExtract
public import PipelineModel

/// All weighed pairs and all merges of one linkage, for measuring against truth: what a choice of
/// threshold would give is read off afterwards.
public struct LinkageStudy: Sendable {
    /// Subjects in ascending order; pairs and merges name them by their place here.
    public var subjects: [SubjectPseudonym]
    /// Pairs of subjects that a key brought together, with the weight of their best versions.
    public var pairs: [Pair]
    /// Groups that became one, from the heaviest on; each names a subject of either group.
    public var merges: [Pair]
    public var parameters: LinkageParameters
    /// What precision and recall are by the weights alone, as a run's report has them: by the pairs
    /// and merges down to the review threshold.
    public var estimate: QualityEstimate
    /// The people as a first night makes them, at the threshold that the estimate chooses: with
    /// the margin of the specification, and with none.
    public var decided: [Decision]

    public struct Decision: Sendable {
        /// In bits.
        public var threshold: Double
        /// In bits.
        public var margin: Double
        /// The group of each subject: the smallest subject in it.
        public var group: [Int32]
        /// Links that were too close to make.
        public var closeCalls: Int
    }

    public struct Pair: Sendable {
        public var left: Int32
        public var right: Int32
        /// In bits.
        public var weight: Double
        /// Whether the pattern is one that is never a link by itself.
        public var conflict: Bool
    }

    /// Links `sources` from nothing; `nil` where no key brings two records together.
    ///
    /// - Parameters:
    ///   - sources: The encodings of each source.
    ///   - specification: The `linkage:` configuration.
    ///   - floor: The weight in bits down to which pairs and merges are kept.
    /// - Throws: What ``Linker`` throws.
    public init?(
        _ sources: [Encodings], _ specification: LinkageSpecification, floor: Double = -10
    ) throws {
        let held = try HeldEncodings([], delta: sources, rekey: false)
        let resolved = try specification.resolved(over: held.pieces)
        try SpecificationCheck.check(resolved, sources: held.pieces)
        let store = try FieldStore(held.pieces, firstNew: held.firstNew)
        try PairBudget.check(resolved, store)
        let mayRepeat = store.sourceNames.map(resolved.sourcesWithDuplicates.contains)
        let comparison = try PairComparison(resolved.comparisons ?? [], over: store)
        let trained =
            resolved.pinned == nil
            ? Training(
                store: store, specification: resolved, comparison: comparison,
                mayRepeat: mayRepeat, threads: Linker.threads
            ).result() : nil
        guard let parameters = resolved.pinned ?? trained?.parameters else { return nil }
        subjects = store.subjects
        var scoring = PairScoring(
            store, resolved, parameters, comparison: comparison, mayRepeat: mayRepeat,
            threads: Linker.threads, candidates: trained?.candidates)
        var scored = scoring.score(floor: floor)
        if trained != nil { scoring.settleTwins(&scored, mayRepeat: mayRepeat, without: []) }
        self.parameters = scoring.parameters
        let edges = SubjectPairs.best(scored, store, with: [])
        pairs = edges.map {
            Pair(left: $0.left, right: $0.right, weight: $0.weight, conflict: $0.conflict)
        }
        var clustering = PeopleClustering(
            source: store.subjectSource, mayRepeat: mayRepeat, linkThreshold: floor,
            settleThreshold: resolved.linkThreshold,
            weigh: SubjectPairs.weigher(store, scoring))
        let found = clustering.cluster(together: SubjectPairs.trusted(store), edges: edges).merges
        merges = found.map {
            Pair(left: $0.left, right: $0.right, weight: $0.weight, conflict: false)
        }
        let kept = edges.filter { $0.weight >= resolved.reviewThreshold }
        let constraints = try LinkConstraints(LinkOverrides(), MustNotLink(store), store)
        let threshold =
            Linker.threshold(kept, constraints, store, resolved, mayRepeat: mayRepeat, scoring)
            ?? resolved.linkThreshold
        var loose = PeopleClustering(
            source: store.subjectSource, mayRepeat: mayRepeat,
            linkThreshold: resolved.reviewThreshold, settleThreshold: threshold,
            weigh: SubjectPairs.weigher(store, scoring))
        let seen = loose.cluster(
            together: constraints.together, apart: constraints.apart, edges: kept)
        estimate = QualityEstimate(
            store, mayRepeat: mayRepeat, pairs: kept, people: seen,
            floor: resolved.reviewThreshold, scoring.parameters)
        decided = Set([resolved.margin, 0]).sorted(by: >).map { margin in
            var clustering = PeopleClustering(
                source: store.subjectSource, mayRepeat: mayRepeat, linkThreshold: threshold,
                margin: margin, weigh: SubjectPairs.weigher(store, scoring))
            let outcome = clustering.cluster(
                together: constraints.together, apart: constraints.apart, edges: kept)
            return Decision(
                threshold: threshold, margin: margin, group: outcome.group,
                closeCalls: outcome.closeCalls.count)
        }
    }
}
