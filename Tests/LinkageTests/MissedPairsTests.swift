import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("Why true pairs are missed")
struct MissedPairsTests {
    private static let specification = LinkageSpecification()

    private static func linked() throws -> LinkState { try county.get() }

    private static let county = Result {
        let (first, second) = SyntheticEncodings.county(240, seed: 3)
        return try LinkerTests.link([
            SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
        ]).state
    }

    /// A linked pair of two subjects that are nobody else's.
    private static func pair(_ state: LinkState) throws -> LinkState.ScoredSubjects {
        let serial = Dictionary(
            uniqueKeysWithValues: state.memberships.map { ($0.subject, $0.serial) })
        return try #require(
            state.pairs.first { $0.weight > 8 && serial[$0.left] == serial[$0.right] })
    }

    /// The causes of what is missed where just these are one person each.
    private static func causes(
        _ state: LinkState, _ people: [[SubjectPseudonym]]
    ) throws -> [MissedPairs] {
        let rows = people.enumerated().flatMap { number, subjects in
            subjects.map {
                LinkTruth.Row(
                    subject: $0, person: PersonPseudonym(high: 1, low: UInt64(number + 1)))
            }
        }
        return try Linker.check(
            state, against: LinkTruth(rows), specification: specification
        ).missed
    }

    /// The state with the two apart, as if another night had decided so.
    private static func apart(
        _ state: LinkState, _ pair: LinkState.ScoredSubjects,
        _ change: (inout LinkState, Int) -> Void = { _, _ in }
    ) throws -> [MissedPairs] {
        var state = state
        let place = try #require(state.memberships.firstIndex { $0.subject == pair.left })
        state.memberships[place].serial = state.nextSerial
        state.nextSerial += 1
        change(&state, try #require(state.pairs.firstIndex(of: pair)))
        return try causes(state, [[pair.left, pair.right]])
    }

    @Test("Each cause is told from the others")
    func causes() throws {
        let state = try Self.linked()
        let pair = try Self.pair(state)
        #expect(try Self.causes(state, [[pair.left, pair.right]]).isEmpty)
        func only(_ cause: MissedPairs.Cause) -> [MissedPairs] {
            [MissedPairs(cause: cause, pairs: 1)]
        }
        #expect(try Self.apart(state, pair) == only(.peopleDoNotFit))
        #expect(
            try Self.apart(state, pair) { $0.pairs[$1].conflict = true } == only(.conflict))
        #expect(
            try Self.apart(state, pair) { $0.pairs[$1].weight = -3 } == only(.belowLink))
        #expect(try Self.apart(state, pair) { $0.pairs.remove(at: $1) } == only(.belowReview))
        let call = LinkState.CloseCall(
            left: pair.left, right: pair.right, insteadOf: pair.left, rival: pair.right, margin: 1)
        #expect(
            try Self.apart(state, pair) { state, _ in state.closeCalls = [call] }
                == only(.tooCloseToCall))
    }

    @Test("The one in whose place another would come is too close to call as well")
    func rival() throws {
        let state = try Self.linked()
        let pair = try Self.pair(state)
        let other = try #require(
            state.memberships.first { ![pair.left, pair.right].contains($0.subject) }?.subject)
        // It is `right` that stays, so that the pair missed is (right, rival).
        let call = LinkState.CloseCall(
            left: other, right: pair.right, insteadOf: other, rival: pair.left, margin: 1)
        #expect(
            try Self.apart(state, pair) { state, _ in state.closeCalls = [call] }
                == [MissedPairs(cause: .tooCloseToCall, pairs: 1)])
    }

    @Test(
        "What somebody separated goes before all else, and a source that knows people once before weights"
    )
    func decided() throws {
        var state = try Self.linked()
        let pair = try Self.pair(state)
        try state.overrides.record(.separate, [pair.left], [pair.right], OverrideTests.grounds)
        state = try LinkerTests.link(state, []).state
        #expect(
            try Self.causes(state, [[pair.left, pair.right]])
                == [MissedPairs(cause: .overridden, pairs: 1)])
        let source = try #require(state.memberships.first).source
        let own = state.memberships.filter { $0.source == source }.map(\.subject)
        #expect(
            try Self.causes(state, [[own[0], own[1], own[2]]])
                == [MissedPairs(cause: .withinOneSource, pairs: 3)])
    }

    @Test("Who shares no key was never compared")
    func neverCompared() throws {
        var (first, second) = SyntheticEncodings.county(150)
        first.append(
            Identity(subject: 501, given: "xanthe", surname: "quux", birth: "19990101", home: "q"))
        second.append(
            Identity(subject: 502, given: "yorick", surname: "zork", birth: "19510602", home: "z"))
        let state = try LinkerTests.link([
            SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
        ]).state
        #expect(
            try Self.causes(
                state,
                [[SyntheticEncodings.subject("a", 501), SyntheticEncodings.subject("b", 502)]])
                == [MissedPairs(cause: .neverCompared, pairs: 1)])
        // Nor is anybody in a state that has compared nothing.
        let alone = try LinkerTests.link([
            SyntheticEncodings.encode("a", [first[first.count - 1]]),
            SyntheticEncodings.encode("b", [second[second.count - 1]]),
        ]).state
        #expect(alone.parameters == nil)
        let check = try Linker.check(
            alone,
            against: LinkTruth(
                alone.memberships.map {
                    LinkTruth.Row(subject: $0.subject, person: PersonPseudonym(high: 1, low: 1))
                }), specification: Self.specification)
        #expect(check.missed == [MissedPairs(cause: .neverCompared, pairs: 1)])
        #expect(check.expected == nil && check.thresholds == nil)
        #expect(check.quality.precision == nil && check.quality.recall?.value == 0)
    }

    @Test("An identity that was replaced is not told from a pair that weighs too little")
    func protected() throws {
        var (first, second) = SyntheticEncodings.county(150)
        first.append(
            Identity(
                subject: 901, given: "amelia", surname: "quux", birth: "20150303", home: "old",
                number: "n-new", replaced: ["n-old"]))
        second.append(
            Identity(
                subject: 902, given: "amelia", surname: "quux", birth: "20150303", home: "old",
                number: "n-old"))
        let state = try LinkerTests.link([
            SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
        ]).state
        #expect(
            try Self.causes(
                state,
                [[SyntheticEncodings.subject("a", 901), SyntheticEncodings.subject("b", 902)]])
                == [MissedPairs(cause: .belowReview, pairs: 1)])
    }
}
