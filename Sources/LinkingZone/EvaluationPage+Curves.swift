import Evaluation
import Report

/// Discrimination, calibration and net benefit.
extension EvaluationPage {
    // MARK: Discrimination

    static func discrimination(_ report: EvaluationReport) -> [Block] {
        var blocks = block(report.roc, "ROC curve") { roc(report, $0) }
        blocks += block(report.againstBaseline, "Against the present rule") { test in
            [
                .pairs([
                    Pair("AUROC of the model", interval(report.discrimination)),
                    Pair("AUROC of the present rule", interval(report.baselineDiscrimination)),
                    Pair("Difference", interval(test.difference)),
                    Pair(
                        test.difference.method == nil
                            ? "DeLong's test" : "DeLong's test by clusters",
                        "z \(Numerals.number(test.z, decimals: 3)), p \(test.pValue < 0.0001 ? "below 0.0001" : Numerals.number(test.pValue, decimals: 4))"
                    ),
                ])
            ]
        }
        return blocks + histograms(report.histogram)
    }

    private static func roc(_ report: EvaluationReport, _ curve: [RocPoint]) -> [Block] {
        var curves = [
            LineChart.Curve(
                "model", .first, curve.map { .init($0.falsePositiveRate, $0.sensitivity) })
        ]
        if let rule = report.baselineRoc.value {
            curves.append(
                .init(
                    "present rule", .second,
                    rule.map { .init($0.falsePositiveRate, $0.sensitivity) }))
        }
        curves.append(.init("a coin", .guide, [.init(0, 0), .init(1, 1)]))
        // A row for each twentieth of those without the event.
        let shown = (0...20).compactMap { step in
            curve.last { $0.falsePositiveRate <= Double(step) / 20 }
        }
        return [
            .chart(
                .curves(
                    LineChart(
                        "ROC curve",
                        description:
                            "Of those with the event, the share found, against the share of the others who are flagged with them. AUROC \(interval(report.discrimination)).",
                        xAxis: "others who are flagged", yAxis: "events found", curves: curves,
                        xRange: 0...1, yRange: 0...1)),
                Table(
                    "Points of the model's curve",
                    columns: [
                        .init("Others who are flagged", .number), .init("Events found", .number),
                    ],
                    rows: shown.map {
                        [.text(share($0.falsePositiveRate)), .text(share($0.sensitivity))]
                    }))
        ]
    }

    private static func histograms(_ histogram: ScoreHistogram) -> [Block] {
        let end = histogram.start + histogram.width * Double(histogram.withEvent.count)
        guard end.isFinite, histogram.withEvent.count > 1 else { return [] }
        func chart(_ title: String, _ counts: [Int]) -> Block {
            .chart(
                .columns(
                    ColumnChart(
                        title,
                        description:
                            "Counts in \(counts.count) bins of equal width, on a logarithmic scale.",
                        axis: "score", start: histogram.start, width: histogram.width,
                        counts: counts)),
                Table(
                    title, columns: [.init("Score from", .number), .init("Rows", .number)],
                    rows: counts.indices.map { bin in
                        [
                            .number(histogram.start + histogram.width * Double(bin), decimals: 3),
                            .count(counts[bin]),
                        ]
                    }))
        }
        return [
            chart("Scores of rows with the event", histogram.withEvent),
            chart("Scores of rows without the event", histogram.withoutEvent),
        ]
    }

    // MARK: Calibration

    static func calibration(_ report: EvaluationReport) -> [Block] {
        var blocks: [Block] = []
        let tenths = report.tenths.filter { $0.rows > 0 }.map { tenth in
            LineChart.Span(
                x: tenth.expected / Double(tenth.rows), value: tenth.share.estimate,
                lower: tenth.share.lower, upper: tenth.share.upper)
        }
        blocks += block(report.calibrationCurve, "Calibration curve") { curve in
            let highest = curve.curve.last?.probability ?? 1
            // Few rows have a high chance: what is true of most is drawn larger beside the whole.
            let most = (tenths.map { max($0.x, $0.upper) }.max() ?? 1) * 1.15
            let near = most < highest / 2 ? [calibration(curve, tenths, upTo: most)] : []
            return [calibration(curve, tenths, upTo: nil)] + near + [
                .pairs([
                    Pair("ICI", Numerals.number(curve.integratedIndex, decimals: 4)),
                    Pair("E50", Numerals.number(curve.medianDistance, decimals: 4)),
                    Pair("E90", Numerals.number(curve.ninetiethDistance, decimals: 4)),
                    Pair("Emax", Numerals.number(curve.largestDistance, decimals: 4)),
                ])
            ]
        }
        if !report.tenths.isEmpty {
            blocks.append(
                .table(
                    Table(
                        "Observed and expected, in tenths from the lowest chance to the highest",
                        columns: [
                            .init("Tenth"), .init("Rows", .number), .init("Expected", .number),
                            .init("Came", .number), .init("Came ÷ expected", .number),
                        ],
                        rows: report.tenths.enumerated().map { index, tenth in
                            [
                                .text("\(index + 1)"), .count(tenth.rows),
                                .number(tenth.expected, decimals: 1), .count(tenth.observed),
                                .text(estimate(tenth.observedToExpected)),
                            ]
                        })))
        }
        return blocks + block(report.brierParts, "The Brier score in parts", parts)
    }

