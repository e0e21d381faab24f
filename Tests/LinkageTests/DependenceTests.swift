import EncodedExtract
import Foundation
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("What goes together")
struct DependenceTests {
    private static let names = ["town", "postcode", "sex"]
    private static let layout: PatternLayout? = try? PatternLayout(
        names.map { .init($0, [.equal($0)]) })

    /// Patterns of strangers: town and postcode agree together with probability `both`.
    private func patterns(both: Double) throws -> CountedPatterns {
        let layout = try #require(Self.layout)
        var patterns: [UInt64] = []
        var counts: [Double] = []
        for town in 1...2 {
            for postcode in 1...2 {
                for sex in 1...2 {
                    let (t, p) = (0.02, 0.01)
                    let share =
                        switch (town, postcode) {
                        case (1, 1): both
                        case (1, 2): t - both
                        case (2, 1): p - both
                        default: 1 - t - p + both
                        }
                    patterns.append(
                        zip([town, postcode, sex], layout.strides).reduce(0) {
                            $0 + UInt64($1.0) * $1.1
                        })
                    counts.append(share * 0.5 * 1e6)
                }
            }
        }
        return CountedPatterns(patterns, counts, layout)
    }

    @Test("A town and its postcode go together by log2 of how much likelier both are; sex does not")
    func edges() throws {
        let patterns = try patterns(both: 0.008)
        let edges = StrangerDependence.edges(
            Self.names, levels: [2, 2, 2], patterns: patterns, strangers: patterns.counts)
        #expect(edges.map(\.first) == ["town"] && edges.map(\.second) == ["postcode"])
        // 0.008 against 0.02 × 0.01 is 40 times; two pseudo-pairs draw it a little towards 1.
        let bits = try #require(edges.first?.bits)
        #expect(abs(bits[0][0] - log2(40)) < 0.02)
        #expect(bits[0][1] < 0 && bits[1][0] < 0)
        let tree = StrangerTree(edges, names: Self.names)
        #expect(tree.bits([1, 1, 2]) == bits[0][0])
        #expect(tree.bits([1, 0, 1]) == 0)

        let apart = try self.patterns(both: 0.0002)
        #expect(
            StrangerDependence.edges(
                Self.names, levels: [2, 2, 2], patterns: apart, strangers: apart.counts
            ).isEmpty)
    }

    @Test("Errors that come together leave the probabilities of all patterns a sum of one")
    func heterogeneity() {
        let m = [[0.9, 0.1], [0.7, 0.1, 0.2], [0.99, 0.01]]
        let model = MatchHeterogeneity(m: m, exact: [1, 2, 1], share: 0.2, shift: 2)
        var (sum, first) = (0.0, 0.0)
        for a in 1...2 {
            for b in 1...3 {
                for c in 1...2 {
                    let plain = m[0][a - 1] * m[1][b - 1] * m[2][c - 1]
                    sum += plain * model.factor([a, b, c])
                    if a == 1 { first += plain * model.factor([a, b, c]) }
                }
            }
        }
        #expect(abs(sum - 1) < 1e-9 && abs(first - 0.9) < 1e-9)
        #expect(model.factor([2, 3, 2]) > 4 && model.factor([2, 1, 1]) < 1)
        #expect(abs(model.factor([2, 0, 0]) - 1) < 1e-9)
        #expect(model.share(agreeing: [true, true, true]) < 0.2)
        let none = MatchHeterogeneity(m: m, exact: [1, 2, 1], share: 0, shift: 0)
        #expect(none.factor([2, 3, 2]) == 1)
    }

    @Test("The share and the shift of careless matches are found from patterns alone")
    func found() throws {
        let comparisons = (0..<7).map {
            LinkageSpecification.Comparison("c\($0)", [.equal("c\($0)")])
        }
        let layout = try PatternLayout(comparisons)
        func table(share: Double) -> [TrainingSample.Row] {
            (0..<128).map { bits in
                var (careful, careless, stranger) = (1 - share, share, 1.0)
                var pattern: UInt64 = 0
                for place in 0..<7 {
                    let agrees = bits >> place & 1 == 0
                    pattern += layout.strides[place] * (agrees ? 1 : 2)
                    careful *= agrees ? 0.96 : 0.04
                    careless *= agrees ? 0.6 : 0.4
                    stranger *= agrees ? 0.02 : 0.98
                }
                return TrainingSample.Row(
                    pattern: pattern, full: pattern,
                    count: 1e4 * (0.5 * (careful + careless) + 0.5 * stranger))
            }
        }
        for (share, isFound) in [(0.2, true), (0, false)] {
            var expectation = ExpectationMaximisation([table(share: share)], layout: layout)
            expectation.tolerance = 1e-6
            // Relatives stay what they are, as in training.
            expectation.prior[1] = Array(repeating: 1e6, count: 7)
            let start = ExpectationMaximisation.Estimate(
                probabilities: [
                    Array(repeating: [0.9, 0.1], count: 7),
                    Array(repeating: [0.05, 0.95], count: 7),
                    Array(repeating: [0.02, 0.98], count: 7),
                ], shares: [[0.5, 1e-6, 0.5]])
            let estimate = expectation.estimate(
                from: start, free: Array(repeating: false, count: 7))
            let model = expectation.heterogeneity(
                estimate, exact: Array(repeating: 1, count: 7),
                decided: [Array(repeating: false, count: 7)])
            #expect((model != nil) == isFound)
            if let model { #expect(model.shift >= 1.5 && (0.1...0.35).contains(model.share)) }
        }
    }

    @Test("A parameters file without what goes together is read, and one with it comes back")
    func file() throws {
        var parameters = LinkageParameters(
            prevalence: 0.1, relatives: 0.01,
            comparisons: ["a", "b"].map {
                .init(
                    name: $0, levels: ["equal", "disagreement"], m: [0.9, 0.1], r: [0.5, 0.5],
                    u: [0.1, 0.9])
            }, keys: [["a"]], neverCompared: 0.01, pairs: 10, rounds: 3, converged: true)
        let plain = parameters.text
        #expect(!plain.contains("heterogeneity"))
        let without = plain.replacingOccurrences(
            of: "\"dependences\" : [\n\n  ],\n", with: "")
        #expect(without != plain)
        #expect(try LinkageParameters.read(without, file: "p.json") == parameters)
        parameters.heterogeneity = .init(share: 0.2, shift: 1.5)
        parameters.dependences = [.init(first: "a", second: "b", bits: [[1, 0], [0, -1]])]
        #expect(try LinkageParameters.read(parameters.text, file: "p.json") == parameters)
        parameters.dependences[0].bits = [[1]]
        #expect(throws: StileError.self) {
            try LinkageParameters.read(parameters.text, file: "p.json")
        }
    }

    @Test("How common the value of a filter is, within its band, also under noise")
    func filterFrequency() throws {
        var generator = SeededGenerator(seed: 3, label: "filters")
        /// Values with 80, 18 and 2 of a hundred records, each of 64 of 512 bits.
        let values = (0..<3).map { _ -> [UInt64] in
            var words = [UInt64](repeating: 0, count: 8)
            for _ in 0..<200 {
                let bit = generator.below(512); words[bit / 64] |= 1 << UInt64(bit % 64)
            }
            return words
        }
        let kinds = (0..<2_000).map { row in row % 100 < 80 ? 0 : row % 100 < 98 ? 1 : 2 }
        for isNoisy in [false, true] {
            var words = kinds.flatMap { values[$0] }
            if isNoisy {
                for row in kinds.indices {
                    for _ in 0..<4 {
                        let bit = generator.below(512)
                        words[row * 8 + bit / 64] ^= 1 << UInt64(bit % 64)
                    }
                }
            }
            let days = [Day](repeating: Day(1), count: kinds.count)
            let encodings = Encodings(
                source: "a", keyEpoch: 1, specification: ContentDigest.sha256("s"),
                subject: kinds.indices.map { SubjectPseudonym(high: UInt64($0) << 40, low: 1) },
                record: kinds.indices.map { RecordPseudonym(high: 1, low: UInt64($0)) },
                operation: kinds.map { _ in .open }, happened: days, known: days,
                fields: [.init("town", .filter(bits: 512, words: words))])
            let filters = try #require(
                FieldStore([encodings], firstNew: [0]).filters["town"])
            #expect(filters.isNoisy == isNoisy)
            let bits = TermFrequency.bits(filters, bands: [])
            let mean = 0.8 * 0.8 + 0.18 * 0.18 + 0.02 * 0.02
            for (row, share) in [(0, 0.8), (80, 0.18), (99, 0.02)] {
                #expect(abs(Double(bits[row]) - log2(mean / share)) < (isNoisy ? 0.3 : 1e-5))
            }
        }
    }
}
