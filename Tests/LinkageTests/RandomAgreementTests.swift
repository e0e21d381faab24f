import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Agreement at random")
struct RandomAgreementTests {
    @Test("An equal date is as frequent as among all that can be compared, partial ones included")
    func partialDates() throws {
        var generator = SeededGenerator(seed: 11, label: "dates")
        let rows = 600
        // Half of the dates lack their day: they have the year and month alone.
        let months = (0..<rows).map { _ in UInt64(generator.below(12)) + 1 }
        let days = (0..<rows).map { _ in UInt64(generator.below(4)) }
        let isWhole = (0..<rows).map { _ in generator.below(2) == 0 }
        let whole = (0..<rows).map { isWhole[$0] ? months[$0] << 8 | days[$0] | 1 << 32 : 0 }
        let encodings = Encodings(
            source: "a", keyEpoch: 1, specification: ContentDigest.sha256("s"),
            subject: (0..<rows).map { SyntheticEncodings.subject("a", UInt64($0)) },
            record: (0..<rows).map { RecordPseudonym(high: 1, low: UInt64($0)) },
            operation: Array(repeating: .open, count: rows),
            happened: Array(repeating: Day(1), count: rows),
            known: Array(repeating: Day(1), count: rows),
            fields: [
                .init("date_of_birth", .token(WordColumn(whole))),
                .init("date_of_birth.year_month", .token(WordColumn(months))),
            ])
        let store = try FieldStore([encodings], firstNew: [rows])
        let comparisons = [
            LinkageSpecification.Comparison(
                "date_of_birth",
                [.equal("date_of_birth"), .anyEqual(["date_of_birth.year_month"])])
        ]
        let random = RandomAgreement(
            store, comparisons, try PairComparison(comparisons, over: store), mayRepeat: [false])
        var same = 0.0
        for one in 0..<rows {
            for other in (one + 1)..<rows where whole[one] != 0 && whole[one] == whole[other] {
                same += 1
            }
        }
        // All pairs can be compared: by the date or by its month.
        let share = same / Double(rows * (rows - 1) / 2)
        #expect(abs(random.shares[0][0] - share) < 0.1 * share)
    }

    /// Two records of a source that repeats its people and have one date of birth are mostly one
    /// person. What names under that date do among strangers must not be taken from them.
    @Test("Strangers under a salt are not the matches there, where a source repeats its people")
    func strangersUnderSalts() throws {
        var generator = SeededGenerator(seed: 3, label: "repeated")
        var identities: [Identity] = []
        for person in 0..<700 {
            let identity = Identity(
                subject: UInt64(2 * person),
                given: SyntheticEncodings.given[generator.below(18)],
                surname: SyntheticEncodings.surnames[generator.below(20)],
                birth: "\(generator.below(1_000))", home: "h\(person)")
            var other = identity
            other.subject += 1
            if generator.chance(0.1) { other.given.removeLast() }
            if generator.chance(0.1) { other.home = "h\(700 + generator.below(700))" }
            identities += [identity, other]
        }
        var encodings = SyntheticEncodings.encode("a", identities)
        let salts = identities.map { SyntheticEncodings.hash($0.birth, 9) }
        for (label, name) in [("given_name", \Identity.given), ("surname", \Identity.surname)] {
            encodings.fields.removeAll { $0.name == label }
            encodings.fields.append(
                .init(
                    label,
                    .filter(
                        bits: 512,
                        words: WordColumn(
                            zip(identities, salts).flatMap {
                                SyntheticEncodings.filter($0[keyPath: name], label, $1)
                            })), salt: "date_of_birth"))
        }
        var specification = LinkageSpecification()
        specification.sourcesWithDuplicates = ["a"]
        let study = try #require(try LinkageStudy([encodings], specification))
        for (name, chance) in [("given_name", 1.0 / 18), ("surname", 1.0 / 20)] {
            let comparison = try #require(
                study.parameters.comparisons.first { $0.name == name })
            let (m, u) = (comparison.m[0], comparison.u[0])
            #expect(u > 0.3 * chance && u < 2 * chance, "\(name): \(u)")
            #expect(m > 0.8)
        }
        // Of two people with one date of birth and one home neither has the given name of the other.
        let given = try #require(
            study.parameters.comparisons.first { $0.name == "given_name" })
        #expect(given.r[0] == given.u[0])
    }
}