    private static func parts(_ parts: BrierDecomposition) -> [Block] {
        func row(_ sign: String, _ name: String, _ value: Double, _ says: String) -> [Cell] {
            [.text(sign), .text(name), .number(value, decimals: 6), .text(says)]
        }
        return [
            .table(
                Table(
                    "The Brier score in parts, \(parts.words)",
                    columns: [.init(""), .init("Part"), .init("Found", .number), .init("Says")],
                    rows: [
                        row(
                            "", "Reliability", parts.reliability, "what wrong chances cost; best 0"),
                        row("−", "Resolution", parts.resolution, "what telling people apart gains"),
                        row("+", "Uncertainty", parts.uncertainty, "of the outcome itself"),
                        row(
                            "+", "Variance within bins", parts.withinBinVariance,
                            "chances that one bin puts together"),
                        row(
                            "−", "Covariance within bins", parts.withinBinCovariance,
                            "what they tell apart within it"),
                        row("=", "Brier score", parts.brier, ""),
                    ]))
        ]
    }

    /// The whole curve, or its part up to a chance.
    private static func calibration(
        _ curve: CalibrationCurve, _ tenths: [LineChart.Span], upTo end: Double?
    ) -> Block {
        let points = curve.curve.filter { $0.probability <= end ?? 1 }
        // To a round tenth above the highest chance, so that a rare event fills the chart.
        let highest = ((points.last?.probability ?? 1) * 10).rounded(.up) / 10
        let range = 0...(end ?? min(max(highest, 0.1), 1))
        let title = end == nil ? "Calibration curve" : "Calibration curve, where most rows lie"
        return .chart(
            .curves(
                LineChart(
                    title,
                    description:
                        "How often the event came at each chance, smoothed, with its 95 % band, and in tenths of the rows. On the dotted line chances are right.",
                    xAxis: "chance", yAxis: "how often the event came",
                    curves: [
                        .init(
                            "right", .guide,
                            [.init(0, 0), .init(range.upperBound, range.upperBound)]),
                        .init(
                            "spline", .first,
                            points.map { .init($0.probability, $0.observed.estimate) }),
                    ],
                    band: points.map {
                        .init(
                            x: $0.probability, value: $0.observed.estimate,
                            lower: $0.observed.lower, upper: $0.observed.upper)
                    }, bandName: "95 % band of the spline", points: tenths,
                    pointName: "tenths of the rows, with 95 % intervals", xRange: range,
                    yRange: range)),
            Table(
                "Points of the curve",
                columns: [.init("Chance", .number), .init("Came, with its band", .number)],
                rows: stride(from: 0, to: points.count, by: end == nil ? 5 : 1).map { index in
                    [
                        .text(share(points[index].probability)),
                        .text(estimate(.value(points[index].observed))),
                    ]
                }))
    }

    // MARK: Net benefit

    static func decisions(_ report: EvaluationReport) -> [Block] {
        block(report.decisionCurve, "Decision curve") { curve in
            // Beyond, so few are flagged that every curve lies at 0.
            let last = curve.points.last { $0.flagged * 200 >= report.rows }?.threshold ?? 0.1
            let points = curve.points.filter { $0.threshold <= max(last, 0.05) }
            let top =
                points.map { max($0.model, $0.everyone, $0.presentRule.value ?? 0) }.max() ?? 1
            let bottom = -max(top, 0.001) / 2
            func curveOf(
                _ name: String, _ stroke: LineChart.Stroke,
                _ value: (DecisionCurve.Point) -> Double?
            ) -> LineChart.Curve {
                .init(
                    name, stroke,
                    points.compactMap { point in
                        value(point).map { .init(point.threshold, max($0, bottom)) }
                    })
            }
            var curves = [
                curveOf("model", .first, \.model), curveOf("everyone", .third, \.everyone),
                curveOf("no one", .guide) { _ in 0 },
            ]
            if report.baselineList.value != nil {
                curves.insert(curveOf("present rule, as many", .second, \.presentRule.value), at: 1)
            }
            return [
                .chart(
                    .curves(
                        LineChart(
                            "Decision curve",
                            description:
                                "Net benefit by row at each threshold: the chance above which help would be offered. Below 0 acting does more harm than not acting. The table goes on to thresholds at which fewer than 1 row in 200 is flagged.",
                            xAxis: "threshold", yAxis: "net benefit", curves: curves,
                            xRange: 0...max(last, 0.05), yRange: bottom...max(top, 0.001))),
                    Table(
                        "Net benefit",
                        columns: [
                            .init("Threshold", .number), .init("Flagged", .number),
                            .init("Model", .number), .init("Present rule", .number),
                            .init("Everyone", .number),
                        ] + drawnColumns(report),
                        rows: curve.points.enumerated().map { index, point in
                            [
                                .text(share(point.threshold)), .count(point.flagged),
                                .number(point.model, decimals: 5),
                                .text(
                                    point.presentRule.value.map {
                                        Numerals.number($0, decimals: 5)
                                    } ?? "–"),
                                .number(point.everyone, decimals: 5),
                            ] + drawnCells(report, index)
                        }))
            ]
        }
    }
}
