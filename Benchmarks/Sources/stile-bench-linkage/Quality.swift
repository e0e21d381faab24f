import PipelineModel

/// Precision and recall of pairs at some threshold.
struct Quality {
    var threshold = Double.infinity
    var found = 0
    var claimed = 0
    var wanted: Int

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

    /// The same for groups: all pairs within a group are claimed.
    static func groups(
        _ merges: [(left: Int, right: Int, weight: Double)], entity: [Int], wanted: Int,
        at threshold: Double
    ) -> (best: Quality, chosen: Quality) {
        var parent = Array(entity.indices)
        var sizes = entity.map { [$0: 1] }
        func find(_ node: Int) -> Int {
            var root = node
            while parent[root] != root { root = parent[root] }
            var node = node
            while parent[node] != root { (node, parent[node]) = (parent[node], root) }
            return root
        }
        var now = Quality(wanted: wanted)
        var best = now
        var chosen = now
        for merge in merges {
            let (a, b) = (find(merge.left), find(merge.right))
            guard a != b else { continue }
            let (large, small) = sizes[a].count >= sizes[b].count ? (a, b) : (b, a)
            now.claimed +=
                sizes[a].values.reduce(0, +) * sizes[b].values.reduce(0, +)
            for (name, count) in sizes[small] {
                now.found += count * (sizes[large][name] ?? 0)
                sizes[large][name, default: 0] += count
            }
            sizes[small] = [:]
            parent[small] = large
            now.threshold = merge.weight
            if merge.weight >= threshold { chosen = now }
            if now.f1 > best.f1 { best = now }
        }
        return (best, chosen)
    }
}
