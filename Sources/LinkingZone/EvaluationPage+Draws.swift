import Evaluation
import PipelineModel
import Report

/// Figures with the intervals that draws of whole people give.
extension EvaluationPage {
    static func draws(_ report: EvaluationReport) -> [Block] {
        block(report.bootstrap, "By drawing \(report.drawnPlural) anew") { draws in
            func row(_ name: String, _ found: Assessed<Estimate>) -> [Cell] {
                [.text(name), .text(estimate(found))]
            }
            return [
                .text(
                    "\(Numerals.count(draws.clusters)) \(report.drawnPlural) or rows that stand alone were drawn with all their rows, as many as there are and \(Numerals.count(draws.resamples)) times. The scores stay as they are: this is the chance of the sample, not of another fit."
                ),
                .table(
                    Table(
                        "Intervals by drawing whole \(report.drawnPlural) anew",
                        columns: [.init("Figure"), .init("Found", .number)],
                        rows: [
                            row("AUROC", draws.discrimination),
                            row("Average precision", draws.averagePrecision),
                            row("Brier score", draws.brier),
                            row("Brier score, scaled", draws.scaledBrier),
                            row("ICI", draws.integratedIndex),
                        ])),
                .table(
                    Table(
                        "Lists, ties by their mean",
                        columns: [
                            .init("List"), .init("Precision", .number),
                            .init("Sensitivity", .number), .init("Lift", .number),
                        ],
                        rows: [
                            [
                                .text("its size (\(Numerals.count(report.list.size)))"),
                                .text(estimate(draws.precision)),
                                .text(estimate(draws.sensitivity)), .text(estimate(draws.lift)),
                            ]
                        ]
                            + draws.lists.map { list in
                                [
                                    .text(share(list.share)), .text(estimate(list.precision)),
                                    .text(estimate(list.sensitivity)), .text(estimate(list.lift)),
                                ]
                            })),
            ]
        }
    }

    /// The columns that draws add to the table of the decision curve.
    static func drawnColumns(_ report: EvaluationReport) -> [Table.Column] {
        guard let draws = report.bootstrap.value, !draws.netBenefit.isEmpty else { return [] }
        return [
            .init("Model, 95\u{202f}% interval", .number),
            .init("Above the present rule, with its interval", .number),
        ]
    }

    /// Their cells at one threshold.
    static func drawnCells(_ report: EvaluationReport, _ index: Int) -> [Cell] {
        guard let draws = report.bootstrap.value, draws.netBenefit.indices.contains(index) else {
            return []
        }
        func range(_ found: Estimate) -> String {
            "\(Numerals.number(found.lower, decimals: 5)) to \(Numerals.number(found.upper, decimals: 5))"
        }
        let point = draws.netBenefit[index]
        return [
            .text(point.model.value.map(range) ?? "–"),
            .text(
                point.abovePresentRule.value.map {
                    "\(Numerals.number($0.estimate, decimals: 5)) (\(range($0)))"
                } ?? "–"),
        ]
    }

    /// What several rows of one person mean for every interval of the page.
    static func together(_ report: EvaluationReport) -> [Block] {
        report.clusteredWords { Numerals.count($0) }.map {
            [.note(Note(.information, "Several rows of one", [.text($0)]))]
        } ?? []
    }
}
