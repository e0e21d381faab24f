import EncodedExtract
import PipelineModel

extension Linker {
    /// Measures the people of `state` against `truth`; changes nothing.
    ///
    /// - Parameters:
    ///   - state: The state of the newest linkage.
    ///   - truth: The true person of some or all of its subjects.
    ///   - specification: The `linkage:` configuration.
    ///   - groups: Characteristics of subjects, besides the number of their homes.
    /// - Throws: `StileError` with code `input` where the specification is not the one under which
    ///   people were linked; `integrity` where the state is damaged.
    public static func check(
        _ state: LinkState, against truth: LinkTruth, specification: LinkageSpecification,
        groups: [SubjectLevels] = []
    ) throws -> TruthCheck {
        let resolved = try state.linkedBy(specification, then: "measure again")
        let table = TruthTable(truth, state.memberships)
        let tallies = PairTallies(table)
        let weighed = try WeighedState(state, resolved)
        var check = TruthCheck(
            quality: tallies.all.quality, betweenSources: tallies.between.quality,
            people: TruePeople(table))
        check.subjects = state.memberships.count
        check.covered = table.subjects.count
        check.notHeld = truth.notHeld
        check.dial = FilterDial.all(state.held)
        if let people = weighed.people {
            let linked = weighed.estimate(people)?.quality(at: resolved.linkThreshold)
            if let linked, linked.claimed > 0 {
                check.expected = TruthCheck.Expected(linked, beside: check.quality)
            }
            check.thresholds = TruthByThreshold(
                people, truth: weighed.truth(table, state), wanted: check.quality.wanted,
                threshold: resolved.linkThreshold)
        }
        let missed = weighed.causes(table, state)
        check.missed = MissedPairs.counted(missed.map(\.cause))
        let names = state.sources
        check.sources = tallies.bySources.sorted {
            ($0.key.left, $0.key.right) < ($1.key.left, $1.key.right)
        }
        .map { pair, tally in
            TruthCheck.OfSources(
                left: names[pair.left], right: names[pair.right], quality: tally.quality,
                missed: MissedPairs.counted(
                    missed.lazy.filter { $0.sources == pair }.map(\.cause)))
        }
        check.groups = (groups + SubjectLevels.mobility(state)).map {
            TruthCheck.OfGroup($0, table, state.memberships)
        }
        return check
    }
}

extension MissedPairs {
    /// How many of each cause, in the order of the causes.
    static func counted(_ causes: some Sequence<Cause>) -> [MissedPairs] {
        var counts: [Cause: Int] = [:]
        for cause in causes { counts[cause, default: 0] += 1 }
        return Cause.allCases.compactMap { cause in
            counts[cause].map { MissedPairs(cause: cause, pairs: $0) }
        }
    }
}

/// The pairs of a truth, counted: all, and those of each two sources.
private struct PairTallies {
    var all = QualityTally()
    var between = QualityTally()
    var bySources: [TruthTable.SourcePair: QualityTally] = [:]

    init(_ table: TruthTable) {
        for cluster in table.clusters where cluster.count > 1 {
            var (sum, different) = (PairCounts(), PairCounts())
            for (sources, counts) in table.pairs(of: cluster) {
                sum += counts
                if sources.left != sources.right { different += counts }
                bySources[sources, default: QualityTally()].add(counts)
            }
            all.add(sum)
            between.add(different)
        }
    }
}

extension TruthCheck.OfGroup {
    init(
        _ levels: SubjectLevels, _ table: TruthTable, _ memberships: [LinkState.Membership]
    ) {
        var subjects = [Int](repeating: 0, count: levels.levels.count)
        var tallies = [QualityTally](repeating: QualityTally(), count: levels.levels.count)
        for cluster in table.clusters {
            var counts: [Int: PairCounts] = [:]
            for (index, pairs) in zip(cluster, table.pairsOfSubjects(cluster)) {
                let subject = memberships[table.subjects[index]].subject
                guard let level = levels.level[subject] else { continue }
                subjects[level] += 1
                counts[level, default: PairCounts()] += pairs
            }
            for (level, pairs) in counts { tallies[level].add(pairs) }
        }
        let present = subjects.indices.filter { subjects[$0] > 0 }
        let hidden = GroupedRates.hidden(present.map { subjects[$0] })
        self.init(
            name: levels.name, source: levels.source,
            levels: present.enumerated().map { place, level in
                hidden.contains(place)
                    ? Level(name: levels.levels[level])
                    : Level(
                        name: levels.levels[level], subjects: subjects[level],
                        quality: tallies[level].quality)
            })
    }
}

