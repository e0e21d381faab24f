/// Gathers subjects into people by merging the two groups that are most alike, again and again.
///
/// How alike two groups are is the mean match weight of all pairs between them, each pair held
/// within ±``limit`` bits: average linkage, which does not chain. Pairs that no key brought
/// together are weighed when their groups come up for a merge. Two groups stay apart where
/// - a source that knows a person once would have two subjects in them,
/// - a pair between them is in conflict (twins, two identifiers), or
/// - a pair between them is to be kept apart, whatever it weighs.
///
/// Where sources know a person once and groups compete for their subjects, the merges are not
/// the last word: ``RivalGroups`` settles such groups together, and leaves out what is too close to
/// call.
///
/// Subjects that are to be together (somebody said so, or a trusted key) are one person before
/// anything is weighed; only what is to be kept apart goes before that.
struct PeopleClustering {
    struct Edge {
        var left: Int32
        var right: Int32
        var weight: Double
        var conflict: Bool
    }

    /// Two groups that became one, and how alike they were, in bits.
    struct Merge: Equatable {
        var left: Int32
        var right: Int32
        var weight: Double
    }

    struct Outcome {
        /// The group of each subject: the smallest subject in it.
        var group: [Int32]
        /// Pairs at the link threshold whose subjects stayed apart, though nothing says that they
        /// must.
        var refused: Int
        /// Pairs of which somebody has said, or something says, that they are apart.
        var apart: Int
        /// Of these, pairs at the link threshold and without a conflict.
        var apartAtLink: Int
        /// In the order of their weights.
        var merges: [Merge]
        /// Pairs of subjects that were to be together and are, before anything was weighed.
        var joined: [(left: Int32, right: Int32)] = []
        /// Links that were not made, since another would have been nearly as good.
        var closeCalls: [RivalGroups.CloseCall] = []
        /// For each of ``closeCalls``, the smallest group of those that were settled together.
        var rivalSets: [Int32] = []
        /// Groups that compete, in sets too large to be settled together.
        var unsettled = 0
    }

    /// What a single pair may say for or against, in bits.
    static let limit = 12.0

    let source: [Int32]
    /// For each source, whether a person may have several subjects in it.
    let mayRepeat: [Bool]
    /// The mean weight down to which groups merge.
    let linkThreshold: Double
    /// The mean weight at which groups that compete are settled; merges below it come afterwards.
    let settleThreshold: Double
    /// How much better a link must be than what would come in its place, in bits.
    let margin: Double
    /// Weighs pairs of subjects that have no edge.
    let weigh: ([(Int32, Int32)]) -> [(weight: Double, conflict: Bool)]

    private var groups = DisjointGroups(0)
    private var separated = SeparatedGroups([])
    /// For each group, the groups with which it has been compared: the sum over pairs.
    private var links: [[Int32: Link]] = []

    private struct Link {
        var sum: Double
        var conflict: Bool
    }

    init(
        source: [Int32], mayRepeat: [Bool], linkThreshold: Double,
        settleThreshold: Double? = nil, margin: Double = 0,
        weigh: @escaping ([(Int32, Int32)]) -> [(weight: Double, conflict: Bool)]
    ) {
        self.source = source
        self.mayRepeat = mayRepeat
        self.linkThreshold = linkThreshold
        self.settleThreshold = max(settleThreshold ?? linkThreshold, linkThreshold)
        self.margin = margin
        self.weigh = weigh
    }

