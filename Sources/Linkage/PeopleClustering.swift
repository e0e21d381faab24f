/// Gathers subjects into people by merging along the heaviest pairs first, under
/// constraints that keep links from chaining.
///
/// Two groups become one person only where
/// - no source that knows a person once would have two subjects in it,
/// - no pair between them is in conflict (twins, two identifiers), and
/// - at least `cohesion` of the pairs between them are themselves at least for review.
///
/// Subjects with the same trusted key are one person before anything is weighed.
struct PeopleClustering {
    struct Edge {
        var left: Int32
        var right: Int32
        var weight: Double
        var conflict: Bool
    }

    struct Outcome {
        /// The group of each subject: the smallest subject in it.
        var group: [Int32]
        /// Pairs at the link threshold whose subjects stayed apart.
        var refused: Int
    }

    let source: [Int32]
    /// For each source, whether a person may have several subjects in it.
    let mayRepeat: [Bool]
    let linkThreshold: Double
    let cohesion: Double

    private var parent: [Int32] = []
    private var members: [[Int32]] = []
    private var neighbours: [[(other: Int32, conflict: Bool)]] = []

    init(source: [Int32], mayRepeat: [Bool], linkThreshold: Double, cohesion: Double) {
        self.source = source
        self.mayRepeat = mayRepeat
        self.linkThreshold = linkThreshold
        self.cohesion = cohesion
    }

    /// - Parameters:
    ///   - trusted: Pairs of subjects with the same trusted key.
    ///   - edges: Pairs of subjects at or above the review threshold, by index, each once.
    mutating func cluster(trusted: [(Int32, Int32)], edges: [Edge]) -> Outcome {
        parent = source.indices.map(Int32.init)
        members = source.indices.map { [Int32($0)] }
        neighbours = Array(repeating: [], count: source.count)
        for edge in edges {
            neighbours[Int(edge.left)].append((edge.right, edge.conflict))
            neighbours[Int(edge.right)].append((edge.left, edge.conflict))
        }
        for (left, right) in trusted { union(find(left), find(right)) }
        var waiting = edges.filter { $0.weight >= linkThreshold && !$0.conflict }
            .sorted { ($1.weight, $0.left, $0.right) < ($0.weight, $1.left, $1.right) }
        // A refusal for want of cohesion may fall once the groups have grown.
        var merged = true
        while merged {
            merged = false
            waiting = waiting.filter { edge in
                let (left, right) = (find(edge.left), find(edge.right))
                guard left != right else { return false }
                guard mayMerge(left, right) else { return true }
                union(left, right)
                merged = true
                return false
            }
        }
        return Outcome(group: source.indices.map { find(Int32($0)) }, refused: waiting.count)
    }

    private mutating func find(_ subject: Int32) -> Int32 {
        var root = subject
        while parent[Int(root)] != root { root = parent[Int(root)] }
        var node = subject
        while parent[Int(node)] != root {
            (node, parent[Int(node)]) = (parent[Int(node)], root)
        }
        return root
    }

    /// The smaller subject becomes the root, so that roots do not depend on the order.
    private mutating func union(_ left: Int32, _ right: Int32) {
        guard left != right else { return }
        let (root, child) = left < right ? (left, right) : (right, left)
        parent[Int(child)] = root
        members[Int(root)] += members[Int(child)]
        members[Int(child)] = []
    }

    private mutating func mayMerge(_ left: Int32, _ right: Int32) -> Bool {
        let (a, b) = (members[Int(left)], members[Int(right)])
        for one in a where !mayRepeat[Int(source[Int(one)])] {
            if b.contains(where: { source[Int($0)] == source[Int(one)] }) { return false }
        }
        let (small, other) = a.count <= b.count ? (a, right) : (b, left)
        var supported = 0
        for subject in small {
            for neighbour in neighbours[Int(subject)] where find(neighbour.other) == other {
                if neighbour.conflict { return false }
                supported += 1
            }
        }
        return Double(supported) >= cohesion * Double(a.count * b.count)
    }
}
