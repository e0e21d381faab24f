import PipelineModel

/// Precision and recall of pairs at some threshold.
struct Quality {
    var threshold = Double.infinity
    var found = 0
    var claimed = 0
    var wanted = 0

    var precision: Double { claimed == 0 ? 1 : Double(found) / Double(claimed) }
    var recall: Double { wanted == 0 ? 1 : Double(found) / Double(wanted) }
    var f1: Double { claimed + wanted == 0 ? 0 : 2 * Double(found) / Double(claimed + wanted) }

    /// The best F1 over the thresholds of weighed pairs, every pair counted for itself; and the
    /// quality at `threshold`.
    static func pairs(
        _ weighed: [(weight: Double, isMatch: Bool)], wanted: Int, at threshold: Double
    ) -> (best: Quality, chosen: Quality) {
        var now = Quality(wanted: wanted)
        var best = now
        var chosen = now
        let sorted = weighed.sorted { $0.weight > $1.weight }
        for (index, pair) in sorted.enumerated() {
            now.claimed += 1
            if pair.isMatch { now.found += 1 }
            now.threshold = pair.weight
            if pair.weight >= threshold { chosen = now }
            // Equal weights stand or fall together.
            if index + 1 < sorted.count, sorted[index + 1].weight == pair.weight { continue }
            if now.f1 > best.f1 { best = now }
        }
        return (best, chosen)
    }

    /// The true pairs: of one source, or of two different ones.
    static func pairs(_ entity: [Int], _ sources: [Int], within: Bool) -> Int {
        var all: [Int: Group] = [:]
        for index in entity.indices { all[entity[index], default: Group()].add(sources[index]) }
        return all.values.reduce(0) { $0 + $1.pairs(within: within) }
    }

    /// How many subjects of each source.
    struct Group {
        var bySource: [Int: Int] = [:]

        mutating func add(_ source: Int, _ count: Int = 1) { bySource[source, default: 0] += count }

        func pairs(within: Bool) -> Int {
            let all = bySource.values.reduce(0, +)
            guard !within else { return all * (all - 1) / 2 }
            return (all * all - bySource.values.reduce(0) { $0 + $1 * $1 }) / 2
        }
    }

    /// The same for groups: all pairs within a group are claimed.
    static func groups(
        _ merges: [(left: Int, right: Int, weight: Double)], entity: [Int], sources: [Int],
        within: Bool, wanted: Int, at thresholds: [Double]
    ) -> (best: Quality, chosen: [Quality], last: Quality) {
        var parent = Array(entity.indices)
        var groups = entity.indices.map { index -> [Int: Group] in
            var group = Group()
            group.add(sources[index])
            return [entity[index]: group]
        }
        var claims = entity.indices.map { index -> Group in
            var group = Group()
            group.add(sources[index])
            return group
        }
        func find(_ node: Int) -> Int {
            var root = node
            while parent[root] != root { root = parent[root] }
            var node = node
            while parent[node] != root { (node, parent[node]) = (parent[node], root) }
            return root
        }
        var now = Quality(wanted: wanted)
        var best = now
        var chosen = thresholds.map { _ in now }
        for merge in merges {
            let (a, b) = (find(merge.left), find(merge.right))
            guard a != b else { continue }
            let (large, small) = groups[a].count >= groups[b].count ? (a, b) : (b, a)
            now.claimed -= claims[a].pairs(within: within) + claims[b].pairs(within: within)
            for (source, count) in claims[small].bySource { claims[large].add(source, count) }
            now.claimed += claims[large].pairs(within: within)
            for (name, group) in groups[small] {
                now.found -=
                    group.pairs(within: within)
                    + (groups[large][name]?.pairs(within: within) ?? 0)
                for (source, count) in group.bySource {
                    groups[large][name, default: Group()].add(source, count)
                }
                now.found += groups[large][name]?.pairs(within: within) ?? 0
            }
            groups[small] = [:]
            parent[small] = large
            now.threshold = merge.weight
            for (index, threshold) in thresholds.enumerated() where merge.weight >= threshold {
                chosen[index] = now
            }
            if now.f1 > best.f1 { best = now }
        }
        return (best, chosen, now)
    }
}

extension Quality {
    /// The quality of groups: all pairs within one are claimed.
    init(groups: [Int32], _ entity: [Int], _ sources: [Int], within: Bool) {
        struct Place: Hashable {
            var group: Int32
            var entity: Int
        }
        var claims: [Int32: Group] = [:]
        var both: [Place: Group] = [:]
        for index in entity.indices {
            claims[groups[index], default: Group()].add(sources[index])
            both[Place(group: groups[index], entity: entity[index]), default: Group()]
                .add(sources[index])
        }
        self.init(
            found: both.values.reduce(0) { $0 + $1.pairs(within: within) },
            claimed: claims.values.reduce(0) { $0 + $1.pairs(within: within) },
            wanted: Self.pairs(entity, sources, within: within))
    }
}
