import PipelineModel
import Testing

@testable import Linkage

@Suite("Parts of the graph of pairs, gathered side by side")
struct ConnectedPartsTests {
    @Test("Connected subjects have the smallest of them for their root")
    func connected() {
        let edges = [(5, 3), (3, 7), (1, 2)].map {
            PeopleClustering.Edge(left: $0.0, right: $0.1, weight: 1, conflict: false)
        }
        let connected = ConnectedSubjects(9, edges: edges, pairs: [(8, 7), (4, 4)])
        #expect(connected.root == [0, 1, 1, 3, 4, 3, 6, 3, 3])
        #expect(connected.sizes == [1, 2, 0, 4, 1, 0, 1, 0, 0])
        #expect(ConnectedSubjects(0, edges: []).root.isEmpty)
    }

    /// A graph of many small parts: households of up to five subjects of three sources, with links
    /// that chain, compete and contradict each other.
    private struct Graph {
        var source: [Int32] = []
        var edges: [PeopleClustering.Edge] = []
        var together: [(Int32, Int32)] = []
        var apart: [(Int32, Int32)] = []

        init(_ households: Int, seed: UInt64) {
            var generator = SeededGenerator(seed: seed, label: "households")
            for _ in 0..<households {
                let first = Int32(source.count)
                let size = Int32(1 + generator.below(5))
                for _ in 0..<size { source.append(Int32(generator.below(3))) }
                for left in first..<(first + size) {
                    for right in (left + 1)..<max(first + size, left + 1)
                    where generator.below(3) > 0 {
                        edges.append(
                            .init(
                                left: left, right: right,
                                // Weights repeat, so that the order of equals matters.
                                weight: Double(generator.below(24)) / 2 - 2,
                                conflict: generator.below(20) == 0))
                    }
                }
                if size > 1, generator.below(12) == 0 { together.append((first, first + size - 1)) }
                if size > 2, generator.below(12) == 0 { apart.append((first, first + 1)) }
            }
        }

        func weigh(_ left: Int32, _ right: Int32) -> (weight: Double, conflict: Bool) {
            // Of those without an edge, by who they are.
            let hash = BlockingColumns.mixed(
                UInt64(min(left, right)) << 32 | UInt64(max(left, right)))
            return (Double(hash % 16) / 2 - 5, hash % 31 == 0)
        }
    }

    @Test(
        "People, merges, close calls and counts are those of one clustering of all",
        arguments: [UInt64(1), 2, 3], [1, 2, 5])
    func parts(seed: UInt64, threads: Int) {
        let graph = Graph(700, seed: seed)
        let mayRepeat = [false, false, true]
        var known: [UInt64: (Double, Bool)] = [:]
        for edge in graph.edges {
            known[UInt64(edge.left) << 32 | UInt64(edge.right)] = (edge.weight, edge.conflict)
        }
        let weights = known
        @Sendable func weigh(_ left: Int32, _ right: Int32) -> (weight: Double, conflict: Bool) {
            let key = UInt64(min(left, right)) << 32 | UInt64(max(left, right))
            return weights[key].map { ($0.0, $0.1) } ?? graph.weigh(left, right)
        }
        for (link, settle) in [(2.0, 2.0), (0.0, 3.0)] {
            @Sendable func gather(_ subjects: [Int32]) -> PeopleClustering {
                PeopleClustering(
                    source: subjects.map { graph.source[Int($0)] }, mayRepeat: mayRepeat,
                    linkThreshold: link, settleThreshold: settle, margin: link < settle ? 0 : 2
                ) { pairs in
                    pairs.map { weigh(subjects[Int($0.0)], subjects[Int($0.1)]) }
                }
            }
            var all = gather(graph.source.indices.map { Int32($0) })
            let whole = all.cluster(
                together: graph.together, apart: graph.apart, edges: graph.edges)
            let parts = PeopleClustering.inParts(
                of: graph.source.count, together: graph.together, apart: graph.apart,
                edges: graph.edges, threads: threads, gather: gather)
            #expect(parts.group == whole.group)
            #expect(parts.merges == whole.merges)
            #expect(parts.closeCalls == whole.closeCalls)
            #expect(parts.rivalSets == whole.rivalSets)
            #expect(parts.refused == whole.refused)
            #expect(parts.apart == whole.apart)
            #expect(parts.apartAtLink == whole.apartAtLink)
            #expect(parts.unsettled == whole.unsettled)
            // The graph has something of everything, or the test says nothing.
            #expect(whole.merges.count > 100 && whole.refused > 10 && whole.apart > 5)
            #expect(link < settle || whole.closeCalls.count > 10)
        }
    }

    @Test("Nobody is in a part where there are no pairs")
    func none() {
        let outcome = PeopleClustering.inParts(
            of: 4, together: [], apart: [], edges: [], threads: 2
        ) { _ in
            PeopleClustering(source: [], mayRepeat: [], linkThreshold: 2) {
                $0.map { _ in (0, false) }
            }
        }
        #expect(outcome.group == [0, 1, 2, 3] && outcome.merges.isEmpty)
    }
}
