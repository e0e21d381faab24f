import Evaluation
import Features
import PipelineModel
import Scoring

/// Fits a specification anew at each of several origins, and tests it on what comes next.
struct RollingRefits {
    private let specification: ModelSpecification
    /// Rows with a known outcome, ascending by as-of date.
    private let table: DevelopmentTable
    private let model: Scorer
    private let refit: Refit

    /// - Parameters:
    ///   - specification: With `fit:` and the number of origins.
    ///   - table: Every row of the development whose outcome is known.
    ///   - model: The model that is evaluated.
    init(
        _ specification: ModelSpecification, _ table: DevelopmentTable, model: ScoringEquation
    ) throws {
        self.specification = specification
        self.table = table
        self.model = try Scorer(model: model)
        refit = try Refit(specification)
    }

    /// One origin: its day and the rows of its period.
    private struct Period {
        var origin: Day
        var rows: [Int]
    }

    /// The comparison; `write` writes days.
    func report(_ write: (Day) -> String) throws -> Assessed<RollingOrigin> {
        let periods = periods().map { (period: $0, known: known(before: $0.origin)) }
            .filter { !$0.known.isEmpty }.suffix(specification.origins)
        guard let first = periods.first else {
            return .notAssessable(
                "no as-of date has rows before it whose outcome was known by then")
        }
        var firstFit: Assessed<Scorer>?
        var entries: [RollingOrigin.Entry] = []
        for (period, known) in periods {
            let fitted = scorer(known)
            let kept = firstFit ?? fitted
            firstFit = kept
            entries.append(try entry(period, known, fitted, kept, write))
        }
        let (threshold, source) = threshold(first.known)
        guard threshold > 0, threshold < 1 else {
            return .notAssessable("the rows of the first fit have one outcome only")
        }
        return .value(
            try RollingOrigin.assess(
                entries, threshold: threshold, thresholdSource: source,
                outcomeKnownAfterDays: delay))
    }

    // MARK: Periods

    /// Days after its as-of date at which a row's outcome counts as known; `nil` where the outcome
    /// stands in the record itself and nothing says when it was known.
    private var delay: Int? {
        guard case .facts(_, let horizon, let settle)? = specification.outcome?.kind else {
            return nil
        }
        return horizon + settle
    }

    private func asOf(_ row: Int) -> Day { table.matrix.rows[row].asOf }

    /// The rows whose outcome was known on the day of an origin.
    private func known(before origin: Day) -> [Int] {
        table.outcome.indices.filter { isKnown($0, before: origin) }
    }

    private func isKnown(_ row: Int, before origin: Day) -> Bool {
        asOf(row) < origin && asOf(row) + (delay ?? 0) <= origin
    }

    /// Each as-of date by itself; of spells as many parts as there are origins, of the same number
    /// of rows but for days that are kept together: of the test rows where a day divides them from
    /// those of the fit, else of the later half of all.
    private func periods() -> [Period] {
        let all = Array(table.outcome.indices)
        switch specification.timing {
        case .dates:
            return all.reduce(into: []) { periods, row in
                if periods.last?.origin == asOf(row) {
                    periods[periods.count - 1].rows.append(row)
                } else {
                    periods.append(Period(origin: asOf(row), rows: [row]))
                }
            }
        case .records(_, let split, _):
            var later = Array(all.dropFirst((all.count + 1) / 2))
            if case .day? = split { later = all.filter { table.fold[$0] > 0 } }
            return parts(later)
        }
    }

    private func parts(_ rows: [Int]) -> [Period] {
        var periods: [Period] = []
        var begun = -1
        for (place, row) in rows.enumerated() {
            let due = place * specification.origins / max(rows.count, 1)
            let isNewDay = place == 0 || asOf(rows[place - 1]) != asOf(row)
            if isNewDay, due > begun {
                begun = due
                periods.append(Period(origin: asOf(row), rows: [row]))
            } else {
                periods[periods.count - 1].rows.append(row)
            }
        }
        return periods
    }

    /// The size of the list: that of the specification on an as-of date; of spells the same share
    /// of the period as of all test rows, rounded up.
    private func listSize(_ period: Period) -> Int {
        guard case .records = specification.timing else { return specification.list.size }
        let tested = max(table.fold.count { $0 > 0 }, 1)
        return max(1, (specification.list.size * period.rows.count + tested - 1) / tested)
    }

    // MARK: Scores

    private func scorer(_ rows: [Int]) -> Assessed<Scorer> {
        do {
            return .value(try refit.scorer(table.rows(rows)))
        } catch {
            let why = (error as? StileError)?.message ?? "an unexpected fault"
            return .notAssessable("the rows known by then carry no fit: \(why)")
        }
    }

    private func entry(
        _ period: Period, _ known: [Int], _ fitted: Assessed<Scorer>,
        _ kept: Assessed<Scorer>, _ write: (Day) -> String
    ) throws -> RollingOrigin.Entry {
        let tested = table.rows(period.rows)
        func scores(_ scorer: Assessed<Scorer>) throws -> Assessed<RollingOrigin.Scores> {
            switch scorer {
            case .notAssessable(let reason): return .notAssessable(reason)
            case .value(let scorer):
                let scored = try scorer.score(tested.matrix)
                return .value(
                    .init(score: scored.linearPredictor, probability: scored.probability))
            }
        }
        // A row of the period itself has its as-of date on the origin or after it.
        let isOfFit = table.fold.indices.contains { row in
            table.fold[row] == 0 && !isKnown(row, before: period.origin)
        }
        return try RollingOrigin.Entry(
            origin: write(period.origin), rowsOfFit: known.count,
            eventsOfFit: known.count { table.outcome[$0] == 1 },
            listSize: listSize(period), outcome: tested.outcome, refitted: scores(fitted),
            firstFit: scores(kept),
            model: isOfFit
                ? .notAssessable("its fit saw rows that were not known by then")
                : scores(.value(model)),
            presentRule: presentRule(tested.matrix))
    }

    private func presentRule(_ matrix: DesignMatrix) -> Assessed<[Double]> {
        guard let name = specification.baselineColumn,
            let column = matrix.columns.firstIndex(of: name)
        else {
            return .notAssessable("the specification names no present rule")
        }
        return .value(matrix.rows.indices.map { -matrix[$0, column] })
    }

    private func threshold(_ first: [Int]) -> (Double, RollingOrigin.ThresholdSource) {
        if let least = specification.list.minimumProbability, least > 0, least < 1 {
            return (least, .list)
        }
        if let margin = specification.acceptance?.netBenefitAbovePresentRule.first {
            return (margin, .margin)
        }
        let events = first.count { table.outcome[$0] == 1 }
        return (Double(events) / Double(max(first.count, 1)), .prevalence)
    }
}
