import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Pairs that cannot weigh enough")
struct PairScreenTests {
    /// Rows with every kind of field, comparisons with every kind of level, and all pairs of the rows.
    private struct Setting {
        let store: FieldStore
        let comparison: PairComparison
        var specification = LinkageSpecification()
        let comparisons: [LinkageSpecification.Comparison]
        var (left, right): ([UInt32], [UInt32]) = ([], [])

        init(rows: Int, seed: UInt64) throws {
            let sources = PairComparisonTests.sources(rows, seed: seed)
            store = try FieldStore(sources, firstNew: [0, 0])
            comparisons =
                try #require(try LinkageSpecification().resolved(over: sources).comparisons) + [
                    .init(
                        "names_key", [.equalUnder("block.names", under: "postcode")],
                        unless: ["upn", "names"]),
                    // What is left to say where another says nothing, and sets that speak alone.
                    .init(
                        "place", [.equal("postcode"), .shares("postcode.near")],
                        unless: ["given_name"]),
                    .init(
                        "number",
                        [.equal("upn"), .similar("surname", atLeast: 0.9), .shares("upn.any")],
                        unless: ["town"]),
                ]
            specification.comparisons = comparisons
            comparison = try PairComparison(comparisons, over: store, threads: 2)
            for one in 0..<store.rowCount {
                for two in (one + 1)..<store.rowCount {
                    left.append(UInt32(one))
                    right.append(UInt32(two))
                }
            }
        }

