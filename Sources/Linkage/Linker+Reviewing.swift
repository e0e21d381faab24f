import EncodedExtract
import PipelineModel

extension Linker {
    /// The pairs of subjects of which some may go to clerical review.
    ///
    /// Nobody whose person has a replaced identity, or was one, is among them, so that no clerk sees
    /// one beside the other. The
    /// others are all pairs within a person, all pairs held for review, and the candidate pairs down to
    /// `review.depth` bits below the review threshold, which are weighed again.
    ///
    /// - Throws: `StileError` with code `input` where nothing was compared yet, or the
    ///   specification is not the one under which people were linked.
    public static func reviewCandidates(
        _ state: LinkState, specification: LinkageSpecification
    ) throws -> [ReviewFrame.Candidate] {
        guard let parameters = state.parameters else {
            throw StileError(
                .input, "No pair of records was ever compared, so there is nothing to review.",
                remedy: "Link two sources that share people first.")
        }
        let resolved = try state.linkedBy(specification, then: "draw again")
        let people = SubjectPeople(state)
        let sources = resolved.review.sources
        if let unknown = sources.first(where: { name in
            !state.sources.contains(name)
        }) {
            throw StileError(
                .configuration, "There is no source “\(unknown)” whose pairs could be reviewed.",
                remedy: "Correct “sources” under “linkage: review:”.")
        }
        let asked = Set(state.sources.indices.filter { sources.contains(state.sources[$0]) })
        let store = try FieldStore(state.held, firstNew: state.held.map { _ in 0 })
        let replaced = try MustNotLink(store).hidden(state, store)
        return try reviewCandidates(state, parameters, resolved, people, store).filter { pair in
            let ends = [pair.left, pair.right]
            return replaced.isDisjoint(with: ends)
                && (sources.isEmpty || asked.isSuperset(of: ends.compactMap { people.source[$0] }))
        }
    }

    private static func reviewCandidates(
        _ state: LinkState, _ parameters: LinkageParameters, _ resolved: LinkageSpecification,
        _ people: SubjectPeople, _ store: FieldStore
    ) throws -> [ReviewFrame.Candidate] {
        var candidates: [ReviewFrame.Candidate] = []
        var known: Set<SubjectPair> = []
        for pair in state.pairs {
            let linked = people.areOne(pair.left, pair.right)
            let isCertain =
                linked && pair.weight >= resolved.linkThreshold + resolved.margin
            known.insert(SubjectPair(pair.left, pair.right))
            candidates.append(
                ReviewFrame.Candidate(
                    left: pair.left, right: pair.right, weight: pair.weight, linked: linked,
                    kind: isCertain ? .certainLink : .uncertain))
        }
        candidates += people.pairs.filter { !known.contains($0) }.map {
            ReviewFrame.Candidate(
                left: $0.left, right: $0.right, weight: nil, linked: true, kind: .certainLink)
        }
        guard resolved.review.depth > 0 else { return candidates }
        let below = try weighedBelow(store, state, parameters, resolved)
        candidates += below.filter { !known.contains($0.key) }.compactMap { pair, weight in
            people.areOne(pair.left, pair.right)
                ? nil
                : ReviewFrame.Candidate(
                    left: pair.left, right: pair.right, weight: weight, linked: false,
                    kind: .certainNonLink)
        }
        return candidates
    }

    /// Candidate pairs below the review threshold, by the weight of their best versions.
    private static func weighedBelow(
        _ store: FieldStore, _ state: LinkState, _ parameters: LinkageParameters,
        _ resolved: LinkageSpecification
    ) throws -> [SubjectPair: Double] {
        var scoring = PairScoring(
            store, resolved, parameters,
            comparison: try PairComparison(resolved.comparisons ?? [], over: store),
            mayRepeat: store.sourceNames.map(resolved.sourcesWithDuplicates.contains),
            threads: threads)
        var best: [SubjectPair: Double] = [:]
        for pair in scoring.score(floor: resolved.reviewThreshold - resolved.review.depth) {
            let subjects = SubjectPair(
                store.subjects[Int(store.rowSubject[Int(pair.left)])],
                store.subjects[Int(store.rowSubject[Int(pair.right)])])
            best[subjects] = max(best[subjects] ?? -.infinity, pair.weight)
        }
        return best.filter { $0.value < resolved.reviewThreshold }
    }
}

/// Two subjects, the smaller first.
private struct SubjectPair: Hashable {
    var left: SubjectPseudonym
    var right: SubjectPseudonym

    init(_ one: SubjectPseudonym, _ two: SubjectPseudonym) {
        left = min(one, two)
        right = max(one, two)
    }
}

/// Who is who in a state.
private struct SubjectPeople {
    private var serial: [SubjectPseudonym: UInt64] = [:]
    private var members: [UInt64: [SubjectPseudonym]] = [:]
    /// The source of each subject, as an index into the sources held.
    private(set) var source: [SubjectPseudonym: Int] = [:]

    init(_ state: LinkState) {
        for membership in state.memberships {
            serial[membership.subject] = membership.serial
            source[membership.subject] = Int(membership.source)
            members[membership.serial, default: []].append(membership.subject)
        }
    }

    func areOne(_ left: SubjectPseudonym, _ right: SubjectPseudonym) -> Bool {
        serial[left].map { $0 == serial[right] } ?? false
    }

    /// All pairs of subjects of one person, in no order.
    var pairs: [SubjectPair] {
        members.values.flatMap { subjects in
            subjects.indices.flatMap { one in
                subjects[(one + 1)...].map { SubjectPair(subjects[one], $0) }
            }
        }
    }
}
