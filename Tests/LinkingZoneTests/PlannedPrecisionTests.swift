import Evaluation
import Foundation
import Modelling
import PipelineModel
import Testing

/// What is promised of a test before it, beside the interval that the test then finds.
struct PlannedPrecisionTests {
    /// Clusters, rows of each, the linear predictor of the mean, and how far clusters are apart in what
    /// the score knows and in what it does not.
    struct Setting: Sendable, CustomTestStringConvertible {
        var clusters: Int
        var rows: Int
        var mean: Double
        var known: Double
        var own: Double
        var unknown: Double

        var testDescription: String { "\(clusters) × \(rows), \(known), \(own), \(unknown)" }
    }

    /// A normal number with the mean 0, by the method of Box and Muller.
    private static func normal(_ generator: inout SeededGenerator) -> Double {
        let (first, second) = (1 - generator.uniform(), generator.uniform())
        return (-2 * log(first)).squareRoot() * cos(2 * .pi * second)
    }

    @Test(arguments: [
        // Rare events, one score for all rows of a home; then partly each row's own.
        Setting(clusters: 1_500, rows: 8, mean: -3.5, known: 0.95, own: 0, unknown: 0),
        Setting(clusters: 1_500, rows: 8, mean: -3.5, known: 0.7, own: 0.65, unknown: 0),
        // Homes differ by more than the score knows.
        Setting(clusters: 1_500, rows: 8, mean: -3.5, known: 0.95, own: 0, unknown: 1.5),
        Setting(clusters: 400, rows: 30, mean: -2, known: 0.95, own: 0, unknown: 1),
        // Each row for itself.
        Setting(clusters: 6_000, rows: 1, mean: -2, known: 0.95, own: 0, unknown: 0),
    ])
    func itIsWhatTheEvaluationFinds(_ setting: Setting) throws {
        var generator = SeededGenerator(seed: 9, label: setting.testDescription)
        var (score, outcome, clusters) = ([Double](), [Double](), [Int]())
        for cluster in 0..<setting.clusters {
            let known = setting.known * Self.normal(&generator)
            let unknown = setting.unknown * Self.normal(&generator)
            for _ in 0..<setting.rows {
                score.append(known + setting.own * Self.normal(&generator))
                let chance = Logistic.probability(setting.mean + score[score.count - 1] + unknown)
                outcome.append(generator.chance(chance) ? 1 : 0)
                clusters.append(cluster)
            }
        }
        let report = try Evaluation.evaluate(
            ScoredTable(
                score: score, probability: [], outcome: outcome,
                about: clusters.map { UnitPseudonym(high: 1, low: UInt64($0)) }),
            listSize: 50, resamples: 0)
        let found = try #require(report.discrimination.value)
        let half = (found.upper - found.lower) / 2
        let size = EffectiveRows(clusters: clusters, outcome: outcome)
        let share = outcome.reduce(0, +) / Double(outcome.count)
        let planned = try #require(
            TestPrecision(
                rows: size.effectiveForTest, share: share, anticipatedArea: found.estimate)
        ).discrimination
        // No narrower than what comes, but for chance, and not half as wide again.
        #expect(planned > 0.93 * half && planned < 1.5 * half, "\(planned) for \(half)")
        guard setting.rows > 1 else { return }
        let byClusters = try #require(
            TestPrecision(rows: size.effective, share: share, anticipatedArea: found.estimate)
        ).discrimination
        #expect(byClusters > 1.5 * half, "\(byClusters) for \(half)")
    }
}
