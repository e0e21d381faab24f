public import PipelineModel

extension EvaluationReport {
    var groupsText: [String] {
        var lines: [String] = []
        if !groups.isEmpty {
            lines.append("Groups (a dash: fewer than \(minimumCount) to count)")
        }
        lines += groups.map(text)
        for pair in intersections where !pair.groups.isEmpty || pair.tooSmall > 0 {
            lines.append(
                "\(pair.groupings.joined(separator: " × ")): \(pair.groups.count) with enough rows, "
                    + "\(pair.tooSmall) too small (\(pair.rowsInTooSmall) rows)")
        }
        lines += folds.map { fold in
            "Fold \(fold.fold): rows \(fold.rows), events \(fold.events), "
                + "AUROC \(Words.interval(fold.discrimination)), "
                + "O÷E \(Words.estimate(fold.observedToExpected, 3))"
        }
        if let periods {
            lines += periods.summaries.map { summary in
                "Over \(summary.periods) folds \(summary.model): best in \(summary.best), mean regret of the list's precision "
                    + Words.assessed(summary.meanRegret) { Words.figure($0, 4) }
            }
        }
        return lines
    }

    var inputsText: [String] {
        (missingInputs ?? []).map { text($0, "Missing") }
            + (linkedSources ?? []).map { text($0, "Found in") }
    }

    private func text(_ shares: SharesByGroup, _ what: String) -> String {
        let groupings = shares.groups.reduce(into: [String]()) { names, level in
            if !names.contains(level.grouping) { names.append(level.grouping) }
        }
        let levels = groupings.map { grouping in
            "; by \(grouping): "
                + shares.groups.filter { $0.grouping == grouping }
                .map { "\($0.level) \(Words.share($0.share))" }.joined(separator: ", ")
        }
        return "\(what) \(shares.name): \(Words.percent(shares.all.estimate))" + levels.joined()
    }

    var refitsText: [String] {
        guard let refits else {
            return [
                "Optimism, stability of the list and learning curve are not here: no fits on resampled rows were asked for"
            ]
        }
        var lines: [String] = []
        switch refits.optimism {
        case .value(let optimism):
            lines += optimism.figures.map { figure in
                "Optimism of \(figure.name) (\(optimism.resamples) refits, \(optimism.failed) failed): apparent "
                    + "\(Words.figure(figure.apparent, 4)), corrected \(Words.figure(figure.corrected, 4))"
            }
        case .notAssessable(let reason): lines.append("Optimism not assessable: \(reason)")
        }
        switch refits.listStability {
        case .value(let stability):
            lines.append(
                "The list of \(stability.size) under \(stability.refits) refits: share that stays "
                    + "\(Words.percent(stability.overlap.estimate)) (least "
                    + "\(Words.percent(stability.overlap.lower)), most \(Words.percent(stability.overlap.upper)))"
            )
        case .notAssessable(let reason):
            lines.append("Stability of the list not assessable: \(reason)")
        }
        switch refits.learningCurve {
        case .value(let curve):
            lines += curve.points.map {
                "Fitted on \($0.rows) rows, \($0.events) events: AUROC \(Words.interval($0.discrimination))"
            }
        case .notAssessable(let reason):
            lines.append("Learning curve not assessable: \(reason)")
        }
        return lines + tuningText
    }

    private func text(_ group: GroupFairness) -> String {
        "\(group.grouping) \(group.level): rows \(group.rows), events \(group.events), "
            + "share of list \(Words.percent(group.shareOfList.estimate)) against "
            + "\(Words.percent(group.shareOfPopulation)) of all, "
            + "PPV \(Words.share(group.positivePredictiveValue)), "
            + "FNR \(Words.share(group.falseNegativeRate)), "
            + "FPR \(Words.share(group.falsePositiveRate)), "
            + "FOR \(Words.share(group.falseOmissionRate)), "
            + "O÷E \(group.observedToExpected.value.map { Words.figure($0.estimate, 3) } ?? "–"), "
            + "slope \(group.calibration.value?.slope.value.map { Words.figure($0.estimate, 2) } ?? "–"), "
            + "AUROC \(group.discrimination.value.map { Words.figure($0.estimate, 3) } ?? "–")"
    }

    var stabilityText: [String] {
        guard let stability else { return [] }
        let index = { (value: PopulationStability) in Words.figure(value.index, 4) }
        return [
            "Population stability against the \(stability.referenceRows) rows of the fit: score "
                + Words.assessed(stability.score.map(index)) { $0 }
        ]
            + stability.inputs.filter { ($0.stability.value?.index ?? 1) >= 0.1 }.map {
                "Population stability of \($0.name): "
                    + Words.assessed($0.stability.map(index)) { $0 }
            }
    }

    var acceptanceText: [String] {
        guard let acceptance else { return [] }
        return ["Acceptance: \(acceptance.verdict.words) (\(acceptance.words))"]
            + acceptance.results.filter { $0.level == nil || $0.verdict.isOfNote }.map { result in
                "  \(result.words): \(result.verdict.words), found "
                    + Words.assessed(result.found) { Words.figure($0, 4) }
                    + (result.interval.map { " (95 % \($0)\(by(result.method)))" } ?? "")
            }
            + (acceptance.marginsFile.map {
                [
                    "  Margins of a file, SHA-256 \($0): nothing here shows that it was written before the outcomes were known"
                ]
            } ?? [])
    }
}

private func by(_ method: IntervalMethod?) -> String {
    method.map { ", \($0.words)" } ?? ""
}

extension MarginVerdict {
    /// Whether reviewers must see it by itself among many groups.
    public var isOfNote: Bool { self == .notMet || self == .undecided }
}

extension AcceptanceReport {
    /// What was counted, in words.
    public var words: String {
        "\(counts.met) met, \(counts.notMet) not met, \(counts.undecided) undecided, \(counts.notAssessable) not assessable; judged by the \(judge == .interval ? "95 % interval" : "estimate")"
    }
}

extension AcceptanceReport.Result {
    /// The bounds of the interval, where there is one.
    public var interval: String? {
        guard let lower, let upper else { return nil }
        return "\(Words.figure(lower, 4)) to \(Words.figure(upper, 4))"
    }

    /// The margin in words: its figure, of whom, and between what.
    public var words: String {
        let of = level.map { " of \(grouping ?? "") \($0)" } ?? ""
        let at = threshold.map { " at \(Words.percent($0))" } ?? ""
        let within =
            switch (least, most) {
            case (let least?, let most?): " from \(least) to \(most)"
            case (let least?, nil): threshold == nil ? " at least \(least)" : ""
            case (nil, let most?): " at most \(most)"
            case (nil, nil): ""
            }
        return margin + at + of + within
    }
}
