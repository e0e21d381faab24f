import Testing

@testable import Linkage

@Suite("Weights of patterns")
struct PairWeightsTests {
    @Test("A pair below the least that is asked for is left out, and no other")
    func atLeast() throws {
        let comparisons = ["a", "b"].map { LinkageSpecification.Comparison($0, [.equal($0)]) }
        var specification = LinkageSpecification()
        specification.comparisons = comparisons
        let layout = try PatternLayout(comparisons)
        let parameters = LinkageParameters(
            prevalence: 0.2, relatives: 0.1,
            comparisons: ["a", "b"].map {
                .init(
                    name: $0, levels: ["equal", "disagreement"], m: [0.8, 0.2], r: [0.6, 0.4],
                    u: [0.1, 0.9])
            }, keys: [], neverCompared: 0, pairs: 1, rounds: 1, converged: true)
        // As rare and as frequent as tokens may count for, and between.
        let bits: [Float] = [-6, -1.5, 0, 2.25, 6]
        let frequencies = [0, 1].map { TermFrequency(comparison: $0, bits: bits) }
        var all = PairWeights(parameters, specification, layout: layout, frequencies: frequencies)
        var some = all
        var (kept, left) = (0, 0)
        for pattern in 0..<UInt64(9) {
            for row in bits.indices.map({ UInt32($0) }) {
                let (weight, holds) = all.weigh(pattern, row)
                for floor in [weight.nextDown, weight, weight.nextUp, -3, 0, 2, 7.5] {
                    let found = some.weigh(pattern, row, atLeast: floor)
                    #expect((found == nil) == (weight < floor))
                    if let found { #expect(found.weight == weight && found.holds == holds) }
                    if found == nil { left += 1 } else { kept += 1 }
                }
            }
        }
        #expect(kept > 50 && left > 50)
    }
}
