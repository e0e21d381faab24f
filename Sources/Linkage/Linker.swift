public import EncodedExtract
import Foundation
public import PipelineModel

/// What one linkage run gives.
public struct LinkOutcome: Sendable, Equatable {
    public var state: LinkState
    public var spine: Spine
    public var report: LinkageReport
    public var merges: [PersonMerge]
    public var splits: [PersonSplit]
}

/// Links encoded identities into people: (state, delta) → new state.
///
/// New versions of identities are compared with all that share a blocking token,
/// under the parameters of the state; pairs weighed before are not weighed again.
/// Parameters are estimated, and everything is weighed anew, at the first candidate
/// pairs, when a source is new, when the versions have doubled since, and when the
/// specification has changed. People are then gathered from all weighed pairs, so that
/// a part of the graph that nothing new touches gives the same people as before.
///
/// A version that the source has closed stays evidence of who its subject is: an old
/// address is what another source may still hold.
public enum Linker {
    /// Links `delta` to `state`.
    ///
    /// - Parameters:
    ///   - state: What the last run gave, or `LinkState()`.
    ///   - delta: The encodings of new batches, those of one source in the order of their
    ///     batches.
    ///   - specification: The `linkage:` configuration.
    ///   - mint: Makes the pseudonyms of new people and of households.
    ///   - rekey: Whether `delta` holds everything anew under new keys. Subjects that
    ///     were there keep their weighed pairs and so their people, and addresses their
    ///     households.
    ///   - registers: The sources that are registers of exclusions, for the report.
    ///   - detail: Whether the report is to have its detail, for which people are gathered again
    ///     at other thresholds.
    /// - Throws: `StileError` with code `integrity` where key epochs or encoding
    ///   specifications would mix, or a batch is damaged; `configuration` where the
    ///   specification names a field that there is not, or a source cannot be found by
    ///   any blocking field.
    public static func link(
        state: LinkState, delta: [Encodings], specification: LinkageSpecification,
        mint: Minter, rekey: Bool = false, registers: Set<String> = [], detail: Bool = false
    ) throws -> LinkOutcome {
        let held = try HeldEncodings(state.held, delta: delta, rekey: rekey)
        var resolved = specification.resolved(fields: try FieldStore.kinds(held.sources))
        try SpecificationCheck.check(resolved, sources: held.sources)

        let former = Set(state.memberships.map(\.subject))
        let weighed = state.specification == resolved.digest && state.parameters != nil
        var store = try FieldStore(
            held.sources, firstNew: held.firstNew, oldSubjects: rekey ? former : [])
        let mustNotLink = try MustNotLink(store)
        let again = !weighed || Self.mustTrain(state, held, store, pinned: resolved.pinned != nil)
        if again { store.markAllNew() }

        var report = LinkageReport()
        report.newVersions = store.isNew.count { $0 }
        let mayRepeat = held.sources.map {
            resolved.sourcesWithDuplicates.contains($0.source)
        }
        var next = state
        var pairs = again ? [] : state.pairs
        let threads = Self.threads
        var candidates: CandidatePairs?
        if again {
            let trained =
                try resolved.pinned == nil
                ? Training(
                    store: store, specification: resolved,
                    comparison: PairComparison(resolved.comparisons ?? [], over: store),
                    mayRepeat: mayRepeat, threads: threads
                ).result() : nil
            next.parameters = resolved.pinned ?? trained?.parameters
            candidates = trained?.candidates
            next.trainedVersions = store.rowCount
            report.trained = resolved.pinned == nil && next.parameters != nil
        }
        var scoring = try next.parameters.map {
            try PairScoring(
                store, resolved, $0, mayRepeat: mayRepeat, threads: threads,
                candidates: candidates)
        }
        if var scored = scoring, again || store.isNew.contains(true) {
            pairs = SubjectPairs.best(
                scored.score(floor: resolved.reviewThreshold), store, with: pairs)
            report.skippedBlocks = scored.candidates.skipped
            report.candidatePairs = zip(scored.candidates.keys, scored.pairsByKey).map {
                LinkageReport.FieldCount(field: $0.joined(separator: " + "), pairs: $1)
            }
            scoring = scored
        } else if again {
            // Nothing to weigh; where that is because blocks were too large, the report says so.
            report.skippedBlocks =
                CandidatePairs(
                    store, keys: (resolved.blocking ?? []).map { [$0] },
                    largestBlock: resolved.largestBlock, mayRepeat: mayRepeat, threads: threads
                ).skipped
        }
        if rekey {
            next.homes = Homes(state, mint: mint).rekeyed(state.held, to: held.sources)
        }
        next.held = held.sources
        next.specification = resolved.digest
        next.pairs = mustNotLink.without(pairs, store)

        let edges = SubjectPairs.edges(next.pairs, store)
        let constraints = LinkConstraints(next.overrides, mustNotLink, store)
        if again, resolved.estimatesThreshold {
            next.parameters?.linkThreshold = threshold(
                edges, constraints, store, resolved, mayRepeat: mayRepeat, scoring)
        }
        resolved = resolved.taking(next.parameters)
        var clustering = PeopleClustering(
            source: store.subjectSource, mayRepeat: mayRepeat,
            linkThreshold: resolved.linkThreshold, margin: resolved.margin,
            weigh: { SubjectPairs.weigh($0, store, scoring) })
        let clusters = clustering.cluster(
            together: constraints.together, apart: constraints.apart, edges: edges)
        next.closeCalls = clusters.closeCalls.map { call in
            LinkState.CloseCall(
                left: store.subjects[Int(call.left)], right: store.subjects[Int(call.right)],
                insteadOf: store.subjects[Int(call.insteadOf)],
                rival: store.subjects[Int(call.rival)], margin: call.margin)
        }
        let assignment = PersonAssignment(
            subjects: store.subjects, sources: store.subjectSource, group: clusters.group,
            former: state.memberships, nextSerial: state.nextSerial, mint: mint)
        next.memberships = assignment.memberships
        next.nextSerial = assignment.nextSerial
        next.aliases = Aliases.extended(
            state.aliases, by: assignment.merges, since: held.latest)

        let (spine, unmatched) = Self.spine(next, mint: mint)
        report.describe(
            next, store: store, specification: resolved, clusters: clusters,
            registers: registers, unmatchedCloses: unmatched)
        if detail {
            var loose = PeopleClustering(
                source: store.subjectSource, mayRepeat: mayRepeat,
                linkThreshold: resolved.reviewThreshold,
                settleThreshold: resolved.linkThreshold,
                weigh: { SubjectPairs.weigh($0, store, scoring) })
            report.describeInDetail(
                next, specification: resolved,
                loose: loose.cluster(
                    together: constraints.together, apart: constraints.apart, edges: edges))
        }
        report.keepsReplacedIdentitiesApart = !mustNotLink.isEmpty
        report.pairsTooCloseToCall = next.closeCalls.count
        report.unsettledGroups = clusters.unsettled
        report.overrides = next.overrides.standing.count
        report.merges = assignment.merges.count
        report.splits = assignment.splits.count
        report.households = Set(spine.residences.map(\.household)).count
        return LinkOutcome(
            state: next, spine: spine, report: report, merges: assignment.merges,
            splits: assignment.splits)
    }

