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
        trusted: [(Int32, Int32)] = []
    ) -> [Int32] {
        // Pairs that no key brought together are of strangers.
        var clustering = PeopleClustering(
            source: source, mayRepeat: repeats, linkThreshold: 2,
            weigh: { $0.map { _ in (-20, false) } })
        return clustering.cluster(trusted: trusted, edges: edges).group
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
            groups([0, 1, 2], repeats: [false, false, false], [], trusted: [(0, 2)]) == [0, 1, 0])
    }

    @Test("The order of the pairs does not matter")
    func order() {
        let edges = [edge(0, 1, 5), edge(1, 2, 5), edge(0, 2, 5), edge(2, 3, 5), edge(3, 4, 5)]
        let found = groups([0, 1, 2, 0, 1], repeats: [false, false, false], edges)
        #expect(
            found == groups([0, 1, 2, 0, 1], repeats: [false, false, false], edges.reversed()))
    }
}