        /// What the records say of all pairs.
        func inPart(_ layout: PairComparison.PartialLayout) -> [UInt64] {
            var patterns = [UInt64](repeating: .max, count: left.count)
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    comparison.order.withPlaces(of: left, right) { left, right in
                        patterns.withUnsafeMutableBufferPointer {
                            comparison.compareInPart(layout, places: left, right, into: $0)
                        }
                    }
                }
            }
            return patterns
        }

        /// Parameters at random, with errors that come together and comparisons that go together.
        func parameters(seed: UInt64) -> LinkageParameters {
            var generator = SeededGenerator(seed: seed, label: "parameters")
            func shares(_ count: Int) -> [Double] {
                let parts = (0..<count).map { _ in Double(generator.below(1_000) + 1) }
                return parts.map { $0 / parts.reduce(0, +) }
            }
            let levels = comparisons.map { $0.levels.count + 1 }
            let made = zip(comparisons, levels).map { comparison, count in
                LinkageParameters.Comparison(
                    name: comparison.name, levels: (0..<count).map(String.init), m: shares(count),
                    r: shares(count), u: shares(count))
            }
            let dependences = comparisons.indices.dropFirst().map { second in
                LinkageParameters.Dependence(
                    first: comparisons[generator.below(second)].name,
                    second: comparisons[second].name, bits: [])
            }.map { edge in
                func count(_ name: String) -> Int {
                    levels[comparisons.firstIndex { $0.name == name } ?? 0]
                }
                var edge = edge
                edge.bits = (0..<count(edge.first)).map { _ in
                    (0..<count(edge.second)).map { _ in
                        Double(generator.below(4_001)) / 1_000 - 2
                    }
                }
                return edge
            }
            return LinkageParameters(
                prevalence: 0.05, relatives: 0.1, comparisons: made, keys: [["sex"]],
                neverCompared: 0, pairs: 1, rounds: 1, converged: true,
                dependences: Array(dependences), heterogeneity: .init(share: 0.1, shift: 1.5))
        }

        func weights(_ parameters: LinkageParameters) -> PairWeights {
            PairWeights(
                parameters, specification, layout: comparison.layout,
                frequencies: TermFrequency.all(comparisons, store, threads: 1))
        }
    }

    @Test("What records say in part holds the whole pattern", arguments: 0..<6)
    func partial(_ seed: UInt64) throws {
        let setting = try Setting(rows: 30, seed: seed)
        let layout = try #require(PairComparison.PartialLayout(setting.comparison.plans))
        let whole = setting.comparison.patterns(setting.left, setting.right, threads: 1)
        var (known, open) = (0, 0)
        for (pattern, part) in zip(whole, setting.inPart(layout)) {
            let digits = setting.comparison.layout.digits(pattern)
            for (comparison, possible) in layout.digits(part).enumerated() {
                #expect(
                    possible.contains(digits[comparison]),
                    "\(setting.comparisons[comparison].name)")
                if possible.count == 1 { known += 1 } else { open += 1 }
            }
        }
        // The records say much, and not all.
        #expect(known > open && open > known / 10)
    }

    @Test("No pair weighs more than what its records allow", arguments: 0..<6)
    func bounds(_ seed: UInt64) throws {
        let setting = try Setting(rows: 30, seed: seed)
        let layout = try #require(PairComparison.PartialLayout(setting.comparison.plans))
        let whole = setting.comparison.patterns(setting.left, setting.right, threads: 1)
        var weights = setting.weights(setting.parameters(seed: seed))
        var loose = 0.0
        for (index, part) in setting.inPart(layout).enumerated() {
            let weight = weights.weigh(whole[index], setting.left[index]).weight
            let most = weights.most(layout.digits(part))
            #expect(weight <= most)
            loose += most - weight
            // Where all is known, all that is left open is how rare the values are.
            let alone = weights.most(setting.comparison.layout.digits(whole[index]).map { [$0] })
            #expect(weight <= alone && alone <= most + 1e-4)
        }
        // The bounds say something.
        #expect(loose / Double(whole.count) < 60)
    }

    @Test("leaves out some pairs, and none that would be kept", arguments: 0..<4)
    func screened(_ seed: UInt64) throws {
        let setting = try Setting(rows: 60, seed: seed)
        let weights = setting.weights(setting.parameters(seed: seed))
        let order = setting.comparison.order
        let pairs = zip(setting.left, setting.right).map {
            UInt64(order.places[Int($0)]) << 32 | UInt64(order.places[Int($1)])
        }
        var someLeftOut = false
        for floor in [-40.0, -10, 0, 10, 25] {
            func kept(_ pairs: [UInt64]) -> [UInt64] {
                var weights = weights
                let rows = pairs.map {
                    (order.rows[Int($0 >> 32)], order.rows[Int($0 & 0xffff_ffff)])
                }
                let patterns = setting.comparison.patterns(
                    rows.map(\.0), rows.map(\.1), threads: 1)
                return pairs.indices.filter {
                    weights.weigh(patterns[$0], rows[$0].0, atLeast: floor) != nil
                }.map { pairs[$0] }
            }
            let screen = try #require(PairScreen(setting.comparison, weights, floor: floor))
            let part = CandidatePairs.Held(key: 3, pairs: pairs)
            let rest = screen.screened(part)
            #expect(rest.key == 3 && rest.pairs.count + rest.leftOut == pairs.count)
            #expect(kept(rest.pairs) == kept(pairs))
            // What is remembered of patterns changes nothing.
            #expect(screen.screened(part).pairs == rest.pairs)
            if rest.leftOut > 0, !rest.pairs.isEmpty { someLeftOut = true }
        }
        #expect(someLeftOut)
    }

    @Test("Pairs that are not kept are screened, and weighed the same", arguments: [1, 2, 3])
    func scoring(threads: Int) throws {
        let setting = try Setting(rows: 60, seed: 8)
        let parameters = setting.parameters(seed: 8)
        var scoring = PairScoring(
            setting.store, setting.specification, parameters, comparison: setting.comparison,
            mayRepeat: [true, true], threads: threads)
        var candidates = scoring.candidates
        candidates.hold(most: .max, setting.comparison)
        var holding = PairScoring(
            setting.store, setting.specification, parameters, comparison: setting.comparison,
            mayRepeat: [true, true], threads: threads, candidates: candidates)
        func sorted(_ scored: [PairScoring.Scored]) -> [[UInt64]] {
            scored.map { [UInt64($0.left), UInt64($0.right), $0.weight.bitPattern] }
                .sorted { $0.lexicographicallyPrecedes($1) }
        }
        let expected = sorted(holding.score(floor: 0))
        for most in [64, 1_000, 1_000_000] {
            scoring.pairsAtOnce = most
            #expect(sorted(scoring.score(floor: 0)) == expected)
            #expect(scoring.pairsByKey == holding.pairsByKey)
        }
        #expect(expected.count > 10 && expected.count < scoring.pairsByKey[0] / 2)
    }

    @Test("Comparisons with too many levels for one number are not screened")
    func tooMany() throws {
        let sources = PairComparisonTests.sources(4, seed: 1)
        let store = try FieldStore(sources, firstNew: [0, 0])
        // Eleven codes each; the whole patterns have six digits.
        let comparisons = (0..<23).map {
            LinkageSpecification.Comparison(
                "c\($0)",
                [
                    .equal("sex"), .similar("surname", atLeast: 0.9),
                    .similar("surname", atLeast: 0.8), .similar("surname", atLeast: 0.7),
                ])
        }
        let comparison = try PairComparison(comparisons, over: store, threads: 1)
        #expect(PairComparison.PartialLayout(comparison.plans) == nil)
        let fewer = try PairComparison(Array(comparisons.prefix(18)), over: store, threads: 1)
        #expect(PairComparison.PartialLayout(fewer.plans) != nil)
    }
}
