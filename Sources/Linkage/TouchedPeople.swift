import PipelineModel

/// The part of the graph of pairs that a delta touches: all that is connected with a new version
/// of an identity, or with a subject of which somebody has said something.
///
/// What nothing new touches has the same people as before, so only this part is gathered again.
struct TouchedPeople {
    /// The subjects in it, in ascending order.
    let subjects: [Int32]
    /// For each subject, its place among ``subjects``; -1 where it is not in it.
    let place: [Int32]
    /// For each membership before, the index of its subject; -1 where that is gone.
    let former: [Int32]

    /// - Parameters:
    ///   - store: The rows, of which some are new.
    ///   - edges: All pairs that are held.
    ///   - constraints: What must be together and what apart.
    ///   - named: Further subjects that are touched.
    ///   - memberships: The people before, in ascending order of subject.
    init(
        _ store: FieldStore, edges: [PeopleClustering.Edge], constraints: LinkConstraints,
        named: [Int32], memberships: [LinkState.Membership]
    ) {
        let roots = ConnectedSubjects(
            store.subjects.count, edges: edges, pairs: constraints.together + constraints.apart
        ).root
        var isTouched = [Bool](repeating: false, count: store.subjects.count)
        for (row, isNew) in store.isNew.enumerated() where isNew {
            isTouched[Int(roots[Int(store.rowSubject[row])])] = true
        }
        for subject in named { isTouched[Int(roots[Int(subject)])] = true }
        var subjects: [Int32] = []
        var place = [Int32](repeating: -1, count: store.subjects.count)
        for subject in store.subjects.indices.map(Int32.init)
        where isTouched[Int(roots[Int(subject)])] {
            place[Int(subject)] = Int32(subjects.count)
            subjects.append(subject)
        }
        self.subjects = subjects
        self.place = place
        former = Self.indices(memberships, store.subjects)
    }

    /// Where the subjects of memberships are among others, both in ascending order; -1 where they are
    /// not.
    static func indices(
        _ memberships: [LinkState.Membership], _ subjects: [SubjectPseudonym]
    ) -> [Int32] {
        var index = 0
        return memberships.map { membership in
            while index < subjects.count, subjects[index] < membership.subject { index += 1 }
            let isThere = index < subjects.count && subjects[index] == membership.subject
            return isThere ? Int32(index) : -1
        }
    }

    /// Of each serial number of a person before, whether one of the person's subjects is touched.
    func serials(_ memberships: [LinkState.Membership]) -> [Bool] {
        var isTouched = [Bool](
            repeating: false, count: memberships.reduce(0) { max($0, Int($1.serial) + 1) })
        for (membership, index) in zip(memberships, former) where index >= 0 && holds(index) {
            isTouched[Int(membership.serial)] = true
        }
        return isTouched
    }

    func holds(_ subject: Int32) -> Bool { place[Int(subject)] >= 0 }

    /// The pairs within it, by places.
    func within(_ pairs: [(Int32, Int32)]) -> [(Int32, Int32)] {
        pairs.filter { holds($0.0) && holds($0.1) }
            .map { (place[Int($0.0)], place[Int($0.1)]) }
    }

    /// The groups of all subjects: those in it as gathered anew, the others as they were.
    ///
    /// - Parameters:
    ///   - outcome: The groups of the subjects in it, by places.
    ///   - memberships: The people before, in ascending order of subject.
    ///   - store: The rows.
    func groups(
        _ outcome: PeopleClustering.Outcome, _ memberships: [LinkState.Membership],
        _ store: FieldStore
    ) -> [Int32] {
        var group = store.subjects.indices.map(Int32.init)
        for (place, subject) in subjects.enumerated() {
            group[Int(subject)] = subjects[Int(outcome.group[place])]
        }
        let serials = memberships.reduce(0) { max($0, Int($1.serial) + 1) }
        var first = [Int32](repeating: -1, count: serials)
        for (membership, index) in zip(memberships, former) where index >= 0 && !holds(index) {
            let serial = Int(membership.serial)
            if first[serial] < 0 { first[serial] = index }
            group[Int(index)] = first[serial]
        }
        return group
    }
}

extension PeopleClustering {
    /// Gathers what a delta touches, and leaves the other people as they were.
    ///
    /// - Parameters:
    ///   - store: The rows, of which some are new.
    ///   - constraints: What must be together and what apart.
    ///   - touched: Whom the delta touches.
    ///   - edges: All pairs that are held.
    ///   - before: The people and the close calls before.
    ///   - gather: Makes the clustering of some subjects; it weighs pairs of their places.
    static func ofDelta(
        _ store: FieldStore, _ constraints: LinkConstraints, _ touched: TouchedPeople,
        edges: [Edge], before: LinkState,
        gather: ([Int32]) -> PeopleClustering
    ) -> Outcome {
        let subjects = touched.subjects
        var clustering = gather(subjects)
        let inside = edges.filter { touched.holds($0.left) }.map {
            Edge(
                left: touched.place[Int($0.left)], right: touched.place[Int($0.right)],
                weight: $0.weight, conflict: $0.conflict)
        }
        var outcome = clustering.cluster(
            together: touched.within(constraints.together),
            apart: touched.within(constraints.apart), edges: inside)
        outcome.merges = outcome.merges.map {
            Merge(
                left: subjects[Int($0.left)], right: subjects[Int($0.right)], weight: $0.weight)
        }
        outcome.closeCalls = outcome.closeCalls.map { $0.renamed { subjects[Int($0)] } }
        outcome.closeCalls += before.closeCalls.compactMap { call in
            RivalGroups.CloseCall(call, store).flatMap { touched.holds($0.left) ? nil : $0 }
        }
        outcome.rivalSets = []
        outcome.closeCalls.sort { ($0.left, $0.right) < ($1.left, $1.right) }
        outcome.group = touched.groups(outcome, before.memberships, store)
        outcome.refused += edges.count {
            !touched.holds($0.left) && $0.weight >= clustering.linkThreshold && !$0.conflict
                && outcome.group[Int($0.left)] != outcome.group[Int($0.right)]
        }
        return outcome
    }
}

extension RivalGroups.CloseCall {
    /// The call of a state, by the indices of its subjects; `nil` where one of them is gone.
    fileprivate init?(_ call: LinkState.CloseCall, _ store: FieldStore) {
        guard let left = store.index(of: call.left), let right = store.index(of: call.right),
            let insteadOf = store.index(of: call.insteadOf),
            let rival = store.index(of: call.rival)
        else { return nil }
        self.init(
            left: left, right: right, insteadOf: insteadOf, rival: rival, margin: call.margin)
    }

    func renamed(_ name: (Int32) -> Int32) -> RivalGroups.CloseCall {
        RivalGroups.CloseCall(
            left: name(left), right: name(right), insteadOf: name(insteadOf), rival: name(rival),
            margin: margin)
    }
}

extension LinkState.CloseCall {
    init(_ call: RivalGroups.CloseCall, _ store: FieldStore) {
        func subject(_ index: Int32) -> SubjectPseudonym { store.subjects[Int(index)] }
        self.init(
            left: subject(call.left), right: subject(call.right),
            insteadOf: subject(call.insteadOf), rival: subject(call.rival), margin: call.margin)
    }
}
