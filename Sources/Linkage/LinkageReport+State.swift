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

        let blocking = (specification.blocking ?? []).compactMap { store.tokens[$0]?.values }
        var unfound = [Int](repeating: 0, count: sources.count)
        for row in 0..<store.rowCount where blocking.allSatisfy({ $0[row] == 0 }) {
            unfound[store.source(of: row)] += 1
        }
        for index in sources.indices {
            sources[index].withoutBlockingToken = unfound[index]
            sources[index].unmatchedCloses = unmatchedCloses[index]
        }
    }

    /// The sources of every person's subjects, by serial number: those of a number lie from its
    /// start to the next.
    private static func sources(_ state: LinkState) -> (starts: [Int], sources: [UInt32]) {
        var starts = [Int](repeating: 0, count: Int(state.nextSerial) + 1)
        for membership in state.memberships { starts[Int(membership.serial) + 1] += 1 }
        for serial in 0..<Int(state.nextSerial) { starts[serial + 1] += starts[serial] }
        var next = starts
        var sources = [UInt32](repeating: 0, count: state.memberships.count)
        for membership in state.memberships {
            sources[next[Int(membership.serial)]] = membership.source
            next[Int(membership.serial)] += 1
        }
        return (starts, sources)
    }

    private mutating func describePeople(_ state: LinkState, registers: Set<String>) {
        let members = Self.sources(state)
        people = 0
        var sizes: [Int: Int] = [:]
        let names = state.held.sourceNames
        var subjects = [Int](repeating: 0, count: names.count)
        var linked = subjects
        let isRegister = names.map(registers.contains)
        for person in 0..<(members.starts.count - 1) {
            let group = members.sources[members.starts[person]..<members.starts[person + 1]]
            guard !group.isEmpty else { continue }
            people += 1
            sizes[group.count, default: 0] += 1
            if group.count == 1, let source = group.first {
                subjects[Int(source)] += 1
                if isRegister[Int(source)] { unlinkedRegisterSubjects += 1 }
                continue
            }
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
        sources = names.enumerated().map { index, name in
            Source(
                name: name, versions: state.versions(of: name), subjects: subjects[index],
                linked: linked[index],
                linkageRate: subjects[index] == 0
                    ? 0 : Double(linked[index]) / Double(subjects[index]),
                withoutBlockingToken: 0, unmatchedCloses: 0)
        }
    }
}
