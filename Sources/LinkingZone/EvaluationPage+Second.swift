import Evaluation
import Report

/// Another score of the same rows.
extension EvaluationPage {
    static func second(_ second: SecondScore, _ report: EvaluationReport) -> [Block] {
        let test =
            second.against.value?.difference.method == .clusteredDeLong
            ? "DeLong’s test by clusters, with Obuchowski’s variance and Student’s distribution"
            : "DeLong’s test"
        let draws =
            second.resamples.map {
                "Differences of lists by drawing \(report.drawnPlural) anew \(Numerals.count($0)) times, both lists from each draw, ties by their mean; p by the same draws, so that none is below \(Numerals.number(2 / Double($0 + 1), decimals: 4))."
            } ?? ""
        return [
            .text(
                "The same rows by the score in the column “\(second.name)”. A difference is the figure of the score that is evaluated here less that of the second. The areas are compared by \(test), two-sided. \(draws) Nothing is corrected for the number of lists."
            ),
            .table(
                Table(
                    "Areas under the ROC curve",
                    columns: [.init("Score"), .init("AUROC", .number), .init("p", .number)],
                    rows: [
                        ["This score", .text(interval(report.discrimination)), ""],
                        [.text(second.name), .text(interval(second.discrimination)), ""],
                        [
                            "Difference",
                            .text(assessed(second.against) { four($0.difference) }),
                            .text(second.against.value.map { probability($0.pValue) } ?? "–"),
                        ],
                    ])),
            .table(
                Table(
                    "Lists of the same size",
                    columns: [
                        .init("Rows on each", .number), .init("On both", .number),
                        .init("With the event: this score", .number),
                        .init("The second", .number), .init("Precision, difference", .number),
                        .init("p", .number), .init("Sensitivity, difference", .number),
                        .init("p", .number),
                    ],
                    rows: ([second.list] + second.lists).map(row))),
        ]
    }

    private static func row(_ lists: SecondScore.Lists) -> [Cell] {
        let share = lists.share.map { " (\(Numerals.number(100 * $0, decimals: 1))\u{202f}%)" }
        return [
            .text(Numerals.count(lists.size) + (share ?? "")), .count(lists.onBoth),
            .number(lists.first, decimals: 1), .number(lists.second, decimals: 1),
        ]
            + [lists.precision, lists.sensitivity].flatMap { difference -> [Cell] in
                [
                    .text(assessed(difference) { points($0.difference) }),
                    .text(difference.value.map { probability($0.pValue) } ?? "–"),
                ]
            }
    }

    /// A difference of shares, in percentage points.
    private static func points(_ value: Estimate) -> String {
        func text(_ share: Double) -> String { Numerals.number(100 * share, decimals: 1) }
        return "\(text(value.estimate)) points (\(text(value.lower)) to \(text(value.upper)))"
    }

    private static func four(_ value: Interval) -> String {
        func text(_ figure: Double) -> String { Numerals.number(figure, decimals: 4) }
        return "\(text(value.estimate)) (\(text(value.lower)) to \(text(value.upper)))"
    }

    private static func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : Numerals.number(value, decimals: 4)
    }
}
