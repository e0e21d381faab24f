import PipelineModel
import Testing

@testable import Linkage

@Suite("Groups that compete")
struct RivalGroupsTests {
    private func edge(_ left: Int32, _ right: Int32, _ weight: Double, conflict: Bool = false)
        -> PeopleClustering.Edge
    {
        PeopleClustering.Edge(left: left, right: right, weight: weight, conflict: conflict)
    }

    private func outcome(
        _ source: [Int32], _ edges: [PeopleClustering.Edge], repeats: [Bool]? = nil,
        margin: Double = 0, floor: Double = 2, apart: [(Int32, Int32)] = [],
        together: [(Int32, Int32)] = []
    ) -> PeopleClustering.Outcome {
        let known = Dictionary(
            uniqueKeysWithValues: edges.map {
                ([min($0.left, $0.right), max($0.left, $0.right)], $0)
            })
        var clustering = PeopleClustering(
            source: source, mayRepeat: repeats ?? Array(repeating: false, count: 8),
            linkThreshold: floor, settleThreshold: 2, margin: margin,
            weigh: {
                $0.map { left, right in
                    known[[min(left, right), max(left, right)]].map { ($0.weight, $0.conflict) }
                        ?? (-20, false)
                }
            })
        return clustering.cluster(together: together, apart: apart, edges: edges)
    }