/// The pairs that a state holds, and what can weigh others as its nights did.
private struct WeighedState {
    private let store: FieldStore
    private let resolved: LinkageSpecification
    private let mayRepeat: [Bool]
    private let edges: [PeopleClustering.Edge]
    private let parameters: LinkageParameters?
    private let candidates: CandidatePairs?
    /// Gathered down to the review threshold; `nil` where nothing was ever compared.
    let people: PeopleClustering.Outcome?

    init(_ state: LinkState, _ resolved: LinkageSpecification) throws {
        let store = try FieldStore(state.held, firstNew: state.held.map { _ in 0 })
        let mayRepeat = store.sourceNames.map(resolved.sourcesWithDuplicates.contains)
        let mustNotLink = try MustNotLink(store)
        let edges = mustNotLink.without(SubjectPairs.edges(state.pairs, store))
        (self.store, self.resolved, self.mayRepeat, self.edges) = (
            store, resolved, mayRepeat, edges
        )
        parameters = state.parameters
        guard let parameters = state.parameters else {
            (candidates, people) = (nil, nil)
            return
        }
        let all = PairScoring(
            store, resolved, parameters,
            comparison: try PairComparison(resolved.comparisons ?? [], over: store),
            mayRepeat: mayRepeat, threads: Linker.threads)
        candidates = all.candidates
        var constraints = LinkConstraints(state.overrides, mustNotLink, store)
        let scoring = all.holding(
            PeopleClustering.contested(
                edges, together: constraints.together, store.subjects.count))
        @Sendable func clustering(_ subjects: [Int32], at threshold: Double) -> PeopleClustering {
            PeopleClustering(
                source: subjects.map { store.subjectSource[Int($0)] }, mayRepeat: mayRepeat,
                linkThreshold: threshold, settleThreshold: resolved.linkThreshold,
                margin: threshold < resolved.linkThreshold ? 0 : resolved.margin,
                weigh: SubjectPairs.weigher(store, scoring, of: subjects))
        }
        constraints.separate(
            ReplacedPeople(
                mustNotLink, constraints, edges: edges, count: store.subjects.count,
                margin: resolved.margin
            ) { clustering($0, at: resolved.linkThreshold) }.apart)
        let constrained = constraints
        people = PeopleClustering.inParts(
            of: store.subjects.count, together: constrained.together, apart: constrained.apart,
            edges: edges, threads: Linker.threads
        ) { clustering($0, at: resolved.reviewThreshold) }
    }

    /// What those people are worth, by the weights alone.
    func estimate(_ people: PeopleClustering.Outcome) -> QualityEstimate? {
        parameters.map {
            QualityEstimate(
                store, mayRepeat: mayRepeat, pairs: edges, people: people,
                floor: resolved.reviewThreshold, $0)
        }
    }

    /// The true person of each subject of the store, by number; -1 where that is not known.
    func truth(_ table: TruthTable, _ state: LinkState) -> [Int32] {
        var truth = [Int32](repeating: -1, count: store.subjects.count)
        for (place, person) in zip(table.subjects, table.truth) {
            guard let index = store.index(of: state.memberships[place].subject) else { continue }
            truth[Int(index)] = person
        }
        return truth
    }

    /// Each missed pair's sources and cause.
    func causes(
        _ table: TruthTable, _ state: LinkState
    ) -> [(sources: TruthTable.SourcePair, cause: MissedPairs.Cause)] {
        let missed = table.missed
        let subjects = table.subjects.map { store.index(of: state.memberships[$0].subject) }
        let causes = MissedPairCauses(
            missed.compactMap { pair in
                subjects[pair.left].flatMap { left in subjects[pair.right].map { (left, $0) } }
            }, state, store, edges: edges, linkThreshold: resolved.linkThreshold,
            mayRepeat: mayRepeat, candidates: candidates)
        return missed.map { pair in
            let sources = TruthTable.SourcePair(table.source[pair.left], table.source[pair.right])
            guard let left = subjects[pair.left], let right = subjects[pair.right] else {
                // A subject all of whose versions were closed by others has no row to compare.
                return (sources, .neverCompared)
            }
            return (sources, causes.cause(left, right))
        }
    }
}
