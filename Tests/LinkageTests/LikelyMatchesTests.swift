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
        let levels = likely.levels(
            mixture, from: comparisons.map { _ in [0.5, 0.5] },
            strangers: comparisons.map { _ in [0.001, 0.999] })
        // c3 from key 0 alone: 100 of 1,000 differ; c0 from key 1 alone: 200 of 1,000. Sure pairs
        // count with their probability, which is some millionths less than 1.
        #expect(abs(levels[3][1] - 101.0 / 1_002) < 2e-6)
        #expect(abs(levels[0][1] - 201.0 / 1_002) < 2e-6)
        // Of 2,002 none differs in c1 but for half of the two that are held.
        #expect(abs(levels[1][1] - LikelyMatches.rarest) < 2e-6)
    }

    /// Three comparisons with two levels each, `m`, `r` and `u` for agreement.
    private func mixture(
        m: [Double], r: [Double], u: [Double], matches: Double, relatives: Double
    ) -> PairMixture {
        func levels(_ agree: [Double]) -> [[Double]] { agree.map { [$0, 1 - $0] } }
        var mixture = PairMixture(
            [levels(m), levels(r), levels(u)], tree: StrangerTree([], names: []),
            errors: MatchHeterogeneity(m: levels(m), exact: [1, 1, 1], share: 0, shift: 0),
            all: 1e6)
        (mixture.matches, mixture.relatives) = (matches, relatives)
        return mixture
    }

    private func pairs(_ digits: [(digits: [Int], count: Int)]) throws -> LikelyMatches {
        let layout = try PatternLayout(
            (0..<3).map { LinkageSpecification.Comparison("c\($0)", [.equal("c\($0)")]) })
        let pairs = digits.flatMap { digits, count in
            let pattern = zip(digits, layout.strides).reduce(UInt64(0)) {
                $0 + UInt64($1.0) * $1.1
            }
            return Array(
                repeating: TrainingSample.Pair(left: 0, right: 1, pattern: pattern, keys: 1),
                count: count)
        }
        return LikelyMatches(
            pairs, full: pairs.map(\.pattern), touched: [[false, false, false]], layout: layout)
    }

    @Test("A level that was taken for impossible in matches is learnt all the same")
    func fromNothing() throws {
        // One match in a hundred has another c0, as another date of birth.
        let likely = try pairs([([1, 1, 1], 990), ([2, 1, 1], 10)])
        let u = [[0.001, 0.999], [1e-5, 1 - 1e-5], [1e-5, 1 - 1e-5]]
        let strangers = u.map { $0[0] }
        func learnt(from start: Double) -> Double {
            var m = [[1 - start, start], [0.95, 0.05], [0.95, 0.05]]
            for _ in 0..<5 {
                m = likely.levels(
                    mixture(
                        m: m.map { $0[0] }, r: [0.01, 0.01, 0.01], u: strangers, matches: 1_000,
                        relatives: 1e-3), from: m, strangers: u)
            }
            return m[0][1]
        }
        let raised = LikelyMatches.raised([1 - 1e-9, 1e-9], strangers: u[0])
        #expect(raised[1] > 0.000_99)
        #expect(abs(learnt(from: raised[1]) - 0.01) < 2e-4)
        #expect(abs(learnt(from: 1e-9) - 0.01) < 2e-4)
    }

    @Test(
        "Pairs of one person or of twins count by how likely they are matches, on either side of a half"
    )
    func twins() throws {
        // c0 tells twins apart; 20 of 1,000 pairs differ in it.
        let likely = try pairs([([1, 1, 1], 980), ([2, 1, 1], 20)])
        func learnt(relatives: Double) -> (level: Double, match: Double) {
            let mixture = mixture(
                m: [0.98, 0.95, 0.95], r: [1e-4, 0.9, 0.9], u: [0.001, 1e-5, 1e-5],
                matches: 1_000, relatives: relatives)
            let levels = likely.levels(
                mixture, from: [[0.98, 0.02], [0.95, 0.05], [0.95, 0.05]],
                strangers: [[0.001, 0.999], [1e-5, 1 - 1e-5], [1e-5, 1 - 1e-5]])
            return (levels[0][1], mixture.match([2, 1, 1], without: []))
        }
        let (more, less) = (learnt(relatives: 20), learnt(relatives: 25))
        #expect(more.match > 0.5)
        #expect(less.match < 0.5)
        #expect(abs(more.level - 0.02 * more.match) < 4e-4)
        #expect(abs(less.level - 0.02 * less.match) < 4e-4)
    }

    @Test("What is raised says nothing for a match")
    func raised() {
        let shares = LikelyMatches.raised([0.999_999, 1e-9, 1e-6], strangers: [0.2, 1e-5, 0.8])
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
        #expect(shares[1] <= 1e-5)
        #expect(abs(shares[2] - LikelyMatches.rarest) < 2e-6)
        #expect(LikelyMatches.raised([0.7, 0.3], strangers: [0.1, 0.9]) == [0.7, 0.3])
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
        #expect(
            likely.levels(mixture, from: [[0.7, 0.3]], strangers: [[0.5, 0.5]]) == [[0.7, 0.3]])
    }
}
