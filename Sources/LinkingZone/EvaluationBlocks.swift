import Evaluation
import Features
import PipelineModel
import Report

/// How good and how fair a model is, as tables for people who are no statisticians.
enum EvaluationBlocks {
    static func blocks(_ report: EvaluationReport) -> [Block] {
        [
            .heading("On \(report.plural) whose outcome is known"),
            .text(measured(report)),
        ] + standing(report) + [
            .table(overall(report)), .table(lists(report)), .table(tenths(report)),
        ] + (report.groups.isEmpty ? [] : [.heading("By group"), .table(groups(report))])
    }

    private static func measured(_ report: EvaluationReport) -> String {
        let rows =
            "Measured on \(Numerals.count(report.rows)) rows that the fit did not see, \(Numerals.count(report.events)) of them with the event (\(ReviewPage.percent(report.prevalence)))."
        guard let people = report.people, let both = report.peopleAlsoTrainedOn,
            report.hasSomebodyOnBothSides
        else { return rows }
        let own =
            both > 0
            ? "the fit saw other rows of \(Numerals.count(both)) of them"
            : "the fit saw none of them, but people they live with"
        let homes = report.alsoTrainedOnWords(Numerals.count).map { "; \($0)" } ?? ""
        return rows
            + " They are of \(Numerals.count(people)) \(report.plural); \(own)\(homes), which may flatter it."
    }

    /// How the margins that were set beforehand are met, and how often the labels were read.
    private static func standing(_ report: EvaluationReport) -> [Block] {
        var blocks: [Block] = []
        if let acceptance = report.acceptance {
            let noted = acceptance.results.filter(\.verdict.isOfNote)
            blocks.append(
                .note(
                    Note(
                        EvaluationPage.kind(acceptance.verdict),
                        "Margins set beforehand: \(acceptance.verdict.words)",
                        [.text(EvaluationPage.capital(acceptance.words) + ".")]
                            + (noted.isEmpty
                                ? []
                                : [
                                    .items(
                                        noted.map { [.text("\($0.words): \($0.verdict.words)")] })
                                ]))))
        }
        if let openings = report.openings, openings.count > 1 {
            blocks.append(
                .text(
                    "The outcomes of these rows were read \(Numerals.count(openings.count)) times since \(openings.first), for \(Numerals.count(openings.equations)) different equations: what was changed after an earlier look is no longer tested by them."
                ))
        }
        if let words = report.weightsWords { blocks.append(.text(words)) }
        if let cannot = report.cannotHappen, cannot.rows > 0 {
            blocks.append(.note(EvaluationPage.note(cannot)))
        }
        return blocks
    }

    private static func overall(_ report: EvaluationReport) -> Table {
        var rows: [[Cell]] = [
            [
                "Ranks someone with the event above someone without (AUROC)",
                .text(interval(report.discrimination)), "1; a coin has 0.5",
            ]
        ]
        if let part = report.withoutPeopleOfTheFit?.value {
            rows.append([
                .text("The same without \(report.drawnPlural) of the fit"),
                .text(interval(part.discrimination)),
                .text("\(Numerals.count(part.rows)) rows"),
            ])
        }
        if let split = report.personSplit {
            rows.append([
                .text("The same rows, by fits that saw nothing of the \(report.plural) they score"),
                .text(
                    EvaluationPage.assessed(split.sameRows) { interval($0.discrimination) }), "",
            ])
        }
        if let cannot = report.cannotHappen, cannot.rows > 0 {
            rows.append([
                "The same of those for whom the outcome can happen",
                .text(EvaluationPage.assessed(cannot.others) { interval($0.discrimination) }),
                .text(cannot.others.value.map { "\(Numerals.count($0.rows)) rows" } ?? ""),
            ])
        }
        if report.baselineDiscrimination.value != nil {
            rows.append([
                "The same for the service's present rule",
                .text(interval(report.baselineDiscrimination)), "",
            ])
        }
        rows += [
            [
                "Events that came for each that was expected",
                .text(estimate(report.observedToExpected)), "1",
            ],
            [
                "Calibration in the large",
                .text(calibration(report.calibration) { .value($0.inTheLarge) }), "0",
            ],
            [
                "Calibration slope", .text(calibration(report.calibration, \.slope)),
                "1; below, high chances are too high",
            ],
            [
                "Brier score", .text(figure(report.brier)),
                .text("0; scaled \(figure(report.scaledBrier)), where 1 is best"),
            ],
        ]
        return Table(
            "Overall, with 95\u{202f}% intervals",
            columns: [.init("Figure"), .init("Found", .number), .init("Best")], rows: rows)
    }