    /// The link threshold at which the people have the largest expected F1.
    private static func threshold(
        _ edges: [PeopleClustering.Edge], _ constraints: LinkConstraints, _ store: FieldStore,
        _ specification: LinkageSpecification, mayRepeat: [Bool], _ scoring: PairScoring?
    ) -> Double? {
        guard let scoring else { return nil }
        var loose = PeopleClustering(
            source: store.subjectSource, mayRepeat: mayRepeat,
            linkThreshold: specification.reviewThreshold,
            weigh: { SubjectPairs.weigh($0, store, scoring) })
        let merges = loose.cluster(
            together: constraints.together, apart: constraints.apart, edges: edges
        ).merges
        return QualityEstimate(
            sources: store.subjectSource, withinSources: true, pairs: edges, merges: merges,
            neverCompared: scoring.parameters.neverCompared
        ).bestThreshold(from: specification.reviewThreshold)
    }

    /// The processors that linkage may use.
    static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

    private static func mustTrain(
        _ state: LinkState, _ held: HeldEncodings, _ store: FieldStore, pinned: Bool
    ) -> Bool {
        guard !pinned else { return false }
        let known = Set(state.held.map(\.source))
        return held.sources.contains { !known.contains($0.source) }
            || store.rowCount >= 2 * max(state.trainedVersions, 1)
    }

    private static func spine(_ state: LinkState, mint: Minter) -> (Spine, [Int]) {
        let person = Dictionary(
            uniqueKeysWithValues: state.memberships.map { ($0.subject, $0.person) })
        let homes = Residences.read(state.held, homes: Homes(state, mint: mint)) { person[$0] }
        let spine = Spine(
            subject: state.memberships.map(\.subject), person: state.memberships.map(\.person),
            source: state.memberships.map(\.source), sources: state.held.map(\.source),
            residences: homes.residences)
        return (spine, homes.unmatchedCloses)
    }
}
