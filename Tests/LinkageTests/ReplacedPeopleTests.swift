import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("Everybody of an identity that was replaced")
struct ReplacedPeopleTests {
    private static let quux = Identity(
        subject: 0, given: "amelia", surname: "quux", birth: "20150303", home: "old")

    private static func quux(
        _ subject: UInt64, home: String, number: String = "", trusted: String = "",
        replaced: [String] = []
    ) -> Identity {
        var identity = quux
        (identity.subject, identity.home, identity.number) = (subject, home, number)
        (identity.trusted, identity.replaced) = (trusted, replaced)
        return identity
    }

    private struct Source {
        var name: String
        var identities: [Identity]

        init(_ name: String, _ identities: [Identity]) {
            self.name = name
            self.identities = identities
        }
    }

    private static func encode(_ sources: [Source]) -> [Encodings] {
        sources.map { SyntheticEncodings.encode($0.name, $0.identities) }
    }

    /// Four sources: 9001 of the first has a new identity, 9002 of the second still the old number,
    /// and 9003 of the third and 9004 of the fourth no number at all.
    private static func sources(
        newHome: String = "old", third: String?, fourth: String? = nil, protected: Bool = true,
        number: String = "n-new", trusted: String = ""
    ) -> [Source] {
        let (first, second) = SyntheticEncodings.county(100)
        let child = quux(
            9_001, home: newHome, number: number, trusted: trusted,
            replaced: protected ? ["n-old"] : [])
        let before = quux(9_002, home: "old", number: "n-old", trusted: trusted)
        func without(_ subject: UInt64, _ home: String?) -> [Identity] {
            home.map { [quux(subject, home: $0, trusted: trusted)] } ?? []
        }
        return [
            Source("a", first + [child]),
            Source("b", second + [before]),
            Source("c", Array(second.prefix(60)) + without(9_003, third)),
            Source("d", Array(first.prefix(60)) + without(9_004, fourth)),
        ]
    }

    /// Whom of the four each is one person with, by their numbers.
    private func people(_ outcome: LinkOutcome) -> Set<Set<UInt64>> {
        let serials = outcome.state.memberships.filter { (9_001...9_005).contains($0.subject.low) }
        return Set(
            Dictionary(grouping: serials, by: \.serial).values.map { Set($0.map(\.subject.low)) })
    }

    @Test(
        "An old record without a number does not join the new identity, also where it is as like it"
    )
    func isAsLike() throws {
        let plain = people(
            try LinkerTests.link(Self.encode(Self.sources(third: "old", protected: false))))
        // The two numbers contradict each other, and the third is with one of them, or with neither.
        #expect(!plain.contains([9_001, 9_002, 9_003]))
        let kept = people(
            try LinkerTests.link(Self.encode(Self.sources(third: "old", fourth: "old"))))
        for person in kept where person.contains(9_001) { #expect(person == [9_001]) }
        for person in kept where person.contains(9_002) { #expect(person == [9_002]) }
    }

    @Test("Who is like one side by the margin is of that side, the new one too")
    func belongs() throws {
        let kept = people(
            try LinkerTests.link(
                Self.encode(Self.sources(newHome: "new", third: "old", fourth: "new"))))
        #expect(kept == [[9_001, 9_004], [9_002, 9_003]])
    }

    @Test("Who carries the new number is kept from who carries the old one")
    func bearers() throws {
        var sources = Self.sources(newHome: "new", third: "old")
        let bearer = Self.quux(9_005, home: "new", number: "n-new", trusted: "one key")
        sources[3].identities = [bearer]
        let carrier = Self.quux(9_002, home: "old", number: "n-old", trusted: "one key")
        sources[1].identities = SyntheticEncodings.county(100).second + [carrier]
        let outcome = try LinkerTests.link(Self.encode(sources))
        #expect(people(outcome) == [[9_001, 9_005], [9_002, 9_003]])
    }

    @Test("A trusted key that all share brings the old record to neither side")
    func trusted() throws {
        for number in ["n-new", ""] {
            let kept = people(
                try LinkerTests.link(
                    Self.encode(
                        Self.sources(
                            third: "old", fourth: "old", number: number, trusted: "one key"))))
            for person in kept where person.contains(9_001) { #expect(person == [9_001]) }
        }
    }

    @Test("An identity that is replaced again is kept from both before")
    func again() throws {
        var sources = Self.sources(newHome: "new", third: "old", fourth: "new")
        let later = Self.quux(9_005, home: "newest", number: "n-newest", replaced: ["n-new"])
        sources.append(Source("e", [later]))
        #expect(
            people(try LinkerTests.link(Self.encode(sources))) == [
                [9_001, 9_004], [9_002, 9_003], [9_005],
            ])
    }

    @Test("A delta decides as a full run does, whoever comes last")
    func delta() throws {
        for (home, third, fourth) in [("old", "old", "old"), ("new", "old", "new")] {
            let whole = Self.sources(newHome: home, third: third, fourth: fourth)
            let full = try LinkerTests.link(Self.encode(whole))
            /// One source's row of the family alone, and the rest of all sources.
            for last in home == "old" ? 0..<4 : 2..<3 {
                var rest = whole
                let own = UInt64(9_001 + last)
                let identities = rest[last].identities
                rest[last].identities = identities.filter { $0.subject != own }
                let night = try LinkerTests.link(Self.encode(rest))
                rest[last].identities = identities.filter { $0.subject == own }
                let after = try LinkerTests.link(night.state, Self.encode([rest[last]]))
                #expect(!after.report.trained)
                #expect(people(after) == people(full), "\(home) \(last)")
                guard last == 2 else { continue }
                // And the same again from nothing.
                var forgetful = after.state
                forgetful.specification = nil
                let relinked = try LinkerTests.link(forgetful, [])
                #expect(relinked.report.trained && people(relinked) == people(full))
            }
        }
    }

    @Test("Nothing tells who else is of either identity")
    func tellsNothing() throws {
        let outcome = try LinkerTests.link(
            Self.encode(Self.sources(newHome: "new", third: "old", fourth: "new")))
        let state = outcome.state
        let ends = [9_003, 9_004].map {
            SyntheticEncodings.subject($0 == 9_003 ? "c" : "d", UInt64($0))
        }
        #expect {
            try Linker.explain(ends[0], ends[1], in: state, specification: LinkageSpecification())
        } throws: {
            "\($0)".contains("protected by its source")
        }
        let candidates = try Linker.reviewCandidates(state, specification: LinkageSpecification())
        #expect(!candidates.isEmpty)
        #expect(
            !candidates.contains {
                (9_001...9_005).contains($0.left.low) || (9_001...9_005).contains($0.right.low)
            })
    }
}
