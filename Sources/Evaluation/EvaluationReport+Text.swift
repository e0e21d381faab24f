import Foundation
import PipelineModel

extension EvaluationReport {
    /// What the rows are about, in words: `people`, `households`, `settings`.
    public var plural: String { (unit ?? .person).plural }

    /// The report for a terminal, a few words a line.
    public var text: String {
        var lines = [
            "Rows \(rows), events \(events) (\(percent(prevalence))), "
                + "mean probability \(percent(meanProbability))"
        ]
        if let people, let both = peopleAlsoTrainedOn {
            lines.append(
                "\(plural.capitalized) \(people), of which \(both) also stand among the rows of the fit"
            )
        }
        lines.append("AUROC \(text(discrimination))")
        lines.append("Brier \(figure(brier, 6)), scaled \(text(scaledBrier, 4))")
        lines.append("Observed ÷ expected \(text(observedToExpected, 3))")
        switch calibration {
        case .value(let value):
            lines.append("Calibration in the large \(text(value.inTheLarge)); 0 is right")
            lines.append("Calibration slope \(text(value.slope)); 1 is right")
        case .notAssessable(let reason):
            lines.append("Calibration not assessable: \(reason)")
        }
        lines.append("")
        lines.append("Tenth  rows  observed  expected")
        for (index, tenth) in tenths.enumerated() {
            lines.append(
                row(
                    [
                        String(index + 1), String(tenth.rows), String(tenth.observed),
                        figure(tenth.expected, 1),
                    ], widths: [5, 6, 10, 10]))
        }
        lines.append("")
        lines += text(list, "List")
        switch baselineList {
        case .value(let value):
            lines += text(value, "Present rule")
            lines.append("Present rule: AUROC \(text(baselineDiscrimination))")
        case .notAssessable(let reason):
            lines.append("Present rule not assessable: \(reason)")
        }
        if !groups.isEmpty {
            lines.append("")
            lines.append("Groups (a dash: fewer than \(minimumCount) to count)")
        }
        for group in groups {
            lines.append(
                "\(group.grouping) \(group.level): rows \(group.rows), events \(group.events), "
                    + "share of list \(percent(group.shareOfList)) against "
                    + "\(percent(group.shareOfPopulation)) of all, "
                    + "PPV \(share(group.positivePredictiveValue)), "
                    + "FNR \(share(group.falseNegativeRate)), "
                    + "FOR \(share(group.falseOmissionRate)), "
                    + "O÷E \(group.observedToExpected.value.map { figure($0, 3) } ?? "–")")
        }
        for fold in folds {
            lines.append(
                "Fold \(fold.fold): rows \(fold.rows), events \(fold.events), "
                    + "AUROC \(text(fold.discrimination)), "
                    + "O÷E \(text(fold.observedToExpected, 3))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func text(_ list: ListQuality, _ name: String) -> [String] {
        func bounds(_ bounds: ListQuality.Bounds, _ write: (Double) -> String) -> String {
            bounds.worst == bounds.best
                ? write(bounds.listed)
                : "\(write(bounds.listed)) (ties: worst \(write(bounds.worst)), expected "
                    + "\(write(bounds.expected)), best \(write(bounds.best)))"
        }
        var lines = [
            "\(name) of \(list.size): \(bounds(list.events) { figure($0, $0 == $0.rounded() ? 0 : 1) })"
                + " with the event",
            "\(name): precision \(bounds(list.precision, percent))",
        ]
        switch list.sensitivity {
        case .value(let value): lines.append("\(name): sensitivity \(bounds(value, percent))")
        case .notAssessable(let reason):
            lines.append("\(name): sensitivity not assessable: \(reason)")
        }
        if let lift = list.lift.value {
            lines.append("\(name): lift \(bounds(lift) { figure($0, 2) })")
        }
        if list.tiedAtThreshold > list.placesForTied {
            lines.append(
                "\(name): \(list.tiedAtThreshold) rows are tied for its last "
                    + "\(list.placesForTied) places")
        }
        return lines
    }

    private func figure(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    private func percent(_ share: Double) -> String { figure(100 * share, 1) + " %" }

    private func share(_ value: Assessed<Double>) -> String { value.value.map(percent) ?? "–" }

    private func text(_ value: Assessed<Double>, _ places: Int) -> String {
        switch value {
        case .value(let value): figure(value, places)
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }

    private func text(_ interval: Interval) -> String {
        "\(figure(interval.estimate, 6)) (95 % \(figure(interval.lower, 6)) to "
            + "\(figure(interval.upper, 6)))"
    }

    private func text(_ interval: Assessed<Interval>) -> String {
        switch interval {
        case .value(let value): text(value)
        case .notAssessable(let reason): "not assessable: \(reason)"
        }
    }

    private func row(_ cells: [String], widths: [Int]) -> String {
        zip(cells, widths).map { cell, width in
            String(repeating: " ", count: max(0, width - cell.count)) + cell
        }.joined()
    }
}
