import Evaluation
import Features
import Report

/// Lists and groups.
extension EvaluationPage {
    // MARK: Lists

    static func lists(_ report: EvaluationReport) -> [Block] {
        let own = Double(report.list.size) / Double(report.rows)
        var entries = report.lists.map { (share: $0.share, list: $0.model, rule: $0.presentRule) }
        if !entries.contains(where: { $0.list.size == report.list.size }) {
            entries.append((own, report.list, report.baselineList))
        }
        entries.sort { ($0.share, $0.list.size) < ($1.share, $1.list.size) }
        func curve(
            _ name: String, _ stroke: LineChart.Stroke, _ lists: [(Double, ListQuality?)]
        ) -> LineChart.Curve {
            .init(
                name, stroke,
                lists.compactMap { share, list in
                    list.map { .init(100 * share, 100 * $0.precision.expected) }
                })
        }
        var curves = [curve("model", .first, entries.map { ($0.share, $0.list) })]
        if report.baselineList.value != nil {
            curves.append(
                curve("present rule", .second, entries.map { ($0.share, $0.rule.value) }))
        }
        curves.append(
            .init(
                "at random", .guide,
                [
                    .init(0, 100 * report.prevalence),
                    .init(100 * max(own, 0.2), 100 * report.prevalence),
                ]))
        return [
            .chart(
                .curves(
                    LineChart(
                        "Precision by the size of the list",
                        description:
                            "Of those on the list, the share with the event, for lists of 0.5 to 20 % of all rows; ties by their mean.",
                        xAxis: "rows on the list, %", yAxis: "with the event, %", curves: curves,
                        points: entries.map { entry in
                            .init(
                                x: 100 * entry.share, value: 100 * entry.list.precision.expected,
                                lower: 100
                                    * min(
                                        entry.list.precisionListed.lower,
                                        entry.list.precision.expected),
                                upper: 100
                                    * max(
                                        entry.list.precisionListed.upper,
                                        entry.list.precision.expected))
                        }, pointName: "model, with 95 % intervals")),
                Table(
                    "Precision, ties by their mean",
                    columns: [
                        .init("Rows on the list", .number), .init("Model", .number),
                        .init("Present rule", .number),
                    ],
                    rows: entries.map { entry in
                        [
                            .text(share(entry.share)), .text(share(entry.list.precision.expected)),
                            .text(entry.rule.value.map { share($0.precision.expected) } ?? "–"),
                        ]
                    })),
            .table(table(entries, report)), .table(ties(entries.map { ($0.list, $0.rule.value) })),
        ]
    }

    private static func table(
        _ entries: [(share: Double, list: ListQuality, rule: Assessed<ListQuality>)],
        _ report: EvaluationReport
    ) -> Table {
        func row(_ name: String, _ list: ListQuality) -> [Cell] {
            [
                .text(name), .count(list.size), .text(share(list.precisionListed)),
                .text(assessed(list.sensitivityListed, share)),
                .text(assessed(list.specificityListed, share)),
                .text(assessed(list.lift) { Numerals.number($0.listed, decimals: 2) }),
                .text(
                    list.numberNeededToOffer.listed.value.map {
                        Numerals.number($0, decimals: 1)
                    } ?? "–"),
            ]
        }
        return Table(
            "Lists by size, ties as listed, with 95\u{202f}% intervals",
            columns: [
                .init("List"), .init("Places", .number), .init("Precision", .number),
                .init("Sensitivity", .number), .init("Specificity", .number),
                .init("Lift", .number), .init("Offers for each event", .number),
            ],
            rows: entries.flatMap { entry in
                let name =
                    entry.list.size == report.list.size
                    ? "its size (\(share(entry.share)))" : share(entry.share)
                return [row("Model, \(name)", entry.list)]
                    + (entry.rule.value.map { [row("Present rule, \(name)", $0)] } ?? [])
            })
    }

    /// By size: the model's list, and the present rule's where there is one.
    private static func ties(_ lists: [(model: ListQuality, rule: ListQuality?)]) -> Table {
        func row(_ name: String, _ list: ListQuality) -> [Cell] {
            [
                .text(name), .count(list.size), .count(list.tiedAtThreshold),
                .count(list.placesForTied),
                .text(share(list.precision.worst)), .text(share(list.precision.expected)),
                .text(share(list.precision.best)),
            ]
        }
        return Table(
            "Ties at the end of each list, and its precision as they fall",
            columns: [
                .init("List"), .init("Places", .number), .init("Tied", .number),
                .init("Places for them", .number),
                .init("Precision, worst", .number), .init("Expected", .number),
                .init("Best", .number),
            ],
            rows: lists.flatMap { model, rule in
                [row("Model", model)] + (rule.map { [row("Present rule", $0)] } ?? [])
            })
    }

    // MARK: Groups

    static func groups(_ report: EvaluationReport) -> [Block] {
        var names: [String] = []
        for group in report.groups where !names.contains(group.grouping) {
            names.append(group.grouping)
        }
        return names.flatMap { name in
            let groups = report.groups.filter { $0.grouping == name }
            return [.heading(capital(ValueWords.readable(name)))] + charts(groups, report)
        } + intersections(report)
    }

