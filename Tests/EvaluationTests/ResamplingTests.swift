import Evaluation
import PipelineModel
import Testing

struct ResamplingTests {
    private func near(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        FourHundredRows.near(left, right, tolerance)
    }

    @Test func theBootstrapAgreesWithDeLongWhereRowsStandAlone() throws {
        let report = try Evaluation.evaluate(FourHundredRows.table, listSize: 40, resamples: 400)
        let draws = try #require(report.bootstrap.value)
        let area = try #require(report.discrimination.value)
        #expect(draws.clusters == 400 && draws.resamples == 400 && draws.withoutFigure == 0)
        #expect(near(draws.discrimination.value?.estimate, area.estimate))
        #expect(near(draws.discrimination.value?.lower, area.lower, 0.02))
        #expect(near(draws.discrimination.value?.upper, area.upper, 0.02))
        #expect(near(draws.precision.value?.estimate, report.list.precision.expected))
        #expect(near(draws.precision.value?.lower, report.list.precisionListed.lower, 0.08))
        #expect(
            try Evaluation.evaluate(FourHundredRows.table, listSize: 40, resamples: 400)
                .bootstrap == report.bootstrap)
    }

    @Test func copiesOfARowWidenTheIntervalOnlyAsClusters() throws {
        // Each row four times: as rows of their own the interval halves, as people it does not.
        let single = FourHundredRows.table
        let rows = (0..<1600).map { $0 / 4 }
        var table = ScoredTable(
            score: rows.map { single.score[$0] },
            probability: rows.map { single.probability[$0] },
            outcome: rows.map { single.outcome[$0] })
        func width() throws -> Double {
            let draws = try Evaluation.evaluate(table, listSize: 160, resamples: 300).bootstrap
            let area = try #require(draws.value?.discrimination.value)
            return area.upper - area.lower
        }
        let alone = try width()
        table.about = rows.map { UnitPseudonym(high: 7, low: UInt64($0)) }
        let together = try width()
        #expect(together / alone > 1.6 && together / alone < 2.4)
    }

    @Test func fewClustersAreNotResampled() throws {
        var table = FourHundredRows.table
        table.about = (0..<400).map { UnitPseudonym(high: 7, low: UInt64($0 % 19)) }
        let report = try Evaluation.evaluate(table, listSize: 40)
        #expect(report.bootstrap == .notAssessable("fewer than 20 different people"))
    }

    @Test func memorisingIsAllOptimism() throws {
        // A "fit" that gives back the outcomes of rows that it saw, and a coin for others.
        var generator = SeededGenerator(seed: 5, label: "coins")
        let outcome = (0..<200).map { _ in generator.chance(0.5) ? 1.0 : 0 }
        let coins = (0..<200).map { _ in 0.05 + 0.9 * generator.uniform() }
        let optimism = try #require(
            try Optimism.bootstrap(outcome: outcome, about: [], resamples: 40, seed: 1) { rows in
                let seen = Set(rows)
                return { asked in
                    let probability = asked.map { row in
                        seen.contains(row) ? 0.2 + 0.6 * outcome[row] : coins[row]
                    }
                    // Every tenth is noise, so that there is a slope to estimate.
                    let noisy = zip(asked, probability).map { $0 % 10 == 0 ? 1 - $1 : $1 }
                    return .init(score: noisy, probability: noisy)
                }
            }.value)
        let area = try #require(optimism.figures.first)
        #expect(area.name == "auroc" && area.apparent > 0.75)
        // A share of e⁻¹ of the rows is not seen by a resample.
        #expect(area.optimism > 0.05 && near(area.corrected, area.apparent - area.optimism))
        #expect(optimism.failed == 0 && optimism.figures.count == 3)
    }

    @Test func aFixedScoreHasNoOptimism() throws {
        let table = FourHundredRows.table
        let optimism = try #require(
            try Optimism.bootstrap(
                outcome: table.outcome,
                about: (0..<400).map { UnitPseudonym(high: 0, low: UInt64($0 / 2)) },
                resamples: 60, seed: 3
            ) { _ in
                { rows in
                    .init(
                        score: rows.map { table.score[$0] },
                        probability: rows.map { table.probability[$0] })
                }
            }.value)
        #expect(optimism.figures.allSatisfy { $0.optimism.magnitude < 0.03 })
    }

    @Test func resamplesThatCannotBeFittedAreCounted() throws {
        let table = FourHundredRows.table
        var calls = 0
        let optimism = try Optimism.bootstrap(
            outcome: table.outcome, about: [], resamples: 20, seed: 3
        ) { _ in
            calls += 1
            if calls % 4 == 0 { throw StileError(.input, "Separated.", remedy: "None.") }
            return { rows in
                .init(
                    score: rows.map { table.score[$0] },
                    probability: rows.map { table.probability[$0] })
            }
        }
        #expect(optimism == .notAssessable("5 of 20 resamples could not be fitted"))
    }

    @Test func learningCurvesAscend() throws {
        let curve = try LearningCurve.assess([
            .init(rows: 200, events: 50, table: FourHundredRows.table),
            .init(rows: 100, events: 25, table: FourHundredRows.table),
        ])
        #expect(curve.points.map(\.rows) == [100, 200])
        #expect(curve.points[0].discrimination == curve.points[1].discrimination)
    }

    @Test func regretIsAgainstTheBestOfThePeriod() throws {
        let good = ScoredTable(score: [3, 2, 1, 0], probability: [], outcome: [1, 1, 0, 0])
        let fair = ScoredTable(score: [3, 1, 2, 0], probability: [], outcome: [1, 1, 0, 0])
        let one = ScoredTable(score: [3, 1, 2, 0], probability: [], outcome: [0, 0, 0, 0])
        let rolling = try PeriodRegret.assess(
            [
                .init(period: "2024", model: "a", table: good),
                .init(period: "2024", model: "b", table: fair),
                .init(period: "2025", model: "a", table: fair),
                .init(period: "2025", model: "b", table: good),
                .init(period: "2026", model: "a", table: one),
                .init(period: "2026", model: "b", table: good),
            ], figure: .auroc, listSize: 2)
        #expect(rolling.periods.map(\.period) == ["2024", "2025", "2026"])
        #expect(rolling.periods[0].results.map(\.regret) == [.value(0), .value(0.25)])
        #expect(rolling.periods[2].results[0].regret.value == nil)
        #expect(rolling.summaries[0].meanRegret == .value(0.125))
        #expect(rolling.summaries[0].periods == 2 && rolling.summaries[0].best == 1)
        #expect(rolling.summaries[1].best == 2)
        let lists = try PeriodRegret.assess(
            [.init(period: "p", model: "m", table: fair)], figure: .precisionAtList, listSize: 2)
        #expect(lists.periods[0].results[0].found == .value(0.5))
    }
}
