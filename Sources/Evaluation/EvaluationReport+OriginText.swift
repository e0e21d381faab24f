extension RollingOrigin.Contestant {
    /// Who it is, in words.
    public var words: String {
        switch self {
        case .refitted: "fitted anew"
        case .firstFit: "first fit, kept"
        case .model: "the model"
        case .presentRule: "present rule"
        }
    }
}

extension RollingOrigin.Figure {
    /// The figure in words.
    public var words: String {
        switch self {
        case .auroc: "AUROC"
        case .precisionAtList: "precision of the list"
        case .netBenefit: "net benefit"
        }
    }
}

extension RollingOrigin.ThresholdSource {
    /// Where the threshold comes from, in words.
    public var words: String {
        switch self {
        case .list: "the least chance of the list"
        case .margin: "the first threshold of the margins"
        case .prevalence: "the share of events among the rows of the first fit"
        }
    }
}

extension RollingOrigin {
    /// Which rows the fit of an origin had, and so what the model's own fit may have seen, in words.
    public var knownWords: String {
        outcomeKnownAfterDays.map {
            "whose outcome was known by then, \($0) days after their as-of date"
        } ?? "before it, for the specification does not say when an outcome is known"
    }
}

extension EvaluationReport {
    var originsText: [String] {
        switch rollingOrigin {
        case nil: return []
        case .notAssessable(let reason)?: return ["Rolling origin not assessable: \(reason)"]
        case .value(let rolling)?:
            return [
                "Rolling origin: fitted anew at \(rolling.origins.count) dates; net benefit at "
                    + "\(Words.percent(rolling.threshold)), \(rolling.thresholdSource.words)",
                "  each fit is on the rows \(rolling.knownWords)",
            ] + rolling.origins.flatMap(text)
                + rolling.summaries.filter { $0.origins > 0 }.map(text)
        }
    }

    private func text(_ origin: RollingOrigin.Origin) -> [String] {
        [
            "Origin \(origin.origin): fitted on \(origin.rowsOfFit) rows, \(origin.eventsOfFit) events; "
                + "tested on \(origin.rows), \(origin.events) events; a list of \(origin.listSize)"
        ]
            + origin.results.map { result in
                "  \(result.contestant.words): AUROC \(Words.interval(result.discrimination)), "
                    + "in the large \(number(result.calibration.value?.inTheLarge)), "
                    + "slope \(number(result.calibration.value?.slope.value)), precision "
                    + (result.list.value.map { Words.percent($0.precision.expected) } ?? "–")
                    + ", net benefit "
                    + (result.netBenefit.value.map { Words.figure($0, 4) } ?? "–")
            }
    }

    private func number(_ interval: Interval?) -> String {
        interval.map { Words.figure($0.estimate, 3) } ?? "–"
    }

    private func text(_ summary: RollingOrigin.Summary) -> String {
        "Regret of \(summary.figure.words), \(summary.contestant.words): mean "
            + Words.assessed(summary.meanRegret) { Words.figure($0, 4) } + ", largest "
            + Words.assessed(summary.largestRegret) { Words.figure($0, 4) }
            + ", best at \(summary.best) of \(summary.origins)"
    }
}
