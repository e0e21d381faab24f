import EncodedExtract
import Foundation
import PipelineModel
import Testing

@testable import Linkage

@Suite("Fellegi–Sunter's model")
struct ModelTests {
    static let comparisons = (0..<5).map {
        LinkageSpecification.Comparison(
            "c\($0)", [.similar("c\($0)", atLeast: 1), .similar("c\($0)", atLeast: 0.8)])
    }

    @Test("EM finds planted matches and relatives among strangers", arguments: [1, 2] as [UInt64])
    func recoversPlanted(seed: UInt64) throws {
        let layout = try PatternLayout(Self.comparisons)
        let m = [
            [0.85, 0.1, 0.05], [0.9, 0.05, 0.05], [0.7, 0.2, 0.1], [0.95, 0.03, 0.02],
            [0.8, 0.1, 0.1],
        ]
        let r = [
            [0.02, 0.08, 0.9], [0.9, 0.05, 0.05], [0.03, 0.07, 0.9], [0.9, 0.05, 0.05],
            [0.85, 0.05, 0.1],
        ]
        let u = [
            [0.02, 0.03, 0.95], [0.1, 0.05, 0.85], [0.05, 0.1, 0.85], [0.2, 0.1, 0.7],
            [0.01, 0.04, 0.95],
        ]
        var generator = SeededGenerator(seed: seed, label: "planted")
        var table: [UInt64: Double] = [:]
        for _ in 0..<800_000 {
            let kind = generator.uniform()
            let truth = kind < 0.2 ? m : kind < 0.3 ? r : u
            var pattern: UInt64 = 0
            for comparison in truth.indices {
                // Missing in a tenth of the pairs, whoever they are.
                guard !generator.chance(0.1) else { continue }
                let draw = generator.uniform()
                let level =
                    draw < truth[comparison][0]
                    ? 1 : draw < truth[comparison][0] + truth[comparison][1] ? 2 : 3
                pattern += UInt64(level) * layout.strides[comparison]
            }
            table[pattern, default: 0] += 1
        }
        let patterns = table.sorted { $0.key < $1.key }.map {
            TrainingSample.Row(pattern: $0.key, full: $0.key, count: $0.value)
        }
        let agreeing = [0.8, 0.15, 0.05]
        let differing = [0.1, 0.1, 0.8]
        let start = ExpectationMaximisation.Estimate(
            probabilities: [
                m.map { _ in agreeing },
                [differing, agreeing, differing, agreeing, agreeing], u,
            ], shares: [[0.3, 0.2, 0.5]])
        var expectation = ExpectationMaximisation([patterns], layout: layout)
        expectation.tolerance = 1e-7
        expectation.maximumRounds = 5_000
        let estimate = expectation.estimate(from: start, free: m.map { _ in false })
        #expect(estimate.converged)
        #expect(abs(estimate.shares[0][0] - 0.2) < 0.01)
        #expect(abs(estimate.shares[0][1] - 0.1) < 0.01)
        for (found, planted) in zip(estimate.probabilities[0].joined(), m.joined()) {
            #expect(abs(found - planted) < 0.015)
        }
        for (found, planted) in zip(estimate.probabilities[1].joined(), r.joined()) {
            #expect(abs(found - planted) < 0.02)
        }
        #expect(estimate.probabilities[2] == u)
    }

    @Test(
        "What changed places is as rare among relatives as among strangers, whatever they start from"
    )
    func changedPlaces() throws {
        let comparisons = [
            LinkageSpecification.Comparison(
                "birth", [.equal("birth"), .crossed("birth", "birth.swapped")]),
            LinkageSpecification.Comparison(
                "given", [.similar("given", atLeast: 1), .anySimilar(["names"], atLeast: 0.9)]),
            LinkageSpecification.Comparison("names", [.anySimilar(["names"], atLeast: 0.9)]),
        ]
        #expect(comparisons.map(\.ownLevels) == [[1], [1], []])
        let layout = try PatternLayout(comparisons)
        // Matches, some with names or day and month exchanged; relatives; strangers.
        let rows: [([Int], Double)] = [
            ([1, 1, 1], 900), ([1, 2, 1], 40), ([2, 1, 1], 30), ([3, 3, 2], 3_000),
            ([3, 1, 2], 60),
            ([1, 3, 2], 50),
        ]
        let table = rows.map { digits, count in
            let pattern = zip(digits, layout.strides).reduce(UInt64(0)) { $0 + UInt64($1.0) * $1.1 }
            return TrainingSample.Row(pattern: pattern, full: pattern, count: count)
        }
        var expectation = ExpectationMaximisation([table], layout: layout)
        expectation.own = comparisons.map(\.ownLevels)
        expectation.maximumRounds = 2_000
        let u = [[0.01, 0.001, 0.989], [0.02, 0.001, 0.979], [0.01, 0.99]]
        // A start at which what is exchanged looks like relatives.
        let start = ExpectationMaximisation.Estimate(
            probabilities: [
                [[0.98, 0.01, 0.01], [0.98, 0.01, 0.01], [0.9, 0.1]],
                [[0.1, 0.4, 0.5], [0.1, 0.4, 0.5], [0.5, 0.5]], u,
            ], shares: [[0.3, 0.2, 0.5]])
        let estimate = expectation.estimate(from: start, free: [false, false, false])
        #expect(estimate.converged)
        for comparison in 0..<2 {
            let relatives = estimate.probabilities[1][comparison]
            #expect(abs(relatives[1] - u[comparison][1]) < 1e-12)
            #expect(abs(relatives.reduce(0, +) - 1) < 1e-12)
            // The matches have them all.
            #expect(estimate.probabilities[0][comparison][1] > 0.02)
        }
    }

