import PipelineModel

/// Figures that are set beside those of all test rows.
extension EvaluationReport {
    func text(_ headline: Assessed<Headline>, _ name: String) -> [String] {
        switch headline {
        case .notAssessable(let reason): return ["\(name) not assessable: \(reason)"]
        case .value(let part):
            return [
                "\(name): rows \(part.rows), events \(part.events) (\(Words.percent(part.prevalence)))",
                "\(name): AUROC \(Words.interval(part.discrimination)), average precision "
                    + Words.assessed(part.averagePrecision) { Words.figure($0, 4) },
                "\(name): Brier \(Words.assessed(part.brier) { Words.figure($0, 6) }), scaled "
                    + Words.assessed(part.scaledBrier) { Words.figure($0, 4) }
                    + ", observed ÷ expected " + Words.estimate(part.observedToExpected, 3),
            ] + Words.calibration(part.calibration).map { "\(name): \($0)" } + [
                "\(name): list of \(part.list.size), precision "
                    + Words.bounds(part.list.precision, Words.percent) + ", sensitivity "
                    + Words.assessed(part.list.sensitivity) { Words.bounds($0, Words.percent) }
            ]
        }
    }

    var personSplitText: [String] {
        guard let split = personSplit else { return [] }
        return ["\(plural.capitalisedFirst) kept apart: \(split.words(plural))"]
            + text(split.sameRows, "Kept apart, the same test rows") + [
                "The model less those fits, the same test rows: AUROC "
                    + Words.assessed(split.modelLess) { Words.interval($0.difference) }
            ] + text(split.allRows, "Kept apart, rows of the fit and test rows")
    }

    var cannotHappenText: [String] {
        guard let cannot = cannotHappen else { return [] }
        return [
            "The outcome cannot happen for \(cannot.rows) test rows, which take \(cannot.listed) of the "
                + "\(cannot.listSize) places of the list; of them it is expected "
                + Words.assessed(cannot.expected) { Words.figure($0, 1) } + " times"
        ]
            + cannot.reasons.map {
                "  \($0.why) (\($0.grouping) \($0.levels.joined(separator: ", ")): rows \($0.rows), "
                    + "on the list \($0.listed))"
            }
            + (cannot.events > 0
                ? [
                    "  \(cannot.events) of them have the event all the same: the records or the reason are wrong"
                ] : [])
            + (cannot.rowsOfFit.map { ["  \($0) rows of the fit are of the same kind"] } ?? [])
            + text(cannot.others, "For whom it could")
            + (cannot.fittedWithout.map { text($0, "For whom it could, fitted on such rows only") }
                ?? [])
    }
}

extension PersonSplit {
    /// How everybody was kept on one side, in words.
    public func words(_ plural: String) -> String {
        let how =
            folds.map { "\($0) parts of whole \(plural), each scored by a fit on the others" }
            ?? "\(Words.percent(testShare ?? 0)) of the \(plural), scored by a fit on the others"
        return "\(how), seed \(seed)"
    }
}
