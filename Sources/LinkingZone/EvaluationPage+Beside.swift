import Evaluation
import Features
import PipelineModel
import Report

/// Figures that are set beside those of all test rows.
extension EvaluationPage {
    /// Some rows, and what to say of them.
    struct Beside {
        var title: String
        var headline: Assessed<Headline>
        /// The draws of the same rows, for the figures that have no other interval.
        var drawn: EvaluationReport?
    }

    /// The chief figures with those of other rows or other fits in columns beside them.
    static func chief(_ report: EvaluationReport) -> Table {
        var columns = [
            Beside(
                title: "All test rows", headline: .value(report.headline), drawn: report)
        ]
        if let part = report.withoutPeopleOfTheFit {
            columns.append(
                Beside(title: "Without \(report.drawnPlural) of the fit", headline: part))
        }
        if let split = report.personSplit {
            columns.append(
                Beside(
                    title:
                        "\(capital(report.plural)) kept apart, \(split.testShare == nil ? "the same rows" : "some of the rows")",
                    headline: split.sameRows))
        }
        if let cannot = report.cannotHappen, cannot.rows > 0 {
            columns.append(Beside(title: "For whom it can happen", headline: cannot.others))
        }
        return beside("The chief figures, with 95\u{202f}% intervals", columns)
    }

    static func beside(_ title: String, _ columns: [Beside]) -> Table {
        func row(_ name: String, _ best: String, _ cell: (Headline) -> String) -> [Cell] {
            [.text(name)] + columns.map { .text($0.headline.value.map(cell) ?? "–") }
                + [.text(best)]
        }
        func drawn(
            _ name: String, _ best: String, _ decimals: Int = 3,
            _ figure: (Headline) -> Assessed<Double>,
            _ interval: (ClusterBootstrap) -> Assessed<Estimate>
        ) -> [Cell] {
            let cells = columns.map { column in
                guard let headline = column.headline.value else { return Cell.text("–") }
                let value = figure(headline)
                return .text(
                    column.drawn.map { Self.drawn(value, $0, decimals, interval) }
                        ?? number(value, decimals))
            }
            return [.text(name)] + cells + [.text(best)]
        }
        return Table(
            title,
            columns: [.init("Figure")] + columns.map { .init($0.title, .number) } + [
                .init("Best")
            ],
            rows: [
                row("Rows, with the event", "") {
                    "\(Numerals.count($0.rows)), \(Numerals.count($0.events)) (\(share($0.prevalence)))"
                },
                row("AUROC (a coin has 0.5)", "1") { interval($0.discrimination) },
                drawn("Average precision", "1", 3, { $0.averagePrecision }) { $0.averagePrecision },
                row("Observed ÷ expected", "1") { estimate($0.observedToExpected) },
                row("Calibration in the large", "0") {
                    assessed($0.calibration) { interval($0.inTheLarge) }
                },
                row("Calibration slope", "1") {
                    assessed($0.calibration) { interval($0.slope) }
                },
                drawn("Brier score", "0", 4, { $0.brier }) { $0.brier },
                drawn("Brier score, scaled", "1", 3, { $0.scaledBrier }) { $0.scaledBrier },
                row("Places of the list", "") { Numerals.count($0.list.size) },
                row("Precision of the list", "100 %") { share($0.list.precisionListed) },
                row("Sensitivity of the list", "100 %") {
                    assessed($0.list.sensitivityListed, share)
                },
            ])
    }

    /// Why a column of dashes has no figures.
    private static func gaps(_ columns: [Beside]) -> [Block] {
        columns.compactMap { column in
            guard case .notAssessable(let reason) = column.headline else { return nil }
            return .text("\(column.title): not assessable: \(reason).")
        }
    }

    /// A difference of two areas, which may lie in the fourth decimal.
    private static func difference(_ value: Interval) -> String {
        "\(Numerals.number(value.estimate, decimals: 4)) (\(Numerals.number(value.lower, decimals: 4)) to \(Numerals.number(value.upper, decimals: 4)))"
    }