    /// - Parameters:
    ///   - together: Pairs of subjects that are one person, in order of precedence.
    ///   - apart: Pairs of subjects that are never one person, nor are any groups they are in.
    ///   - edges: Pairs of subjects at or above the review threshold, by index, each once.
    mutating func cluster(
        together: [(Int32, Int32)], apart: [(Int32, Int32)] = [], edges: [Edge]
    ) -> Outcome {
        groups = DisjointGroups(source.count)
        links = Array(repeating: [:], count: source.count)
        separated = SeparatedGroups(apart)
        var joined: [(left: Int32, right: Int32)] = []
        for (left, right) in together {
            let (a, b) = (groups.root(of: left), groups.root(of: right))
            guard a != b, !separated.holds(a, b) else { continue }
            join(a, b)
            joined.append((left, right))
        }
        var merges = alone(edges)
        var pending: [(Int32, Int32, Link)] = []
        for edge in edges {
            let (a, b) = (groups.root(of: edge.left), groups.root(of: edge.right))
            guard a != b else { continue }
            pending.append(
                (
                    min(a, b), max(a, b),
                    Link(sum: Self.held(edge.weight), conflict: edge.conflict)
                ))
        }
        // Groups that were made above have several pairs with others; the missing are weighed.
        let grouped = !together.isEmpty
        for (a, b, link) in pending where !grouped || single(a, b) {
            links[Int(a)][b] = link
            links[Int(b)][a] = link
        }
        if grouped {
            for (a, b, _) in pending where !single(a, b) && links[Int(a)][b] == nil {
                let link = compared(a, b)
                links[Int(a)][b] = link
                links[Int(b)][a] = link
            }
        }
        var heap = MergeHeap()
        for (a, others) in links.enumerated() {
            for (b, link) in others where Int32(a) < b {
                push(Int32(a), b, link, &heap)
            }
        }
        mergeAll(&heap, downTo: settleThreshold, &merges)
        let isFixed = Set(together.flatMap { [$0.0, $0.1] })
        let settled = settle(edges, apart: apart, isFixed: isFixed, &merges, &heap)
        if linkThreshold < settleThreshold { mergeAll(&heap, downTo: linkThreshold, &merges) }
        merges.sort(by: MergeHeap.before)
        var (refused, kept, keptAtLink) = (0, 0, 0)
        for edge in edges {
            let (left, right) = (groups.root(of: edge.left), groups.root(of: edge.right))
            guard left != right else { continue }
            let isLink = edge.weight >= linkThreshold && !edge.conflict
            if separated.holds(left, right) {
                kept += 1
                keptAtLink += isLink ? 1 : 0
            } else {
                refused += isLink ? 1 : 0
            }
        }
        return Outcome(
            group: source.indices.map { groups.root(of: Int32($0)) }, refused: refused, apart: kept,
            apartAtLink: keptAtLink, merges: merges, joined: joined, closeCalls: settled.calls,
            rivalSets: settled.sets, unsettled: settled.unsettled)
    }

    /// Merges the heaviest groups again and again.
    private mutating func mergeAll(
        _ heap: inout MergeHeap, downTo floor: Double, _ merges: inout [Merge]
    ) {
        while let next = heap.pop() {
            guard next.weight >= floor else { return heap.push(next) }
            guard groups.isRoot(next.left), groups.isRoot(next.right),
                let link = links[Int(next.left)][next.right],
                mean(next.left, next.right, link) == next.weight
            else { continue }
            guard !link.conflict, mayShare(next.left, next.right) else { continue }
            merges.append(Merge(left: next.left, right: next.right, weight: next.weight))
            merge(next.left, next.right, &heap)
        }
    }

    /// Merges the pairs of subjects of which neither has another edge: most of a register.
    private mutating func alone(_ edges: [Edge]) -> [Merge] {
        var degree = [UInt8](repeating: 0, count: source.count)
        for edge in edges {
            degree[Int(edge.left)] = min(degree[Int(edge.left)] + 1, 2)
            degree[Int(edge.right)] = min(degree[Int(edge.right)] + 1, 2)
        }
        var merges: [Merge] = []
        for edge in edges
        where degree[Int(edge.left)] == 1 && degree[Int(edge.right)] == 1
            && isGroupOfOne(edge.left) && isGroupOfOne(edge.right)
        {
            let (left, right) = (min(edge.left, edge.right), max(edge.left, edge.right))
            let weight = Self.held(edge.weight)
            guard weight >= linkThreshold, !edge.conflict, mayShare(left, right) else { continue }
            merges.append(Merge(left: left, right: right, weight: weight))
            join(left, right)
        }
        return merges
    }

