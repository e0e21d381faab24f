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
}
