import PipelineModel

extension EvaluationReport {
    /// What rows of one person mean for the intervals; `nil` where all rows stand alone.
    ///
    /// - Parameter number: How a count is written.
    public func clusteredWords(_ number: (Int) -> String) -> String? {
        guard let clusters = households ?? people, clusters < rows else { return nil }
        let whose =
            switch (people, households) {
            case (let people?, let households?):
                "\(number(people)) \(plural), who lived in \(number(households)) households by the address of each one's first row (whoever is known to live in none counts as one; who moved in later counts apart)"
            case (nil, _?):
                "\(number(clusters)) households (a row that is known to be of none counts as one)"
            default: "\(number(clusters)) \(plural)"
            }
        return "The \(number(rows)) rows are of \(whose). "
            + "Intervals and margins know which rows are of one: areas by Obuchowski's variance, "
            + "calibration by sandwich errors, shares on their effective size, others "
            + (bootstrap.value == nil
                ? "would be by draws of whole \(drawnPlural), of which there are too few: they have no interval."
                : "by draws of whole \(drawnPlural).")
    }

    /// How many households have rows on both sides of the split; `nil` where nobody counts them.
    ///
    /// - Parameter number: How a count is written.
    public func alsoTrainedOnWords(_ number: (Int) -> String) -> String? {
        guard let households, let both = householdsAlsoTrainedOn else { return nil }
        return
            "of \(number(households)) households, \(number(both)) have somebody among the rows of the fit"
    }

    /// Whether the fit saw rows of somebody among the test rows, or of those they live with.
    public var hasSomebodyOnBothSides: Bool {
        max(peopleAlsoTrainedOn ?? 0, householdsAlsoTrainedOn ?? 0) > 0
    }

    /// What is drawn whole, in words.
    public var drawnPlural: String { households == nil ? plural : UnitKind.household.plural }

    /// The figures by drawing people anew, a few words a line.
    var bootstrapText: [String] {
        var lines: [String] = clusteredWords(String.init).map { [$0] } ?? []
        switch bootstrap {
        case .notAssessable(let reason):
            lines.append("By drawing \(drawnPlural) anew not assessable: \(reason)")
        case .value(let draws):
            lines += [
                "By drawing \(drawnPlural) anew (\(draws.resamples) times, seed \(draws.seed)): "
                    + "AUROC \(Words.estimate(draws.discrimination, 4)), average precision "
                    + Words.estimate(draws.averagePrecision, 4),
                "By drawing \(drawnPlural) anew: Brier \(Words.estimate(draws.brier, 4)), scaled "
                    + "\(Words.estimate(draws.scaledBrier, 4)), ICI "
                    + Words.estimate(draws.integratedIndex, 4),
                "By drawing \(drawnPlural) anew: list: precision "
                    + "\(Words.estimate(draws.precision, 4)), sensitivity "
                    + "\(Words.estimate(draws.sensitivity, 4)), lift "
                    + Words.estimate(draws.lift, 2),
            ]
            lines += draws.lists.map { list in
                "By drawing \(drawnPlural) anew: first \(Words.figure(100 * list.share, 1)) %: precision "
                    + "\(Words.estimate(list.precision, 4)), sensitivity "
                    + "\(Words.estimate(list.sensitivity, 4)), lift \(Words.estimate(list.lift, 2))"
            }
            let shown = [0.05, 0.1, 0.2, 0.3]
            lines += draws.netBenefit.filter { shown.contains($0.threshold) }.map { point in
                let rule = point.abovePresentRule.value.map { _ in
                    ", above the present rule \(Words.estimate(point.abovePresentRule, 4))"
                }
                return
                    "By drawing \(drawnPlural) anew: net benefit at \(Words.percent(point.threshold)) "
                    + Words.estimate(point.model, 4) + (rule ?? "")
            }
        }
        return lines
    }
}
