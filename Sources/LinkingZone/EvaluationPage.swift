import Evaluation
import Features
import Modelling
import PipelineModel
import Report

/// The page of one evaluation, for a statistician and for whoever answers for the model.
///
/// Counts and shares only; each chart is followed by its table.
enum EvaluationPage {
    /// The page as UTF-8 HTML; the same report gives the same bytes.
    ///
    /// - Parameters:
    ///   - report: The evaluation.
    ///   - title: What was evaluated.
    ///   - fit: What was fitted; `nil` where nothing was, or nobody knows.
    ///   - made: Lines on what the page was made from.
    static func html(
        _ report: EvaluationReport, title: String, fit: FittedModel? = nil, made: [String]
    ) -> String {
        var sections = [Section("In short", short(report))]
        if let split = report.personSplit {
            sections.append(
                Section(
                    "\(capital(report.plural)) kept apart, beside the reference split",
                    apart(split, report)))
        }
        if let cannot = report.cannotHappen {
            sections.append(
                Section("For whom the outcome cannot happen", cannotHappen(cannot, report)))
        }
        if let acceptance = report.acceptance {
            sections.append(
                Section(
                    acceptance.marginsFile == nil ? "Margins set beforehand" : "Margins",
                    margins(acceptance)))
        }
        sections += [
            Section("Who comes first: discrimination", discrimination(report)),
            Section("Are the chances right: calibration", calibration(report)),
            Section("Lists", lists(report)),
        ]
        if let second = report.secondScore {
            sections.append(Section("Beside a second score", Self.second(second, report)))
        }
        sections += [
            Section("Is it worth acting on: net benefit", decisions(report)),
            Section("Figures by drawing \(report.drawnPlural) anew", draws(report)),
        ]
        if !report.groups.isEmpty { sections.append(Section("By group", groups(report))) }
        if report.missingInputs != nil || report.linkedSources != nil {
            sections.append(Section("What was missing, and who was found where", inputs(report)))
        }
        if !report.folds.isEmpty { sections.append(Section("By fold", folds(report))) }
        if let fit, let penalty = fit.penalty, penalty.chosenBy != nil {
            sections.append(Section("How strong the penalty is", path(fit, penalty)))
        }
        if let refits = report.refits {
            sections.append(Section("Fitted anew", self.refits(refits, report)))
        } else {
            sections.append(Section("Fitted anew", [withoutRefits]))
        }
        if let rolling = report.rollingOrigin {
            sections.append(Section("Fitted anew at each date", origins(rolling)))
        }
        if let stability = report.stability {
            sections.append(Section("Has the population moved", self.stability(stability)))
        }
        sections.append(Section("How each figure is made", methods(report)))
        return Page(
            kind: "Stile · evaluation", title: title, summary: summary(report),
            sections: sections, colophon: made
        ).html()
    }

    private static func summary(_ report: EvaluationReport) -> String {
        "\(Numerals.count(report.rows)) rows that the fit did not see, \(Numerals.count(report.events)) of them with the event (\(share(report.prevalence)))."
    }

    // MARK: In short

    private static func short(_ report: EvaluationReport) -> [Block] {
        var blocks: [Block] = []
        if let openings = report.openings {
            let text =
                openings.count == 1
                ? "The labels of these test rows were read once, for this report."
                : "The labels of these test rows were read \(Numerals.count(openings.count)) times since \(openings.first), for \(Numerals.count(openings.equations)) different equations under \(Numerals.count(openings.specifications)) different specifications."
            let more =
                openings.count == 1
                ? "" : " What was changed after an earlier look is no longer tested by them."
            blocks.append(
                .note(
                    Note(
                        openings.equations > 1 ? .warning : .information,
                        "Test labels", [.text(text + more)])))
        }
        if let people = report.people, let both = report.peopleAlsoTrainedOn,
            report.hasSomebodyOnBothSides
        {
            // Nobody may stand on both sides, but somebody they live with.
            let whole = both > 0 ? report.plural : report.drawnPlural
            let own =
                both > 0
                ? "\(Numerals.count(both)) also stand among the rows of the fit, with other rows."
                : "none stands among the rows of the fit."
            let homes = report.alsoTrainedOnWords(Numerals.count).map {
                " \(capital($0)): \(both > 0 ? "with other rows, or with those of others who live there" : "others who live there")."
            }
            blocks.append(
                .note(
                    Note(
                        .warning, "\(capital(whole)) on both sides of the split",
                        [
                            .text(
                                "Of \(Numerals.count(people)) \(report.plural) among the test rows, \(own)\(homes ?? "") What the model learnt of them may flatter it. \(withoutThem(report))"
                            )
                        ])))
        }
        if let words = report.weightsWords {
            blocks.append(.note(Note(.information, "Weights of the fit", [.text(words)])))
        }
        if let cannot = report.cannotHappen, cannot.rows > 0 {
            blocks.append(.note(note(cannot)))
        }
        blocks += rule(report)
        blocks += together(report)
        blocks.append(.table(chief(report)))
        return blocks
    }

