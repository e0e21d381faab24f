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

        let unfound = Self.withoutBlockingToken(store, specification.blocking ?? [])
        for index in sources.indices {
            sources[index].withoutBlockingToken = unfound[index]
            sources[index].unmatchedCloses = unmatchedCloses[index]
        }
    }

    /// How many rows of each source have none of the tokens.
    private static func withoutBlockingToken(_ store: FieldStore, _ fields: [String]) -> [Int] {
        let columns = fields.compactMap { store.tokens[$0] }
        let (block, sources) = (1 << 12, store.sourceNames.count)
        let rows = store.rowsAsHeld
        let found = CandidatePairs.concurrently(
            (rows.count + block - 1) / block, threads: Linker.threads
        ) { part in
            let rows = rows[(part * block)..<min((part + 1) * block, rows.count)]
            return withoutToken(rows, columns, store, sources: sources)
        }
        for column in columns { column.letGo() }
        return (0..<sources).map { source in found.reduce(0) { $0 + $1[source] } }
    }

    private static func withoutToken(
        _ some: ArraySlice<UInt32>, _ columns: [FieldStore.Tokens], _ store: FieldStore,
        sources: Int
    ) -> [Int] {
        let rows = some.lazy.map { Int($0) }
        var counts = [Int](repeating: 0, count: sources)
        var tokens = [UInt64](repeating: 0, count: some.count)
        var isFound = [Bool](repeating: false, count: some.count)
        for column in columns {
            tokens.withUnsafeMutableBufferPointer { tokens in
                if let start = tokens.baseAddress { column.read(rows, to: start, stride: 1) }
            }
            for place in tokens.indices where tokens[place] != 0 { isFound[place] = true }
        }
        for (place, row) in rows.enumerated() where !isFound[place] {
            counts[store.source(of: row)] += 1
        }
        return counts
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
        // By the number of subjects; nearly all people have few.
        var sizes = [Int](repeating: 0, count: 1)
        let names = state.held.sourceNames
        var subjects = [Int](repeating: 0, count: names.count)
        var linked = subjects
        let isRegister = names.map(registers.contains)
        for person in 0..<(members.starts.count - 1) {
            let group = members.sources[members.starts[person]..<members.starts[person + 1]]
            guard !group.isEmpty else { continue }
            people += 1
            if group.count >= sizes.count {
                sizes += Array(repeating: 0, count: group.count + 1 - sizes.count)
            }
            sizes[group.count] += 1
            if group.count == 1, let source = group.first {
                subjects[Int(source)] += 1
                if isRegister[Int(source)] { unlinkedRegisterSubjects += 1 }
                continue
            }
            let reachesFacts = group.contains { !isRegister[Int($0)] }
            let isLinked = group.contains { $0 != group[group.startIndex] }
            let repeats =
                group.count > 16
                ? Set(group).count < group.count
                : group.indices.contains { group[..<$0].contains(group[$0]) }
            if repeats { peopleWithSeveralSubjectsOfASource += 1 }
            for source in group {
                subjects[Int(source)] += 1
                if isLinked { linked[Int(source)] += 1 }
                if isRegister[Int(source)] && !reachesFacts { unlinkedRegisterSubjects += 1 }
            }
        }
        clusterSizes = sizes.indices.filter { sizes[$0] > 0 }.map {
            ClusterSize(subjects: $0, people: sizes[$0])
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
