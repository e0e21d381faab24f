import EncodedExtract
import Foundation
import PipelineModel
import StrictYAML
import Testing

@testable import Linkage

@Suite("Quality without labels")
struct QualityEstimateTests {
    private func estimate(
        _ edges: [(Int32, Int32, Double)], merges: [(Int32, Int32, Double)], subjects: Int,
        missing: QualityEstimate.Missing = .init(), sources: [Int32]? = nil,
        mayRepeat: [Bool] = [true, true], conflicts: Bool = false,
        joined: [(left: Int32, right: Int32)] = []
    ) -> QualityEstimate {
        QualityEstimate(
            sources: sources ?? [Int32](repeating: 0, count: subjects),
            mayRepeat: mayRepeat,
            pairs: edges.map {
                .init(left: $0.0, right: $0.1, weight: $0.2, conflict: conflicts)
            },
            merges: merges.map { .init(left: $0.0, right: $0.1, weight: $0.2) }, joined: joined,
            missing: missing)
    }

    @Test("Pairs by hand: precision and recall are sums of probabilities")
    func byHand() {
        // Weights of 3, 1 and −1 bits are probabilities of 8/9, 2/3 and 1/3.
        let found = estimate(
            [(0, 1, 3), (2, 3, 1), (4, 5, -1)], merges: [(0, 1, 3), (2, 3, 1)], subjects: 6,
            missing: .init(neverCompared: 0.5, belowReview: 0.1, heldBack: 0.15)
        ).quality(at: 2)
        #expect(found.claimed == 1)
        #expect(abs(found.precision.value - 8.0 / 9) < 1e-12)
        // Three pairs were kept of what was compared, three quarters of those matches; half of all were
        // not compared.
        let all = (8.0 / 9 + 2.0 / 3 + 1.0 / 3) / 0.75 / 0.5
        #expect(abs(found.recall.value - (8.0 / 9) / all) < 1e-12)
        #expect(found.precision.low < 8.0 / 9 - 0.1 && found.precision.high > 8.0 / 9 + 0.05)
        #expect(found.recall.low < found.recall.value && found.recall.high > found.recall.value)
    }

    @Test("Matches without a filter that can be compared may be twice as many, or half")
    func uncompared() {
        func recall(_ uncompared: Double) -> QualityEstimate.Range {
            estimate(
                [(0, 1, 3), (2, 3, 1)], merges: [(0, 1, 3)], subjects: 4,
                missing: .init(uncompared: uncompared)
            ).quality(at: 2).recall
        }
        let (none, some) = (recall(0), recall(0.4))
        #expect(some.value == none.value)
        // By hand, at two bits less and more; chance adds the same to both.
        func p(_ bits: Double) -> Double { 1 / (1 + exp2(-bits)) }
        let (low, middle, high) = (
            p(1) / (p(1) + p(-1)), p(3) / (p(3) + p(1)), p(5) / (p(5) + p(3))
        )
        let lower = min(low, middle, high) - min(low / 1.4, middle, high / 0.8)
        #expect(lower > 0.04 && abs(none.low - some.low - lower) < 1e-12)
        let upper = max(low / 1.4, middle, high / 0.8)
        #expect(some.high >= min(upper, 1) - 1e-12)
        // There are at least those that were found.
        #expect(recall(1).high <= 1)
    }

    @Test(
        "A merge of groups claims all pairs between them, as likely as between mean and best weight"
    )
    func groups() {
        // 0–1 and 2–3 are groups; of the four pairs between them two were compared.
        let edges: [(Int32, Int32, Double)] = [(0, 1, 12), (2, 3, 12), (0, 2, 6), (1, 3, -2)]
        let merges: [(Int32, Int32, Double)] = [(0, 1, 12), (2, 3, 12), (0, 2, 0)]
        let found = estimate(edges, merges: merges, subjects: 4).quality(at: -1)
        let sure = 1 / (1 + exp2(-12.0))
        // Between a mean of 0 and a best of 6 bits.
        let between = 4 / (1 + exp2(-3.0))
        #expect(abs(found.precision.value - (2 * sure + between) / 6) < 1e-12)
        #expect(abs(found.recall.value - 1) < 1e-12)
    }

