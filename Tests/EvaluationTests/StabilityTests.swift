import Evaluation
import Foundation
import PipelineModel
import Testing

struct StabilityTests {
    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        FourHundredRows.near(left, right, tolerance)
    }

    @Test func theIndexByHand() {
        // A flag that one in four had and half have: (0.5 − 0.25) ln 2 + (0.5 − 0.75) ln (2 ÷ 3).
        let before = (0..<100).map { $0 < 25 ? 1.0 : 0 }
        let after = (0..<40).map { $0 < 20 ? 1.0 : 0 }
        let stability = PopulationStability.assess(reference: before, other: after).value
        #expect(near(stability?.index, 0.25 * log(2) - 0.25 * log(2.0 / 3)))
        #expect(stability?.bins.map(\.reference) == [75, 25])
        #expect(stability?.bins.map(\.upTo) == [0, nil])
    }

    @Test func tenthsOfTheReference() {
        let before = (1...1000).map(Double.init)
        let same = PopulationStability.assess(reference: before, other: before.reversed()).value
        #expect(same?.index == 0 && same?.bins.map(\.reference) == [Int](repeating: 100, count: 10))
        #expect(same?.bins.map(\.upTo) == (1...9).map { Double($0 * 100) } + [nil])
        // All above the reference fall into its last tenth: nine empty bins count half a row.
        let high = PopulationStability.assess(reference: before, other: [5000, 5000]).value
        let expected = 9 * (0.25 - 0.1) * log(2.5) + (1 - 0.1) * log(10)
        #expect(near(high?.index, expected))
    }

    @Test func mostlyZeroHasABinForZero() {
        let before = (0..<1000).map { $0 < 850 ? 0 : Double($0) }
        let stability = PopulationStability.assess(reference: before, other: before).value
        #expect(stability?.bins.first?.upTo == 0 && stability?.bins.first?.reference == 850)
        #expect(stability?.bins.count == 3)
    }

    @Test func whatCannotBeComparedSaysWhy() {
        #expect(PopulationStability.assess(reference: [], other: [1]).value == nil)
        #expect(PopulationStability.assess(reference: [1], other: [.nan]).value == nil)
        #expect(PopulationStability.assess(reference: [1, 1], other: [2]).value?.index == 0)
    }

    @Test func listsOfRefitsAreCompared() throws {
        let score = (0..<10).map(Double.init)
        var other = score
        other[6] = 20
        let stability = try #require(
            ListStability.assess(score: score, refits: [score, other], size: 3).value)
        #expect(near(stability.overlap.estimate, (1 + 2.0 / 3) / 2))
        #expect(near(stability.overlap.lower, 2.0 / 3) && stability.overlap.upper == 1)
        #expect(near(stability.jaccard.estimate, (1 + 0.5) / 2))
        let always = stability.frequencies.first { $0.atLeast == 1 }
        #expect(always?.listed == 2 && always?.others == 0)
        let half = stability.frequencies.first { $0.atLeast == 0.5 }
        #expect(half?.listed == 1 && half?.others == 1)
        #expect(ListStability.assess(score: score, refits: [], size: 3).value == nil)
        #expect(ListStability.assess(score: score, refits: [[1]], size: 3).value == nil)
    }
}