    /// The subjects of whom other pairs than those compared may have to be weighed, in ascending
    /// order: all that are connected with more than one other, or by what somebody said.
    static func contested(
        _ edges: [Edge], together: [(Int32, Int32)] = [], _ subjects: Int
    ) -> [Int32] {
        let connected = ConnectedSubjects(subjects, edges: edges, pairs: together)
        let (root, sizes) = (connected.root, connected.sizes)
        let said = Set(together.map { root[Int($0.0)] })
        return (0..<Int32(subjects)).filter { subject in
            let root = root[Int(subject)]
            return sizes[Int(root)] > 2 || (!said.isEmpty && said.contains(root))
        }
    }

    static func held(_ weight: Double) -> Double { min(max(weight, -limit), limit) }

    private func single(_ a: Int32, _ b: Int32) -> Bool {
        groups.size(a) == 1 && groups.size(b) == 1
    }

    private func isGroupOfOne(_ subject: Int32) -> Bool {
        groups.isRoot(subject) && groups.size(subject) == 1
    }

    private func mean(_ a: Int32, _ b: Int32, _ link: Link) -> Double {
        link.sum / Double(groups.size(a) * groups.size(b))
    }

    private func push(_ a: Int32, _ b: Int32, _ link: Link, _ heap: inout MergeHeap) {
        let weight = mean(a, b, link)
        guard weight >= linkThreshold, !link.conflict else { return }
        heap.push(Merge(left: min(a, b), right: max(a, b), weight: weight))
    }

    /// All pairs between two groups, weighed.
    private func compared(_ a: Int32, _ b: Int32) -> Link { compared([(a, b)])[0] }

    /// All pairs between the groups of each of several pairs, weighed in one go.
    private func compared(_ some: [(Int32, Int32)]) -> [Link] {
        var pairs: [(Int32, Int32)] = []
        let ends = some.map { a, b in
            for left in groups.members(a) {
                for right in groups.members(b) { pairs.append((left, right)) }
            }
            return pairs.count
        }
        let weighed = pairs.isEmpty ? [] : weigh(pairs)
        var start = 0
        return ends.map { end in
            defer { start = end }
            return weighed[start..<end].reduce(into: Link(sum: 0, conflict: false)) {
                $0.sum += Self.held($1.weight)
                if $1.conflict { $0.conflict = true }
            }
        }
    }

    private mutating func merge(_ a: Int32, _ b: Int32, _ heap: inout MergeHeap) {
        let (root, gone) = (min(a, b), max(a, b))
        let (ofRoot, ofGone) = (links[Int(root)], links[Int(gone)])
        let others = Set(ofRoot.keys).union(ofGone.keys).sorted().filter { $0 != a && $0 != b }
        var missing = compared(
            others.compactMap { ofRoot[$0] == nil ? (root, $0) : nil }
                + others.compactMap { ofGone[$0] == nil ? (gone, $0) : nil })[...]
        // In the order in which they are missing.
        let ones = others.map { ofRoot[$0] ?? missing.removeFirst() }
        let twos = others.map { ofGone[$0] ?? missing.removeFirst() }
        var merged: [Int32: Link] = [:]
        for (other, (one, two)) in zip(others, zip(ones, twos)) {
            merged[other] = Link(
                sum: one.sum + two.sum, conflict: one.conflict || two.conflict)
        }
        join(root, gone)
        links[Int(gone)] = [:]
        links[Int(root)] = merged
        for (other, link) in merged.sorted(by: { $0.key < $1.key }) {
            links[Int(other)][gone] = nil
            links[Int(other)][root] = link
            push(root, other, link, &heap)
        }
    }

    private mutating func join(_ left: Int32, _ right: Int32) {
        let (root, gone) = groups.join(left, right)
        separated.merge(gone, into: root)
    }