    private static func lists(_ report: EvaluationReport) -> Table {
        var rows = [row(report.list, "The model's list")]
        switch report.baselineList {
        case .value(let list): rows.append(row(list, "The present rule's list"))
        case .notAssessable(let reason):
            rows.append(["The present rule's list", .text("not assessable: \(reason)")])
        }
        return Table(
            "A list of this size on those \(report.plural); where scores tie at the cut, the expected figure",
            columns: [
                .init("List"), .init("Places", .number), .init("With the event", .number),
                .init("Share of the list", .number), .init("Share of all events", .number),
                .init("Tied at the cut", .number),
            ], rows: rows)
    }

    private static func row(_ list: ListQuality, _ name: String) -> [Cell] {
        [
            .text(name), .count(list.size), .number(list.events.expected, decimals: 1),
            .text(ReviewPage.percent(list.precision.expected)),
            .text(list.sensitivity.value.map { ReviewPage.percent($0.expected) } ?? "–"),
            .count(list.tiedAtThreshold),
        ]
    }

    private static func tenths(_ report: EvaluationReport) -> Table {
        Table(
            "Chances against what came, in tenths from the lowest chance to the highest",
            columns: [
                .init("Tenth"), .init("Rows", .number), .init("Expected", .number),
                .init("Came", .number),
            ],
            rows: report.tenths.enumerated().map { index, tenth in
                [
                    .text("\(index + 1)"), .count(tenth.rows), .number(tenth.expected, decimals: 1),
                    .count(tenth.observed),
                ]
            })
    }

    private static func groups(_ report: EvaluationReport) -> Table {
        Table(
            "A dash: fewer than \(report.minimumCount) to count",
            columns: [
                .init("Group"), .init("Share of all", .number), .init("Share of the list", .number),
                .init("Listed, with the event", .number), .init("Missed events", .number),
                .init("Came for each expected", .number),
            ],
            rows: report.groups.map { group in
                [
                    .text(
                        ValueWords.readable(group.grouping) + ": "
                            + ValueWords.readable(group.level)),
                    .text(ReviewPage.percent(group.shareOfPopulation)),
                    .text(ReviewPage.percent(group.shareOfList.estimate)),
                    .text(
                        group.positivePredictiveValue.value.map { ReviewPage.percent($0.estimate) }
                            ?? "–"),
                    .text(
                        group.falseNegativeRate.value.map { ReviewPage.percent($0.estimate) } ?? "–"
                    ),
                    .text(
                        group.observedToExpected.value.map {
                            Numerals.number($0.estimate, decimals: 2)
                        }
                            ?? "–"),
                ]
            })
    }

    private static func estimate(_ value: Assessed<Estimate>) -> String {
        switch value {
        case .value(let value):
            "\(Numerals.number(value.estimate, decimals: 3)) (\(Numerals.number(value.lower, decimals: 3)) to \(Numerals.number(value.upper, decimals: 3)))"
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }

    private static func figure(_ value: Assessed<Double>) -> String {
        switch value {
        case .value(let value): Numerals.number(value, decimals: 3)
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }

    private static func interval(_ value: Assessed<Interval>) -> String {
        switch value {
        case .value(let value):
            "\(Numerals.number(value.estimate, decimals: 3)) (\(Numerals.number(value.lower, decimals: 3)) to \(Numerals.number(value.upper, decimals: 3)))"
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }

    private static func calibration(
        _ value: Assessed<Calibration>, _ part: (Calibration) -> Assessed<Interval>
    ) -> String {
        switch value {
        case .value(let value): interval(part(value))
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }
}
