import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("Linking a delta to a state")
struct LinkerTests {
    static let mint = try? Minter(seed: Array(0..<32))

    static func link(
        _ state: LinkState, _ delta: [Encodings],
        _ specification: LinkageSpecification = LinkageSpecification(), rekey: Bool = false,
        registers: Set<String> = []
    ) throws -> LinkOutcome {
        try Linker.link(
            state: state, delta: delta, specification: specification,
            mint: try #require(mint), rekey: rekey, registers: registers)
    }

    static func link(
        _ delta: [Encodings], _ specification: LinkageSpecification = LinkageSpecification(),
        registers: Set<String> = []
    ) throws -> LinkOutcome {
        try link(LinkState(), delta, specification, registers: registers)
    }

    static func person(_ outcome: LinkOutcome, _ source: String, _ number: UInt64)
        -> PersonPseudonym?
    {
        let subject = SyntheticEncodings.subject(source, number)
        return outcome.spine.subject.firstIndex(of: subject).map { outcome.spine.person[$0] }
    }

    /// The people as sets of subjects, whatever their pseudonyms.
    static func people(_ spine: Spine) -> Set<Set<SubjectPseudonym>> {
        var groups: [PersonPseudonym: Set<SubjectPseudonym>] = [:]
        for (subject, person) in zip(spine.subject, spine.person) {
            groups[person, default: []].insert(subject)
        }
        return Set(groups.values)
    }

    @Test("Most people are found and no two are mixed up")
    func quality() throws {
        let (first, second) = SyntheticEncodings.county(300)
        let outcome = try Self.link(
            delta(first, second))
        let both = Set(first.map(\.subject)).intersection(second.map(\.subject))
        var found = 0
        for number in both
        where Self.person(outcome, "a", number) == Self.person(outcome, "b", number) {
            found += 1
        }
        let pairs = outcome.report.clusterSizes.filter { $0.subjects == 2 }.map(\.people)
        #expect(Double(found) / Double(both.count) > 0.95)
        #expect(pairs.reduce(0, +) - found <= 2)
        #expect(outcome.report.people == Set(outcome.spine.person).count)
        #expect(outcome.report.sources.map(\.subjects) == [first.count, second.count])
        #expect(outcome.spine.subject == outcome.spine.subject.sorted())
    }

    private func delta(_ first: [Identity], _ second: [Identity]) -> [Encodings] {
        [SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second)]
    }

    @Test("Night by night gives the same people as all at once", arguments: [1, 2] as [UInt64])
    func deltaEqualsFull(seed: UInt64) throws {
        let (first, second) = SyntheticEncodings.county(300, seed: seed)
        let full = try Self.link(delta(first, second))
        let night1 = try Self.link(delta(Array(first.prefix(200)), Array(second.prefix(180))))
        let night2 = try Self.link(
            night1.state, delta(Array(first.dropFirst(200)), Array(second.dropFirst(180))))
        #expect(!night2.report.trained)
        #expect(night2.report.newVersions < full.report.newVersions)
        // The parameters come from fewer pairs, so that a pair at the threshold may differ.
        let differing = Self.people(full.spine).symmetricDifference(Self.people(night2.spine))
        #expect(differing.count <= 6)
        for (subject, person) in zip(night1.spine.subject, night1.spine.person) {
            let now = try #require(night2.spine.subject.firstIndex(of: subject))
            #expect(night2.state.current(person) == night2.spine.person[now])
        }
        var pinned = LinkageSpecification()
        pinned.pinned = full.state.parameters
        let once = try Self.link(delta(first, second), pinned)
        let one = try Self.link(delta(Array(first.prefix(40)), second), pinned)
        let two = try Self.link(
            one.state, [SyntheticEncodings.encode("a", Array(first.dropFirst(40)))], pinned)
        #expect(Self.people(once.spine) == Self.people(two.spine))
    }

    @Test("The order of sources and of rows does not matter")
    func orderIndependence() throws {
        let (first, second) = SyntheticEncodings.county(150)
        let one = try Self.link(delta(first, second))
        let other = try Self.link(delta(first.reversed(), second.reversed()).reversed())
        #expect(one.spine == other.spine)
        #expect(one.report == other.report)
    }

