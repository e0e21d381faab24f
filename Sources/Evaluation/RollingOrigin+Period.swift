import PipelineModel

extension RollingOrigin {
    /// The contestants over the rows of one period.
    static func origin(_ entry: Entry, _ threshold: Double) throws -> Origin {
        let rule = entry.presentRule.map { ranks in
            Scores(score: ranks.map { -$0 }, probability: [])
        }
        let scores: [(Contestant, Assessed<Scores>)] = [
            (.refitted, entry.refitted), (.firstFit, entry.firstFit), (.model, entry.model),
            (.presentRule, rule),
        ]
        let tables = try scores.map { try ranked($1, entry) }
        let size = min(entry.listSize, entry.outcome.count)
        // The present rule only ranks: it flags as many as the refitted model, or as the first
        // of the others that has chances.
        let flagging = tables.lazy.compactMap(\.value?.byProbability).first
        let curve = flagging.map {
            DecisionCurve.point(
                at: threshold, $0, baseline: tables[3].value?.ranking)
        }
        var results = zip(scores, tables).map { scores, table in
            Result(
                contestant: scores.0,
                discrimination: table.flatMap { Discrimination.area($0.ranking) },
                calibration: table.flatMap { $0.calibration($0.ranking) },
                list: table.map { ListQuality.assess($0.ranking, size: size) },
                netBenefit: scores.0 == .presentRule
                    ? rulesBenefit(table, curve)
                    : table.flatMap { benefit($0, threshold) },
                againstRefitted: scores.0 == .refitted
                    ? .notAssessable("it is the refitted model itself")
                    : against(tables[0], table, entry.outcome), regret: [])
        }
        for figure in Figure.allCases {
            let best = results.compactMap { found($0, figure).value }.max()
            for index in results.indices {
                let own = found(results[index], figure)
                results[index].regret.append(
                    Regret(figure: figure, regret: own.map { (best ?? $0) - $0 }))
            }
        }
        return Origin(
            origin: entry.origin, rowsOfFit: entry.rowsOfFit, eventsOfFit: entry.eventsOfFit,
            rows: entry.outcome.count, events: entry.outcome.count { $0 == 1 }, listSize: size,
            results: results)
    }

    private static func ranked(
        _ scores: Assessed<Scores>, _ entry: Entry
    ) throws -> Assessed<RankedTable> {
        switch scores {
        case .notAssessable(let reason): return .notAssessable(reason)
        case .value(let scores):
            let table = ScoredTable(
                score: scores.score, probability: scores.probability, outcome: entry.outcome,
                about: entry.about)
            try Evaluation.check(table, listSize: entry.listSize, minimumCount: 2)
            return .value(RankedTable(table, listSize: entry.listSize, minimumCount: 2))
        }
    }

    private static func benefit(_ table: RankedTable, _ threshold: Double) -> Assessed<Double> {
        guard let ranking = table.byProbability else {
            return .notAssessable(Evaluation.noProbability)
        }
        return .value(DecisionCurve.point(at: threshold, ranking, baseline: nil).model)
    }

    private static func rulesBenefit(
        _ rule: Assessed<RankedTable>, _ curve: DecisionCurve.Point?
    ) -> Assessed<Double> {
        rule.flatMap { _ in
            curve?.presentRule ?? .notAssessable("no model says how many to flag")
        }
    }

    private static func against(
        _ refitted: Assessed<RankedTable>, _ other: Assessed<RankedTable>, _ outcome: [Double]
    ) -> Assessed<AreaComparison> {
        other.flatMap { other in
            refitted.flatMap {
                Discrimination.compare(other.ranking, $0.ranking, outcome: outcome)
            }
        }
    }

    private static func found(_ result: Result, _ figure: Figure) -> Assessed<Double> {
        switch figure {
        case .auroc: result.discrimination.map { $0.estimate }
        case .precisionAtList: result.list.map { $0.precision.expected }
        case .netBenefit: result.netBenefit
        }
    }
}
