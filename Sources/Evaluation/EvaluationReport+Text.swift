import PipelineModel

extension EvaluationReport {
    /// What the rows are about, in words: `people`, `households`, `settings`.
    public var plural: String { (unit ?? .person).plural }

    /// The report for a terminal, a few words a line.
    public var text: String {
        let parts = [
            overallText, personSplitText, cannotHappenText, tenthsText, listText,
            secondScoreText, decisionText, groupsText, inputsText, stabilityText, refitsText,
            originsText, acceptanceText,
        ]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
    }

    private var overallText: [String] {
        var lines = [
            "Rows \(rows), events \(events) (\(Words.percent(prevalence))), mean probability "
                + Words.assessed(meanProbability, Words.percent)
        ]
        if let people, let both = peopleAlsoTrainedOn {
            lines.append(
                "\(plural.capitalisedFirst) \(people), of which \(both) also stand among the rows of the fit"
                    + (alsoTrainedOnWords(String.init).map { "; \($0)" } ?? "")
            )
        }
        if let weightsWords { lines.append(weightsWords) }
        if let openings {
            lines.append(
                openings.count == 1
                    ? "Test labels read once, for this report"
                    : "Test labels read \(openings.count) times since \(openings.first), for "
                        + "\(openings.equations) equations under \(openings.specifications) specifications"
            )
        }
        lines += [
            "AUROC \(Words.interval(discrimination))",
            "Average precision \(Words.assessed(averagePrecision) { Words.figure($0, 4) })",
            "Brier \(Words.assessed(brier) { Words.figure($0, 6) }), scaled "
                + Words.assessed(scaledBrier) { Words.figure($0, 4) },
            "Brier in parts: " + Words.assessed(brierParts, text),
            "Observed ÷ expected \(Words.estimate(observedToExpected, 3))",
        ]
        lines += Words.calibration(calibration)
        switch calibrationCurve {
        case .value(let curve):
            lines.append(
                "Calibration curve: ICI \(Words.figure(curve.integratedIndex, 4)), "
                    + "E50 \(Words.figure(curve.medianDistance, 4)), "
                    + "E90 \(Words.figure(curve.ninetiethDistance, 4)), "
                    + "Emax \(Words.figure(curve.largestDistance, 4))")
        case .notAssessable(let reason):
            lines.append("Calibration curve not assessable: \(reason)")
        }
        if certainProbabilities > 0 {
            lines.append(
                "\(certainProbabilities) rows have a probability of exactly 0 or 1: 1e-15 from it in calibration, left out of the curve"
            )
        }
        lines += bootstrapText
        if let without = withoutPeopleOfTheFit {
            lines += text(without, "Without \(drawnPlural) of the fit")
        }
        return lines
    }

    private func text(_ parts: BrierDecomposition) -> String {
        "reliability \(Words.figure(parts.reliability, 6)) − resolution "
            + "\(Words.figure(parts.resolution, 6)) + uncertainty \(Words.figure(parts.uncertainty, 6)) "
            + "+ within bins \(Words.figure(parts.withinBinVariance - parts.withinBinCovariance, 6)), "
            + parts.words
    }

    private var tenthsText: [String] {
        guard !tenths.isEmpty else { return [] }
        return ["Tenth  rows  observed  expected"]
            + tenths.enumerated().map { index, tenth in
                Words.row(
                    [
                        String(index + 1), String(tenth.rows), String(tenth.observed),
                        Words.figure(tenth.expected, 1),
                    ], widths: [5, 6, 10, 10])
            }
    }

    private var listText: [String] {
        var lines = text(list, "List")
        switch baselineList {
        case .value(let value):
            lines += text(value, "Present rule")
            lines.append("Present rule: AUROC \(Words.interval(baselineDiscrimination))")
            switch againstBaseline {
            case .value(let test):
                lines.append(
                    "Model less present rule: AUROC \(Words.interval(test.difference)), z "
                        + "\(Words.figure(test.z, 3)), p \(Words.probability(test.pValue))")
            case .notAssessable(let reason):
                lines.append("Model less present rule not assessable: \(reason)")
            }
        case .notAssessable(let reason):
            lines.append("Present rule not assessable: \(reason)")
        }
        for entry in lists {
            let rule = entry.presentRule.value.map {
                "; present rule \(Words.percent($0.precision.expected)) precise"
            }
            lines.append(
                "First \(Words.figure(100 * entry.share, 1)) % (\(entry.model.size)): precision "
                    + Words.bounds(entry.model.precision, Words.percent) + ", sensitivity "
                    + Words.assessed(entry.model.sensitivity) { Words.percent($0.expected) }
                    + ", specificity "
                    + Words.assessed(entry.model.specificity) { Words.percent($0.expected) }
                    + ", lift "
                    + Words.assessed(entry.model.lift) { Words.figure($0.expected, 2) }
                    + ", offers for each event "
                    + Words.assessed(entry.model.numberNeededToOffer.expected) {
                        Words.figure($0, 1)
                    } + (rule ?? ""))
        }
        return lines
    }

    private func text(_ list: ListQuality, _ name: String) -> [String] {
        var lines = [
            "\(name) of \(list.size): "
                + Words.bounds(list.events) { Words.figure($0, $0 == $0.rounded() ? 0 : 1) }
                + " with the event",
            "\(name): precision \(Words.bounds(list.precision, Words.percent)), 95 % "
                + "\(Words.percent(list.precisionListed.lower)) to "
                + Words.percent(list.precisionListed.upper),
        ]
        switch list.sensitivity {
        case .value(let value):
            lines.append("\(name): sensitivity \(Words.bounds(value, Words.percent))")
        case .notAssessable(let reason):
            lines.append("\(name): sensitivity not assessable: \(reason)")
        }
        if let lift = list.lift.value {
            lines.append("\(name): lift \(Words.bounds(lift) { Words.figure($0, 2) })")
        }
        if let needed = list.numberNeededToOffer.listed.value {
            lines.append("\(name): \(Words.figure(needed, 1)) offers for each event")
        }
        if list.tiedAtThreshold > list.placesForTied {
            lines.append(
                "\(name): \(list.tiedAtThreshold) rows are tied for its last "
                    + "\(list.placesForTied) places")
        }
        return lines
    }

    private var decisionText: [String] {
        guard let curve = decisionCurve.value else { return [] }
        let shown = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]
        return ["Threshold  flagged  net benefit: model  everyone  present rule"]
            + curve.points.filter { shown.contains($0.threshold) }.map { point in
                Words.row(
                    [
                        Words.percent(point.threshold), String(point.flagged),
                        Words.figure(point.model, 4), Words.figure(point.everyone, 4),
                        point.presentRule.value.map { Words.figure($0, 4) } ?? "–",
                    ], widths: [9, 9, 20, 10, 14])
            }
    }
}
