import CBitKernels
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
    /// Pieces of the encodings that are as they were in the state before.
    public var unchangedPieces: Set<PieceName>
    /// Pieces whose fingerprints of keys are as they were in the state before.
    public var unchangedKeys: Set<PieceName>
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
        var resolved = try specification.resolved(over: held.pieces)
        try SpecificationCheck.check(resolved, sources: held.pieces)

        let former = rekey ? Set(state.memberships.map(\.subject)) : []
        let weighed = state.specification == resolved.digest && state.parameters != nil
        var store = try FieldStore(
            held.pieces, firstNew: held.firstNew, oldSubjects: former)
        try PairBudget.check(resolved, store)
        let mustNotLink = try MustNotLink(store)
        let again = !weighed || Self.mustTrain(state, held, store, pinned: resolved.pinned != nil)
        if again { store.markAllNew() }

        var report = LinkageReport()
        report.newVersions = store.isNew.count { $0 }
        let mayRepeat = store.sourceNames.map(resolved.sourcesWithDuplicates.contains)
        var next = state
        var keys = again ? nil : HeldKeys.of(held, store, state.parameters, before: state.keys)
        var weighing = try Weighing(
            store, resolved, state, again: again, mayRepeat: mayRepeat,
            mustNotLink: mustNotLink, kept: keys?.keys)
        next.parameters = weighing.parameters
        if again {
            next.trainedVersions = store.rowCount
            report.trained = resolved.pinned == nil && next.parameters != nil
        }
        let blocking = Set(resolved.blocking ?? [])
        report.skippedBlocks = weighing.skippedBlocks.map { skipped in
            var skipped = skipped
            skipped.isBlocking = blocking.contains(skipped.field)
            return skipped
        }
        report.candidatePairs = weighing.candidatePairs
        if rekey {
            next.homes = Homes(state, mint: mint).rekeyed(state.held, to: held.pieces)
        }
        next.held = held.pieces
        next.specification = resolved.digest
        let edges = weighing.edges
        next.pairs = SubjectPairs.named(edges, store)

        var constraints = LinkConstraints(next.overrides, mustNotLink, store)
        // A delta gathers few people.
        if again || rekey { weighing.holdContested(store, together: constraints.together) }
        // Parameters that were estimated before bring their threshold.
        if again, resolved.estimatesThreshold, next.parameters?.linkThreshold == nil {
            next.parameters?.linkThreshold = threshold(
                edges, constraints, store, resolved, mayRepeat: mayRepeat, weighing.scoring)
        }
        resolved = resolved.taking(next.parameters)
        let decided = resolved
        // A delta and a full run decide the same of whom a replaced identity touches: of all that is
        // connected with it.
        constraints.separate(
            ReplacedPeople(
                mustNotLink, constraints, edges: edges, count: store.subjects.count,
                margin: resolved.margin
            ) { subjects in
                let scoring = weighing.scoring
                return clustering(
                    store, subjects, again || rekey ? scoring : scoring?.holding(subjects),
                    decided, mayRepeat, at: decided.linkThreshold)
            }.apart)
        let (rows, constrained) = (store, constraints)
        /// The people of all subjects.
        func gathered(at threshold: Double) -> PeopleClustering.Outcome {
            let scoring = weighing.scoring
            return PeopleClustering.inParts(
                of: rows.subjects.count, together: constrained.together, apart: constrained.apart,
                edges: edges, threads: threads
            ) { subjects in
                clustering(rows, subjects, scoring, decided, mayRepeat, at: threshold)
            }
        }
        let clusters: PeopleClustering.Outcome
        var touched: TouchedPeople?
        if again || rekey {
            clusters = gathered(at: resolved.linkThreshold)
        } else {
            let part = TouchedPeople(
                store, edges: edges, constraints: constraints,
                named: next.overrides.subjects.compactMap(store.index),
                memberships: state.memberships)
            touched = part
            clusters = PeopleClustering.ofDelta(
                store, constraints, part, edges: edges, before: state
            ) { subjects in
                clustering(
                    store, subjects, weighing.scoring?.holding(subjects), decided, mayRepeat,
                    at: decided.linkThreshold)
            }
        }
        var loose: PeopleClustering.Outcome?
        var selfWeights: [LinkageReport.SelfWeight]?
        var keyYields: [LinkageReport.KeyYield]?
        if detail {
            // For the report all are gathered.
            if !again, !rekey { weighing.holdContested(store, together: constraints.together) }
            loose = gathered(at: resolved.reviewThreshold)
            selfWeights = weighing.scoring.map {
                LinkageReport.SelfWeight.all(store, $0, threshold: resolved.linkThreshold)
            }
            // Of a delta only the blocks of new rows are known.
            keyYields =
                again
                ? weighing.scoring.map {
                    LinkageReport.KeyYield.all(
                        edges, store, $0.candidates, threshold: resolved.linkThreshold)
                } : nil
        }
        // Nothing is compared from here on.
        weighing.scoring = nil
        store.letGo()
        // A delta has compared little, and what it gave back it would soon ask for again.
        if again || rekey { stile_return_memory() }
        if again { keys = HeldKeys.of(held, store, next.parameters, before: state.keys) }
        next.keys = keys?.keys
        next.closeCalls = clusters.closeCalls.map { LinkState.CloseCall($0, store) }
        let assignment = PersonAssignment(
            subjects: store.subjects, sources: store.subjectSource, group: clusters.group,
            former: state.memberships, touched: touched, nextSerial: state.nextSerial, mint: mint)
        next.memberships = assignment.memberships
        next.nextSerial = assignment.nextSerial
        next.aliases = Aliases.extended(
            state.aliases, by: assignment.merges, since: held.latest)

        let (linked, used, begun) = (next, resolved, report)
        let (described, rest) = sideBySide {
            var report = begun
            report.describe(
                linked, specification: used, clusters: clusters, registers: registers)
            return report
        } _: {
            (
                Self.spine(linked, mint: mint),
                LinkageReport.withoutBlockingToken(rows, used.blocking ?? [])
            )
        }
        let (spine, unmatched) = rest.0
        report = described
        report.describeSources(withoutToken: rest.1, unmatchedCloses: unmatched)
        if let loose {
            report.describeInDetail(
                next, specification: resolved, loose: loose,
                estimate: next.parameters.map {
                    QualityEstimate(
                        store, mayRepeat: mayRepeat, pairs: edges, people: loose,
                        floor: resolved.reviewThreshold, $0)
                }, selfWeights: selfWeights)
            report.detail?.keyYields = keyYields
        }
        report.keepsReplacedIdentitiesApart = !mustNotLink.isEmpty
        report.pairsTooCloseToCall = next.closeCalls.count
        report.unsettledGroups = clusters.unsettled
        report.overrides = next.overrides.standing.count
        report.merges = assignment.merges.count
        report.splits = assignment.splits.count
        report.households = Set(spine.residences.map(\.household)).count
        let names = PieceName.of(held.pieces)
        return LinkOutcome(
            state: next, spine: spine, report: report, merges: assignment.merges,
            splits: assignment.splits,
            unchangedPieces: Set(zip(names, held.former).lazy.filter { $1 != nil }.map(\.0)),
            unchangedKeys: Set(zip(names, keys?.isUnchanged ?? []).lazy.filter(\.1).map(\.0)))
    }

    /// The link threshold at which the people have the largest expected F1.
    static func threshold(
        _ edges: [PeopleClustering.Edge], _ constraints: LinkConstraints, _ store: FieldStore,
        _ specification: LinkageSpecification, mayRepeat: [Bool], _ scoring: PairScoring?
    ) -> Double? {
        guard let scoring else { return nil }
        let people = PeopleClustering.inParts(
            of: store.subjects.count, together: constraints.together, apart: constraints.apart,
            edges: edges, threads: threads
        ) { subjects in
            let weigh = SubjectPairs.weigher(store, scoring, of: subjects)
            return PeopleClustering(
                source: subjects.map { store.subjectSource[Int($0)] }, mayRepeat: mayRepeat,
                linkThreshold: specification.reviewThreshold, weigh: weigh)
        }
        return QualityEstimate(
            store, mayRepeat: mayRepeat, pairs: edges, people: people,
            floor: specification.reviewThreshold, scoring.parameters
        ).bestThreshold(from: specification.reviewThreshold)
    }

    /// The clustering of some subjects, which it knows by their places.
    private static func clustering(
        _ store: FieldStore, _ subjects: [Int32], _ scoring: PairScoring?,
        _ specification: LinkageSpecification, _ mayRepeat: [Bool], at threshold: Double
    ) -> PeopleClustering {
        // What lies below the link threshold is never settled among rivals, only shown.
        PeopleClustering(
            source: subjects.map { store.subjectSource[Int($0)] }, mayRepeat: mayRepeat,
            linkThreshold: threshold, settleThreshold: specification.linkThreshold,
            margin: threshold < specification.linkThreshold ? 0 : specification.margin,
            weigh: SubjectPairs.weigher(store, scoring, of: subjects))
    }

    /// The processors that linkage may use.
    static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

    private static func mustTrain(
        _ state: LinkState, _ held: HeldEncodings, _ store: FieldStore, pinned: Bool
    ) -> Bool {
        guard !pinned else { return false }
        let known = Set(state.held.map(\.source))
        return held.pieces.contains { !known.contains($0.source) }
            || store.rowCount >= 2 * max(state.trainedVersions, 1)
    }

    private static func spine(_ state: LinkState, mint: Minter) -> (Spine, [Int]) {
        let homes = Residences.read(state.held, homes: Homes(state, mint: mint)) {
            state.person(of: $0)
        }
        let spine = Spine(
            subject: state.memberships.map(\.subject), person: state.memberships.map(\.person),
            source: state.memberships.map(\.source), sources: state.held.sourceNames,
            residences: homes.residences)
        return (spine, homes.unmatchedCloses)
    }
}
