import PipelineModel
import Testing

@testable import Linkage

@Suite("People from pairs")
struct ClusteringTests {
    private func edge(_ left: Int32, _ right: Int32, _ weight: Double, conflict: Bool = false)
        -> PeopleClustering.Edge
    {
        PeopleClustering.Edge(left: left, right: right, weight: weight, conflict: conflict)
    }

    private func groups(
        _ source: [Int32], repeats: [Bool], _ edges: [PeopleClustering.Edge],
        together: [(Int32, Int32)] = [], apart: [(Int32, Int32)] = []
    ) -> [Int32] {
        // Pairs that no key brought together are of strangers.
        let known = Dictionary(
            uniqueKeysWithValues: edges.map {
                ([min($0.left, $0.right), max($0.left, $0.right)], $0)
            })
        var clustering = PeopleClustering(
            source: source, mayRepeat: repeats, linkThreshold: 2,
            weigh: {
                $0.map { left, right in
                    known[[min(left, right), max(left, right)]].map { ($0.weight, $0.conflict) }
                        ?? (-20, false)
                }
            })
        return clustering.cluster(together: together, apart: apart, edges: edges).group
    }

    @Test("A chain of links does not become one person")
    func chain() {
        // 0–1–2–3–4–5, each linked to its neighbours only.
        let edges = (0..<5).map { edge($0, $0 + 1, 10 - Double($0)) }
        let found = groups([0, 0, 0, 0, 0, 0], repeats: [true], edges)
        #expect(found == [0, 0, 2, 2, 4, 4])
    }

    @Test("A source that knows a person once gives a person one subject, the heavier pair first")
    func oneToOne() {
        let edges = [edge(0, 1, 5), edge(0, 2, 9), edge(1, 2, 4)]
        #expect(groups([0, 1, 1], repeats: [false, false], edges) == [0, 1, 0])
        #expect(groups([0, 1, 1], repeats: [false, true], edges) == [0, 0, 0])
    }

    @Test("A pair in conflict keeps its two groups apart")
    func conflict() {
        let edges = [edge(0, 2, 20), edge(1, 2, 12), edge(0, 1, 15, conflict: true)]
        #expect(groups([0, 1, 2], repeats: [false, false, false], edges) == [0, 1, 0])
    }

    @Test("Subjects with one trusted key are one person without any pair")
    func trusted() {
        #expect(
            groups([0, 1, 2], repeats: [false, false, false], [], together: [(0, 2)]) == [0, 1, 0])
    }

    @Test("The order of the pairs does not matter")
    func order() {
        let edges = [edge(0, 1, 5), edge(1, 2, 5), edge(0, 2, 5), edge(2, 3, 5), edge(3, 4, 5)]
        let found = groups([0, 1, 2, 0, 1], repeats: [false, false, false], edges)
        #expect(
            found == groups([0, 1, 2, 0, 1], repeats: [false, false, false], edges.reversed()))
    }

    @Test("What is to be apart stays apart through every merge of the groups around it")
    func apart() {
        // 0 and 3 weigh most of all; without the constraint all four are one person.
        let edges = [
            edge(0, 1, 9), edge(2, 3, 8), edge(0, 3, 12), edge(1, 2, 7), edge(0, 2, 6),
            edge(1, 3, 6),
        ]
        let source: [Int32] = [0, 1, 2, 3]
        let once = [false, false, false, false]
        #expect(groups(source, repeats: once, edges) == [0, 0, 0, 0])
        #expect(groups(source, repeats: once, edges, apart: [(0, 3)]) == [0, 0, 2, 2])
        // It binds a pair that nothing else competes with, too.
        #expect(groups([0, 1], repeats: once, [edge(0, 1, 12)], apart: [(1, 0)]) == [0, 1])
    }

    @Test("What is to be apart goes before what is to be together, and before a trusted chain")
    func apartBeforeTogether() {
        let source: [Int32] = [0, 1, 2]
        let once = [false, false, false]
        #expect(
            groups(source, repeats: once, [], together: [(0, 1)], apart: [(0, 1)]) == [0, 1, 2])
        #expect(
            groups(source, repeats: once, [], together: [(0, 1), (1, 2)], apart: [(0, 2)])
                == [0, 0, 2])
        var clustering = PeopleClustering(
            source: source, mayRepeat: once, linkThreshold: 2,
            weigh: { $0.map { _ in (-20, false) } })
        let outcome = clustering.cluster(
            together: [(0, 1), (1, 2)], apart: [(0, 2)], edges: [edge(0, 2, 12)])
        #expect(outcome.apart == 1 && outcome.apartAtLink == 1)
        // The pair that must be apart is not one that somebody should look at.
        #expect(outcome.refused == 0)
    }

    @Test("Together goes before a source that knows a person once, and before a conflict")
    func together() {
        let edges = [edge(0, 2, 10), edge(1, 2, 9), edge(0, 1, 5, conflict: true), edge(3, 4, 9)]
        #expect(
            groups([0, 0, 1, 0, 1], repeats: [false, false], edges, together: [(0, 1)])
                == [0, 0, 0, 3, 3])
    }

    @Test("Random constraints: no pair that is to be apart is ever one person")
    func randomConstraints() {
        for seed in 1...40 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed, label: "constraints")
            let count: Int32 = 24
            func pair() -> (Int32, Int32) {
                let left = Int32(generator.below(Int(count)))
                return (left, (left + 1 + Int32(generator.below(Int(count) - 1))) % count)
            }
            var weights: [[Int32]: Double] = [:]
            for _ in 0..<80 {
                let (left, right) = pair()
                weights[[min(left, right), max(left, right)]] = Double(generator.below(18)) - 4
            }
            let edges = weights.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                .map { edge($0.key[0], $0.key[1], $0.value) }
            let apart = (0..<12).map { _ in pair() }
            let together = (0..<4).map { _ in pair() }
            let found = groups(
                (0..<count).map { $0 % 4 }, repeats: [true, true, true, true], edges,
                together: together, apart: apart)
            for (left, right) in apart {
                #expect(found[Int(left)] != found[Int(right)], "seed \(seed)")
            }
        }
    }
}
