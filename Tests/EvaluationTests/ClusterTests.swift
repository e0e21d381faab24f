import Foundation
import PipelineModel
import Testing

@testable import Evaluation

struct ClusterTests {
    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
        FourHundredRows.near(left, right, tolerance)
    }

    /// R: `qt(.975, c(1, 2, 3, 5, 10, 29, 63, 200, 201, 1000))`.
    @Test(arguments: [
        (1, 12.706204736174694), (2, 4.302652729749462), (3, 3.182446305283708),
        (5, 2.570581835636314), (10, 2.228138851986274), (29, 2.045229642132703),
        (63, 1.998340542520741), (200, 1.971896223633908), (201, 1.971836506779858),
        (1000, 1.962339080826408),
    ]) func pointsOfStudentsDistribution(degrees: Int, point: Double) {
        #expect(near(StudentDistribution.upper(degrees), point))
        #expect(near(StudentDistribution.twoSided(point, degrees), 0.05, 1e-10))
        #expect(StudentDistribution.upper(0) == .infinity)
    }

    /// Where every row is of a person of its own, nothing is different from rows that stand alone.
    @Test func peopleOfOneRowChangeNothing() throws {
        var table = PeopleWithSeveralRows.alone
        let people = try Evaluation.evaluate(table, listSize: 60, resamples: 60)
        table.about = []
        var rows = try Evaluation.evaluate(table, listSize: 60, resamples: 60)
        #expect(people != rows)
        rows.people = 368
        #expect(try people.canonicalJSON() == rows.canonicalJSON())
        let text = try #require(String(data: people.canonicalJSON(), encoding: .utf8))
        #expect(!text.contains("effective_size") && !text.contains("\"clustered"))
    }

    @Test func copiesOfRowsSayNoMore() throws {
        let single = try Evaluation.evaluate(
            FourHundredRows.table, listSize: 40, resamples: 0)
        let rows = (0..<1600).map { $0 / 4 }
        let table = FourHundredRows.table
        let copies = try Evaluation.evaluate(
            ScoredTable(
                score: rows.map { table.score[$0] },
                probability: rows.map { table.probability[$0] },
                outcome: rows.map { table.outcome[$0] },
                about: rows.map { UnitPseudonym(high: 7, low: UInt64($0)) },
                baselineRank: rows.map { table.baselineRank[$0] }), listSize: 160, resamples: 0)
        #expect(
            near(
                copies.discrimination.value?.standardError,
                single.discrimination.value?.standardError ?? 0))
        #expect(
            near(
                copies.againstBaseline.value?.difference.standardError,
                single.againstBaseline.value?.difference.standardError ?? 0))
        // A design effect of 4, times the factors for a number of people.
        let size = try #require(copies.list.precisionListed.effectiveSize)
        #expect(size > 34 && size < 40)
        let width = { (share: Share) in share.upper - share.lower }
        #expect(
            width(copies.list.precisionListed) / width(single.list.precisionListed) < 1.06)
        #expect(
            width(copies.list.precisionListed) / width(single.list.precisionListed) > 1)
    }

    @Test func noneOfManyRowsOfFewPeopleIsNoProof() {
        var sums = ClusterSums()
        for _ in 0..<10 { sums.add(0, of: 30) }
        // Ten people with thirty rows each that are alike: ten rows, with ten people's chance.
        let share = sums.share
        let point = Interval.normalQuantile / StudentDistribution.upper(9)
        #expect(near(share.effectiveSize, 10 * point * point))
        #expect(share.lower == 0 && share.upper > 0.27 && share.count == 0 && share.of == 300)
        var one = ClusterSums()
        one.add(3, of: 9)
        #expect(near(one.share.lower, 0) && near(one.share.upper, 1))
        #expect(one.share.effectiveSize == 0)
        var unlike = ClusterSums()
        for _ in 0..<50 { unlike.add(1, of: 2) }
        // Each person has one of two: less chance than of 100 rows, which it never counts as.
        #expect((unlike.share.effectiveSize ?? 0) < 100)
    }

    @Test func oneOfTheTwoOutcomesInOnePersonHasNoInterval() throws {
        let table = ScoredTable(
            score: (0..<30).map(Double.init), probability: (0..<30).map { Double($0) / 30 },
            outcome: (0..<30).map { $0 % 15 < 2 ? 1 : 0 },
            about: (0..<30).map { UnitPseudonym(high: 0, low: $0 % 15 < 2 ? 99 : UInt64($0 / 2)) })
        let report = try Evaluation.evaluate(table, listSize: 5, resamples: 0)
        #expect(
            report.discrimination
                == .notAssessable(
                    "rows with or without the event of fewer than 2 different people, households or settings"
                ))
        #expect(throws: Never.self) { try report.canonicalJSON() }
        var same = table
        same.about = table.about.map { _ in UnitPseudonym(high: 0, low: 1) }
        let all = try Evaluation.evaluate(same, listSize: 5, resamples: 0)
        #expect(all.calibration == .notAssessable("all rows belong together"))
        #expect(near(all.list.precisionListed.lower, 0) && near(all.list.precisionListed.upper, 1))
        #expect(throws: Never.self) { try all.canonicalJSON() }
    }

    /// Pairs of one row with the event and one without of the same score: however pairs are drawn, the
    /// area is a half.
    @Test(arguments: [2, 3, 7, 40, 333]) func pairsOfOneScoreHaveAnErrorOfNothing(pairs: Int) throws
    {
        let table = ScoredTable(
            score: (0..<2 * pairs).map {
                (Double($0 / 2) * 0.618).truncatingRemainder(dividingBy: 1)
            },
            probability: [], outcome: (0..<2 * pairs).map { Double($0 % 2) },
            about: (0..<2 * pairs).map { UnitPseudonym(high: 0, low: UInt64($0 / 2)) })
        let report = try Evaluation.evaluate(table, listSize: 1, resamples: 200)
        let area = try #require(report.discrimination.value)
        #expect(area.method == .clusteredDeLong && near(area.estimate, 0.5, 1e-15))
        #expect(area.standardError == 0)
        #expect(area.lower == area.estimate && area.upper == area.estimate)
        if let draws = report.bootstrap.value {
            // Drawing says the same.
            #expect(draws.discrimination.value.map { near($0.upper - $0.lower, 0, 1e-15) } == true)
        }
        #expect(!report.text.lowercased().contains("nan"))

        // Against a score that tells all of them apart there is a difference, and nothing to test
        // it by; against one that is alike there is none.
        let apart = table.outcome
        let second = try Evaluation.compare(
            apart, table.score, outcome: table.outcome, about: table.about)
        #expect(second == .notAssessable(Discrimination.noError))
        let same = try Evaluation.compare(
            table.score, table.score, outcome: table.outcome, about: table.about)
        #expect(same == .notAssessable(Discrimination.alike))
    }

    /// The same of rows that stand alone: one score tells all apart, the other nothing.
    @Test func aDifferenceWithoutAnErrorIsNotCalledAlike() throws {
        let outcome = (0..<20).map { Double($0 % 2) }
        let constant = [Double](repeating: 1, count: 20)
        #expect(
            try Evaluation.compare(outcome, constant, outcome: outcome)
                == .notAssessable(Discrimination.noError))
        #expect(
            try Evaluation.compare(constant, constant, outcome: outcome)
                == .notAssessable(Discrimination.alike))
    }

    @Test func anOriginKnowsWhoseItsRowsAre() throws {
        let table = PeopleWithSeveralRows.table
        let scores = RollingOrigin.Scores(score: table.score, probability: table.probability)
        let origin = try #require(
            try RollingOrigin.assess(
                [
                    .init(
                        origin: "2024-01-01", rowsOfFit: 900, eventsOfFit: 90, listSize: 60,
                        outcome: table.outcome, refitted: .value(scores),
                        firstFit: .value(scores), model: .value(scores),
                        presentRule: .value(table.baselineRank), about: table.about)
                ], threshold: 0.2, thresholdSource: .list, outcomeKnownAfterDays: nil
            ).origins.first)
        let report = try Evaluation.evaluate(table, listSize: 60, resamples: 0)
        #expect(origin.results[0].discrimination == report.discrimination)
        #expect(origin.results[0].calibration == report.calibration)
        #expect(origin.results[0].list == .value(report.list))
        let test = try #require(report.againstBaseline.value)
        #expect(
            near(
                origin.results[3].againstRefitted.value?.difference.standardError,
                test.difference.standardError))
    }

    /// One row each, but of people who live together: the same as rows of one person.
    @Test func householdsKeepPeopleTogether() throws {
        let rows = try Evaluation.evaluate(
            PeopleWithSeveralRows.table, listSize: 60, resamples: 60)
        var table = PeopleWithSeveralRows.alone
        table.together = PeopleWithSeveralRows.table.about
        var people = try Evaluation.evaluate(table, listSize: 60, resamples: 60)
        #expect(people.people == 368 && people.households == 120)
        #expect(people.text.contains("368 people, who lived in 120 households"))
        #expect(people.text.contains("By drawing households anew"))
        people.people = rows.people
        people.households = nil
        #expect(people == rows)
        table.together.removeLast()
        #expect(throws: StileError.self) { try Evaluation.evaluate(table, listSize: 60) }
    }
}