    @Test("An empty delta changes nobody")
    func nothingNew() throws {
        let (first, second) = SyntheticEncodings.county(100)
        let night1 = try Self.link(delta(first, second))
        let night2 = try Self.link(night1.state, [])
        #expect(night2.spine == night1.spine)
        #expect(night2.state == night1.state)
        #expect(night2.merges.isEmpty && night2.splits.isEmpty)
    }

    @Test("The state survives its column tables; a damaged one is refused")
    func stateTables() throws {
        let (first, second) = SyntheticEncodings.county(60)
        let state = try Self.link(delta(first, second)).state
        #expect(try LinkState(tables: state.tables.reversed(), file: "state") == state)
        #expect {
            try LinkState(tables: Array(state.tables.dropFirst()), file: "state")
        } throws: { "\($0)".contains("the table “link_people” is missing") }
    }

    @Test("Twins are two people, and a pair of them is for review")
    func twins() throws {
        var (first, second) = SyntheticEncodings.county(200)
        first.append(
            Identity(
                subject: 9_001, given: "amelia", surname: "okafor", birth: "20150303", home: "tw"))
        second.append(
            Identity(
                subject: 9_002, given: "theodore", surname: "okafor", birth: "20150303", home: "tw")
        )
        let outcome = try Self.link(delta(first, second))
        #expect(Self.person(outcome, "a", 9_001) != Self.person(outcome, "b", 9_002))
        #expect(outcome.report.pairsInConflict >= 1)
        #expect(outcome.state.parameters?.twins == .tooFew)
    }

    @Test("Where more matches have another given name than children have twins, they are linked")
    func otherNamesAreErrors() throws {
        var (first, second) = SyntheticEncodings.county(600)
        var others: [UInt64] = []
        for index in stride(from: 0, to: second.count, by: 6) {
            second[index].number = ""
            second[index].given = "winifred"
            others.append(second[index].subject)
        }
        let outcome = try Self.link(delta(first, second))
        #expect(outcome.state.parameters?.twins == .errors)
        func joined(_ outcome: LinkOutcome) -> Int {
            others.count { number in
                let person = Self.person(outcome, "a", number)
                return person != nil && person == Self.person(outcome, "b", number)
            }
        }
        #expect(joined(outcome) * 2 > others.count && outcome.report.pairsInConflict == 0)
        // Pinned parameters give their own answer, and without one hold back; data are not asked.
        var pinned = LinkageSpecification()
        pinned.pinned = outcome.state.parameters
        #expect(joined(try Self.link(delta(first, second), pinned)) == joined(outcome))
        pinned.pinned?.twins = nil
        let held = try Self.link(delta(first, second), pinned)
        #expect(held.state.parameters?.twins == nil && held.report.pairsInConflict > 0)
        #expect(joined(held) * 8 < others.count)
    }

    @Test(
        "Another given name is one person's where twins would be seen, and a twin's where they may not be",
        arguments: [(0, LinkageParameters.Twins.onePerson), (20, .onePerson), (5, .twoPeople)])
    func twinsOrErrors(twins: Int, are: LinkageParameters.Twins) throws {
        let areHeld = are.areHeld
        var (first, second) = SyntheticEncodings.county(areHeld ? 4_000 : 2_000)
        if areHeld {
            // Where half of a register's people are in the other, so may one twin be without the other.
            first.removeAll { $0.subject % 3 == 1 }
            second.removeAll { $0.subject % 3 == 2 }
        }
        // One in forty, or in twenty, is called otherwise in the second register.
        var others: [UInt64] = []
        for index in stride(from: 0, to: second.count, by: areHeld ? 20 : 40) {
            second[index].number = ""
            second[index].given = second[index].given == "winifred" ? "barnaby" : "winifred"
            others.append(second[index].subject)
        }
        for number in 0..<UInt64(twins) {
            for (subject, given) in [(10_000 + number, "zelda"), (20_000 + number, "quentin")] {
                let twin = Identity(
                    subject: subject, given: given,
                    surname: SyntheticEncodings.surnames[Int(number) % 20],
                    birth: "2015\(1_000 + number)", home: "twins \(number)")
                first.append(twin)
                second.append(twin)
            }
        }
        let outcome = try Self.link(delta(first, second))
        let joined = others.count { number in
            let person = Self.person(outcome, "a", number)
            return person != nil && person == Self.person(outcome, "b", number)
        }
        #expect(outcome.state.parameters?.twins == are)
        #expect(areHeld ? joined * 8 < others.count : joined * 2 > others.count)
        #expect(areHeld == (outcome.report.pairsInConflict >= 40))
        for number in 0..<UInt64(twins) {
            let people = ["a", "b"].flatMap { source in
                [10_000 + number, 20_000 + number].map { Self.person(outcome, source, $0) }
            }
            #expect(people[0] == people[2] && people[1] == people[3] && people[0] != people[1])
        }
        // A delta goes by what was settled.
        let next = try Self.link(
            outcome.state,
            delta(
                [
                    Identity(
                        subject: 30_001, given: "amelia", surname: "okafor", birth: "20150303",
                        home: "new")
                ],
                [
                    Identity(
                        subject: 30_001, given: "barnaby", surname: "okafor", birth: "20150303",
                        home: "new")
                ]))
        #expect(next.state.parameters == outcome.state.parameters)
        #expect(
            (Self.person(next, "a", 30_001) == Self.person(next, "b", 30_001)) == !areHeld)
    }

    @Test("Different NHS numbers keep two records apart that agree on all else")
    func identifiersDisagree() throws {
        var (first, second) = SyntheticEncodings.county(200)
        first.append(
            Identity(subject: 9_001, given: "amelia", surname: "okafor", home: "x", number: "n-1"))
        second.append(
            Identity(subject: 9_002, given: "amelia", surname: "okafor", home: "x", number: "n-2"))
        let outcome = try Self.link(delta(first, second))
        #expect(Self.person(outcome, "a", 9_001) != Self.person(outcome, "b", 9_002))
    }

    @Test("A later record joins two people; the older pseudonym stays, the younger is an alias")
    func mergeKeepsAlias() throws {
        var (first, second) = SyntheticEncodings.county(200)
        let surname = SyntheticEncodings.surnames[3]
        first.append(
            Identity(
                subject: 9_001, given: "florence", surname: surname, birth: "20110901", home: "old")
        )
        second.append(
            Identity(
                subject: 9_002, given: "florence", surname: "zeller", birth: "", home: "new",
                number: "n-9"))
        let night1 = try Self.link(delta(first, second))
        let one = try #require(Self.person(night1, "a", 9_001))
        let other = try #require(Self.person(night1, "b", 9_002))
        #expect(one != other)
        // The first source learns the new name, the new home and the number.
        let news = Identity(
            subject: 9_001, given: "florence", surname: "zeller", birth: "20110901", home: "new",
            number: "n-9", day: 30)
        let night2 = try Self.link(night1.state, [SyntheticEncodings.encode("a", [news])])
        let person = try #require(Self.person(night2, "a", 9_001))
        #expect(Self.person(night2, "b", 9_002) == person)
        #expect(person == one || person == other)
        let alias = person == one ? other : one
        #expect(night2.merges == [PersonMerge(kept: person, alias: alias)])
        #expect(night2.state.aliases.map(\.since) == [Day(30)])
        #expect(night2.state.current(alias) == person)
        let untouched = zip(night1.spine.subject, night1.spine.person).filter {
            $0.1 != one && $0.1 != other
        }
        for (subject, before) in untouched {
            let row = try #require(night2.spine.subject.firstIndex(of: subject))
            #expect(night2.spine.person[row] == before)
        }
    }

    @Test("A change of keys keeps every person's pseudonym")
    func rekey() throws {
        let (first, second) = SyntheticEncodings.county(150)
        let before = try Self.link(delta(first, second))
        let anew = [
            SyntheticEncodings.encode("a", first, epoch: 2),
            SyntheticEncodings.encode("b", second, epoch: 2),
        ]
        let after = try Self.link(before.state, anew, rekey: true)
        #expect(after.spine.subject == before.spine.subject)
        #expect(after.spine.person == before.spine.person)
        #expect(!before.spine.residences.isEmpty)
        #expect(after.spine.residences == before.spine.residences)
        #expect(before.state.homes.isEmpty && !after.state.homes.isEmpty)
        #expect(try LinkState(tables: after.state.tables, file: "state") == after.state)
        let third = [
            SyntheticEncodings.encode("a", first, epoch: 3),
            SyntheticEncodings.encode("b", second, epoch: 3),
        ]
        let again = try Self.link(after.state, third, rekey: true)
        #expect(again.spine.residences == before.spine.residences)
        #expect(after.state.held.allSatisfy { $0.keyEpoch == 2 })
        #expect {
            try Self.link(before.state, [anew[0]], rekey: true)
        } throws: { "\($0)".contains("The change of keys lacks the source “b”.") }
        let extra = Identity(subject: 9_009, given: "isla", surname: "khan", home: "x")
        let next = try Self.link(
            after.state, [SyntheticEncodings.encode("a", [extra], epoch: 2)])
        #expect(next.state.memberships.count == after.state.memberships.count + 1)
    }

    @Test("A trusted key links without any other field, and needs no blocking field")
    func trustedKey() throws {
        func encode(_ source: String, _ keys: [String]) -> Encodings {
            var encodings = SyntheticEncodings.encode(
                source,
                keys.enumerated().map {
                    Identity(subject: UInt64($0 + 1), given: "", surname: "", trusted: $1)
                })
            encodings.fields.removeAll { $0.name != "trusted" }
            return encodings
        }
        let outcome = try Self.link([encode("a", ["k1", "k2"]), encode("b", ["k2", "k3"])])
        #expect(outcome.report.people == 3)
        #expect(Self.person(outcome, "a", 2) == Self.person(outcome, "b", 1))
        #expect(outcome.report.parameters == nil)
    }

    @Test("Residences have both times, and a correction closes the older one")
    func residences() throws {
        let moved = [
            Identity(subject: 1, given: "ava", surname: "khan", home: "old", day: 1),
            Identity(subject: 1, given: "ava", surname: "khan", home: "new", day: 20),
            Identity(
                subject: 1, given: "ava", surname: "khan", home: "old", day: 20, operation: .close),
        ]
        let outcome = try Self.link([SyntheticEncodings.encode("a", moved)])
        let homes = outcome.spine.residences
        #expect(homes.map(\.knownFrom) == [Day(1), Day(20)])
        #expect(homes.map(\.knownTo) == [Day(20), .open])
        #expect(homes[0].household != homes[1].household)
        #expect(outcome.report.sources[0].unmatchedCloses == 0)
    }

    @Test("Subjects of a register that reach nobody are counted")
    func registers() throws {
        let (first, second) = SyntheticEncodings.county(120)
        let register = [
            Identity(subject: 1, given: "xerxes", surname: "quux", birth: "19500101", home: "q")
        ]
        let outcome = try Self.link(
            delta(first, second) + [SyntheticEncodings.encode("optout", register)],
            registers: ["optout"])
        #expect(outcome.report.unlinkedRegisterSubjects == 1)
    }

    @Test("All weighed pairs and merges are there for measuring against truth")
    func study() throws {
        let (first, second) = SyntheticEncodings.county(200)
        let study = try #require(
            try LinkageStudy(
                [
                    SyntheticEncodings.encode("z", first), SyntheticEncodings.encode("b", second),
                ], LinkageSpecification()))
        // The test's subjects hold their number in the lower word.
        func isMatch(_ pair: LinkageStudy.Pair) -> Bool {
            study.subjects[Int(pair.left)].low == study.subjects[Int(pair.right)].low
        }
        let right = study.pairs.filter(isMatch)
        let wrong = study.pairs.filter { !isMatch($0) }
        #expect(right.count > 120)
        let least = right.map(\.weight).sorted()[right.count / 20]
        #expect(wrong.count { $0.weight >= least } <= 2)
        #expect(study.merges.count { isMatch($0) && $0.weight >= 2 } > 120)
        #expect(zip(study.merges, study.merges.dropFirst()).allSatisfy { $0.weight >= $1.weight })
    }
}
