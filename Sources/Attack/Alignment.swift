/// A one-to-one matching of two graphs.
struct Alignment {
    private let left: GraphMatching.Graph
    private let right: GraphMatching.Graph

    init(_ left: GraphMatching.Graph, _ right: GraphMatching.Graph) {
        self.left = left
        self.right = right
    }

    /// For each node of the left graph its node of the right one; `nil` where none is left.
    func match() -> [Int?] {
        var best = assign { Self.distance(left.features[$0], right.features[$1]) }
        var error = misfit(best)
        var current = best
        for _ in 0..<12 {
            let anchors = current.enumerated().compactMap { node, other in
                other.map { (node, $0) }
            }
            let next = assign { node, other in profile(node, other, anchors) }
            let nextError = misfit(next)
            if nextError < error { (best, error) = (next, nextError) }
            if next == current { break }
            current = next
        }
        return best
    }

    /// The five nodes of the right graph that fit a node best, given the matching of the others.
    static func five(
        _ node: Int, _ left: GraphMatching.Graph, _ right: GraphMatching.Graph, _ matched: [Int?]
    ) -> [Int] {
        let alignment = Alignment(left, right)
        let anchors = matched.enumerated().compactMap { node, other in other.map { (node, $0) } }
        let distances = (0..<right.count).map { alignment.profile(node, $0, anchors) }
        return distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(5)
            .map { $0 }
    }

    /// How far the similarities of two nodes to the anchors are apart, with their own features.
    private func profile(_ node: Int, _ other: Int, _ anchors: [(Int, Int)]) -> Double {
        var sum = 0.0
        var used = 0
        for (anchor, image) in anchors where anchor != node && image != other {
            let difference =
                left.similarity[node * left.count + anchor]
                - right.similarity[other * right.count + image]
            sum += difference * difference
            used += 1
        }
        let size = left.features[node][0] - right.features[other][0]
        let frequency = left.features[node][1] - right.features[other][1]
        return sum / Double(max(1, used)) * Double(max(1, anchors.count))
            + size * size + frequency * frequency
    }

    private static func distance(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    /// The nearest pairs first, each node once.
    private func assign(_ distance: (Int, Int) -> Double) -> [Int?] {
        var pairs: [(distance: Double, left: Int, right: Int)] = []
        pairs.reserveCapacity(left.count * right.count)
        for node in 0..<left.count {
            for other in 0..<right.count { pairs.append((distance(node, other), node, other)) }
        }
        pairs.sort { ($0.distance, $0.left, $0.right) < ($1.distance, $1.left, $1.right) }
        var result = [Int?](repeating: nil, count: left.count)
        var taken = [Bool](repeating: false, count: right.count)
        for pair in pairs where result[pair.left] == nil && !taken[pair.right] {
            result[pair.left] = pair.right
            taken[pair.right] = true
        }
        return result
    }

    /// The sum of squared differences over all matched pairs.
    private func misfit(_ matched: [Int?]) -> Double {
        var sum = 0.0
        for (node, other) in matched.enumerated() {
            for (second, image) in matched.enumerated() where second > node {
                guard let other, let image else { continue }
                let difference =
                    left.similarity[node * left.count + second]
                    - right.similarity[other * right.count + image]
                sum += difference * difference
            }
        }
        return sum
    }
}
