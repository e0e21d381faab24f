import Linkage
import Report

/// What a truth says of a linkage, for people at a terminal.
struct TruthText {
    private let check: TruthCheck

    init(_ check: TruthCheck) { self.check = check }

    var lines: [String] {
        var lines = [coverage, ""]
        lines += table(
            ["", "all pairs", "95 % interval", "between sources", "95 % interval"],
            [
                row("precision", \.precision), row("recall", \.recall), row("F1", \.f1),
            ])
        let quality = check.quality
        lines.append(
            "\(Numerals.count(quality.found)) of \(Numerals.count(quality.claimed)) linked pairs are true, of \(Numerals.count(quality.wanted)) true pairs; pairs of people who were mixed count as one observation in the intervals."
        )
        lines += ["", expected] + thresholds + ["", people, ""] + missed + [""]
        lines += table(
            ["sources", "true pairs", "linked", "precision", "recall", "F1"],
            check.sources.map { ["\($0.left) – \($0.right)"] + cells($0.quality) })
        for group in check.groups where !group.levels.isEmpty {
            lines += [""]
            lines += table(
                [
                    "\(group.name), of \(group.source)", "subjects", "true pairs", "linked",
                    "precision", "recall", "F1",
                ],
                group.levels.map { level in
                    [level.name, level.subjects.map(Numerals.count) ?? "suppressed"]
                        + (level.quality.map(cells) ?? ["", "", "", "", ""])
                })
        }
        return lines + [""] + dial
    }

    private var coverage: String {
        let left = check.subjects - check.covered
        return
            "The truth says who \(Numerals.count(check.covered)) of \(Numerals.count(check.subjects)) subjects are; pairs with one of the other \(Numerals.count(left)) are left out."
            + (check.notHeld > 0
                ? " Left out too: \(Numerals.count(check.notHeld)) of its rows, of subjects that no source holds."
                : "")
    }

    private func row(
        _ name: String, _ estimate: KeyPath<MeasuredQuality, ReviewedQuality.Estimate?>
    ) -> [String] {
        [name]
            + [check.quality, check.betweenSources].flatMap { quality -> [String] in
                guard let value = quality[keyPath: estimate] else { return ["none", ""] }
                return [
                    LinkagePage.fine(value.value),
                    "\(LinkagePage.fine(value.low)) to \(LinkagePage.fine(value.high))",
                ]
            }
    }

    private func cells(_ quality: MeasuredQuality) -> [String] {
        [Numerals.count(quality.wanted), Numerals.count(quality.claimed)]
            + [quality.precision, quality.recall, quality.f1].map {
                $0.map { LinkagePage.fine($0.value) } ?? "none"
            }
    }

    private var expected: String {
        guard let expected = check.expected else {
            return "Nothing was expected without labels: no pair was compared and linked."
        }
        func said(_ name: String, _ range: QualityEstimate.Range, _ holds: Bool?) -> String {
            let place = holds.map {
                $0 ? ", and the truth lies in it" : ", and the truth does not lie in it"
            }
            return
                "\(name) \(LinkagePage.fine(range.value)) (\(LinkagePage.fine(range.low)) to \(LinkagePage.fine(range.high))\(place ?? ""))"
        }
        return
            "Expected without labels, of all subjects: \(said("precision", expected.precision, expected.holdsPrecision)), \(said("recall", expected.recall, expected.holdsRecall)), F1 \(LinkagePage.fine(expected.f1))."
    }

    private var thresholds: [String] {
        guard let thresholds = check.thresholds else { return [] }
        func said(_ point: TruthByThreshold.Point) -> String {
            "\(LinkagePage.fine(point.f1)) (precision \(LinkagePage.fine(point.precision)), recall \(LinkagePage.fine(point.recall)))"
        }
        let place =
            thresholds.best.threshold.map { "a link threshold of \(bits($0)) bits" }
            ?? "a threshold that no weight reaches"
        return [
            "The best F1 over link thresholds, down to that for review: \(said(thresholds.best)) at \(place); at the one in use, \(bits(thresholds.inUse.threshold ?? 0)) bits, \(said(thresholds.inUse)). Both are without the margin over what would come in a link's place."
        ]
    }

    private func bits(_ value: Double) -> String { Numerals.number(value, decimals: 2) }

    private var people: String {
        let people = check.people
        func share(_ proportion: Proportion) -> String {
            "\(Numerals.count(proportion.count)) (\(LinkagePage.fine(proportion.share)), \(LinkagePage.fine(proportion.low)) to \(LinkagePage.fine(proportion.high)))"
        }
        return
            "Of \(Numerals.count(people.people)) true people \(Numerals.count(people.ofSeveral)) have several subjects. Of these, found whole and alone: \(share(people.whole)); split: \(share(people.split)). Mixed with somebody else, of all: \(share(people.merged))."
    }

    private var missed: [String] {
        guard !check.missed.isEmpty else { return ["No true pair is missed."] }
        return ["Missed pairs: \(Numerals.count(check.quality.missed))"]
            + check.missed.map {
                "  \(Numerals.count($0.pairs)) \(Self.words($0.cause))"
            }
    }

    static func words(_ cause: MissedPairs.Cause) -> String {
        switch cause {
        case .overridden: "of which somebody said that they are two people"
        case .withinOneSource:
            "within a source that is said to know a person once (“duplicates” under linkage, sources)"
        case .conflict: "held back: they look like twins, or have two identifiers"
        case .tooCloseToCall: "too close to call: another link would have been nearly as good"
        case .peopleDoNotFit:
            "at the link threshold, but not with the people around the two"
        case .belowLink: "compared, and below the link threshold: left for review"
        case .belowReview: "compared, and below the review threshold, or protected by their source"
        case .neverCompared: "never compared: no key brings them together"
        }
    }

    private var dial: [String] {
        var lines =
            check.dial.isEmpty
            ? ["Nothing was compared by filters."]
            : ["These figures are at this dial:"] + check.dial.map { "  \($0.words)" }
        guard let attack = check.attack else {
            return lines + [
                "What attacks read at it, stile attack finds in the source zone; its file is shown here where “linkage: report: attack:” names it, and it is of these keys and this encoding."
            ]
        }
        lines.append(
            "At it attacks read without the key, on \(attack.day), in one guess (without looking at the stored value):"
        )
        return lines
            + attack.worst.map { reading in
                func share(_ count: Int) -> String {
                    LinkagePage.fine(
                        reading.records > 0 ? Double(count) / Double(reading.records) : 0)
                }
                return
                    "  \(reading.of): \(share(reading.namedInOne)) (\(share(reading.namedBlind)))\(reading.readByCounting ? "; anybody who counts" : "")"
            }
    }

    /// Columns side by side, numbers to the right.
    private func table(_ header: [String], _ rows: [[String]]) -> [String] {
        guard !rows.isEmpty else { return [] }
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = zip(row, widths).enumerated().map { column, cell in
                let fill = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + fill : fill + cell.0
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
