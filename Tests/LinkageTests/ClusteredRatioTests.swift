import Testing

@testable import Linkage

@Suite("Intervals of pairs by cluster")
struct ClusteredRatioTests {
    private func ratio(_ clusters: [(Int, Int)]) -> ClusteredRatio {
        var ratio = ClusteredRatio()
        for (part, whole) in clusters { ratio.add(part, of: whole) }
        return ratio
    }

    @Test("Six pairs that stand and fall together say as much as one")
    func asOne() throws {
        let clusters = (0..<200).map { ($0 < 150 ? 6 : 0, 6) }
        let found = try #require(ratio(clusters).estimate)
        // The variance of 200 zeros and ones, with n − 1 as for any sample.
        let one = Proportion.interval(0.75, size: 199)
        #expect(found.value == 0.75)
        #expect(abs(found.low - one.low) < 1e-12 && abs(found.high - one.high) < 1e-12)
    }

    @Test(
        "Single pairs have nearly Wilson's interval, and clusters of different sizes the variance of a ratio"
    )
    func byHand() throws {
        let single = try #require(ratio((0..<1_000).map { ($0 < 900 ? 1 : 0, 1) }).estimate)
        let plain = Proportion(900, of: 1_000)
        #expect(abs(single.low - plain.low) < 1e-4 && abs(single.high - plain.high) < 1e-4)

        // y of x: 1 of 1, 2 of 3, 0 of 2, 6 of 6; R = 9/12, residuals 1/4, −1/4, −3/2, 3/2.
        let found = try #require(ratio([(1, 1), (2, 3), (0, 2), (6, 6)]).estimate)
        let variance = 4.0 / 3 * (1.0 / 16 + 1.0 / 16 + 9.0 / 4 + 9.0 / 4) / 144
        let expected = Proportion.interval(0.75, size: 0.75 * 0.25 / variance)
        #expect(found.value == 0.75)
        #expect(abs(found.low - expected.low) < 1e-12 && abs(found.high - expected.high) < 1e-12)
    }

    @Test("Where all pairs are true the bound is that of the clusters, not of the pairs")
    func alike() throws {
        let found = try #require(ratio(Array(repeating: (6, 6), count: 50)).estimate)
        #expect(found.high == 1 && abs(found.low - Proportion(50, of: 50).low) < 1e-12)
        let none = try #require(ratio(Array(repeating: (0, 6), count: 50)).estimate)
        #expect(none.low == 0 && abs(none.high - Proportion(0, of: 50).high) < 1e-12)
        let one = try #require(ratio([(3, 4)]).estimate)
        #expect(one.high - one.low > 0.5)
    }

    @Test("No interval is narrower than that of as many independent pairs, and none has no pairs")
    func noNarrower() throws {
        // Each cluster is half true: the clusters do not vary at all.
        let found = try #require(ratio(Array(repeating: (1, 2), count: 50)).estimate)
        #expect(abs(found.low - Proportion(50, of: 100).low) < 1e-12)
        #expect(ratio([]).estimate == nil && ratio([(0, 0)]).estimate == nil)
    }
}
