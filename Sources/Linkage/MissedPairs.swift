import PipelineModel

/// Why pairs of subjects that are one person in truth were not found to be.
public struct MissedPairs: Sendable, Equatable, Codable {
    /// What kept a pair apart: the first of these that holds, as they are listed here.
    public enum Cause: String, Sendable, Codable, CaseIterable {
        /// Somebody said that they are two people.
        case overridden
        /// Both are of one source that is said to know a person once.
        case withinOneSource
        /// They look like twins, or have two identifiers: never a link by itself.
        case conflict
        /// Another link would have been nearly as good.
        case tooCloseToCall
        /// The pair reached the link threshold, but not with the people around the two.
        case peopleDoNotFit
        /// The pair lies between the review threshold and the link threshold.
        case belowLink
        /// A key brought the two together, but the pair is not held: it weighs less than the review threshold.
        ///
        /// Pairs that a source has said must not be linked are among these.
        case belowReview
        /// No key brought the two together.
        case neverCompared
    }

    public var cause: Cause
    public var pairs: Int
}

/// Finds the cause of each missed pair.
struct MissedPairCauses {
    private let store: FieldStore
    private let mayRepeat: [Bool]
    private let linkThreshold: Double
    private let edges: [UInt64: PeopleClustering.Edge]
    private let close: Set<UInt64>
    private let overridden: Set<UInt64>
    private let candidates: CandidatePairs?

    /// - Parameters:
    ///   - pairs: The missed pairs, by the indices of their subjects in the store.
    ///   - state: What the nights decided.
    ///   - store: The subjects.
    ///   - edges: The pairs that are held.
    ///   - linkThreshold: In bits.
    ///   - mayRepeat: For each source, whether two of its subjects may be one person.
    ///   - candidates: All pairs that a key brings together; `nil` where nothing was ever compared.
    init(
        _ pairs: [(Int32, Int32)], _ state: LinkState, _ store: FieldStore,
        edges: [PeopleClustering.Edge], linkThreshold: Double, mayRepeat: [Bool],
        candidates: CandidatePairs?
    ) {
        self.store = store
        self.mayRepeat = mayRepeat
        self.linkThreshold = linkThreshold
        self.candidates = candidates
        let wanted = Set(pairs.map { Self.key($0.0, $0.1) })
        self.edges = Dictionary(
            edges.lazy.map { (Self.key($0.left, $0.right), $0) }.filter { wanted.contains($0.0) }
        ) { first, _ in first }
        func keys(_ pairs: [(SubjectPseudonym, SubjectPseudonym)]) -> [UInt64] {
            pairs.compactMap { one, other in
                guard let left = store.index(of: one), let right = store.index(of: other) else {
                    return nil
                }
                return Self.key(left, right)
            }
        }
        close = Set(
            keys(
                state.closeCalls.flatMap { call in
                    let stays = call.insteadOf == call.left ? call.right : call.left
                    return [(call.left, call.right), (stays, call.rival)]
                }))
        overridden = Set(
            keys(state.overrides.standing.filter { $0.kind == .separate }.flatMap(\.pairs)))
    }

    private static func key(_ one: Int32, _ other: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: min(one, other))) << 32
            | UInt64(UInt32(bitPattern: max(one, other)))
    }

    func cause(_ left: Int32, _ right: Int32) -> MissedPairs.Cause {
        let key = Self.key(left, right)
        if overridden.contains(key) { return .overridden }
        let source = store.subjectSource[Int(left)]
        if source == store.subjectSource[Int(right)], !mayRepeat[Int(source)] {
            return .withinOneSource
        }
        if let edge = edges[key] {
            if edge.conflict { return .conflict }
            if close.contains(key) { return .tooCloseToCall }
            return edge.weight >= linkThreshold ? .peopleDoNotFit : .belowLink
        }
        guard let candidates else { return .neverCompared }
        let isCompared = store.rows(of: left).contains { one in
            store.rows(of: right).contains { candidates.sharedKeys(one, $0) != 0 }
        }
        return isCompared ? .belowReview : .neverCompared
    }
}
