import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("Linkage against truth")
struct TruthCheckTests {
    /// Who a subject of the synthetic county is.
    private static func person(_ number: UInt64) -> PersonPseudonym {
        PersonPseudonym(high: 7, low: number)
    }

    private static func truth(
        _ state: LinkState, where isKnown: (SubjectPseudonym) -> Bool = { _ in true }
    ) -> LinkTruth {
        LinkTruth(
            state.memberships.map(\.subject).filter(isKnown).map {
                LinkTruth.Row(subject: $0, person: person($0.low))
            })
    }

    /// Three sources: of the third, whose people come twice, some are typed badly.
    private static func county(_ specification: inout LinkageSpecification) throws -> LinkState {
        specification.sourcesWithDuplicates = ["c"]
        return specification == repeating ? try linked.get() : try linkedCounty(specification)
    }

    private static let repeating: LinkageSpecification = {
        var specification = LinkageSpecification()
        specification.sourcesWithDuplicates = ["c"]
        return specification
    }()

    /// Linked once for all tests that change nothing of it.
    private static let linked = Result { try linkedCounty(repeating) }

    private static func linkedCounty(_ specification: LinkageSpecification) throws -> LinkState {
        let (first, second) = SyntheticEncodings.county(150)
        let third = second.enumerated().map { index, identity in
            var identity = identity
            if index % 7 == 0 { identity.birth = "20010101" }
            if index % 5 == 0 { identity.given = SyntheticEncodings.given[index % 18] }
            return identity
        }
        let again = third.prefix(30).map { identity in
            var identity = identity
            identity.subject += 10_000
            return identity
        }
        return try LinkerTests.link(
            [
                SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
                SyntheticEncodings.encode("c", third + again),
            ], specification
        ).state
    }

    /// Who is who, the second subjects of the third source too; some of the second source are
    /// somebody else than they seem.
    private static func wholeTruth(
        _ state: LinkState, where isKnown: (SubjectPseudonym) -> Bool = { _ in true }
    ) -> LinkTruth {
        LinkTruth(
            state.memberships.filter { isKnown($0.subject) }.map {
                let isAnother = state.sources[Int($0.source)] == "b" && $0.subject.low % 29 == 0
                return LinkTruth.Row(
                    subject: $0.subject,
                    person: person($0.subject.low % 10_000 + (isAnother ? 1 : 0)))
            })
    }

    /// Every pair of subjects looked at by itself.
    private static func counted(
        _ state: LinkState, _ truth: LinkTruth,
        where counts: (LinkState.Membership, LinkState.Membership) -> Bool = { _, _ in true }
    ) -> PairCounts {
        let people = Dictionary(
            uniqueKeysWithValues: truth.rows.map { ($0.subject, $0.person.low) })
        let members = state.memberships.compactMap { member in
            people[member.subject].map { (member, serial: member.serial, person: $0) }
        }
        var result = PairCounts()
        for (place, one) in members.enumerated() {
            for other in members[(place + 1)...]
            where one.serial == other.serial || one.person == other.person {
                guard counts(one.0, other.0) else { continue }
                let (isFound, isTrue) = (one.serial == other.serial, one.person == other.person)
                if isFound { result.claimed += 1 }
                if isTrue { result.wanted += 1 }
                if isFound && isTrue { result.found += 1 }
            }
        }
        return result
    }

    private func agrees(_ quality: MeasuredQuality, _ counts: PairCounts) -> Bool {
        let (found, claimed, wanted) = (
            Double(counts.found), Double(counts.claimed), Double(counts.wanted)
        )
        func near(_ estimate: ReviewedQuality.Estimate?, _ value: Double) -> Bool {
            guard let estimate else { return value.isNaN }
            return abs(estimate.value - value) < 1e-12 && estimate.low <= value + 1e-12
                && value <= estimate.high + 1e-12
        }
        return quality.found == counts.found && quality.claimed == counts.claimed
            && quality.wanted == counts.wanted && near(quality.precision, found / claimed)
            && near(quality.recall, found / wanted)
            && near(quality.f1, 2 * found / (claimed + wanted))
    }

