import EncodedExtract
import PipelineModel

extension LinkageReport {
    /// Fills in what can be read off the state.
    mutating func describe(
        _ state: LinkState, store: FieldStore, specification: LinkageSpecification,
        clusters: PeopleClustering.Outcome, registers: Set<String>, unmatchedCloses: [Int]
    ) {
        parameters = state.parameters
        let atLink = state.pairs.filter { $0.weight >= specification.linkThreshold }
        pairsInConflict = atLink.count { $0.conflict }
        pairsLinked =
            atLink.count - pairsInConflict - clusters.refused - clusters.apartAtLink
        // What somebody has decided waits for nobody.
        pairsForReview =
            state.pairs.count - pairsLinked - clusters.apart
        describePeople(state, registers: registers)

        let blocking = (specification.blocking ?? []).compactMap { store.tokens[$0] }
        var unfound = [Int](repeating: 0, count: state.held.count)
        for row in 0..<store.rowCount where blocking.allSatisfy({ $0[row] == 0 }) {
            unfound[Int(store.origin[row].source)] += 1
        }
        for index in sources.indices {
            sources[index].withoutBlockingToken = unfound[index]
            sources[index].unmatchedCloses = unmatchedCloses[index]
        }
    }

    private mutating func describePeople(_ state: LinkState, registers: Set<String>) {
        var members: [UInt64: [UInt32]] = [:]
        for membership in state.memberships {
            members[membership.serial, default: []].append(membership.source)
        }
        people = members.count
        var sizes: [Int: Int] = [:]
        var subjects = [Int](repeating: 0, count: state.held.count)
        var linked = subjects
        let isRegister = state.held.map { registers.contains($0.source) }
        for group in members.values {
            sizes[group.count, default: 0] += 1
            let distinct = Set(group)
            if distinct.count < group.count { peopleWithSeveralSubjectsOfASource += 1 }
            let reachesFacts = distinct.contains { !isRegister[Int($0)] }
            for source in group {
                subjects[Int(source)] += 1
                if distinct.count > 1 { linked[Int(source)] += 1 }
                if isRegister[Int(source)] && !reachesFacts { unlinkedRegisterSubjects += 1 }
            }
        }
        clusterSizes = sizes.sorted { $0.key < $1.key }.map {
            ClusterSize(subjects: $0.key, people: $0.value)
        }
        sources = state.held.enumerated().map { index, held in
            Source(
                name: held.source, versions: held.count, subjects: subjects[index],
                linked: linked[index],
                linkageRate: subjects[index] == 0
                    ? 0 : Double(linked[index]) / Double(subjects[index]),
                withoutBlockingToken: 0, unmatchedCloses: 0)
        }
    }
}
