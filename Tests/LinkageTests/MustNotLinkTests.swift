import EncodedExtract
import Foundation
import PipelineModel
import Testing

@testable import Linkage

@Suite("Identities that were replaced")
struct MustNotLinkTests {
    /// 9001 of the first source has a new identity; 9002 of the second is the one before, alike in
    /// all else but the number; 9003 of the first source is a sibling of it.
    private static func county(
        protected: Bool = true, former: [String] = [], trusted: String = ""
    ) -> [Encodings] {
        var (first, second) = SyntheticEncodings.county(150)
        let child = Identity(
            subject: 9_001, given: "amelia", surname: "quux", birth: "20150303", home: "old",
            number: "", trusted: trusted, former: former, replaced: protected ? ["n-old"] : [])
        var before = child
        before.subject = 9_002
        before.number = "n-old"
        before.former = []
        before.replaced = []
        first.append(child)
        second.append(before)
        first.append(
            Identity(
                subject: 9_003, given: "theodore", surname: "quux", birth: "20170909", home: "old"))
        return [
            SyntheticEncodings.encode("a", first, formerNumbers: !former.isEmpty),
            SyntheticEncodings.encode("b", second, formerNumbers: !former.isEmpty),
        ]
    }

    private static let child = SyntheticEncodings.subject("a", 9_001)
    private static let before = SyntheticEncodings.subject("b", 9_002)

    private func areOne(_ outcome: LinkOutcome) -> Bool {
        LinkerTests.person(outcome, "a", 9_001) == LinkerTests.person(outcome, "b", 9_002)
    }

    @Test("No score, trusted key, former number or override links them")
    func overridesEverything() throws {
        #expect(areOne(try LinkerTests.link(Self.county(protected: false))))
        #expect(!areOne(try LinkerTests.link(Self.county())))
        #expect(!areOne(try LinkerTests.link(Self.county(trusted: "one key"))))
        #expect(areOne(try LinkerTests.link(Self.county(protected: false, trusted: "one key"))))
        #expect(!areOne(try LinkerTests.link(Self.county(former: ["n-old"]))))
        var state = try LinkerTests.link(Self.county()).state
        try state.overrides.record(.join, [Self.child], [Self.before], OverrideTests.grounds)
        #expect(!areOne(try LinkerTests.link(state, [])))
    }

    @Test("It comes as news, splits who was linked, and stays when the source says no more")
    func comesLater() throws {
        let linked = try LinkerTests.link(Self.county(protected: false))
        #expect(areOne(linked))
        let news = Identity(
            subject: 9_001, given: "amelia", surname: "quux", birth: "20150303", home: "new",
            day: 9, replaced: ["n-old"])
        let night = try LinkerTests.link(
            linked.state, [SyntheticEncodings.encode("a", [news])])
        #expect(!areOne(night) && night.splits.count == 1)
        var closed = news
        closed.operation = .close
        closed.day = 12
        let later = try LinkerTests.link(night.state, [SyntheticEncodings.encode("a", [closed])])
        #expect(!areOne(later))
    }

    @Test("A number that was superseded and is then said to be replaced is news")
    func supersededThenReplaced() throws {
        // Whichever of the two tokens comes first: as sets end to end they read alike.
        for number in ["n-1", "n-2", "n-3", "n-4"] {
            let (first, second) = SyntheticEncodings.county(150)
            var child = Identity(
                subject: 9_001, given: "amelia", surname: "quux", birth: "20150303", home: "old",
                number: number, former: ["n-old"])
            var before = child
            (before.subject, before.number, before.former) = (9_002, "n-old", [])
            let linked = try LinkerTests.link([
                SyntheticEncodings.encode("a", first + [child], formerNumbers: true),
                SyntheticEncodings.encode("b", second + [before], formerNumbers: true),
            ])
            #expect(areOne(linked))
            (child.former, child.replaced) = ([], ["n-old"])
            let night = try LinkerTests.link(
                linked.state, [SyntheticEncodings.encode("a", [child], formerNumbers: true)])
            #expect(!areOne(night))
        }
    }

    @Test("Somebody who also carries the old number as a former one is kept apart too")
    func formerCarrier() throws {
        var sources = Self.county()
        let third = Identity(
            subject: 9_004, given: "amelia", surname: "quux", birth: "20150303", home: "old",
            number: "n-later", former: ["n-old"])
        sources.append(SyntheticEncodings.encode("c", [third], formerNumbers: true))
        let outcome = try LinkerTests.link(sources)
        let child = LinkerTests.person(outcome, "a", 9_001)
        #expect(child != LinkerTests.person(outcome, "c", 9_004))
        #expect(child != LinkerTests.person(outcome, "b", 9_002))
    }

