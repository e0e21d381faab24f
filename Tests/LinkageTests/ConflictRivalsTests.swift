import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

@Suite("Pairs like twins, by who else would be linked")
struct ConflictRivalsTests {
    /// Two registers: so many people in both, so many pairs of twins in both, so many people who are
    /// called otherwise in the second, and people of one register alone.
    private func rivals(
        people: Int, twins: Int, renamed: Int, alone: Int = 0, mayRepeat: [Bool] = [false, false]
    ) throws -> ConflictRivals {
        let count = people + 2 * twins + renamed + alone
        let identities = (0..<count).map {
            Identity(subject: UInt64($0), given: "g\($0)", surname: "s")
        }
        let store = try FieldStore(
            [
                SyntheticEncodings.encode("a", identities),
                SyntheticEncodings.encode("b", Array(identities.prefix(count - alone))),
            ], firstNew: [0, 0])
        func row(_ source: String, _ number: Int) throws -> UInt32 {
            let subject = try #require(
                store.index(of: SyntheticEncodings.subject(source, UInt64(number))))
            return UInt32(try #require(store.rows(of: subject).first))
        }
        var scored: [PairScoring.Scored] = []
        func pair(
            _ left: Int, _ right: Int, _ holds: PairWeights.Holds = [], weight: Double = 9
        ) throws {
            scored.append(
                .init(
                    left: try row("a", left), right: try row("b", right), weight: weight,
                    holds: holds))
        }
        for person in 0..<people { try pair(person, person) }
        for twin in stride(from: people, to: people + 2 * twins, by: 2) {
            try pair(twin, twin)
            try pair(twin + 1, twin + 1)
            try pair(twin, twin + 1, .ofTwins, weight: 3)
            try pair(twin + 1, twin, .ofTwins, weight: 3)
        }
        for person in (people + 2 * twins)..<(people + 2 * twins + renamed) {
            try pair(person, person, .ofTwins, weight: 3)
            // What is held back for another reason, or weighs too little, says nothing.
            try pair(person, 0, .always)
            try pair(person, 0, .ofTwins, weight: -1)
        }
        return ConflictRivals(scored, store, mayRepeat: mayRepeat)
    }

    @Test("Pairs with rivals say how many of those without are two people at most")
    func shares() throws {
        // 240 of the 300 of the second register have a link, 240 of 400 of the first: of two people,
        // one pair in five may have no rival.
        let found = try rivals(people: 140, twins: 50, renamed: 60, alone: 100)
        #expect(found.withRival == 100 && found.withoutRival == 60)
        #expect(abs(found.ofTwoPeople - 100 * 0.2 / 0.8) < 1e-9)
        #expect(abs(try #require(found.share) - 25.0 / 60) < 1e-9)
        // Twins of whom both have links: 200 sides of 100 pairs where 0.6 and 0.8 of the subjects have
        // one, so 200 / 1.4 pairs in all; and 240 links.
        let unseen = 200 / 1.4 - 100
        #expect(abs(found.twinsWithoutRival - unseen) < 1e-9)
        #expect(abs(found.shareOfMatches - (60 - unseen) / (60 - unseen + 240)) < 1e-9)
    }

    @Test("Where nobody has a rival, all are one person; of few, nothing is said")
    func extremes() throws {
        #expect(try rivals(people: 200, twins: 0, renamed: 30).share == 0)
        #expect(try rivals(people: 200, twins: 30, renamed: 19).share == nil)
        // Never more than all.
        #expect(try rivals(people: 0, twins: 60, renamed: 60, alone: 400).share == 1)
    }

    @Test("Sources that know a person several times say nothing")
    func duplicates() throws {
        for mayRepeat in [[true, false], [false, true], [true, true]] {
            let found = try rivals(people: 50, twins: 20, renamed: 30, mayRepeat: mayRepeat)
            #expect(found.withRival == 0 && found.withoutRival == 0 && found.share == nil)
        }
    }
}
