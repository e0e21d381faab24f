import Foundation
import PipelineModel
import Testing

@testable import Linkage

@Suite("Likely matches")
struct LikelyMatchesTests {
    @Test("A comparison is learnt from likely matches that a key found which leaves it open")
    func learnt() throws {
        let comparisons = (0..<4).map {
            LinkageSpecification.Comparison("c\($0)", [.equal("c\($0)")])
        }
        let layout = try PatternLayout(comparisons)
        func pattern(_ digits: [Int]) -> UInt64 {
            zip(digits, layout.strides).reduce(0) { $0 + UInt64($1.0) * $1.1 }
        }
        // Key 0 decides c0; key 1 decides c3.
        let touched = [[true, false, false, false], [false, false, false, true]]
        var pairs: [TrainingSample.Pair] = []
        func add(_ digits: [Int], keys: UInt64, _ count: Int) {
            for _ in 0..<count {
                pairs.append(
                    .init(left: 0, right: 1, pattern: pattern(digits), keys: keys))
            }
        }
        add([1, 1, 1, 1], keys: 0b01, 900)
        add([1, 1, 1, 2], keys: 0b01, 100)
        add([2, 1, 1, 1], keys: 0b10, 200)
        add([1, 1, 1, 1], keys: 0b10, 800)
        // Strangers, and pairs that could be either.
        add([1, 2, 2, 2], keys: 0b01, 5_000)
        var mixture = PairMixture(
            [
                comparisons.map { _ in [0.9, 0.1] }, comparisons.map { _ in [0.01, 0.99] },
                comparisons.map { _ in [0.001, 0.999] },
            ], tree: StrangerTree([], names: []),
            errors: MatchHeterogeneity(
                m: comparisons.map { _ in [0.9, 0.1] }, exact: [1, 1, 1, 1], share: 0, shift: 0),
            all: 1e6)
        mixture.matches = 2_000
        let likely = LikelyMatches(
            pairs, full: pairs.map(\.pattern), touched: touched, layout: layout)
        let levels = likely.levels(mixture, from: comparisons.map { _ in [0.5, 0.5] })
        // c3 from key 0 alone: 100 of 1,000 differ; c0 from key 1 alone: 200 of 1,000. Sure pairs
        // count with their probability, which is some millionths less than 1.
        #expect(abs(levels[3][1] - 101.0 / 1_002) < 2e-6)
        #expect(abs(levels[0][1] - 201.0 / 1_002) < 2e-6)
        #expect(abs(levels[1][1] - 1.0 / 2_002) < 2e-6)
    }

    @Test("Where no pair is a likely match, all stays as it was")
    func none() throws {
        let comparisons = [LinkageSpecification.Comparison("c", [.equal("c")])]
        let layout = try PatternLayout(comparisons)
        let mixture = PairMixture(
            [[[0.9, 0.1]], [[0.5, 0.5]], [[0.5, 0.5]]], tree: StrangerTree([], names: []),
            errors: MatchHeterogeneity(m: [[0.9, 0.1]], exact: [1], share: 0, shift: 0), all: 1e6)
        let likely = LikelyMatches(
            [.init(left: 0, right: 1, pattern: 1, keys: 1)], full: [1], touched: [[false]],
            layout: layout)
        #expect(likely.levels(mixture, from: [[0.7, 0.3]]) == [[0.7, 0.3]])
    }
}
