import PipelineModel

/// From pairs of versions to pairs of subjects.
enum SubjectPairs {
    /// The best pair of versions of each pair of subjects, together with the pairs that
    /// were weighed before, in ascending order.
    ///
    /// Subjects stand in the store in the order of their pseudonyms, so that the order of their
    /// indices is that of the pseudonyms.
    static func best(
        _ scored: [PairScoring.Scored], _ store: FieldStore,
        with before: [LinkState.ScoredSubjects]
    ) -> [PeopleClustering.Edge] {
        var edges = edges(before, store)
        edges.reserveCapacity(edges.count + scored.count)
        for pair in scored {
            let left = store.rowSubject[Int(pair.left)]
            let right = store.rowSubject[Int(pair.right)]
            edges.append(
                PeopleClustering.Edge(
                    left: min(left, right), right: max(left, right), weight: pair.weight,
                    conflict: pair.conflict))
        }
        sort(&edges)
        var kept = 0
        for edge in edges
        where kept == 0 || edges[kept - 1].left != edge.left || edges[kept - 1].right != edge.right
        {
            edges[kept] = edge
            kept += 1
        }
        edges.removeSubrange(kept...)
        return edges
    }

    /// Sorts pairs by their subjects, the best of equals first; of equal weights, the one without a
    /// conflict.
    private static func sort(_ edges: inout [PeopleClustering.Edge]) {
        var keys = edges.enumerated().map { UInt64(UInt32(bitPattern: $1.left)) << 32 | UInt64($0) }
        RadixSort.sortByHighWord(&keys)
        var sorted = keys.map { edges[Int($0 & 0xffff_ffff)] }
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].left == sorted[start].left { end += 1 }
            if end - start > 1 {
                sorted[start..<end].sort {
                    if $0.right != $1.right { return $0.right < $1.right }
                    if $0.weight != $1.weight { return $0.weight > $1.weight }
                    return !$0.conflict && $1.conflict
                }
            }
            start = end
        }
        edges = sorted
    }

    /// The pairs by the indices of their subjects, in the same order.
    static func edges(
        _ pairs: [LinkState.ScoredSubjects], _ store: FieldStore
    ) -> [PeopleClustering.Edge] {
        let part = 1 << 14
        let parts = CandidatePairs.concurrently(
            (pairs.count + part - 1) / part, threads: Linker.threads
        ) { number in
            edges(pairs[(number * part)..<min((number + 1) * part, pairs.count)], store)
        }
        return parts.count == 1 ? parts[0] : Array(parts.joined())
    }

    private static func edges(
        _ pairs: ArraySlice<LinkState.ScoredSubjects>, _ store: FieldStore
    ) -> [PeopleClustering.Edge] {
        // They are mostly in ascending order of their left subjects, as the subjects are.
        var left = pairs.first.flatMap { store.index(of: $0.left) }.map { Int($0) } ?? 0
        return pairs.compactMap { pair in
            while left < store.subjects.count, store.subjects[left] < pair.left { left += 1 }
            let isThere = left < store.subjects.count && store.subjects[left] == pair.left
            guard let one = isThere ? Int32(left) : store.index(of: pair.left),
                let right = store.index(of: pair.right)
            else { return nil }
            return PeopleClustering.Edge(
                left: one, right: right, weight: pair.weight,
                conflict: pair.conflict)
        }
    }

    /// The pairs by the pseudonyms of their subjects.
    static func named(
        _ edges: [PeopleClustering.Edge], _ store: FieldStore
    ) -> [LinkState.ScoredSubjects] {
        edges.map {
            LinkState.ScoredSubjects(
                left: store.subjects[Int($0.left)], right: store.subjects[Int($0.right)],
                weight: $0.weight, conflict: $0.conflict)
        }
    }

    /// Weighs pairs of subjects, by index.
    typealias Weigh = ([(Int32, Int32)]) -> [(weight: Double, conflict: Bool)]

    /// Gives the weights of the best pairs of versions of pairs of subjects, by index.
    static func weigher(_ store: FieldStore, _ scoring: PairScoring?) -> Weigh {
        guard let scoring else { return { pairs in pairs.map { _ in (0, false) } } }
        // Called for a few pairs at a time, many times: what it remembers and fills is kept.
        var weights = scoring.weights
        var left: [UInt32] = []
        var right: [UInt32] = []
        var ends: [Int] = []
        return { pairs in
            left.removeAll(keepingCapacity: true)
            right.removeAll(keepingCapacity: true)
            ends.removeAll(keepingCapacity: true)
            for (a, b) in pairs {
                for one in store.rows(of: a) {
                    for two in store.rows(of: b) {
                        left.append(UInt32(one))
                        right.append(UInt32(two))
                    }
                }
                ends.append(left.count)
            }
            let weighed = scoring.weigh(left, right, &weights)
            var start = 0
            return ends.map { end in
                defer { start = end }
                var best = weighed[start]
                for weight in weighed[start..<end]
                where weight.weight > best.weight
                    || (weight.weight == best.weight && best.conflict && !weight.conflict)
                {
                    best = weight
                }
                return best
            }
        }
    }

    /// The same for pairs of places among some subjects.
    static func weigher(
        _ store: FieldStore, _ scoring: PairScoring?, of subjects: [Int32]
    ) -> Weigh {
        let weigh = weigher(store, scoring)
        return { pairs in weigh(pairs.map { (subjects[Int($0)], subjects[Int($1)]) }) }
    }

    /// Neighbouring subjects that share a trusted key.
    ///
    /// Beside one of `separated` all that share it are paired: those around it are one person
    /// also where it is kept apart from them.
    static func trusted(
        _ store: FieldStore, besides separated: Set<Int32> = []
    ) -> [(Int32, Int32)] {
        guard let tokens = store.tokens["trusted"]?.values else { return [] }
        let runs = TokenRuns(tokens)
        var pairs: [(Int32, Int32)] = []
        for run in 0..<runs.count {
            let rows = runs.rows[runs.starts[run]..<runs.starts[run + 1]]
            for (left, right) in zip(rows, rows.dropFirst()) {
                let (a, b) = (store.rowSubject[Int(left)], store.rowSubject[Int(right)])
                if a != b { pairs.append((a, b)) }
            }
            guard !separated.isEmpty, rows.count > 2 else { continue }
            let subjects = Set(rows.map { store.rowSubject[Int($0)] })
            guard !separated.isDisjoint(with: subjects) else { continue }
            let others = subjects.subtracting(separated).sorted()
            pairs += zip(others, others.dropFirst())
            for one in subjects.intersection(separated).sorted() {
                pairs += subjects.sorted().filter { $0 != one }.map { (one, $0) }
            }
        }
        return pairs
    }
}

/// The history of merges.
enum Aliases {
    /// Adds merges, so that every alias names a person that is nobody's alias.
    static func extended(
        _ aliases: [LinkState.Alias], by merges: [PersonMerge], since: Day
    ) -> [LinkState.Alias] {
        let moved = Dictionary(
            merges.map { ($0.alias, $0.kept) }, uniquingKeysWith: { first, _ in first })
        return
            (aliases.map { alias in
                var alias = alias
                while let next = moved[alias.person] { alias.person = next }
                return alias
            } + merges.map { LinkState.Alias(alias: $0.alias, person: $0.kept, since: since) })
            .sorted { $0.alias < $1.alias }
    }
}
