import PipelineModel

/// The subjects of a truth with the people that were found and the true ones, by number.
struct TruthTable {
    /// Two sources, the smaller number first; the same twice for pairs within a source.
    struct SourcePair: Hashable {
        var left: Int
        var right: Int

        init(_ one: Int, _ other: Int) {
            left = min(one, other)
            right = max(one, other)
        }
    }

    /// The index of each subject in the memberships of the state.
    let subjects: [Int]
    let source: [Int]
    let found: [Int32]
    let truth: [Int32]
    /// The subjects of each cluster: those of true people whom the linkage has mixed are in one.
    let clusters: [[Int]]

    /// - Precondition: All subjects of the truth are in `memberships`, and both are in ascending order.
    init(_ truth: LinkTruth, _ memberships: [LinkState.Membership]) {
        var (subjects, source): ([Int], [Int]) = ([], [])
        var (found, named): ([Int32], [Int32]) = ([], [])
        var serials: [UInt64: Int32] = [:]
        var people: [PersonPseudonym: Int32] = [:]
        var place = 0
        for row in truth.rows {
            while place < memberships.count, memberships[place].subject < row.subject { place += 1 }
            guard place < memberships.count, memberships[place].subject == row.subject else {
                continue
            }
            subjects.append(place)
            source.append(Int(memberships[place].source))
            let serial = memberships[place].serial
            found.append(serials[serial, default: Int32(serials.count)])
            serials[serial] = found.last
            named.append(people[row.person, default: Int32(people.count)])
            people[row.person] = named.last
        }
        (self.subjects, self.source, self.found, self.truth) = (subjects, source, found, named)
        clusters = Self.clusters(found, named, found: serials.count, people: people.count)
    }

    private static func clusters(
        _ found: [Int32], _ truth: [Int32], found foundCount: Int, people: Int
    ) -> [[Int]] {
        var groups = DisjointGroups(people + foundCount)
        for (one, other) in zip(truth, found) {
            let roots = (groups.root(of: one), groups.root(of: Int32(people) + other))
            if roots.0 != roots.1 { groups.join(roots.0, roots.1) }
        }
        var number: [Int32: Int] = [:]
        var clusters: [[Int]] = []
        for index in truth.indices {
            let root = groups.root(of: truth[index])
            if let place = number[root] {
                clusters[place].append(index)
            } else {
                number[root] = clusters.count
                clusters.append([index])
            }
        }
        return clusters
    }

    /// A group of subjects that are one person: found, in truth, or both.
    private struct Both: Hashable {
        var found: Int32
        var truth: Int32
    }

    /// The pairs of a cluster by their sources, counted without being listed: n(n−1)/2 of a group.
    func pairs(of cluster: [Int]) -> [SourcePair: PairCounts] {
        var counts: [SourcePair: PairCounts] = [:]
        func add(_ count: WritableKeyPath<PairCounts, Int>, by key: (Int) -> Both) {
            var groups: [Both: [Int: Int]] = [:]
            for index in cluster {
                groups[key(index), default: [:]][source[index], default: 0] += 1
            }
            for sizes in groups.values {
                for (one, size) in sizes {
                    if size > 1 {
                        counts[SourcePair(one, one), default: PairCounts()][keyPath: count] +=
                            size * (size - 1) / 2
                    }
                    for (other, others) in sizes where one < other {
                        counts[SourcePair(one, other), default: PairCounts()][keyPath: count] +=
                            size * others
                    }
                }
            }
        }
        guard cluster.count > 1 else { return [:] }
        add(\.claimed) { Both(found: found[$0], truth: 0) }
        add(\.wanted) { Both(found: 0, truth: truth[$0]) }
        add(\.found) { Both(found: found[$0], truth: truth[$0]) }
        return counts
    }

    /// The pairs of each subject of a cluster, in its order.
    func pairsOfSubjects(_ cluster: [Int]) -> [PairCounts] {
        var claimed: [Int32: Int] = [:]
        var wanted: [Int32: Int] = [:]
        var both: [Both: Int] = [:]
        for index in cluster {
            claimed[found[index], default: 0] += 1
            wanted[truth[index], default: 0] += 1
            both[Both(found: found[index], truth: truth[index]), default: 0] += 1
        }
        return cluster.map { index in
            PairCounts(
                found: both[Both(found: found[index], truth: truth[index]), default: 1] - 1,
                claimed: claimed[found[index], default: 1] - 1,
                wanted: wanted[truth[index], default: 1] - 1)
        }
    }

    /// Pairs of subjects that are one person in truth and were not found to be.
    var missed: [(left: Int, right: Int)] {
        clusters.flatMap { cluster -> [(left: Int, right: Int)] in
            Dictionary(grouping: cluster) { truth[$0] }.sorted { $0.key < $1.key }
                .flatMap { _, members in
                    members.indices.flatMap { one in
                        members[(one + 1)...].filter { found[$0] != found[members[one]] }
                            .map { (members[one], $0) }
                    }
                }
        }
    }
}
