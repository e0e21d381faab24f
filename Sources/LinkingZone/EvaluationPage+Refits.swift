import Evaluation
import Foundation
import Report

/// What other fits and other periods say.
extension EvaluationPage {
    /// What is not here where nobody asked for refits.
    static var withoutRefits: Block {
        .text(
            "No fits on resampled rows were asked for, so that the optimism of the figures on the rows of the fit, the stability of the list and the learning curve are not here. A model asks for them by “resampling” in its model.yaml."
        )
    }

    static func refits(
        _ refits: EvaluationReport.Refits, _ report: EvaluationReport
    ) -> [Block] {
        block(refits.optimism, "Optimism") { optimism in
            [
                .text(
                    "On its own rows a model looks better than it is. Everything that made it was done again on \(Numerals.count(optimism.resamples)) resamples of its \(report.plural); \(Numerals.count(optimism.failed)) of them carried no fit. The optimism is the mean of the figure on the resample less that of the same refit on the original rows."
                ),
                .table(
                    Table(
                        "Optimism, on the rows of the fit",
                        columns: [
                            .init("Figure"), .init("Apparent", .number),
                            .init("Optimism", .number), .init("Corrected", .number),
                        ],
                        rows: optimism.figures.map {
                            [
                                .text($0.name.replacing("_", with: " ")),
                                .number($0.apparent, decimals: 4),
                                .number($0.optimism, decimals: 4),
                                .number($0.corrected, decimals: 4),
                            ]
                        })),
            ]
        } + block(refits.listStability, "Stability of the list", stability)
            + block(refits.learningCurve, "Learning curve", learning)
            + (refits.tuning.map { block($0, "Tuning and selection", tuning) } ?? [])
    }

    private static func tuning(_ tuning: Tuning) -> [Block] {
        func digits(_ value: Double) -> String { String(format: "%.4g", value) }
        let pairs = Block.pairs([
            Pair("λ of the model", digits(tuning.strength)),
            Pair(
                "λ of the refits, each chosen anew",
                "\(digits(tuning.strengths.estimate)) in the middle (least \(digits(tuning.strengths.lower)), most \(digits(tuning.strengths.upper)))"
            ),
            Pair(
                "Refits whose λ was the largest or the least that was tried",
                "\(Numerals.count(tuning.atPathEnd)) of \(Numerals.count(tuning.refits))"),
        ])
        guard let terms = tuning.terms else { return [pairs] }
        return [
            pairs,
            .table(
                Table(
                    "Terms by how many of \(Numerals.count(tuning.refits)) refits chose them",
                    columns: [
                        .init("Term"), .init("In the model"), .init("Refits", .number),
                        .init("Share of the refits", .number),
                    ],
                    rows: terms.map {
                        [
                            .text($0.name), .text($0.inModel ? "yes" : "no"), .count($0.refits),
                            .text(share(Double($0.refits) / Double(tuning.refits))),
                        ]
                    })),
        ]
    }

    private static func stability(_ stability: ListStability) -> [Block] {
        func range(_ value: Estimate) -> String {
            "\(share(value.estimate)) (least \(share(value.lower)), most \(share(value.upper)))"
        }
        return [
            .pairs([
                Pair("Of the list, also listed by a refit", range(stability.overlap)),
                Pair("Listed by both ÷ listed by either", range(stability.jaccard)),
            ]),
            .table(
                Table(
                    "Rows by the share of \(Numerals.count(stability.refits)) refits that list them",
                    columns: [
                        .init("Share of the refits, at least"),
                        .init("On the model's list", .number), .init("Not on it", .number),
                    ],
                    rows: stability.frequencies.map {
                        [.text(share($0.atLeast)), .count($0.listed), .count($0.others)]
                    })),
        ]
    }

    private static func learning(_ curve: LearningCurve) -> [Block] {
        let spans = curve.points.compactMap { point in
            point.discrimination.value.map {
                LineChart.Span(
                    x: Double(point.rows), value: $0.estimate, lower: $0.lower, upper: $0.upper)
            }
        }
        let table = Table(
            "The same test rows, by the rows of the fit",
            columns: [
                .init("Rows of the fit", .number), .init("Events", .number),
                .init("AUROC", .number), .init("Brier, scaled", .number),
                .init("Calibration slope", .number),
            ],
            rows: curve.points.map {
                [
                    .count($0.rows), .count($0.events), .text(interval($0.discrimination)),
                    .text(number($0.scaledBrier)), .text(interval($0.calibrationSlope)),
                ]
            })
        guard spans.count > 1 else { return [.table(table)] }
        let reach = (spans.map(\.lower).min() ?? 0)...(spans.map(\.upper).max() ?? 1)
        return [
            .chart(
                .curves(
                    LineChart(
                        "Learning curve",
                        description:
                            "AUROC on the test rows of fits on more and more rows. Where it still rises, more rows would help.",
                        xAxis: "rows of the fit", yAxis: "AUROC on the test rows",
                        curves: [.init("", .first, spans.map { .init($0.x, $0.value) })],
                        points: spans, pointName: "AUROC with 95 % intervals",
                        yRange: max(reach.lowerBound - 0.01, 0)...min(reach.upperBound + 0.01, 1))),
                table)
        ]
    }

    /// The model beside the present rule in each fold.
    static func regret(_ periods: PeriodRegret) -> [Block] {
        [
            .table(
                Table(
                    "Precision of a list of the same share in each fold, and regret: the best of the fold less one's own",
                    columns: [
                        .init("Fold"), .init("Of"), .init("Precision", .number),
                        .init("Regret", .number),
                    ],
                    rows: periods.periods.flatMap { period in
                        period.results.map { result in
                            [
                                .text(period.period), .text(result.model),
                                .text(assessed(result.found, share)),
                                .text(number(result.regret, 4)),
                            ]
                        }
                    }))
        ]
    }
}
