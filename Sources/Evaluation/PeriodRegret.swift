public import PipelineModel

/// How several sets of scores do in each of several periods.
///
/// The regret of a model in a period is the best figure of the period less its own: what it would
/// have cost to have chosen it. A model with little regret over all periods is a better choice
/// than the winner of one (as in Audition of the triage toolkit, University of Chicago).
public struct PeriodRegret: Codable, Sendable, Equatable {
    /// What is compared: the higher the better.
    public enum Figure: String, Codable, Sendable, CaseIterable {
        case auroc
        /// The precision of the list, ties by their mean.
        case precisionAtList = "precision_at_list"
    }

    /// One model in one period.
    public struct Result: Codable, Sendable, Equatable {
        public var model: String
        public var rows: Int
        public var events: Int
        public var found: Assessed<Double>
        public var regret: Assessed<Double>
    }

    public struct Period: Codable, Sendable, Equatable {
        public var period: String
        /// In the order of the models.
        public var results: [Result]
    }

    /// One model over the periods in which its regret is known.
    public struct Summary: Codable, Sendable, Equatable {
        public var model: String
        public var periods: Int
        public var meanRegret: Assessed<Double>
        public var largestRegret: Assessed<Double>
        /// Periods in which it was the best, alone or with others.
        public var best: Int
    }

    public var figure: Figure
    public var periods: [Period]
    public var summaries: [Summary]

    /// The scores of one model for the rows of one period.
    public struct Entry: Sendable {
        public var period: String
        public var model: String
        public var table: ScoredTable

        public init(period: String, model: String, table: ScoredTable) {
            self.period = period
            self.model = model
            self.table = table
        }
    }

    /// Compares models over periods; both stand in the order in which they first appear.
    ///
    /// - Throws: `StileError` where a table cannot be evaluated.
    public static func assess(
        _ entries: [Entry], figure: Figure, listSize: Int
    ) throws -> PeriodRegret {
        func different(_ names: [String]) -> [String] {
            names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }
                .map(\.element)
        }
        let models = different(entries.map(\.model))
        let periods = try different(entries.map(\.period)).map { period in
            var results = try models.compactMap { model -> Result? in
                guard
                    let entry = entries.first(where: {
                        $0.period == period && $0.model == model
                    })
                else { return nil }
                return try result(entry, figure, listSize)
            }
            if let best = results.compactMap(\.found.value).max() {
                for index in results.indices {
                    results[index].regret = results[index].found.map { best - $0 }
                }
            }
            return Period(period: period, results: results)
        }
        return PeriodRegret(
            figure: figure, periods: periods, summaries: models.map { summary($0, periods) })
    }

    private static func result(
        _ entry: Entry, _ figure: Figure, _ listSize: Int
    ) throws -> Result {
        try Evaluation.check(entry.table, listSize: listSize, minimumCount: 2)
        let ranking = Ranking(score: entry.table.score, outcome: entry.table.outcome)
        let found: Assessed<Double> =
            switch figure {
            case .auroc: Discrimination.area(ranking).map(\.estimate)
            case .precisionAtList:
                .value(
                    ListQuality.assess(ranking, size: min(listSize, ranking.count))
                        .precision.expected)
            }
        return Result(
            model: entry.model, rows: ranking.count, events: ranking.events, found: found,
            regret: .notAssessable("no model has a figure in this period"))
    }

    /// The model and the present rule over the folds of a table; `nil` where it has one fold or
    /// no rank by a present rule.
    ///
    /// In each fold the list has the same share of the rows, rounded up.
    static func ofFolds(_ table: RankedTable) throws -> PeriodRegret? {
        let folds = Set(table.table.fold).sorted()
        guard folds.count > 1, !table.table.baselineRank.isEmpty else { return nil }
        let rows = table.ranking.count
        var periods: [Period] = []
        let models = ["model", "present rule"]
        for fold in folds {
            let members = table.table.fold.indices.filter { table.table.fold[$0] == fold }
            func part(_ score: (Int) -> Double) -> ScoredTable {
                ScoredTable(
                    score: members.map(score), probability: [],
                    outcome: members.map { table.table.outcome[$0] })
            }
            let size = (table.listSize * members.count + rows - 1) / rows
            periods += try assess(
                [
                    .init(
                        period: String(fold), model: models[0],
                        table: part { table.table.score[$0] }),
                    .init(
                        period: String(fold), model: models[1],
                        table: part { -table.table.baselineRank[$0] }),
                ], figure: .precisionAtList, listSize: size
            ).periods
        }
        return PeriodRegret(
            figure: .precisionAtList, periods: periods,
            summaries: models.map { summary($0, periods) })
    }

    private static func summary(_ model: String, _ periods: [Period]) -> Summary {
        let regrets = periods.flatMap(\.results).filter { $0.model == model }
            .compactMap(\.regret.value)
        let none = "the model has no figure in any period"
        return Summary(
            model: model, periods: regrets.count,
            meanRegret: .when(!regrets.isEmpty, otherwise: none) {
                regrets.reduce(0, +) / Double(regrets.count)
            },
            largestRegret: .from(regrets.max(), otherwise: none) { $0 },
            best: regrets.count { $0 == 0 })
    }
}