    @Test("What groups find without a key was not missed by the keys")
    func closed() {
        // Three pairs of four subjects compared and three closed, at certainty; a share of a quarter
        // that no key finds would be one of them.
        let edges: [(Int32, Int32, Double)] = [(0, 1, 12), (1, 2, 12), (2, 3, 12)]
        let merges: [(Int32, Int32, Double)] = [(0, 1, 12), (2, 3, 12), (0, 2, 12)]
        func recall(_ neverCompared: Double) -> Double {
            estimate(
                edges, merges: merges, subjects: 4, missing: .init(neverCompared: neverCompared)
            ).quality(at: 0).recall.value
        }
        #expect(abs(recall(0.25) - 1) < 1e-12)
        #expect(abs(recall(0.5) - 1) < 1e-12)
        // Of twelve true pairs three were compared.
        #expect(abs(recall(0.75) - 0.5) < 1e-12)
    }

    @Test("A match that weighs too little, and that its group closes, counts once")
    func closedBelow() {
        let edges: [(Int32, Int32, Double)] = [(0, 1, 12), (1, 2, 12)]
        let merges: [(Int32, Int32, Double)] = [(0, 1, 12), (0, 2, 12)]
        let third = estimate(
            edges, merges: merges, subjects: 3, missing: .init(belowReview: 1.0 / 3))
        #expect(abs(third.quality(at: 0).recall.value - 1) < 1e-12)
        // What is held back as twins' no group closes.
        let held = estimate(edges, merges: merges, subjects: 3, missing: .init(heldBack: 1.0 / 3))
        #expect(abs(held.quality(at: 0).recall.value - 3.0 / 4) < 1e-12)
    }

    @Test("What a trusted key or a person has joined is found, and its edges were not missed")
    func joined() {
        // 0–1 is joined, and 0–2 merges with both: three pairs, of which one is certain.
        let edges: [(Int32, Int32, Double)] = [(0, 1, 12), (0, 2, 12), (1, 2, 12)]
        let found = estimate(
            edges, merges: [(0, 2, 12)], subjects: 3, joined: [(0, 1)]
        ).quality(at: 0)
        #expect(found.claimed == 3 && found.recall.value == 1)
        #expect(abs(found.precision.value - (1 + 2 / (1 + exp2(-12.0))) / 3) < 1e-12)
        let alone = estimate(
            [(0, 1, 12)], merges: [], subjects: 2, joined: [(0, 1)]
        ).quality(at: 12)
        #expect(alone.claimed == 1 && alone.precision.value == 1 && alone.recall.value == 1)
    }