    @Test("A weight is the prior plus log2(m/u) of each level, and a missing value adds nothing")
    func weightByHand() throws {
        // Prior log2(0.2/0.8) = -2; agreement log2(0.8/0.1) = 3; disagreement log2(0.2/0.8) = -2.
        let comparisons = ["a", "b"].map { LinkageSpecification.Comparison($0, [.equal($0)]) }
        func parameters(relatives: Double, r: [Double]) -> LinkageParameters {
            LinkageParameters(
                prevalence: 0.2, relatives: relatives,
                comparisons: ["a", "b"].map {
                    .init(
                        name: $0, levels: ["equal", "disagreement"], m: [0.8, 0.2], r: r,
                        u: [0.1, 0.8])
                }, keys: [], neverCompared: 0, pairs: 1, rounds: 1, converged: true)
        }
        var specification = LinkageSpecification()
        specification.comparisons = comparisons
        let layout = try PatternLayout(comparisons)
        var weights = PairWeights(
            parameters(relatives: 0, r: [0.5, 0.5]), specification, layout: layout,
            frequencies: [])
        let cases: [(a: UInt64, b: UInt64, weight: Double)] = [
            (1, 1, 4), (1, 2, -1), (2, 2, -6), (0, 1, 1), (0, 0, -2),
        ]
        for (a, b, weight) in cases {
            let found = weights.weigh(a * layout.strides[0] + b * layout.strides[1], 0)
            #expect(abs(found.weight - weight) < 1e-12)
        }
        // Relatives stand against a match beside strangers: 0.2 × 0.64 over 0.1 × 0.81 + 0.7 × 0.01.
        var three = PairWeights(
            parameters(relatives: 0.1, r: [0.9, 0.1]), specification, layout: layout,
            frequencies: [])
        let found = three.weigh(layout.strides[0] + layout.strides[1], 0)
        #expect(abs(found.weight - log2(0.2 * 0.64 / (0.1 * 0.81 + 0.7 * 0.01))) < 1e-12)
    }

    @Test("A rare token weighs more than a frequent one")
    func termFrequency() {
        // Shares 0.5, 0.25, 0.25: the mean coincidence is 0.375.
        let bits = TermFrequency.bits([7, 7, 8, 9, 0])
        #expect(abs(Double(bits[0]) - log2(0.375 / 0.5)) < 1e-6)
        #expect(abs(Double(bits[2]) - log2(0.375 / 0.25)) < 1e-6)
        #expect(bits[4] == 0)
    }

    @Test("The chance that two records share a token counts pairs of different records")
    func coincidence() {
        // 4 records, of which 2 share: 1 of 6 pairs.
        #expect(abs(TokenCoincidence.share([5, 5, 6, 7, 0], of: 4) - 1.0 / 6) < 1e-12)
        #expect(TokenCoincidence.share([UInt64](), of: 0) == 0)
    }

    @Test("Words are sorted by their upper half, equals in their order")
    func radixSort() {
        var generator = SeededGenerator(seed: 5, label: "words")
        for count in [0, 1, 255, 5_000] {
            var words = (0..<count).map { place in
                UInt64(generator.below(count + 1)) << (32 + UInt64(generator.below(20)))
                    | UInt64(place)
            }
            let expected = words.enumerated()
                .sorted { ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset) }
                .map(\.element)
            RadixSort.sortByHighWord(&words)
            #expect(words == expected)
        }
    }

    @Test("Patterns keep every digit; too many comparisons are refused")
    func layout() throws {
        let layout = try PatternLayout(Self.comparisons)
        let digits = [3, 0, 1, 2, 3]
        let pattern = zip(digits, layout.strides).reduce(UInt64(0)) { $0 + UInt64($1.0) * $1.1 }
        #expect(layout.digits(pattern) == digits)
        let many = (0..<40).map { LinkageSpecification.Comparison("c\($0)", [.equal("c\($0)")]) }
        #expect {
            try PatternLayout(many)
        } throws: { "\($0)".contains("more agreement patterns than fit") }
    }

    @Test("Parameters survive being written and read, and damaged ones are refused")
    func parametersFile() throws {
        let (first, second) = SyntheticEncodings.county(120)
        let outcome = try Linker.link(
            state: LinkState(),
            delta: [
                SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
            ], specification: LinkageSpecification(), mint: Minter(seed: Array(0..<32)))
        let parameters = try #require(outcome.state.parameters)
        #expect(try LinkageParameters.read(parameters.text, file: "p.json") == parameters)
        #expect {
            try LinkageParameters.read("{}", file: "p.json")
        } throws: { "\($0)".contains("p.json: The parameters of linkage cannot be read.") }
    }
}