    @Test("Neither state nor report nor explanation tells the pair")
    func tellsNothing() throws {
        let outcome = try LinkerTests.link(Self.county())
        let ends = [Self.child, Self.before]
        #expect(!outcome.state.pairs.contains { ends.contains($0.left) && ends.contains($0.right) })
        #expect(outcome.report.keepsReplacedIdentitiesApart)
        let text = String(decoding: try JSONEncoder().encode(outcome.report), as: UTF8.self)
        for subject in ends { #expect(!text.contains(subject.hex)) }
        // The words are the same for every pair of either, so that none stands out.
        let other = try #require(outcome.state.memberships.first?.subject)
        var said: Set<String> = []
        for (left, right) in [
            (Self.child, Self.before), (Self.before, Self.child), (Self.child, other),
            (other, Self.before),
        ] {
            do {
                _ = try Linker.explain(
                    left, right, in: outcome.state, specification: LinkageSpecification())
                Issue.record("an explanation was given")
            } catch { said.insert("\(error)") }
        }
        #expect(said.count == 1 && said.allSatisfy { $0.contains("protected by its source") })
        let plain = try LinkerTests.link(Self.county(protected: false))
        #expect(!plain.report.keepsReplacedIdentitiesApart)
    }

    @Test("A replaced number that many carry is refused: the column holds something else")
    func noIdentifier() throws {
        var (first, second) = SyntheticEncodings.county(150)
        for index in second.indices { second[index].number = "n-all" }
        first[0].replaced = ["n-all"]
        #expect {
            try LinkerTests.link([
                SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
            ])
        } throws: {
            "\($0)".contains("is carried by more than 100 subjects") && !"\($0)".contains("n-all")
        }
    }
}

@Suite("Former identifiers")
struct FormerIdentifierTests {
    /// - Parameter often: Whether every twelfth number was superseded, so that training sees such.
    private func weight(
        _ first: Identity, _ second: Identity, often: Bool = true
    ) throws -> (Double, Bool, String) {
        var (one, two) = SyntheticEncodings.county(300)
        for index in stride(from: 0, to: one.count, by: 12)
        where often && !one[index].number.isEmpty {
            one[index].former = [one[index].number]
            one[index].number = "later \(index)"
        }
        one.append(first)
        two.append(second)
        let state = try LinkerTests.link([
            SyntheticEncodings.encode("a", one, formerNumbers: true),
            SyntheticEncodings.encode("b", two, formerNumbers: true),
        ]).state
        let explained = try Linker.explain(
            SyntheticEncodings.subject("a", first.subject),
            SyntheticEncodings.subject("b", second.subject), in: state,
            specification: LinkageSpecification())
        let step = try #require(explained.steps.first { $0.name == "nhs_number" })
        return (step.bits, explained.conflict, step.level)
    }

    private let left = Identity(
        subject: 9_001, given: "amelia", surname: "okafor", birth: "20150303", home: "x",
        number: "n-new", former: ["n-old"])

    @Test("A superseded number that the other still has is strong evidence, not a conflict")
    func superseded() throws {
        var right = left
        right.subject = 9_002
        right.number = "n-old"
        right.former = []
        for often in [true, false] {
            let shared = try weight(left, right, often: often)
            #expect(shared.0 > 5 && !shared.1 && shared.2 == "nhs_number.any shared", "\(shared)")
        }
        right.number = "n-other"
        let apart = try weight(left, right)
        #expect(apart.0 < 0 && apart.1)
    }

    @Test(
        "Where the current number is missing, a former one that agrees counts, and one that does not says nothing"
    )
    func currentMissing() throws {
        var one = left
        one.number = ""
        var right = left
        right.subject = 9_002
        right.number = "n-old"
        right.former = []
        #expect(try weight(one, right).0 > 5)
        right.number = "n-other"
        let other = try weight(one, right)
        #expect(other.0 == 0 && !other.1)
    }

    @Test("An identifier without former values is compared as before")
    func withoutFormer() {
        let tokens: [String: LinkageSpecification.FieldKind] = ["upn": .token]
        let plain = LinkageSpecification().resolved(fields: tokens).comparisons
        #expect(plain?.first?.levels == [.equal("upn")] && plain?.first?.exact == 1)
        let sets = tokens.merging(["upn.any": .tokenSet, "upn.must_not_link": .tokenSet]) { $1 }
        let former = LinkageSpecification().resolved(fields: sets)
        #expect(former.comparisons?.count == 1)
        #expect(former.comparisons?.first?.levels == [.equal("upn"), .shares("upn.any")])
        #expect(former.comparisons?.first?.exact == 2 && former.blocking == ["upn"])
    }
}