    private static func charts(
        _ groups: [GroupFairness], _ report: EvaluationReport
    ) -> [Block] {
        let whole = report.list
        func ofAll(_ value: Double?) -> [ChartLine] {
            value.map { [ChartLine(at: 100 * $0, "all")] } ?? []
        }
        return [
            dots(
                "Events that the list misses (FNR)", "of the group's events, %", groups,
                \.falseNegativeRate, ofAll(whole.sensitivityListed.value.map { 1 - $0.estimate })),
            dots(
                "With the event, of those listed (PPV)", "of the group's rows on the list, %",
                groups, \.positivePredictiveValue, ofAll(whole.precisionListed.estimate)),
            .chart(
                .dots(
                    DotChart(
                        "Came for each that was expected",
                        description: "Observed ÷ expected by group, with 95 % intervals.",
                        axis: "observed ÷ expected",
                        rows: groups.map { group in
                            let ratio = group.observedToExpected.value
                            return .init(
                                words(group),
                                value: ratio.map { Numerals.number($0.estimate, decimals: 2) }
                                    ?? "too few", point: ratio?.estimate, lower: ratio?.lower,
                                upper: ratio?.upper)
                        }, lines: [ChartLine(at: 1, "right")])), calibration(groups)),
            .table(shares(groups, report)), .table(errors(groups)),
        ]
    }

    private static func dots(
        _ title: String, _ axis: String, _ groups: [GroupFairness],
        _ figure: (GroupFairness) -> Assessed<Share>, _ lines: [ChartLine]
    ) -> Block {
        .chart(
            .dots(
                DotChart(
                    title, description: "Shares by group, with 95 % intervals.", axis: axis,
                    rows: groups.map { group in
                        let found = figure(group).value
                        return .init(
                            words(group),
                            value: found.map { share($0.estimate) } ?? "too few",
                            point: found.map { 100 * $0.estimate },
                            lower: found.map { 100 * $0.lower },
                            upper: found.map { 100 * $0.upper })
                    }, lines: lines, range: 0...100)),
            Table(
                title, columns: [.init("Group"), .init("Share", .number)],
                rows: groups.map { [.text(words($0)), .text(dashed(figure($0)))] }))
    }

    private static func words(_ group: GroupFairness) -> String {
        ValueWords.readable(group.level)
    }

    private static func shares(_ groups: [GroupFairness], _ report: EvaluationReport) -> Table {
        Table(
            "Who they are",
            columns: [
                .init("Group"), .init("Rows", .number), .init("Events", .number),
                .init("Share of all", .number), .init("Share of the list", .number),
                .init("List ÷ all", .number), .init("With missing values", .number),
            ],
            rows: groups.map { group in
                // What is said of few rows is said of each of them.
                guard group.rows >= report.minimumCount else {
                    return [.text(words(group)), .text("fewer than \(report.minimumCount)")]
                        + [Cell](repeating: "–", count: 5)
                }
                return [
                    .text(words(group)), .count(group.rows), .count(group.events),
                    .text(share(group.shareOfPopulation)), .text(share(group.shareOfList)),
                    .text(
                        group.representation.value.map { Numerals.number($0, decimals: 2) } ?? "–"),
                    .text(dashed(group.withMissingValues)),
                ]
            })
    }

    private static func errors(_ groups: [GroupFairness]) -> Table {
        Table(
            "What the list does to them; a dash: too few to count",
            columns: [
                .init("Group"), .init("FNR", .number), .init("FPR", .number),
                .init("FOR", .number), .init("FDR", .number), .init("PPV", .number),
            ],
            rows: groups.map { group in
                [.text(words(group))]
                    + [
                        group.falseNegativeRate, group.falsePositiveRate, group.falseOmissionRate,
                        group.falseDiscoveryRate, group.positivePredictiveValue,
                    ].map { .text(dashed($0)) }
            })
    }

    private static func calibration(_ groups: [GroupFairness]) -> Table {
        func dash(_ interval: Assessed<Interval>?) -> String {
            interval?.value.map(Self.interval) ?? "–"
        }
        return Table(
            "Calibration and discrimination within them",
            columns: [
                .init("Group"), .init("Observed ÷ expected", .number),
                .init("In the large", .number), .init("Slope", .number), .init("AUROC", .number),
            ],
            rows: groups.map { group in
                [
                    .text(words(group)),
                    .text(
                        group.observedToExpected.value.map { estimate(.value($0)) } ?? "–"),
                    .text(dash(group.calibration.value.map { .value($0.inTheLarge) })),
                    .text(dash(group.calibration.value?.slope)),
                    .text(dash(group.discrimination)),
                ]
            })
    }

    private static func intersections(_ report: EvaluationReport) -> [Block] {
        report.intersections.flatMap { pair -> [Block] in
            let names = pair.groupings.map(ValueWords.readable).joined(separator: " × ")
            return [
                .heading(capital(names)),
                .text(
                    "\(Numerals.count(pair.tooSmall)) smaller combinations with \(Numerals.count(pair.rowsInTooSmall)) rows have fewer than \(report.minimumCount) rows with or without the event and are not shown."
                ),
                .details(
                    summary: "\(Numerals.count(pair.groups.count)) combinations",
                    [
                        .table(shares(pair.groups, report)), .table(errors(pair.groups)),
                        .table(calibration(pair.groups)),
                    ]),
            ]
        }
    }
}
