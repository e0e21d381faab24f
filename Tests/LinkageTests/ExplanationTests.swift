import EncodedExtract
import Foundation
import PipelineModel
import Testing

@testable import Linkage

@Suite("Explaining a pair")
struct ExplanationTests {
    private static func county() throws -> LinkOutcome {
        var (first, second) = SyntheticEncodings.county(200)
        // Twins in both sources: one home, one day, one surname, two given names.
        for (number, given) in [(9_001, "amelia"), (9_002, "rosie")] as [(UInt64, String)] {
            let twin = Identity(
                subject: number, given: given, surname: "okafor", birth: "20120411", home: "h9")
            first.append(twin)
            second.append(twin)
        }
        return try LinkerTests.link([
            SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
        ])
    }

    @Test("The steps of every held pair add up to the weight by which it was judged")
    func waterfallSums() throws {
        let state = try Self.county().state
        #expect(state.pairs.count > 100)
        for pair in state.pairs.prefix(60) {
            let explained = try Linker.explain(
                pair.left, pair.right, in: state, specification: LinkageSpecification())
            let sum = explained.steps.reduce(0) { $0 + $1.bits }
            #expect(abs(sum - explained.weight) < 1e-9)
            #expect(abs(explained.weight - pair.weight) < 1e-9)
            #expect(explained.steps.last.map { abs($0.total - pair.weight) < 1e-9 } == true)
            #expect(explained.conflict == pair.conflict && explained.isHeld)
            for step in explained.steps.dropFirst() {
                let ends = [step.againstRelatives, step.againstStrangers]
                let (low, high) = (try #require(ends.min()), try #require(ends.max()))
                #expect(step.bits >= low - 1e-9 && step.bits <= high + 1e-9, "\(step.name)")
            }
        }
    }

    @Test("A waterfall by hand, with relatives and a rare value")
    func byHand() throws {
        let parameters = LinkageParameters(
            prevalence: 0.2, relatives: 0.1,
            comparisons: ["a", "b"].map {
                .init(
                    name: $0, levels: ["equal", "disagreement"], m: [0.8, 0.2], r: [0.9, 0.1],
                    u: [0.1, 0.9])
            }, keys: [], neverCompared: 0, pairs: 1, rounds: 1, converged: true)
        let steps = PairExplanation.steps(
            parameters, digits: [1, 0], exact: [1, 1], rarity: [2, 0])
        #expect(steps.map(\.name) == ["prior", "a", "a, how common", "b"])
        let totals = [
            log2(0.2 / 0.8), log2(0.2 * 0.8 / (0.1 * 0.9 + 0.7 * 0.1)),
            log2(0.2 * 0.8 / (0.1 * 0.9 + 0.7 * 0.1 / 4)),
        ]
        for (step, total) in zip(steps, totals) { #expect(abs(step.total - total) < 1e-12) }
        #expect(steps[3].bits == 0)
        #expect(abs(steps[1].againstRelatives - log2(0.8 / 0.9)) < 1e-12)
        #expect(abs(steps[1].againstStrangers - 3) < 1e-12)
        #expect(steps[2].againstStrangers == 2)
    }

    @Test("Decisions in words, of one person and of twins, which speak of no value")
    func decisions() throws {
        let state = try Self.county().state
        func explain(_ left: UInt64, _ right: UInt64) throws -> PairExplanation {
            try Linker.explain(
                SyntheticEncodings.subject("a", left), SyntheticEncodings.subject("b", right),
                in: state, specification: LinkageSpecification())
        }
        let same = try explain(9_001, 9_001)
        #expect(same.decision == .link)
        #expect(same.text.contains("Linked: "))
        let twins = try explain(9_001, 9_002)
        #expect(twins.conflict && twins.decision != .link)
        #expect(twins.weight < same.weight)
        for text in [same.text, twins.text] {
            #expect(!text.contains("okafor") && !text.contains("amelia"))
        }
        let data = try JSONEncoder().encode(same)
        #expect(try JSONDecoder().decode(PairExplanation.self, from: data) == same)
    }

    @Test("The runner-up is the other subject of the same source, and its margin is said")
    func runnerUp() throws {
        let state = try Self.county().state
        let explained = try Linker.explain(
            SyntheticEncodings.subject("a", 9_001), SyntheticEncodings.subject("b", 9_001),
            in: state, specification: LinkageSpecification())
        let pairs = state.pairs.filter { pair in
            let ends = [pair.left.hex, pair.right.hex]
            return ends.contains(explained.left.subject) != ends.contains(explained.right.subject)
        }
        if let best = pairs.map(\.weight).max() {
            let runnerUp = try #require(explained.runnerUp)
            #expect(runnerUp.weight == best)
            #expect(abs(runnerUp.margin - (explained.weight - best)) < 1e-9)
        } else {
            #expect(explained.runnerUp == nil)
        }
    }

    @Test("Of two that fit alike neither is linked: the call is too close, and kept for review")
    func tooClose() throws {
        var (first, second) = SyntheticEncodings.county(200)
        let child = Identity(
            subject: 9_001, given: "isla", surname: "quux", birth: "20140505", home: "q")
        first.append(child)
        for number in [9_002, 9_003] as [UInt64] {
            var other = child
            other.subject = number
            second.append(other)
        }
        func link(_ margin: Double) throws -> LinkOutcome {
            var specification = LinkageSpecification()
            specification.margin = margin
            return try LinkerTests.link(
                [
                    SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
                ], specification)
        }
        let outcome = try link(3)
        let people = [
            LinkerTests.person(outcome, "a", 9_001), LinkerTests.person(outcome, "b", 9_002),
            LinkerTests.person(outcome, "b", 9_003),
        ]
        #expect(Set(people).count == 3)
        let call = try #require(
            outcome.state.closeCalls.first {
                [$0.left, $0.right].contains(SyntheticEncodings.subject("a", 9_001))
            })
        #expect(call.margin < 0.001)
        #expect(outcome.report.pairsTooCloseToCall == outcome.state.closeCalls.count)
        #expect(try LinkState(tables: outcome.state.tables, file: "state") == outcome.state)
        for number in [9_002, 9_003] as [UInt64] {
            let explained = try Linker.explain(
                SyntheticEncodings.subject("a", 9_001), SyntheticEncodings.subject("b", number),
                in: outcome.state, specification: LinkageSpecification())
            #expect(explained.decision == .tooCloseToCall)
            #expect(explained.reason.contains("fits nearly as well"))
        }
        // Without a margin one of the two is taken; what people say decides it for good.
        let without = try link(0)
        #expect(without.state.closeCalls.isEmpty)
        #expect(
            LinkerTests.person(without, "a", 9_001) == LinkerTests.person(without, "b", 9_002))
        var state = outcome.state
        try state.overrides.record(
            .join, [SyntheticEncodings.subject("a", 9_001)],
            [SyntheticEncodings.subject("b", 9_003)], OverrideTests.grounds)
        let decided = try LinkerTests.link(state, [])
        #expect(
            LinkerTests.person(decided, "a", 9_001) == LinkerTests.person(decided, "b", 9_003))
        #expect(decided.state.closeCalls.count == outcome.state.closeCalls.count - 1)
    }

    @Test("What cannot be explained is refused in a sentence")
    func refusals() throws {
        let state = try Self.county().state
        let known = try #require(state.memberships.first?.subject)
        func refusal(
            _ other: SubjectPseudonym, _ state: LinkState, _ specification: LinkageSpecification
        ) -> String {
            do {
                _ = try Linker.explain(known, other, in: state, specification: specification)
                return "nothing was refused"
            } catch { return "\(error)" }
        }
        let plain = LinkageSpecification()
        #expect(refusal(known, state, plain).contains("Both subjects are the same."))
        let nobody = SubjectPseudonym(high: 1, low: 1)
        #expect(refusal(nobody, state, plain).contains("No source holds the subject"))
        #expect(
            refusal(nobody, LinkState(), plain).contains("No pair of records was ever compared"))
        var other = plain
        other.linkThreshold = 3
        let second = try #require(state.memberships.last?.subject)
        #expect(refusal(second, state, other).contains("by another specification of linkage"))
    }
}