    private func mayShare(_ left: Int32, _ right: Int32) -> Bool {
        guard !separated.holds(left, right) else { return false }
        for one in groups.members(left) where !mayRepeat[Int(source[Int(one)])] {
            let own = source[Int(one)]
            if groups.members(right).contains(where: { source[Int($0)] == own }) { return false }
        }
        return true
    }
}

// MARK: Groups that compete

extension PeopleClustering {
    /// Settles the groups between which a link at the threshold was not made.
    private mutating func settle(
        _ edges: [Edge], apart: [(Int32, Int32)], isFixed: Set<Int32>, _ merges: inout [Merge],
        _ heap: inout MergeHeap
    ) -> (calls: [RivalGroups.CloseCall], sets: [Int32], unsettled: Int) {
        guard mayRepeat.contains(false) else { return ([], [], 0) }
        var rivals = RivalSets()
        for edge in edges where edge.weight >= settleThreshold && !edge.conflict {
            let (left, right) = (groups.root(of: edge.left), groups.root(of: edge.right))
            if left != right, !separated.holds(left, right) { rivals.join(left, right) }
        }
        var others: [Int32: Set<Int32>] = [:]
        for (left, right) in apart {
            others[left, default: []].insert(right)
            others[right, default: []].insert(left)
        }
        var (calls, sets, unsettled) = ([RivalGroups.CloseCall](), [Int32](), 0)
        var changed: Set<Int32> = []
        var anew: [Merge] = []
        for roots in rivals.sets {
            let subjects = roots.flatMap { groups.members($0) }.sorted()
            guard subjects.count <= RivalGroups.largest else {
                unsettled += roots.count
                continue
            }
            let place = Dictionary(uniqueKeysWithValues: zip(subjects, subjects.indices))
            let (weights, forbidden) = table(subjects, apart: others)
            var group = RivalGroups(
                subjects, group: subjects.map { place[groups.root(of: $0)] ?? 0 }, source: source,
                mayRepeat: mayRepeat, threshold: settleThreshold, margin: margin,
                isFixed: subjects.map(isFixed.contains), weights: weights, forbidden: forbidden)
            let before = group.group
            calls += group.settle()
            while sets.count < calls.count { sets.append(roots[0]) }
            guard !Self.isSame(group.group, before) else { continue }
            changed.formUnion(subjects)
            regroup(subjects, group.group, roots)
            anew += gathered(subjects, group.group, weights)
        }
        guard !changed.isEmpty else { return (calls, sets, unsettled) }
        // Both ends of a merge lie in one set.
        merges.removeAll { changed.contains($0.left) }
        merges += anew
        separated = SeparatedGroups(apart.map { (groups.root(of: $0.0), groups.root(of: $0.1)) })
        link(changed, edges, &heap)
        return (calls, sets, unsettled)
    }

    /// Whether two numberings are of the same groups.
    private static func isSame(_ left: [Int], _ right: [Int]) -> Bool {
        var known: [Int: Int] = [:]
        return Set(left).count == Set(right).count
            && zip(left, right).allSatisfy { one, two in
                defer { known[one] = known[one] ?? two }
                return known[one] ?? two == two
            }
    }

    /// The weights of all pairs of some subjects, and which may never be together.
    private func table(
        _ subjects: [Int32], apart: [Int32: Set<Int32>]
    ) -> (weights: [[Double]], forbidden: [[Bool]]) {
        var pairs: [(Int32, Int32)] = []
        for (index, left) in subjects.enumerated() {
            for right in subjects.dropFirst(index + 1) { pairs.append((left, right)) }
        }
        let weighed = weigh(pairs)
        var weights = subjects.map { _ in [Double](repeating: 0, count: subjects.count) }
        var forbidden = subjects.map { _ in [Bool](repeating: false, count: subjects.count) }
        var next = 0
        for left in subjects.indices {
            for right in (left + 1)..<max(subjects.count, left + 1) {
                let never =
                    weighed[next].conflict
                    || apart[subjects[left]]?.contains(subjects[right]) == true
                (weights[left][right], weights[right][left]) = (
                    weighed[next].weight, weighed[next].weight
                )
                (forbidden[left][right], forbidden[right][left]) = (never, never)
                next += 1
            }
        }
        return (weights, forbidden)
    }