    // MARK: Others

    private static func folds(_ report: EvaluationReport) -> [Block] {
        [
            .table(
                Table(
                    "Each fold or period by itself",
                    columns: [
                        .init("Fold"), .init("Rows", .number), .init("Events", .number),
                        .init("AUROC", .number), .init("Observed ÷ expected", .number),
                    ],
                    rows: report.folds.map { fold in
                        [
                            .text(String(fold.fold)), .count(fold.rows), .count(fold.events),
                            .text(interval(fold.discrimination)),
                            .text(estimate(fold.observedToExpected)),
                        ]
                    }))
        ] + (report.periods.map(regret) ?? [])
    }

    private static func stability(_ stability: StabilityReport) -> [Block] {
        [
            .text(
                "The population stability index of the test rows against the \(Numerals.count(stability.referenceRows)) rows of the fit. Below 0.1 little has changed, above 0.25 much has."
            ),
            .table(
                Table(
                    "The score and each input",
                    columns: [.init("Column"), .init("Index", .number), .init("Bins", .number)],
                    rows: [("the score", stability.score)].map(row)
                        + stability.inputs.map { row($0.name, $0.stability) })),
        ]
    }

    private static func row(
        _ name: String, _ stability: Assessed<PopulationStability>
    ) -> [Cell] {
        [
            .text(name), .text(assessed(stability) { Numerals.number($0.index, decimals: 4) }),
            .text(stability.value.map { Numerals.count($0.bins.count) } ?? "–"),
        ]
    }

    private static func methods(_ report: EvaluationReport) -> [Block] {
        var items = [
            "AUROC: DeLong's interval; against the present rule DeLong's test of two correlated areas. Where rows are of one person, household or setting, Obuchowski's variance by them, with Student's distribution.",
            "Average precision: the sum of precision times the step in sensitivity over the distinct scores, without interpolation; a coin has the share with the event.",
            "Shares: Wilson's interval; where rows are of one person, household or setting, on the effective size that Rao and Scott's design effect leaves, never more than the rows, and by Korn and Graubard's factor smaller where those are few. Observed ÷ expected: the interval of the observed share, what is expected counts as known.",
            "Calibration in the large and slope: logistic regression of the event on the logit of the chance; a chance of exactly 0 or 1 counts as 1e-15 from it (\(Numerals.count(report.certainProbabilities)) rows). Errors of it and of the calibration curve are sandwich errors by people, households or settings where they have several rows.",
            "Calibration curve: logistic regression on a natural cubic spline of that logit, knots at Harrell's quantiles, band by the delta method; ICI, E50, E90 and Emax are the mean, median, ninetieth percentile and largest distance between curve and chance over the rows.",
            "Brier score in parts: Murphy’s reliability, resolution and uncertainty over bins of equal chances where there are ten or fewer, else over tenths, with the two terms within bins of Stephenson, Coelho and Jolliffe, so that the sum is exact. Reliability and resolution are not corrected for the chance in each bin’s share of events.",
            "Ties at the end of a list: as listed by ascending row; worst, best and expected over all orders.",
            "Net benefit: true positives less false positives × t ÷ (1 − t), by row, for everyone with a chance of t or more. The present rule only ranks: at each threshold it flags as many as the model.",
            "Groups: a figure with fewer than \(report.minimumCount) rows, or fewer people, households or settings, to count is not assessable.",
        ]
        if let draws = report.bootstrap.value {
            items.append(
                "Bootstrap: \(Numerals.count(draws.clusters)) \(report.drawnPlural) or rows that stand alone drawn whole, \(Numerals.count(draws.resamples)) times, seed \(draws.seed); 2.5 and 97.5\u{202f}% quantiles. Average precision, Brier score and its scaled form, ICI and net benefit have these intervals alone. The ICI cannot be below 0, so that its bounds lie too high; they reach to the figure at least."
            )
        }
        return [.items(items.map { [.text($0)] })]
    }
}
