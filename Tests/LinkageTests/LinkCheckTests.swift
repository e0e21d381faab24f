import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("Linking anew")
struct LinkCheckTests {
    private func check(
        _ state: LinkState, _ specification: LinkageSpecification = LinkageSpecification()
    ) throws -> LinkCheck {
        try Linker.check(state, specification: specification, mint: try #require(LinkerTests.mint))
    }

    /// A county whose first source comes in three parts and whose second comes in two.
    private static func parts() -> [Encodings] {
        let (first, second) = SyntheticEncodings.county(240, seed: 3)
        return [
            SyntheticEncodings.encode("a", Array(first.prefix(90))),
            SyntheticEncodings.encode("a", Array(first[90..<150])),
            SyntheticEncodings.encode("a", Array(first.dropFirst(150))),
            SyntheticEncodings.encode("b", Array(second.prefix(100))),
            SyntheticEncodings.encode("b", Array(second.dropFirst(100))),
        ]
    }

    /// Parameters from everything, so that only the order of the nights is different.
    private static func pinned() throws -> LinkageSpecification {
        var specification = LinkageSpecification()
        specification.pinned = try LinkerTests.link(parts()).state.parameters
        return specification
    }

    @Test(
        "Whatever the order of the nights, all at once gives the same people, or the check lists who differs",
        arguments: [[0, 1, 2, 3, 4], [3, 0, 4, 1, 2], [2, 4, 1, 3, 0], [4, 3, 2, 1, 0]])
    func ordersOfNights(order: [Int]) throws {
        let (parts, specification) = (Self.parts(), try Self.pinned())
        var state = LinkState()
        for part in order {
            state = try LinkerTests.link(state, [parts[part]], specification).state
        }
        let found = try check(state, specification)
        #expect(found.subjects == state.memberships.count)
        #expect(found.people == Set(state.memberships.map(\.serial)).count)
        let nights = LinkerTests.people(try LinkerTests.link(state, [], specification).spine)
        let once = LinkerTests.people(try LinkerTests.link(parts, specification).spine)
        // What the check lists is exactly who is not the same person as all at once.
        let differing = nights.symmetricDifference(once).flatMap { $0 }
        #expect(Set(found.differences.map(\.subject)) == Set(differing.map(\.hex)))
        #expect(found.agreeing == nights.intersection(once).count)
        #expect(Double(found.differences.count) <= 0.02 * Double(found.subjects))
    }

    @Test("A pair that the nights have lost is found again, and overrides hold for both")
    func differs() throws {
        var state = try LinkerTests.link(Self.parts()).state
        #expect(try check(state).agrees)
        let linked = try #require(
            state.pairs.first { pair in
                pair.weight > 8
                    && Set(
                        state.memberships.filter { [pair.left, pair.right].contains($0.subject) }
                            .map(\.serial)
                    ).count == 1
            })
        // As if the pair had never been weighed: it is gone, and one of the two is somebody else.
        state.pairs.removeAll { $0 == linked }
        let place = try #require(state.memberships.firstIndex { $0.subject == linked.left })
        state.memberships[place].serial = state.nextSerial
        state.memberships[place].person = try #require(LinkerTests.mint).person(state.nextSerial)
        state.nextSerial += 1
        state = try LinkerTests.link(state, []).state
        let found = try check(state)
        #expect(!found.agrees && found.agreeing < found.people)
        #expect(
            Set(found.differences.map(\.subject)).isSuperset(of: [
                linked.left.hex, linked.right.hex,
            ])
        )
        try state.overrides.record(
            .separate, [linked.left], [linked.right], OverrideTests.grounds)
        state = try LinkerTests.link(state, []).state
        #expect(try check(state).agrees)
    }

    @Test("With an estimated threshold a check links at the threshold of the nights")
    func estimatedThreshold() throws {
        var estimating = LinkageSpecification()
        estimating.estimatesThreshold = true
        var state = try LinkerTests.link(Self.parts(), estimating).state
        #expect(try check(state, estimating).agrees)
        // As if training had chosen a threshold that it would not choose now.
        let nights = try #require(state.parameters?.linkThreshold) + 16
        state.parameters?.linkThreshold = nights
        var fixed = LinkageSpecification()
        fixed.linkThreshold = nights
        fixed.pinned = state.parameters
        let expected = try LinkerTests.link(Self.parts(), fixed).state
        let people = Set(expected.memberships.map(\.serial)).count
        #expect(people > Set(state.memberships.map(\.serial)).count)
        #expect(try check(state, estimating).peopleAnew == people)
    }

    @Test("Where training chose no threshold, a check links at the one that is given")
    func noThresholdChosen() throws {
        var estimating = LinkageSpecification()
        estimating.linkThreshold = 20
        let chosen = try LinkerTests.link(Self.parts(), estimating).state
        #expect(try #require(chosen.parameters?.linkThreshold) < 12)
        // As if too few pairs had been expected on the first night, and enough by now.
        var state = chosen
        state.parameters?.linkThreshold = nil
        // A mean weight is 12 bits at the most: nobody is linked with anybody.
        #expect(try check(state, estimating).peopleAnew == state.memberships.count)
    }

    @Test("A check under another specification is refused")
    func otherSpecification() throws {
        let state = try LinkerTests.link(Self.parts()).state
        var other = LinkageSpecification()
        other.linkThreshold = 5
        #expect { try check(state, other) } throws: {
            "\($0)".contains("by another specification of linkage")
        }
    }
}
