public import PipelineModel

/// Scores and outcomes in; how good and how fair they are out.
public enum Evaluation {
    static let noPresentRule = "the table has no rank by the present rule"
    static let noProbability = "the table has scores but no probabilities"

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
    ///   - trainedTogether: What the rows of the fit were kept together with, where that is more.
    ///   - resamples: How often whole people, households or settings are drawn anew; `nil` for
    ///     200 to 1,000 times by the size of the table, 0 for not at all.
    /// - Throws: `StileError` where the table has no row, columns of different
    ///   length, an outcome other than 0 and 1, or a probability outside 0…1.
    public static func evaluate(
        _ table: ScoredTable, listSize: Int, minimumCount: Int = 10,
        trainedOn: Set<UnitPseudonym>? = nil, trainedTogether: Set<UnitPseudonym> = [],
        resamples: Int? = nil
    ) throws -> EvaluationReport {
        try check(table, listSize: listSize, minimumCount: minimumCount)
        let ranked = RankedTable(table, listSize: listSize, minimumCount: minimumCount)
        let ranking = ranked.ranking
        let prevalence = Double(ranking.events) / Double(ranking.count)
        let about = table.about.isEmpty ? nil : Set(table.about)
        let curve = calibrationCurve(ranked)
        let both = trainedOn.flatMap { about?.intersection($0).count }
        let together = table.together.isEmpty ? nil : Set(table.together)
        let bothTogether = trainedOn.flatMap { _ in
            together?.intersection(trainedTogether).count
        }
        return try EvaluationReport(
            format: EvaluationReport.formatVersion, rows: ranking.count, events: ranking.events,
            unit: table.unit.plural == UnitKind.person.plural ? nil : table.unit,
            people: about?.count,
            households: together?.count,
            peopleAlsoTrainedOn: both, householdsAlsoTrainedOn: bothTogether,
            withoutPeopleOfTheFit: withoutPeopleOfTheFit(
                ranked, trainedOn, trainedTogether, max(both ?? 0, bothTogether ?? 0),
                minimumCount),
            openings: nil, acceptance: nil, minimumCount: minimumCount, prevalence: prevalence,
            meanProbability: .from(ranked.expected(ranking), otherwise: noProbability) {
                $0 / Double(ranking.count)
            },
            certainProbabilities: table.probability.count { $0 == 0 || $0 == 1 },
            discrimination: Discrimination.area(ranking),
            averagePrecision: Discrimination.averagePrecision(ranking),
            roc: RocPoint.curve(ranking), histogram: ScoreHistogram.assess(ranking),
            brier: ranked.brier(ranking),
            scaledBrier: ranked.scaledBrier(ranking),
            brierParts: .from(
                ranked.byProbability, otherwise: noProbability, BrierDecomposition.assess),
            observedToExpected: ranked.observedToExpected(ranking),
            calibration: ranked.calibration(ranking),
            calibrationCurve: curve,
            tenths: ranked.byProbability.map(Tenth.all) ?? [],
            list: ListQuality.assess(ranking, size: ranked.listSize),
            baselineList: .from(ranked.baseline, otherwise: noPresentRule) {
                ListQuality.assess($0, size: ranked.listSize)
            },
            baselineDiscrimination: ranked.baseline.map(Discrimination.area)
                ?? .notAssessable(noPresentRule),
            baselineRoc: ranked.baseline.map(RocPoint.curve) ?? .notAssessable(noPresentRule),
            againstBaseline: ranked.baseline.map {
                Discrimination.compare(ranking, $0, outcome: table.outcome)
            } ?? .notAssessable(noPresentRule),
            lists: ListAtShare.all(ranking, baseline: ranked.baseline),
            decisionCurve: .from(ranked.byProbability, otherwise: noProbability) {
                DecisionCurve.assess($0, baseline: ranked.baseline)
            },
            bootstrap: ClusterBootstrap.assess(ranked, resamples: resamples, curve: curve),
            groups: table.groups.flatMap { GroupFairness.assess($0, ranked) },
            intersections: GroupIntersections.all(ranked),
            missingInputs: SharesByGroup.ofRows(table.missingInputs, ranked),
            linkedSources: SharesByGroup.ofPeople(table.linkedSources, ranked), stability: nil,
            folds: folds(ranked), periods: PeriodRegret.ofFolds(ranked))
    }

    /// DeLong's test of the areas under the ROC curve of two scores of the same rows.
    ///
    /// - Parameters:
    ///   - first: A score for each row; larger is more at risk.
    ///   - second: Another.
    ///   - outcome: 0 or 1 for each row.
    ///   - about: Whom or what each row is about, where several are of one; empty where each row
    ///     stands alone.
    /// - Throws: `StileError` where the columns differ in length or hold anything else.
    public static func compare(
        _ first: [Double], _ second: [Double], outcome: [Double], about: [UnitPseudonym] = []
    ) throws -> Assessed<AreaComparison> {
        try check(
            ScoredTable(
                score: first, probability: [], outcome: outcome, about: about,
                baselineRank: second),
            listSize: 1, minimumCount: 2)
        let clusters = RowClusters.numbers(about)
        return Discrimination.compare(
            Ranking(score: first, outcome: outcome, clusters: clusters),
            Ranking(score: second, outcome: outcome, clusters: clusters), outcome: outcome)
    }

    static func oneKind(_ ranking: Ranking) -> String {
        ranking.events == 0 ? "no row had the event" : "every row had the event"
    }

    private static func withoutPeopleOfTheFit(
        _ table: RankedTable, _ trainedOn: Set<UnitPseudonym>?,
        _ trainedTogether: Set<UnitPseudonym>, _ both: Int, _ minimum: Int
    ) -> Assessed<Headline>? {
        guard let trainedOn, both > 0 else { return nil }
        let (about, together) = (table.table.about, table.table.together)
        return Headline.assess(
            table.only { row in
                (about.isEmpty || !trainedOn.contains(about[row]))
                    && (together.isEmpty || !trainedTogether.contains(together[row]))
            }, minimum: minimum)
    }

    private static func calibrationCurve(_ table: RankedTable) -> Assessed<CalibrationCurve> {
        guard let ranking = table.byProbability else { return .notAssessable(noProbability) }
        return CalibrationCurve.assess(
            ranking, probability: table.table.probability, logits: table.logits,
            outcome: table.table.outcome)
    }

    private static func folds(_ table: RankedTable) -> [EvaluationReport.Fold] {
        let names = Set(table.table.fold).sorted()
        guard names.count > 1 else { return [] }
        let place = Dictionary(
            uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
        let parts = table.ranking.parted(into: names.count) { place[table.table.fold[$0]] }
        return zip(names, parts).map { name, part in
            EvaluationReport.Fold(
                fold: name, rows: part.count, events: part.events,
                discrimination: Discrimination.area(part),
                observedToExpected: table.observedToExpected(part))
        }
    }
}