    @Test(
        "Pairs are those that a count of every pair gives, also where the truth covers a part",
        arguments: [1, 3] as [UInt64])
    func pairs(part: UInt64) throws {
        var specification = LinkageSpecification()
        let state = try Self.county(&specification)
        let truth = Self.wholeTruth(state) { part == 1 || $0.low % part != 0 }
        let check = try Linker.check(state, against: truth, specification: specification)
        #expect(check.subjects == state.memberships.count && check.covered == truth.rows.count)
        #expect(check.notHeld == 0 && (part == 1) == (check.covered == check.subjects))
        #expect(agrees(check.quality, Self.counted(state, truth)))
        #expect(
            agrees(
                check.betweenSources, Self.counted(state, truth) { $0.source != $1.source }))
        // Not all is found, nor is all that is found true: else the counts would say little.
        #expect(check.quality.missed > 0 && check.quality.claimed > check.quality.found)
        #expect(check.sources.map { "\($0.left)\($0.right)" }.contains("cc"))
        for pair in check.sources {
            let asked = Set([pair.left, pair.right].compactMap(state.sources.firstIndex(of:)))
            #expect(
                agrees(
                    pair.quality,
                    Self.counted(state, truth) {
                        Set([Int($0.source), Int($1.source)]) == asked
                    }))
            #expect(pair.missed.reduce(0) { $0 + $1.pairs } == pair.quality.missed)
        }
        #expect(check.missed.reduce(0) { $0 + $1.pairs } == check.quality.missed)
        #expect(check.sources.reduce(0) { $0 + $1.quality.missed } == check.quality.missed)
    }

    @Test("People are whole, split or mixed, as sets of subjects say")
    func people() throws {
        var specification = LinkageSpecification()
        let state = try Self.county(&specification)
        let truth = Self.wholeTruth(state)
        let check = try Linker.check(state, against: truth, specification: specification)
        let known = Dictionary(uniqueKeysWithValues: truth.rows.map { ($0.subject, $0.person) })
        let found = Set(
            Dictionary(grouping: state.memberships, by: \.serial).values
                .map { Set($0.map(\.subject)) })
        let real = Dictionary(grouping: truth.rows, by: \.person).values
            .map { Set($0.map(\.subject)) }
        let several = real.filter { $0.count > 1 }
        #expect(check.people.people == real.count && check.people.ofSeveral == several.count)
        #expect(
            check.people.whole
                == Proportion(several.count(where: found.contains), of: several.count))
        let split = several.count { person in !found.contains { $0.isSuperset(of: person) } }
        #expect(check.people.split == Proportion(split, of: several.count))
        let merged = real.count { person in
            found.contains { group in
                !group.isDisjoint(with: person) && Set(group.map { known[$0] }).count > 1
            }
        }
        #expect(check.people.merged == Proportion(merged, of: real.count))
        #expect(split > 0 && merged > 0 && check.people.whole.count > 50)
    }

    @Test("What the people are is its own truth")
    func itself() throws {
        var specification = LinkageSpecification()
        let state = try Self.county(&specification)
        let check = try Linker.check(
            state,
            against: LinkTruth(
                state.memberships.map { LinkTruth.Row(subject: $0.subject, person: $0.person) }),
            specification: specification)
        #expect(check.quality.f1?.value == 1 && check.missed.isEmpty)
        #expect(check.people.whole.share == 1 && check.people.merged.count == 0)
    }

    @Test(
        "Without the margin the threshold in use gives the people as they stand, and the best is no worse"
    )
    func thresholds() throws {
        var specification = LinkageSpecification()
        specification.margin = 0
        let state = try Self.county(&specification)
        let truth = Self.wholeTruth(state)
        let check = try Linker.check(state, against: truth, specification: specification)
        let thresholds = try #require(check.thresholds)
        let standing = try #require(check.quality.f1?.value)
        #expect(abs(thresholds.inUse.f1 - standing) < 1e-12)
        #expect(abs(thresholds.inUse.precision - (check.quality.precision?.value ?? 0)) < 1e-12)
        #expect(abs(thresholds.inUse.recall - (check.quality.recall?.value ?? 0)) < 1e-12)
        #expect(thresholds.best.f1 >= thresholds.inUse.f1)
        // Linked at a threshold that is worse, the best is still found where it was.
        var strict = specification
        strict.linkThreshold = 11
        strict.estimatesThreshold = false
        let fewer = try LinkerTests.link(state, [], strict).state
        let measured = try #require(
            try Linker.check(fewer, against: truth, specification: strict).thresholds)
        #expect(measured.inUse.threshold == 11 && measured.inUse.f1 < measured.best.f1)
        #expect(abs(measured.best.f1 - thresholds.best.f1) < 0.01)
        #expect(try #require(measured.best.threshold) < 11)
    }

    @Test("What was expected without labels stands beside what is true")
    func expected() throws {
        let (first, second) = SyntheticEncodings.county(300)
        let outcome = try Linker.link(
            state: LinkState(),
            delta: [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)],
            specification: LinkageSpecification(), mint: try #require(LinkerTests.mint),
            detail: true)
        let quality = try #require(outcome.report.detail?.quality)
        let check = try Linker.check(
            outcome.state, against: Self.truth(outcome.state),
            specification: LinkageSpecification())
        let expected = try #require(check.expected)
        #expect(expected.precision == quality.precision && expected.recall == quality.recall)
        let recall = try #require(check.quality.recall?.value)
        #expect(
            expected.holdsRecall
                == (quality.recall.low <= recall && recall <= quality.recall.high))
        // Nobody is who the weights say: the ranges do not hold that.
        let wrong = LinkTruth(
            outcome.state.memberships.map {
                LinkTruth.Row(
                    subject: $0.subject,
                    person: Self.person($0.source == 0 ? $0.subject.low : $0.subject.low + 1))
            })
        let other = try Linker.check(
            outcome.state, against: wrong, specification: LinkageSpecification())
        #expect(other.expected?.holdsPrecision == false && other.expected?.holdsRecall == false)
        #expect(other.quality.found == 0 && other.quality.f1?.value == 0)
    }

    @Test(
        "By a characteristic a pair counts once for each subject that has it; small levels are not shown"
    )
    func groups() throws {
        var specification = LinkageSpecification()
        let state = try Self.county(&specification)
        let truth = Self.wholeTruth(state)
        let own = state.memberships.filter { state.sources[Int($0.source)] == "a" }.map(\.subject)
        let levels = SubjectLevels(
            "Parity", source: "a", levels: ["even", "odd", "few", "nobody"],
            level: Dictionary(
                uniqueKeysWithValues: own.map { ($0, $0.low <= 4 ? 2 : Int($0.low % 2)) }))
        let check = try Linker.check(
            state, against: truth, specification: specification, groups: [levels])
        let group = try #require(check.groups.first { $0.name == "Parity" })
        #expect(group.source == "a" && group.levels.map(\.name) == ["even", "odd", "few"])
        // One level alone could be worked out from the whole: the next smallest goes with it.
        #expect(group.levels.count { $0.quality == nil } == 2 && group.levels[2].quality == nil)
        let shown = try #require(group.levels.firstIndex { $0.quality != nil })
        let members = Set(own.filter { levels.level[$0] == shown })
        let once = Self.counted(state, truth) {
            members.contains($0.subject) != members.contains($1.subject)
        }
        let quality = try #require(group.levels[shown].quality)
        #expect(group.levels[shown].subjects == members.count)
        #expect(agrees(quality, once))
        #expect(check.groups.contains { $0.name == "Homes known to the source" })
    }
}