    // MARK: People on both sides

    /// What is set beside the figures of people on both sides.
    static func withoutThem(_ report: EvaluationReport) -> String {
        var text: String
        if case .notAssessable(let reason)? = report.withoutPeopleOfTheFit {
            text = "What it does without them is not assessable, \(reason)."
        } else {
            text =
                "The column without them has other rows, which may be easier or harder: how it differs is not what knowing them is worth."
        }
        if let split = report.personSplit {
            text +=
                " The column of \(report.plural) kept apart has \(split.testShare == nil ? "the same rows" : "some of them"), scored by fits that saw nothing of those whom they score: AUROC of the model less that of those fits \(assessed(split.modelLess) { Self.difference($0.difference) })."
        }
        return text
    }

    /// Which rows the fits that keep people apart score.
    private static func sameRows(_ split: PersonSplit) -> String {
        guard let share = split.testShare else {
            return
                "The same rows: the test rows of the reference split, scored by fits on the rows of the fit that are about others. Rows and case mix are those of the model’s own figures, and earlier rows still learn for later ones."
        }
        return
            "Some of those rows: the test rows of the reference split that are about the \(Self.share(share)) who are tested, scored by a fit on the rows of the fit that are about others; the list has as large a share of them as the model’s of all. Earlier rows still learn for later ones, but these are not all rows of the model’s own figures."
    }

    static func apart(_ split: PersonSplit, _ report: EvaluationReport) -> [Block] {
        let plural = report.plural
        let columns = [
            Beside(
                title: "Reference split: the model", headline: .value(report.headline),
                drawn: report),
            Beside(
                title:
                    "\(split.testShare == nil ? "The same rows" : "Some of those rows"), \(plural) kept apart",
                headline: split.sameRows),
            Beside(title: "All rows, \(plural) kept apart", headline: split.allRows),
        ]
        let both = report.peopleAlsoTrainedOn.map {
            $0 == 0
                ? "In the reference split nobody stands on both sides."
                : "In the reference split \(Numerals.count($0)) \(plural) stand on both sides."
        }.map { people in
            report.alsoTrainedOnWords(Numerals.count).map { "\(people) \(capital($0))." } ?? people
        }
        return [
            .text(
                "\(both.map { $0 + " " } ?? "")Here nobody does: \(split.words(plural)). Each fit tunes all that the specification tunes, and the scores of all parts are put together and ranked as one.\(report.cannotHappen.map { $0.rows > 0 } == true ? " Rows for which the outcome cannot happen are among them." : "")"
            ),
            .items([
                [
                    .text(
                        "\(sameRows(split)) What differs is that no fit knew the \(plural) whom it scores, and that each had \(sharesOfFit(split)) of them fewer to learn from. The model’s AUROC less theirs is \(assessed(split.modelLess) { Self.difference($0.difference) })."
                    )
                ],
                [
                    .text(
                        "All rows: those of the fit and the test rows alike, scored by fits on all rows about others. A split by \(plural) alone: its rows are others, so that its figures are not the model’s with something taken away, and its fits saw rows that are later than those they score. How the model does on later rows it cannot tell; the reference split can."
                    )
                ],
            ]),
            .table(beside("The reference split, and with \(plural) kept apart", columns)),
        ] + gaps(columns) + parts(split, plural)
    }

    private static func sharesOfFit(_ split: PersonSplit) -> String {
        share(split.folds.map { 1 / Double($0) } ?? split.testShare ?? 0)
    }

    private static func parts(_ split: PersonSplit, _ plural: String) -> [Block] {
        guard split.parts.count > 1 else { return [] }
        return [
            .table(
                Table(
                    "Each part by itself, of all rows",
                    columns: [
                        .init("Part", .number), .init(capital(plural), .number),
                        .init("Rows", .number), .init("With the event", .number),
                        .init("AUROC", .number),
                    ],
                    rows: split.parts.enumerated().map { index, part in
                        [
                            .count(index + 1), .count(part.people), .count(part.rows),
                            .count(part.events), .text(interval(part.discrimination)),
                        ]
                    }))
        ]
    }

