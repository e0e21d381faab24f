public import PipelineModel

/// Scores and outcomes in; how good and how fair they are out.
public enum Evaluation {
    /// Evaluates a table of scores whose outcomes are known.
    ///
    /// Ties are ordered by ascending row, so that the same table gives the same bytes.
    ///
    /// - Parameters:
    ///   - table: Scores, outcomes, folds, groups and the baseline's rank, a row each.
    ///   - listSize: The number of rows that the service can take; a list is never longer than
    ///     the table.
    ///   - minimumCount: A group's figure whose denominator is smaller is not assessable.
    ///   - trainedOn: Whom or what the rows of the fit were about; `nil` where nothing was
    ///     fitted here.
    /// - Throws: `StileError` where the table has no row, columns of different
    ///   length, an outcome other than 0 and 1, or a probability outside 0…1.
    public static func evaluate(
        _ table: ScoredTable, listSize: Int, minimumCount: Int = 10,
        trainedOn: Set<UnitPseudonym>? = nil
    ) throws -> EvaluationReport {
        try check(table, listSize: listSize, minimumCount: minimumCount)
        let count = table.score.count
        let size = min(listSize, count)
        let events = table.outcome.count { $0 == 1 }
        let prevalence = Double(events) / Double(count)
        let expected = table.probability.reduce(0, +)
        var squares = 0.0
        for (probability, outcome) in zip(table.probability, table.outcome) {
            squares += (outcome - probability) * (outcome - probability)
        }
        let brier = squares / Double(count)
        let bothKinds = events > 0 && events < count
        let list = ListQuality.rows(score: table.score, size: size)
        let baseline = table.baselineRank.map { -$0 }
        let hasBaseline = !baseline.isEmpty
        let noBaseline = "the table has no rank by the present rule"
        let scaledBrier: Assessed<Double> = .when(bothKinds, otherwise: oneKind(events)) {
            1 - brier / (prevalence * (1 - prevalence))
        }
        let ratio: Assessed<Double> = .when(expected > 0, otherwise: "no event is expected") {
            Double(events) / expected
        }
        let calibration: Assessed<Calibration> =
            bothKinds
            ? Calibration.assess(probability: table.probability, outcome: table.outcome)
            : .notAssessable(oneKind(events))
        let baselineList: Assessed<ListQuality> = .when(hasBaseline, otherwise: noBaseline) {
            ListQuality.assess(score: baseline, outcome: table.outcome, size: size)
        }
        let baselineArea: Assessed<Interval> =
            hasBaseline ? area(baseline, table.outcome) : .notAssessable(noBaseline)
        let groups: [GroupFairness] = table.groups.flatMap {
            GroupFairness.assess($0, table, list: list, minimum: minimumCount)
        }
        let about = table.about.isEmpty ? nil : Set(table.about)
        return EvaluationReport(
            format: EvaluationReport.formatVersion, rows: count, events: events,
            unit: table.unit.plural == UnitKind.person.plural ? nil : table.unit,
            people: about?.count,
            peopleAlsoTrainedOn: trainedOn.flatMap { about?.intersection($0).count },
            minimumCount: minimumCount, prevalence: prevalence,
            meanProbability: expected / Double(count),
            discrimination: area(table.score, table.outcome), brier: brier,
            scaledBrier: scaledBrier, observedToExpected: ratio, calibration: calibration,
            tenths: Tenth.all(probability: table.probability, outcome: table.outcome),
            list: ListQuality.assess(score: table.score, outcome: table.outcome, size: size),
            baselineList: baselineList, baselineDiscrimination: baselineArea, groups: groups,
            folds: folds(table))
    }

    private static func oneKind(_ events: Int) -> String {
        events == 0 ? "no row had the event" : "every row had the event"
    }

    private static func area(_ score: [Double], _ outcome: [Double]) -> Assessed<Interval> {
        let events = outcome.count { $0 == 1 }
        return .when(
            min(events, outcome.count - events) >= 2,
            otherwise: "fewer than two rows with or without the event"
        ) { Discrimination.area(score: score, outcome: outcome) }
    }

    private static func folds(_ table: ScoredTable) -> [EvaluationReport.Fold] {
        let names = Set(table.fold).sorted()
        guard names.count > 1 else { return [] }
        return names.map { name in
            let rows = table.fold.indices.filter { table.fold[$0] == name }
            let outcome = rows.map { table.outcome[$0] }
            let events = outcome.count { $0 == 1 }
            let expected = rows.reduce(0) { $0 + table.probability[$1] }
            return EvaluationReport.Fold(
                fold: name, rows: rows.count, events: events,
                discrimination: area(rows.map { table.score[$0] }, outcome),
                observedToExpected: .when(expected > 0, otherwise: "no event is expected") {
                    Double(events) / expected
                })
        }
    }

    private static func check(
        _ table: ScoredTable, listSize: Int, minimumCount: Int
    ) throws {
        let count = table.score.count
        func refuse(_ message: String, _ remedy: String) -> StileError {
            StileError(.input, message, remedy: remedy)
        }
        guard count > 0 else {
            throw refuse("There is no row to evaluate.", "Check the cohort and its as-of dates.")
        }
        let optional = [table.fold.count, table.about.count, table.baselineRank.count]
        guard table.probability.count == count, table.outcome.count == count,
            optional.allSatisfy({ $0 == 0 || $0 == count }),
            table.groups.allSatisfy({ $0.codes.count == count })
        else {
            throw refuse(
                "The columns of the scored table differ in length.",
                "Build them from the same rows.")
        }
        guard listSize > 0, minimumCount > 1 else {
            throw StileError(
                .configuration, "The list size must be above 0 and the least count above 1.",
                remedy: "Correct them in the model's specification.")
        }
        let faults = [
            ("an outcome that is neither 0 nor 1", table.outcome.count { $0 != 0 && $0 != 1 }),
            ("a score that is not finite", table.score.count { !$0.isFinite }),
            ("a probability outside 0 to 1", table.probability.count { !(0...1).contains($0) }),
            ("a baseline rank that is not finite", table.baselineRank.count { !$0.isFinite }),
        ].filter { $0.1 > 0 }.map {
            refuse("\($0.1) rows have \($0.0).", "Evaluate rows with known outcomes only.")
        }
        if let error = StileError.all(faults) { throw error }
    }
}
