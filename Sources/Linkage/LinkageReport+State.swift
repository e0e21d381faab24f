import EncodedExtract
import PipelineModel

extension LinkageReport {
    /// Fills in what can be read off the state.
    mutating func describe(
        _ state: LinkState, specification: LinkageSpecification,
        clusters: PeopleClustering.Outcome, registers: Set<String>
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
    }

    /// Fills in what is counted of the versions of each source.
    ///
    /// - Parameters:
    ///   - withoutToken: How many have no blocking token.
    ///   - unmatchedCloses: How many closes found no open version.
    mutating func describeSources(withoutToken: [Int], unmatchedCloses: [Int]) {
        for index in sources.indices {
            sources[index].withoutBlockingToken = withoutToken[index]
            sources[index].unmatchedCloses = unmatchedCloses[index]
        }
    }

    /// How many rows of each source have none of the tokens.
    static func withoutBlockingToken(_ store: FieldStore, _ fields: [String]) -> [Int] {
        let columns = fields.compactMap { store.tokens[$0] }
        let part = 1 << 14
        // The rows of a piece follow each other in its columns.
        let parts = store.pieces.flatMap { piece in
            stride(from: 0, to: piece.count, by: part).map {
                (piece.number, $0..<min($0 + part, piece.count))
            }
        }
        let found = CandidatePairs.concurrently(parts.count, threads: Linker.threads) {
            withoutToken(parts[$0].0, parts[$0].1, columns, store)
        }
        for column in columns { column.letGo() }
        var counts = [Int](repeating: 0, count: store.sourceNames.count)
        for (part, count) in zip(parts, found) { counts[store.pieces[part.0].source] += count }
        return counts
    }

    private static func withoutToken(
        _ piece: Int, _ places: Range<Int>, _ columns: [FieldStore.Tokens], _ store: FieldStore
    ) -> Int {
        var tokens = [UInt64](repeating: 0, count: places.count)
        for column in columns { column.unite(piece, places, into: &tokens) }
        let first = store.firstOfPiece[piece] + places.lowerBound
        return tokens.indices.count { tokens[$0] == 0 && store.rowAt[first + $0] != .max }
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