    @Test("What is joined stands beside what a threshold gives when one is chosen")
    func joinedThreshold() throws {
        // 400 pairs at −0.25 bits, a probability of 0.457, are worth taking where there is nothing
        // else; beside 10,000 pairs that are certain the best F1 is near 1, of which half is more.
        func two(_ pair: Int) -> (Int32, Int32) { (Int32(2 * pair), Int32(2 * pair + 1)) }
        let edges = (0..<400).map { pair -> (Int32, Int32, Double) in
            (two(pair).0, two(pair).1, -0.25)
        }
        let certain = (400..<10_400).map { pair -> (left: Int32, right: Int32) in two(pair) }
        let alone = try #require(
            estimate(edges, merges: edges, subjects: 800).bestThreshold(from: -4))
        #expect(alone <= -0.25)
        let beside = estimate(edges, merges: edges, subjects: 20_800, joined: certain)
        let chosen = try #require(beside.bestThreshold(from: -4))
        #expect(chosen > -0.25)
    }

    @Test("Pairs between two groups are as likely as the mean of all between them, kept or not")
    func between() {
        // 0–1 and 2–3 are groups; one of four pairs between them was kept, at 4 bits, the others have
        // less than −4.
        let edges: [(Int32, Int32, Double)] = [(0, 1, 12), (2, 3, 12), (0, 2, 4)]
        let merges: [(Int32, Int32, Double)] = [(0, 1, 12), (2, 3, 12)]
        let found = estimate(
            edges, merges: merges, subjects: 4, missing: .init(floor: -4)
        ).quality(at: 0)
        let sure = 2 / (1 + exp2(-12.0))
        #expect(abs(found.recall.value - sure / (sure + 1 / (1 + exp2(2.0)))) < 1e-12)
    }

    @Test("Of weights that say what they mean, the chosen threshold is the best there is")
    func chosen() throws {
        var generator = SeededGenerator(seed: 8, label: "weights")
        var edges: [(Int32, Int32, Double)] = []
        var truth: [Bool] = []
        for pair in 0..<20_000 {
            let weight = generator.uniform() * 20 - 10
            edges.append((Int32(2 * pair), Int32(2 * pair + 1), weight))
            truth.append(generator.uniform() < 1 / (1 + exp2(-weight)))
        }
        let estimate = estimate(
            edges, merges: edges.sorted { $0.2 > $1.2 }, subjects: 40_000)
        func real(_ threshold: Double) -> (precision: Double, recall: Double, f1: Double) {
            let claimed = edges.count { $0.2 >= threshold }
            let found = zip(edges, truth).count { $0.2 >= threshold && $1 }
            let all = truth.count { $0 }
            return (
                Double(found) / Double(claimed), Double(found) / Double(all),
                2 * Double(found) / Double(claimed + all)
            )
        }
        for threshold in [-4.0, 0, 4] {
            let (expected, truly) = (estimate.quality(at: threshold), real(threshold))
            #expect(abs(expected.precision.value - truly.precision) < 0.01)
            #expect(abs(expected.recall.value - truly.recall) < 0.01)
            #expect(expected.precision.low <= truly.precision)
            #expect(expected.precision.high >= truly.precision)
        }
        let best = stride(from: -10, through: 10, by: 0.25).map { real($0).f1 }.max() ?? 0
        #expect(real(try #require(estimate.bestThreshold(from: -10))).f1 > best - 0.002)
        #expect(try #require(estimate.bestThreshold(from: 3)) >= 3)
    }

    @Test("Pairs that may not be one person are none that was missed")
    func impossible() {
        // Each source knows a person once: 1 is a rival of 0–2, and was not missed with it.
        let edges: [(Int32, Int32, Double)] = [(0, 2, 8), (1, 2, 7), (3, 4, 1)]
        let merges: [(Int32, Int32, Double)] = [(0, 2, 8)]
        let (sure, open) = (1 / (1 + exp2(-8.0)), 1 / (1 + exp2(-1.0)))
        let once = estimate(
            edges, merges: merges, subjects: 5, sources: [0, 0, 1, 0, 1], mayRepeat: [false, false]
        ).quality(at: 2)
        #expect(abs(once.recall.value - sure / (sure + open)) < 1e-12)
        let often = estimate(
            edges, merges: merges, subjects: 5, sources: [0, 0, 1, 0, 1], mayRepeat: [true, false]
        ).quality(at: 2)
        // 0–1 was not compared, and has −12 bits at the most.
        let rival = 1 / (1 + exp2(2.5))
        #expect(abs(often.recall.value - sure / (sure + open + rival)) < 1e-12)
        let never = estimate(edges, merges: merges, subjects: 5, conflicts: true).quality(at: 2)
        #expect(never.recall.value == 1)
    }

    @Test("A few pairs choose no threshold")
    func few() {
        let edges = (0..<99).map { pair -> (Int32, Int32, Double) in
            (Int32(2 * pair), Int32(2 * pair + 1), 5)
        }
        #expect(estimate(edges, merges: edges, subjects: 198).bestThreshold(from: -4) == nil)
    }

    @Test("Training chooses the threshold unless it is given, and explanations tell it")
    func linker() throws {
        var faults = FaultList()
        let text = "thresholds: {link: estimated, review: -6}"
        let node = try YAMLDocument.parse(Array(text.utf8), file: "stile.yaml")
        let specification = LinkageSpecification(node, faults: &faults)
        try faults.check()
        #expect(specification.estimatesThreshold && specification.linkThreshold == 2)
        var given = LinkageSpecification()
        #expect(given.estimatesThreshold)
        given.estimatesThreshold = false
        given.reviewThreshold = -6
        #expect(specification.digest != given.digest)

        let (first, second) = SyntheticEncodings.county(300)
        let outcome = try LinkerTests.link(
            [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)],
            specification)
        let chosen = try #require(outcome.state.parameters?.linkThreshold)
        #expect(chosen >= -6 && chosen < 12)
        let plain = try LinkerTests.link(
            [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)], given)
        #expect(plain.state.parameters?.linkThreshold == nil)
        let written = try #require(outcome.state.parameters?.text)
        #expect(try LinkageParameters.read(written, file: "p.json").linkThreshold == chosen)
        let pair = try #require(outcome.state.pairs.first)
        let explained = try Linker.explain(
            pair.left, pair.right, in: outcome.state, specification: specification)
        #expect(explained.linkThreshold == chosen)
    }
}
