import PipelineModel

/// From pairs of versions to pairs of subjects.
enum SubjectPairs {
    /// The best pair of versions of each pair of subjects, together with the pairs that
    /// were weighed before, in ascending order.
    static func best(
        _ scored: [PairScoring.Scored], _ store: FieldStore,
        with before: [LinkState.ScoredSubjects]
    ) -> [LinkState.ScoredSubjects] {
        var pairs = before
        pairs.reserveCapacity(before.count + scored.count)
        for pair in scored {
            let left = store.subjects[Int(store.rowSubject[Int(pair.left)])]
            let right = store.subjects[Int(store.rowSubject[Int(pair.right)])]
            pairs.append(
                LinkState.ScoredSubjects(
                    left: min(left, right), right: max(left, right), weight: pair.weight,
                    conflict: pair.conflict))
        }
        // Of equal weights, the one without a conflict stands first.
        pairs.sort {
            if $0.left != $1.left { return $0.left < $1.left }
            if $0.right != $1.right { return $0.right < $1.right }
            if $0.weight != $1.weight { return $0.weight > $1.weight }
            return !$0.conflict && $1.conflict
        }
        var kept: [LinkState.ScoredSubjects] = []
        for pair in pairs where kept.last?.left != pair.left || kept.last?.right != pair.right {
            kept.append(pair)
        }
        return kept
    }

    /// The pairs by the indices of their subjects.
    static func edges(
        _ pairs: [LinkState.ScoredSubjects], _ store: FieldStore
    ) -> [PeopleClustering.Edge] {
        var index: [SubjectPseudonym: Int32] = [:]
        index.reserveCapacity(store.subjects.count)
        for (position, subject) in store.subjects.enumerated() { index[subject] = Int32(position) }
        return pairs.compactMap { pair in
            guard let left = index[pair.left], let right = index[pair.right] else { return nil }
            return PeopleClustering.Edge(
                left: left, right: right, weight: pair.weight, conflict: pair.conflict)
        }
    }

    /// The weights of the best pairs of versions of pairs of subjects, by index.
    static func weigh(
        _ pairs: [(Int32, Int32)], _ store: FieldStore, _ scoring: PairScoring?
    ) -> [(weight: Double, conflict: Bool)] {
        guard let scoring else { return pairs.map { _ in (0, false) } }
        var left: [UInt32] = []
        var right: [UInt32] = []
        var ends: [Int] = []
        for (a, b) in pairs {
            for one in store.rows(of: a) {
                for two in store.rows(of: b) {
                    left.append(UInt32(one))
                    right.append(UInt32(two))
                }
            }
            ends.append(left.count)
        }
        let weights = scoring.weigh(left, right)
        var start = 0
        return ends.map { end in
            defer { start = end }
            var best = weights[start]
            for weight in weights[start..<end]
            where weight.weight > best.weight
                || (weight.weight == best.weight && best.conflict && !weight.conflict)
            {
                best = weight
            }
            return best
        }
    }

    /// Neighbouring subjects that share a trusted key.
    static func trusted(_ store: FieldStore) -> [(Int32, Int32)] {
        guard let tokens = store.tokens["trusted"] else { return [] }
        let rows = tokens.indices.filter { tokens[$0] != 0 }
            .sorted { (tokens[$0], $0) < (tokens[$1], $1) }
        return zip(rows, rows.dropFirst()).compactMap { left, right in
            tokens[left] == tokens[right] && store.rowSubject[left] != store.rowSubject[right]
                ? (store.rowSubject[left], store.rowSubject[right]) : nil
        }
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
