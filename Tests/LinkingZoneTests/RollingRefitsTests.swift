import Evaluation
import Features
import PipelineModel
import Testing

@testable import LinkingZone

/// Eight quarterly dates of 300 people each.
///
/// What is known of them speaks for the event on the
/// first two dates, and against it from then on.
struct RollingRefitsTests {
    private static func day(_ text: String) -> Day { Day(iso: text) ?? Day(0) }
    private static let dates = [
        "2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01", "2024-04-01",
        "2024-07-01", "2024-10-01",
    ].map(day)
    private static let people = 300

    private func specification(_ extra: String = "") throws -> ModelSpecification {
        try .made(
            model:
                """
                model: turned
                title: Turned
                purpose: testing
                version: 1
                unit: person
                cohort: {from: care.people}
                as_of:
                  train: {from: 2023-01-01, to: 2023-07-01, every_months: 3}
                  test: {from: 2024-01-01, to: 2024-10-01, every_months: 3}
                outcome: {from: care.events, horizon_days: 120}
                list: {size: 20}
                baseline: before
                fit: {method: irls, exploratory: true}
                resampling: {origins: 6}
                \(extra)
                """,
            features:
                """
                features:
                  - {name: before, title: t, from: care.events, aggregate: count}
                  - {name: other, title: t, from: care.events, aggregate: count}
                """)
    }

    private func table() throws -> DevelopmentTable {
        var generator = SeededGenerator(seed: 4, label: "turned")
        var rows: [RowKey] = []
        var (before, other, outcome) = ([Double](), [Double](), [Double]())
        var fold: [Int64] = []
        for (place, date) in Self.dates.enumerated() {
            for person in 0..<Self.people {
                let pseudonym = PersonPseudonym(high: 1, low: UInt64(person + 1))
                rows.append(RowKey(unit: pseudonym.cast(), asOf: date, person: pseudonym))
                let count = Double(generator.below(5))
                before.append(count)
                other.append(Double(generator.below(3)))
                let sign = place < 2 ? 1.0 : -1
                outcome.append(
                    generator.chance(Logistic.probability(-1 + sign * (count - 2))) ? 1 : 0)
                fold.append(place < 3 ? 0 : Int64(place))
            }
        }
        let matrix = DesignMatrix(
            unitKind: .person, rows: rows, columns: ["before", "other"], values: before + other
        ).table
        return try DevelopmentTable(
            ColumnTable(
                schema: matrix.schema, version: matrix.version, attributes: matrix.attributes,
                columns: matrix.columns + [
                    Column("outcome", .number(outcome)), Column("fold", .integer(fold)),
                ]), file: "made up")
    }

    private let model = ScoringEquation(
        name: "turned", intercept: -3, terms: [.init(name: "before", coefficient: 1, mean: 0)])

    private func report(
        _ table: DevelopmentTable, _ specification: ModelSpecification
    ) throws -> RollingOrigin {
        let found = try RollingRefits(specification, table, model: model).report(\.iso)
        return try #require(found.value)
    }

    @Test func eachFitHasWhatWasKnownByItsOrigin() throws {
        let rolling = try report(table(), specification())
        #expect(rolling.outcomeKnownAfterDays == 120)
        // On the second date nothing is known: a quarter is shorter than the horizon.
        #expect(rolling.origins.map(\.origin) == Self.dates.suffix(6).map(\.iso))
        #expect(rolling.origins.map(\.rowsOfFit) == (1...6).map { $0 * Self.people })
        #expect(rolling.origins.allSatisfy { $0.rows == Self.people && $0.listSize == 20 })
    }

    @Test func aRefitLearnsWhatTurnedAndAKeptFitDoesNot() throws {
        let rolling = try report(table(), specification())
        func area(_ origin: Int, _ contestant: RollingOrigin.Contestant) throws -> Double {
            let result = rolling.origins[origin].results.first { $0.contestant == contestant }
            return try #require(result?.discrimination.value?.estimate)
        }
        // The first fit is wrong for good; by the last date four quarters of six speak against it.
        #expect(try area(0, .refitted) < 0.3 && area(0, .firstFit) < 0.3)
        #expect(try area(5, .refitted) > 0.7 && area(5, .firstFit) < 0.3)
        let kept = rolling.summaries.first { $0.contestant == .firstFit && $0.figure == .auroc }
        #expect((kept?.largestRegret.value ?? 0) > 0.4)
        #expect(kept?.origins == 6)
        // The model's own fit saw the rows of the first origin, and their outcomes, which were not
        // known yet on the second.
        let seen = rolling.origins.map { $0.results[2].discrimination.value == nil }
        #expect(seen == [true, true, false, false, false, false])
        #expect(rolling.thresholdSource == .prevalence)
    }

    @Test func noOutcomeThatWasNotKnownByThenHasASay() throws {
        let whole = try table()
        let specification = try specification()
        let plain = try report(whole, specification)
        for (place, origin) in plain.origins.enumerated() {
            // Every outcome that was not known on the day is turned, but for those of the period.
            let day = Self.day(origin.origin)
            var turned = whole
            for row in whole.outcome.indices {
                let asOf = whole.matrix.rows[row].asOf
                if asOf != day, asOf + 120 > day { turned.outcome[row] = 1 - turned.outcome[row] }
            }
            let found = try report(turned, specification).origins[place]
            #expect(found == origin, "\(origin.origin)")
        }
    }

    @Test func theNumberOfOriginsBoundsTheFits() throws {
        var specification = try specification()
        specification.origins = 2
        let rolling = try report(table(), specification)
        #expect(rolling.origins.map(\.origin) == Self.dates.suffix(2).map(\.iso))
        specification.list.minimumProbability = 0.4
        let limited = try report(table(), specification)
        #expect(limited.threshold == 0.4 && limited.thresholdSource == .list)
    }

    @Test func withoutARowBeforeThereIsNoOrigin() throws {
        let whole = try table()
        let first = whole.rows(Array(0..<Self.people))
        let found = try RollingRefits(specification(), first, model: model).report(\.iso)
        #expect(found.value == nil)
    }

    @Test(arguments: [120, nil])
    func textAndPageSayWhatWasKnown(_ days: Int?) throws {
        let table = try table()
        var rolling = try report(table, specification())
        rolling.outcomeKnownAfterDays = days
        let score = table.matrix.rows.indices.map { table.matrix[$0, 0] / 5 }
        var report = try Evaluation.evaluate(
            ScoredTable(
                score: score, probability: score, outcome: table.outcome, fold: table.fold,
                groups: [], baselineRank: []), listSize: 20, resamples: 0)
        report.rollingOrigin = .value(rolling)
        let words =
            days == nil
            ? "on the rows before it, for the specification does not say when an outcome is known"
            : "on the rows whose outcome was known by then, 120 days after their as-of date"
        #expect(report.text.contains(words))
        let page = EvaluationPage.html(report, title: "Turned", made: [])
        #expect(page.contains(words))
        #expect(page.contains("where its own fit saw nothing that was not known by then"))
    }
}
