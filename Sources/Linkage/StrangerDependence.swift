import Foundation

/// Which comparisons go together among strangers, and by how much: a town and its postcode, an
/// address and its flat.
///
/// Agreement on both says less than the two weights together. The joint probability of a pattern
/// among strangers is taken as a tree: Π u · Π P(a, b)/(P(a) P(b)) over the edges, which is the
/// tree nearest to the joint distribution (C. K. Chow and C. N. Liu, "Approximating discrete
/// probability distributions with dependence trees", IEEE Trans. Inf. Theory 14, 1968).
enum StrangerDependence {
    /// Pseudo-pairs towards independence: what was hardly ever seen says nothing.
    private static let prior = 2.0
    /// How far one edge may move a weight, in bits.
    private static let limit = 8.0

    /// - Parameters:
    ///   - comparisons: Their names.
    ///   - levels: For each comparison, its levels with the disagreement.
    ///   - patterns: Of pairs at random.
    ///   - strangers: How many strangers have each pattern.
    static func edges(
        _ comparisons: [String], levels: [Int], patterns: CountedPatterns, strangers: [Double]
    ) -> [LinkageParameters.Dependence] {
        var found: [(gain: Double, first: Int, second: Int, bits: [[Double]])] = []
        for first in comparisons.indices {
            for second in comparisons.indices where second > first {
                let joint = patterns.joint(
                    first, second, levels: (levels[first], levels[second]), weights: strangers)
                if let edge = edge(joint) { found.append((edge.gain, first, second, edge.bits)) }
            }
        }
        found.sort { ($1.gain, $0.first, $0.second) < ($0.gain, $1.first, $1.second) }
        var tree = Array(comparisons.indices)
        var edges: [LinkageParameters.Dependence] = []
        for edge in found where tree[edge.first] != tree[edge.second] {
            let (kept, gone) = (tree[edge.first], tree[edge.second])
            for index in tree.indices where tree[index] == gone { tree[index] = kept }
            edges.append(
                LinkageParameters.Dependence(
                    first: comparisons[edge.first], second: comparisons[edge.second],
                    bits: edge.bits))
        }
        return edges
    }

    /// `nil` where chance alone could have made the two go together so much.
    private static func edge(_ joint: [[Double]]) -> (gain: Double, bits: [[Double]])? {
        let rows = joint.map { $0.reduce(0, +) }
        let columns = (joint.first ?? []).indices.map { column in
            joint.reduce(0) { $0 + $1[column] }
        }
        let total = rows.reduce(0, +)
        guard total >= 1_000 else { return nil }
        var gain = 0.0
        let bits = joint.indices.map { row in
            columns.indices.map { column -> Double in
                let expected = rows[row] * columns[column] / total
                let seen = joint[row][column]
                if seen > 0 { gain += seen * log(seen / expected) }
                return min(max(log2((seen + prior) / (expected + prior)), -limit), limit)
            }
        }
        // Twice the gain is χ² with so many degrees of freedom where the two are independent.
        let freedom = Double((rows.count - 1) * (columns.count - 1))
        guard 2 * gain > freedom + 6 * (2 * freedom).squareRoot() else { return nil }
        return (gain, bits)
    }
}

/// The edges by the places of their comparisons.
struct StrangerTree {
    let edges: [(first: Int, second: Int, bits: [[Double]])]

    init(_ parameters: LinkageParameters) {
        self.init(parameters.dependences, names: parameters.comparisons.map(\.name))
    }

    init(_ dependences: [LinkageParameters.Dependence], names: [String]) {
        edges = dependences.compactMap { edge in
            guard let first = names.firstIndex(of: edge.first),
                let second = names.firstIndex(of: edge.second)
            else { return nil }
            return (first, second, edge.bits)
        }
    }

    func dependences(names: [String]) -> [LinkageParameters.Dependence] {
        edges.map {
            LinkageParameters.Dependence(
                first: names[$0.first], second: names[$0.second], bits: $0.bits)
        }
    }

    /// Digits of 0, which could not be compared, take their edges with them.
    func bits(_ digits: some RandomAccessCollection<Int>) -> Double {
        guard !edges.isEmpty else { return 0 }
        func digit(_ place: Int) -> Int {
            digits[digits.index(digits.startIndex, offsetBy: place)]
        }
        var sum = 0.0
        for edge in edges {
            let (a, b) = (digit(edge.first), digit(edge.second))
            if a > 0, b > 0 { sum += edge.bits[a - 1][b - 1] }
        }
        return sum
    }

    /// Pairs of comparisons that go together, with what they add for a pattern.
    func steps(_ digits: [Int]) -> [(first: Int, second: Int, bits: Double)] {
        edges.compactMap { edge in
            let (a, b) = (digits[edge.first], digits[edge.second])
            return a > 0 && b > 0 ? (edge.first, edge.second, edge.bits[a - 1][b - 1]) : nil
        }
    }
}