    @Test("The best whole is found where the heaviest pair first gives less")
    func assignmentBeatsGreedy() {
        // 0–2 weighs most, but 0–3 and 1–2 together weigh more than it alone.
        let edges = [edge(0, 2, 9), edge(0, 3, 8), edge(1, 2, 8)]
        #expect(outcome([0, 0, 1, 1], edges).group == [0, 1, 1, 0])
        // Where a source may repeat, nothing competes.
        #expect(
            outcome([0, 0, 1, 1], edges, repeats: [true, true]).group != [0, 1, 1, 0])
        // Along a path of any length: 0–5 … with every inner pair a bit heavier.
        let path = [
            edge(0, 3, 6), edge(1, 3, 7), edge(1, 4, 6), edge(2, 4, 7), edge(2, 5, 6),
        ]
        #expect(outcome([0, 0, 0, 1, 1, 1], path).group == [0, 1, 2, 0, 1, 2])
    }

    @Test("Of two candidates beyond what a pair may say, the heavier is taken")
    func beyondTheLimit() {
        let edges = [edge(0, 1, 14), edge(0, 2, 25)]
        #expect(outcome([0, 1, 1], edges).group == [0, 1, 0])
    }

    @Test("What is apart, in conflict or said to be together binds the assignment too")
    func constraints() {
        let edges = [edge(0, 2, 9), edge(0, 3, 8), edge(1, 2, 8)]
        #expect(outcome([0, 0, 1, 1], edges, apart: [(0, 3)]).group == [0, 1, 0, 3])
        #expect(outcome([0, 0, 1, 1], edges, together: [(0, 2)]).group == [0, 1, 0, 3])
        let conflict = [edge(0, 2, 9), edge(0, 3, 8, conflict: true), edge(1, 2, 8)]
        #expect(outcome([0, 0, 1, 1], conflict).group == [0, 1, 0, 3])
    }

    @Test("With three sources a subject goes to the group for which the whole is best")
    func threeSources() {
        // 0 and 1 of one source, 2–4 and 3–5 of two others; 1 fits both, 0 only the first.
        let edges = [
            edge(2, 4, 12), edge(3, 5, 12), edge(1, 2, 9), edge(1, 4, 9), edge(1, 3, 8),
            edge(1, 5, 8), edge(0, 2, 8), edge(0, 4, 8),
        ]
        #expect(outcome([0, 0, 1, 1, 2, 2], edges).group == [0, 1, 0, 1, 0, 1])
    }

    @Test("Between two sources the sum is the largest there is, whatever the weights")
    func bruteForce() {
        for seed in 1...60 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed, label: "rivals")
            let size = 2 + generator.below(4)
            var weights: [[Double]] = []
            var edges: [PeopleClustering.Edge] = []
            for left in 0..<size {
                weights.append((0..<size).map { _ in Double(generator.below(120)) / 10 })
                for right in 0..<size where weights[left][right] >= 2 {
                    edges.append(edge(Int32(left), Int32(size + right), weights[left][right]))
                }
            }
            let source = (0..<2 * size).map { Int32($0 / size) }
            let found = outcome(source, edges).group
            var total = 0.0
            for left in 0..<size {
                for right in 0..<size where found[size + right] == found[left] {
                    total += weights[left][right] - 2
                }
            }
            func best(_ left: Int, _ taken: Set<Int>) -> Double {
                guard left < size else { return 0 }
                var most = best(left + 1, taken)
                for right in 0..<size where weights[left][right] >= 2 && !taken.contains(right) {
                    most = max(
                        most, weights[left][right] - 2 + best(left + 1, taken.union([right])))
                }
                return most
            }
            #expect(abs(total - best(0, [])) < 1e-6, "seed \(seed)")
        }
    }

    @Test("A link that is hardly better than what would come in its place is not made")
    func tooClose() {
        let close = outcome([0, 1, 1], [edge(0, 1, 9), edge(0, 2, 7)], margin: 3)
        #expect(close.group == [0, 1, 2])
        #expect(
            close.closeCalls == [
                .init(left: 0, right: 1, insteadOf: 1, rival: 2, margin: 2)
            ])
        let clear = outcome([0, 1, 1], [edge(0, 1, 9), edge(0, 2, 5)], margin: 3)
        #expect(clear.group == [0, 0, 2] && clear.closeCalls.isEmpty)
        // A weak link without a rival is a link: there is nothing to confuse it with.
        let alone = outcome([0, 1], [edge(0, 1, 2.5)], margin: 3)
        #expect(alone.group == [0, 0] && alone.closeCalls.isEmpty)
        // Twins whose other twin is there too: the two wholes are far apart, though the pairs
        // are not.
        let twins = outcome(
            [0, 0, 1, 1], [edge(0, 2, 12), edge(1, 3, 12), edge(0, 3, 10), edge(1, 2, 10)],
            margin: 3)
        #expect(twins.group == [0, 1, 0, 1] && twins.closeCalls.isEmpty)
        // A tie is never broken by who comes first.
        let tie = outcome([0, 0, 1], [edge(0, 2, 9), edge(1, 2, 9)], margin: 3)
        #expect(tie.group == [0, 1, 2] && tie.closeCalls.map(\.margin) == [0])
    }

    @Test("What was settled merges no further above, and with others below")
    func belowTheThreshold() {
        let edges = [
            edge(0, 2, 9), edge(0, 3, 8), edge(1, 2, 8), edge(3, 4, 1.5), edge(0, 4, 1.5),
        ]
        let found = outcome([0, 0, 1, 1, 2], edges, floor: -4)
        #expect(found.group == [0, 1, 1, 0, 0])
        #expect(found.merges.map(\.weight) == [8, 8, 1.5])
        #expect(outcome([0, 0, 1, 1, 2], edges).group == [0, 1, 1, 0, 4])
    }

    @Test("A set that is too large is left as it was merged, and counted")
    func tooLarge() {
        let size = Int32(RivalGroups.largest)
        var edges: [PeopleClustering.Edge] = []
        for left in 0..<size {
            edges.append(edge(left, size + left, 6))
            if left + 1 < size { edges.append(edge(left + 1, size + left, 7)) }
        }
        let source = (0..<2 * size).map { $0 / size }
        let found = outcome(source, edges)
        #expect(found.unsettled > 0)
        #expect(found.group[1] == found.group[Int(size)])
    }

    @Test("The assignment of a table by hand, with rows that stay alone")
    func assignment() {
        let table: [[Double?]] = [[9, 8, nil], [8, nil, nil], [nil, nil, -1]]
        let found = MaximumAssignment.solve(table)
        #expect(found.column == [1, 0, nil] && abs(found.total - 16) < 1e-9)
        #expect(MaximumAssignment.solve([]).total == 0)
        #expect(MaximumAssignment.solve([[], []]).column == [nil, nil])
    }
}
