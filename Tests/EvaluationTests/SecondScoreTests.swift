import PipelineModel
import Testing

@testable import Evaluation

/// Two scores of the same rows: areas against R, lists against plain counting.
struct SecondScoreTests {
    private static func pseudonyms(_ size: Int) -> [UnitPseudonym] {
        (0..<400).map { UnitPseudonym(high: 1, low: UInt64($0 / size)) }
    }

    private func close(_ left: Double?, _ right: Double, _ by: Double = 1e-9) -> Bool {
        left.map { ($0 - right).magnitude <= by * max(1, right.magnitude) } ?? false
    }

    // pROC: roc.test(roc(y, p), roc(y, b), method = "delong", paired = TRUE); ci.auc(roc(y, b))
    @Test func areasAgreeWithPROC() throws {
        let second = try Evaluation.compare(
            FourHundredRows.rule, named: "rule", with: FourHundredRows.table, listSize: 40,
            resamples: 0)
        let against = try #require(second.against.value)
        #expect(close(against.difference.estimate, 0.7679551524757124 - 0.4898740864664964))
        #expect(close(against.z, 7.000091666689176) && against.pValue < 2.6e-12)
        #expect(close(second.discrimination.value?.lower, 0.4296523216583446))
        #expect(second.name == "rule" && second.resamples == nil)
        // sort(s, decreasing = TRUE)[40] and the mean of y among its ties.
        #expect(second.list.first == 24 && close(second.list.second, 10.47058823529412))
        #expect(second.list.precision.value == nil)
        #expect(second.lists.map(\.size) == [2, 4, 20, 40, 80])
    }

    // Obuchowski's variance of the difference over clusters of four rows, written out in R with the
    // placements of each row; Student's distribution of 86 degrees.
    @Test func areasAgreeWithObuchowskiByHouseholds() throws {
        var table = FourHundredRows.table
        table.about = Self.pseudonyms(2)
        table.together = Self.pseudonyms(4)
        let second = try Evaluation.compare(
            FourHundredRows.rule, named: "rule", with: table, listSize: 40, resamples: 0)
        let difference = try #require(second.against.value?.difference)
        #expect(difference.method == .clusteredDeLong)
        #expect(close(difference.standardError, 0.03840958875271686))
        #expect(close(difference.lower, 0.2017253306801167))
        #expect(close(difference.upper, 0.3544368013383155))
        #expect(second.discrimination.value?.method == .clusteredDeLong)
    }

    /// Each draw written out as rows and counted.
    @Test func listsAgreeWithPlainCounting() throws {
        var table = FourHundredRows.table
        table.together = Self.pseudonyms(8)
        let rule = FourHundredRows.rule
        let found = try Evaluation.compare(
            rule, named: "rule", with: table, listSize: 40, resamples: 60)
        func listed(_ score: [Double], _ rows: [Int]) -> Double {
            let size = 0.1 * Double(rows.count)
            let cut = rows.map { score[$0] }.sorted(by: >)[Int(size.rounded(.up)) - 1]
            let above = rows.filter { score[$0] > cut }
            let tied = rows.filter { score[$0] == cut }
            let events = { (rows: [Int]) in rows.reduce(0.0) { $0 + table.outcome[$1] } }
            return events(above)
                + (size - Double(above.count)) * events(tied) / Double(tied.count)
        }
        var generator = SeededGenerator(seed: ClusterBootstrap.seed, label: "second score")
        var drawn: [Double] = []
        for _ in 0..<60 {
            let rows = (0..<50).flatMap { _ -> [Int] in
                let cluster = generator.below(50)
                return Array(cluster * 8..<cluster * 8 + 8)
            }
            drawn.append((listed(table.score, rows) - listed(rule, rows)) / 40)
        }
        let precision = try #require(found.list.precision.value)
        let sorted = drawn.sorted()
        #expect(close(precision.difference.estimate, (24 - 10.47058823529412) / 40))
        #expect(close(precision.difference.lower, Quantile.type7(0.025, of: sorted)))
        #expect(close(precision.difference.upper, Quantile.type7(0.975, of: sorted)))
        let beyond = drawn.count { $0 <= 0 }
        #expect(close(precision.pValue, 2 * Double(1 + beyond) / 61))
        #expect(found.lists[3].precision == found.list.precision && found.resamples == 60)
    }

    @Test func theOtherWayRoundIsTheOpposite() throws {
        var table = FourHundredRows.table
        let there = try Evaluation.compare(
            FourHundredRows.rule, named: "rule", with: table, listSize: 30, resamples: 100)
        let score = table.score
        table.score = FourHundredRows.rule
        let back = try Evaluation.compare(
            score, named: "score", with: table, listSize: 30, resamples: 100)
        #expect(there.list.onBoth == back.list.onBoth)
        for (left, right) in zip([there.list] + there.lists, [back.list] + back.lists) {
            #expect(left.first == right.second && left.second == right.first)
            for (one, other) in [
                (left.precision, right.precision), (left.sensitivity, right.sensitivity),
            ] {
                #expect(
                    close(one.value?.difference.estimate, -(other.value?.difference.estimate ?? 9)))
                #expect(close(one.value?.difference.lower, -(other.value?.difference.upper ?? 9)))
                #expect(one.value?.pValue == other.value?.pValue)
            }
        }
    }

    @Test func whatCannotBeToldSaysWhy() throws {
        let table = FourHundredRows.table
        let same = try Evaluation.compare(
            table.score, named: "same", with: table, listSize: 40, resamples: 40)
        #expect(same.against == .notAssessable(Discrimination.alike))
        #expect(same.list.precision == .notAssessable("the two lists find the same in every draw"))
        #expect(same.list.onBoth == 40 && same.list.first == same.list.second)
        var few = table
        few.together = Self.pseudonyms(40)
        let second = try Evaluation.compare(
            FourHundredRows.rule, named: "rule", with: few, listSize: 40)
        #expect(second.list.precision == .notAssessable("fewer than 20 different households"))
        #expect(second.resamples == nil)
        var none = table
        none.outcome = none.outcome.map { _ in 0 }
        let without = try Evaluation.compare(
            FourHundredRows.rule, named: "rule", with: none, listSize: 1_000)
        #expect(without.list.sensitivity == .notAssessable("no row had the event"))
        #expect(without.list.size == 400 && without.against.value == nil)
    }

    /// Lists that find the same by other ties: what rounding leaves of their parts is no difference.
    @Test func roundingIsNoDifference() throws {
        let rows = Array(0..<400)
        let table = ScoredTable(
            score: rows.map { $0 < 250 ? 1 : 0 }, probability: [],
            outcome: rows.map { $0 < 250 ? 1 : 0 },
            about: rows.map { UnitPseudonym(high: 1, low: UInt64($0 * $0 % 101)) })
        let finer = rows.map { $0 < 250 ? 1 + Double($0 / 3) / 1000 : 0 }
        let second = try Evaluation.compare(
            finer, named: "finer", with: table, listSize: 7, resamples: 200)
        for lists in [second.list] + second.lists {
            #expect(
                lists.precision == .notAssessable("the two lists find the same in every draw"))
        }
    }

    @Test(arguments: [
        ([1.0], "The second score has 1 rows and the table 400."),
        ([Double](repeating: .nan, count: 400), "400 rows have a second score that is not finite."),
    ])
    func aSecondScoreThatIsNoneIsRefused(second: [Double], sentence: String) {
        let error = #expect(throws: StileError.self) {
            try Evaluation.compare(
                second, named: "x", with: FourHundredRows.table, listSize: 40)
        }
        #expect(error?.message == sentence)
    }
}