    /// Puts subjects into other groups than those that merged.
    private mutating func regroup(_ subjects: [Int32], _ group: [Int], _ roots: [Int32]) {
        for root in roots {
            for other in links[Int(root)].keys { links[Int(other)][root] = nil }
            links[Int(root)] = [:]
        }
        groups.regroup(subjects, group)
    }

    /// How groups that were settled would have merged by themselves, the heaviest first.
    private func gathered(
        _ subjects: [Int32], _ group: [Int], _ weights: [[Double]]
    ) -> [Merge] {
        var merges: [Merge] = []
        for (_, places) in Dictionary(grouping: subjects.indices, by: { group[$0] }) {
            var parts = places.map { [$0] }
            while parts.count > 1 {
                var best: (left: Int, right: Int, weight: Double)?
                for left in parts.indices {
                    for right in (left + 1)..<max(parts.count, left + 1) {
                        var sum = 0.0
                        for one in parts[left] {
                            for two in parts[right] { sum += Self.held(weights[one][two]) }
                        }
                        let weight = sum / Double(parts[left].count * parts[right].count)
                        if weight > best?.weight ?? -.infinity { best = (left, right, weight) }
                    }
                }
                guard let best else { break }
                merges.append(
                    Merge(
                        left: subjects[parts[best.left][0]], right: subjects[parts[best.right][0]],
                        weight: best.weight))
                parts[best.left] = (parts[best.left] + parts[best.right]).sorted()
                parts.remove(at: best.right)
            }
        }
        return merges
    }

    /// Compares groups that were settled with those around them, for merges further down.
    private mutating func link(
        _ changed: Set<Int32>, _ edges: [Edge], _ heap: inout MergeHeap
    ) {
        guard linkThreshold < settleThreshold else { return }
        for edge in edges where changed.contains(edge.left) || changed.contains(edge.right) {
            let (left, right) = (groups.root(of: edge.left), groups.root(of: edge.right))
            guard left != right, links[Int(left)][right] == nil else { continue }
            let link = compared(left, right)
            links[Int(left)][right] = link
            links[Int(right)][left] = link
            push(left, right, link, &heap)
        }
    }
}

/// Groups that compete, directly or through others.
private struct RivalSets {
    private var parent: [Int32: Int32] = [:]

    mutating func join(_ left: Int32, _ right: Int32) {
        let (one, two) = (root(left), root(right))
        parent[max(one, two)] = min(one, two)
        parent[min(one, two)] = min(one, two)
    }

    /// In ascending order.
    var sets: [[Int32]] {
        var found: [Int32: [Int32]] = [:]
        for group in parent.keys.sorted() { found[root(group), default: []].append(group) }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    private func root(_ group: Int32) -> Int32 {
        var root = group
        while let next = parent[root], next != root { root = next }
        return root
    }
}

/// The merges that are open, the heaviest first; of equals the one with the smallest subjects.
struct MergeHeap {
    private var heap: [PeopleClustering.Merge] = []

    static func before(_ a: PeopleClustering.Merge, _ b: PeopleClustering.Merge) -> Bool {
        (b.weight, a.left, a.right) < (a.weight, b.left, b.right)
    }

    mutating func push(_ merge: PeopleClustering.Merge) {
        heap.append(merge)
        var place = heap.count - 1
        while place > 0, Self.before(heap[place], heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func pop() -> PeopleClustering.Merge? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var place = 0
        while true {
            var best = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && Self.before(heap[child], heap[best]) {
                best = child
            }
            if best == place { break }
            heap.swapAt(place, best)
            place = best
        }
        return first
    }
}
