import Evaluation
import Foundation
import PipelineModel
import Testing

/// Tables that nobody would make on purpose: each is refused in a sentence, or its report holds
/// finite numbers and reasons alone.
struct OddTablesTests {
    private static func table(_ generator: inout SeededGenerator) -> ScoredTable {
        let rows = [1, 2, 3, 7, 30, 150][generator.below(6)]
        let scale = [0, 1, 1e-300, 1e300, 1.7e308][generator.below(5)]
        let values = 1 + generator.below(6)
        let share = [0, 1, 0.02, 0.5][generator.below(4)]
        let extreme = generator.chance(0.3)
        let score = (0..<rows).map { _ in
            scale * (Double(generator.below(values)) / Double(values) - 0.5)
        }
        let probability = (0..<rows).map { _ -> Double in
            extreme ? Double(generator.below(2)) : Double(generator.below(values)) / Double(values)
        }
        return ScoredTable(
            score: score, probability: generator.chance(0.8) ? probability : [],
            outcome: (0..<rows).map { _ in generator.chance(share) ? 1 : 0 },
            fold: generator.chance(0.5) ? (0..<rows).map { Int32($0 % 3) } : [],
            about: generator.chance(0.5)
                ? (0..<rows).map { UnitPseudonym(high: 1, low: UInt64($0 / 3)) } : [],
            groups: generator.chance(0.5)
                ? ["a", "b"].map { name in
                    .init(
                        name: name, levels: ["x", "y"],
                        codes: (0..<rows).map { _ in
                            [0, 1, UInt32.max][generator.below(3)]
                        })
                } : [],
            baselineRank: generator.chance(0.5)
                ? (0..<rows).map { _ in Double(generator.below(3)) * (scale / 4) } : [],
            missing: generator.chance(0.5) ? (0..<rows).map { Int32($0 % 2) } : [])
    }

    /// Probabilities that are one but for rounding, as of a term that tells nothing: whatever slope
    /// and error come out would be made of it.
    @Test(arguments: [1e-17, 1e-16, 1e-15, 1e-12, 1e-9]) func roundingIsNoSlope(step: Double) throws
    {
        for people in [1, 2, 3] {
            let score = (0..<60).map { -1.1 + step * Double($0 * 7 % 5) }
            let table = ScoredTable(
                score: score, probability: score.map(Logistic.probability),
                outcome: (0..<60).map { $0 * 11 % 7 < 2 ? 1 : 0 },
                about: (0..<60).map { UnitPseudonym(high: 1, low: UInt64($0 / people)) })
            let report = try Evaluation.evaluate(table, listSize: 5, resamples: 20)
            guard case .notAssessable(let reason)? = report.calibration.value?.slope else {
                Issue.record("a slope of rounding")
                return
            }
            #expect(
                reason.hasPrefix("all probabilities are") || reason.contains("differ too little"))
            #expect(report.calibration.value?.inTheLarge.estimate.isFinite == true)
            _ = try report.canonicalJSON()
        }
    }

    @Test func noReportHoldsANumberThatIsNone() throws {
        var generator = SeededGenerator(seed: 77, label: "odd tables")
        for _ in 0..<400 {
            let table = Self.table(&generator)
            var report = try Evaluation.evaluate(
                table, listSize: 1 + generator.below(20), minimumCount: 2 + generator.below(9),
                trainedOn: generator.chance(0.5) ? Set(table.about.prefix(2)) : nil,
                resamples: 20)
            report.acceptance = AcceptanceReport.judge(
                .init(
                    overall: AcceptanceMargins.Figure.allCases.map { .init($0, least: 0, most: 1) },
                    byGroup: AcceptanceMargins.GroupFigure.allCases.map { .init($0, most: 1) },
                    netBenefitAbovePresentRule: [0.1]), report)
            report.stability = StabilityReport(
                referenceRows: 3,
                score: PopulationStability.assess(reference: table.score, other: table.outcome),
                inputs: [])
            // The encoder refuses what is not finite.
            let data = try report.canonicalJSON()
            #expect(try EvaluationReport(canonicalJSON: data, file: "e") == report)
            let text = report.text.lowercased()
            #expect(!text.contains("nan") && !text.contains(" inf"))
        }
    }

    @Test func everythingTiedRanksNobody() throws {
        let table = ScoredTable(
            score: [Double](repeating: 2, count: 60),
            probability: [Double](repeating: 0.5, count: 60),
            outcome: (0..<60).map { Double($0 % 2) })
        let report = try Evaluation.evaluate(table, listSize: 10)
        #expect(report.discrimination.value?.estimate == 0.5)
        #expect(report.discrimination.value?.standardError == 0)
        #expect(report.averagePrecision == .value(0.5))
        #expect(report.list.events.worst == 0 && report.list.events.best == 10)
        #expect(report.list.events.expected == 5)
        #expect(report.calibration.value?.slope == .notAssessable("all probabilities are equal"))
        #expect(report.histogram.withEvent == [30] && report.histogram.withoutEvent == [30])
    }

    @Test func aFoldWithoutEventsStandsBesideTheOthers() throws {
        var table = FourHundredRows.table
        table.fold = table.outcome.indices.map { table.outcome[$0] == 0 && $0 < 200 ? 1 : 2 }
        let report = try Evaluation.evaluate(table, listSize: 10, resamples: 0)
        #expect(report.folds[0].events == 0)
        #expect(report.folds[0].discrimination.value == nil)
        #expect(report.folds[0].observedToExpected.value?.estimate == 0)
        #expect(report.folds[1].discrimination.value != nil)
    }

    @Test func oneRowHasFewFigures() throws {
        let report = try Evaluation.evaluate(
            ScoredTable(score: [1], probability: [1], outcome: [1]), listSize: 3)
        #expect(report.rows == 1 && report.discrimination.value == nil)
        #expect(report.list.size == 1 && report.list.precision.listed == 1)
        #expect(report.bootstrap == .notAssessable("every row had the event"))
    }
}
