/// Which subjects are connected with each other, directly or through others.
struct ConnectedSubjects {
    /// For each subject, the smallest that it is connected with.
    private(set) var root: [Int32]

    /// - Parameters:
    ///   - count: How many subjects there are.
    ///   - edges: Pairs that connect.
    ///   - pairs: Further pairs that connect.
    init(_ count: Int, edges: [PeopleClustering.Edge], pairs: [(Int32, Int32)] = []) {
        root = (0..<Int32(count)).map { $0 }
        root.withUnsafeMutableBufferPointer { root in
            func top(_ subject: Int32) -> Int32 {
                var node = Int(subject)
                while Int(root[node]) != node {
                    root[node] = root[Int(root[node])]
                    node = Int(root[node])
                }
                return Int32(truncatingIfNeeded: node)
            }
            func connect(_ left: Int32, _ right: Int32) {
                let (one, other) = (top(left), top(right))
                if one != other { root[Int(max(one, other))] = min(one, other) }
            }
            for edge in edges { connect(edge.left, edge.right) }
            for (left, right) in pairs { connect(left, right) }
            // A parent is smaller than its children, and so is final before they ask.
            for subject in root.indices { root[subject] = root[Int(root[subject])] }
        }
    }

    /// Of each subject that is the smallest of those connected with it, how many these are; 0 for
    /// others.
    var sizes: [Int32] {
        var sizes = [Int32](repeating: 0, count: root.count)
        for root in root { sizes[Int(root)] += 1 }
        return sizes
    }
}