    // MARK: The present rule

    /// What the service's present rule does on the same rows, first of all where its list holds as
    /// many events as the model's.
    static func rule(_ report: EvaluationReport) -> [Block] {
        guard let rule = report.baselineList.value else { return [] }
        let (own, its) = (report.list.events.expected, rule.events.expected)
        let areas =
            "AUROC \(interval(report.discrimination)) against \(interval(report.baselineDiscrimination)), a difference of \(assessed(report.againstBaseline) { Self.difference($0.difference) })."
        return [
            .note(
                Note(
                    own > its ? .information : .warning,
                    own > its
                        ? "Beside the present rule"
                        : "The model’s list finds no more than the present rule’s",
                    [
                        .text(
                            "Of \(Numerals.count(report.list.size)) places the model’s list has \(Numerals.number(own, decimals: 1)) with the event, that of the service’s present rule \(Numerals.number(its, decimals: 1)), ties by their mean. \(areas)"
                        )
                    ]))
        ]
    }

    // MARK: Where the outcome cannot happen

    static func note(_ cannot: CannotHappen) -> Note {
        Note(
            cannot.listed > 0 || cannot.events > 0 ? .warning : .information,
            "Rows for which the outcome cannot happen",
            [
                .text(
                    "\(Numerals.count(cannot.rows)) test rows: \(cannot.reasons.map(\.why).joined(separator: " ")) They are in the figures of all test rows as rows without the event, and take \(Numerals.count(cannot.listed)) of the \(Numerals.count(cannot.listSize)) places of the list. The figures of those for whom it can happen stand beside."
                )
            ])
    }

    static func cannotHappen(_ cannot: CannotHappen, _ report: EvaluationReport) -> [Block] {
        var columns = [
            Beside(
                title: "All test rows", headline: .value(report.headline), drawn: report),
            Beside(title: "For whom it can happen", headline: cannot.others),
        ]
        if let anew = cannot.fittedWithout {
            columns.append(
                Beside(title: "The same, fitted on such rows only", headline: anew))
        }
        var words =
            "Of \(Numerals.count(report.rows)) test rows the outcome cannot happen for \(Numerals.count(cannot.rows)), of whom the model expects it \(assessed(cannot.expected) { Numerals.number($0, decimals: 1) }) times. They take \(Numerals.count(cannot.listed)) of the \(Numerals.count(cannot.listSize)) places of the list."
        if let fit = cannot.rowsOfFit {
            words +=
                " Of the rows of the fit \(Numerals.count(fit)) are of the same kind: there too they count as rows without the event."
        }
        words +=
            " Beside all rows stand those for whom it can happen, with a list of as many places, which go to the next\(cannot.fittedWithout == nil ? "" : "; and the same rows scored by a fit that saw only such rows"). To keep them out of the fit and off the list, leave them out of the cohort."
        var blocks: [Block] = []
        if cannot.events > 0 {
            blocks.append(
                .note(
                    Note(
                        .stop, "It happened all the same",
                        [
                            .text(
                                "\(Numerals.count(cannot.events)) of these rows have the event: the records or the reason are wrong."
                            )
                        ])))
        }
        return blocks + [
            .text(words),
            .table(
                Table(
                    "Why it cannot happen",
                    columns: [
                        .init("Reason"), .init("Group"), .init("Test rows", .number),
                        .init("On the list", .number),
                    ],
                    rows: cannot.reasons.map {
                        [
                            .text($0.why),
                            .text(
                                "\(ValueWords.readable($0.grouping)): \($0.levels.map(ValueWords.readable).joined(separator: ", "))"
                            ),
                            .count($0.rows), .count($0.listed),
                        ]
                    })),
            .table(beside("With and without them", columns)),
        ] + gaps(columns)
    }
}
