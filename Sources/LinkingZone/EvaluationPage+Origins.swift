import Evaluation
import Report

/// What would have come of fitting anew at each of several dates.
extension EvaluationPage {
    static func origins(_ rolling: Assessed<RollingOrigin>) -> [Block] {
        block(rolling, "Rolling origin") { rolling in
            [.text(introduction(rolling))] + areas(rolling)
                + [.table(regrets(rolling))]
                + rolling.origins.map { .table(table($0, rolling)) }
        }
    }

    private static func introduction(_ rolling: RollingOrigin) -> String {
        "At each origin the specification was fitted on the rows \(rolling.knownWords), and tested on the rows of the period that begins there. Beside it stand the first of these fits, kept; the model of this page, where its own fit saw nothing that was not known by then; and the present rule. Regret is the largest figure at the origin less one’s own; the largest of several uncertain figures is too large on average, so a little regret is no reason to choose otherwise. Net benefit is at a chance of \(share(rolling.threshold)), \(rolling.thresholdSource.words). Labels are as they are known today."
    }

    private static func areas(_ rolling: RollingOrigin) -> [Block] {
        let strokes: [RollingOrigin.Contestant: LineChart.Stroke] = [
            .refitted: .first, .presentRule: .second, .model: .third, .firstFit: .guide,
        ]
        func places(_ contestant: RollingOrigin.Contestant) -> [(Int, Interval)] {
            rolling.origins.enumerated().compactMap { index, origin in
                origin.results.first { $0.contestant == contestant }?.discrimination.value
                    .map { (index + 1, $0) }
            }
        }
        let curves = RollingOrigin.Contestant.allCases.compactMap { contestant in
            let found = places(contestant).map { LineChart.Place(Double($0), $1.estimate) }
            return found.isEmpty
                ? nil
                : LineChart.Curve(contestant.words, strokes[contestant] ?? .guide, found)
        }
        let spans = places(.refitted).map { place, area in
            LineChart.Span(
                x: Double(place), value: area.estimate, lower: area.lower, upper: area.upper)
        }
        let table = Table(
            "AUROC at each origin, with 95\u{202f}% intervals",
            columns: [.init("", .number), .init("Origin")]
                + RollingOrigin.Contestant.allCases.map { .init(capital($0.words), .number) },
            rows: rolling.origins.enumerated().map { index, origin in
                [.count(index + 1), .text(origin.origin)]
                    + origin.results.map { .text($0.discrimination.value.map(interval) ?? "–") }
            })
        guard rolling.origins.count > 1, !spans.isEmpty else { return [.table(table)] }
        return [
            .chart(
                .curves(
                    LineChart(
                        "AUROC by origin",
                        description:
                            "The area under the ROC curve in the period after each origin, of each contestant.",
                        xAxis: "origin, in their order", yAxis: "AUROC", curves: curves,
                        points: spans, pointName: "fitted anew, with 95 % intervals",
                        xRange: 1...Double(rolling.origins.count))), table)
        ]
    }

    private static func regrets(_ rolling: RollingOrigin) -> Table {
        Table(
            "Regret over the origins; 0 is never to have been behind",
            columns: [
                .init("Of"), .init("Figure"), .init("Origins", .number),
                .init("Mean", .number), .init("Largest", .number), .init("Best at", .number),
            ],
            rows: rolling.summaries.map { summary in
                [
                    .text(summary.contestant.words), .text(summary.figure.words),
                    .count(summary.origins),
                    .text(summary.meanRegret.value.map { Numerals.number($0, decimals: 4) } ?? "–"),
                    .text(
                        summary.largestRegret.value.map { Numerals.number($0, decimals: 4) } ?? "–"),
                    .count(summary.best),
                ]
            })
    }

    private static func table(_ origin: RollingOrigin.Origin, _ rolling: RollingOrigin) -> Table {
        Table(
            "Origin \(origin.origin): fitted on \(Numerals.count(origin.rowsOfFit)) rows with \(Numerals.count(origin.eventsOfFit)) events, tested on \(Numerals.count(origin.rows)) with \(Numerals.count(origin.events)); a list of \(Numerals.count(origin.listSize))",
            columns: [
                .init("Of"), .init("AUROC less that of the refitted", .number),
                .init("In the large", .number), .init("Slope", .number),
                .init("Precision of the list", .number), .init("Net benefit", .number),
                .init("Regret: AUROC", .number), .init("precision", .number),
                .init("net benefit", .number),
            ],
            rows: origin.results.map { result in
                [
                    .text(result.contestant.words),
                    .text(result.againstRefitted.value.map { interval($0.difference) } ?? "–"),
                    .text(result.calibration.value.map { interval($0.inTheLarge) } ?? "–"),
                    .text(result.calibration.value?.slope.value.map(interval) ?? "–"),
                    .text(result.list.value.map { precision($0) } ?? reason(result)),
                    .text(result.netBenefit.value.map { Numerals.number($0, decimals: 4) } ?? "–"),
                ]
                    + result.regret.map {
                        .text($0.regret.value.map { Numerals.number($0, decimals: 4) } ?? "–")
                    }
            })
    }

    /// The precision with ties by their mean, and the interval of the list as it was made.
    private static func precision(_ list: ListQuality) -> String {
        "\(share(list.precision.expected)) (\(Numerals.number(100 * list.precisionListed.lower, decimals: 1)) to \(Numerals.number(100 * list.precisionListed.upper, decimals: 1)))"
    }

    private static func reason(_ result: RollingOrigin.Result) -> String {
        if case .notAssessable(let reason) = result.list { reason } else { "–" }
    }
}
