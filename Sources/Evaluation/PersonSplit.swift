public import PipelineModel

/// What the same specification does where each person, household or setting is kept on one side:
/// fits that saw no row of those whom they score.
///
/// The scores of all fits are put together and ranked as one. Two questions are answered apart.
/// ``sameRows`` are the test rows of the reference split, each scored by a fit on those rows of the
/// fit that are about others: what changes beside the model's own figures is that nobody is on both
/// sides. ``allRows`` are the rows of the fit and the test rows alike, each scored by a fit on all
/// rows about others: a split by person alone, whose fits saw later rows too.
///
/// Source: grouped cross-validation with pooled out-of-fold scores, as in D. R. Roberts and others,
/// "Cross-validation strategies for data with temporal, spatial, hierarchical, or phylogenetic
/// structure", Ecography 40 (2017).
public struct PersonSplit: Codable, Sendable, Equatable {
    /// Those who were kept out of one fit.
    public struct Part: Codable, Sendable, Equatable {
        /// Different people, households or settings.
        public var people: Int
        public var rows: Int
        public var events: Int
        /// Of the rows of both sides.
        public var discrimination: Assessed<Interval>
    }

    /// Rows that fits on the rows of others scored.
    public struct Scored: Sendable {
        /// With whom each row is about.
        public var table: ScoredTable
        /// The part of each row, from 0.
        public var part: [Int]
        public var listSize: Int

        public init(table: ScoredTable, part: [Int], listSize: Int) {
            self.table = table
            self.part = part
            self.listSize = listSize
        }
    }

    /// The number of parts; absent where a share of the people was tested once.
    public var folds: Int?
    /// The share of the people that was tested; absent where everybody was.
    public var testShare: Double?
    /// What the parts are drawn from.
    public var seed: UInt64
    /// The test rows of the reference split.
    public var sameRows: Assessed<Headline>
    /// The area of the model less that of these fits, on those rows: what knowing the people is
    /// worth to it.
    public var modelLess: Assessed<AreaComparison>
    /// The rows of both sides.
    public var allRows: Assessed<Headline>
    /// In their order; empty where a fit failed.
    public var parts: [Part]

    /// - Parameters:
    ///   - apart: How people were kept apart.
    ///   - seed: What the parts were drawn from.
    ///   - sameRows: The test rows of the reference split, or why they have no scores.
    ///   - model: The model's own scores of those rows.
    ///   - allRows: The rows of both sides, or why they have no scores.
    ///   - minimumCount: With fewer rows with or without the event there is nothing to say.
    /// - Throws: `StileError` where `Evaluation.evaluate` would refuse such a table.
    public static func assess(
        _ apart: PeopleApart, seed: UInt64, sameRows: Assessed<Scored>, model: [Double],
        allRows: Assessed<Scored>, minimumCount: Int = 10
    ) throws -> PersonSplit {
        var split = PersonSplit(
            seed: seed, sameRows: try headline(sameRows, minimumCount),
            modelLess: try modelLess(sameRows, model),
            allRows: try headline(allRows, minimumCount), parts: allRows.value.map(parts) ?? [])
        switch apart {
        case .folds(let count): split.folds = count
        case .testShare(let share): split.testShare = share
        }
        return split
    }

    private static func headline(
        _ scored: Assessed<Scored>, _ minimum: Int
    ) throws -> Assessed<Headline> {
        switch scored {
        case .notAssessable(let reason): return .notAssessable(reason)
        case .value(let scored):
            guard !scored.table.outcome.isEmpty else { return .notAssessable("no row is left") }
            try Evaluation.check(scored.table, listSize: scored.listSize, minimumCount: minimum)
            return Headline.assess(
                RankedTable(scored.table, listSize: scored.listSize, minimumCount: minimum),
                minimum: minimum)
        }
    }

    private static func modelLess(
        _ scored: Assessed<Scored>, _ model: [Double]
    ) throws -> Assessed<AreaComparison> {
        switch scored {
        case .notAssessable(let reason): return .notAssessable(reason)
        case .value(let scored):
            guard !scored.table.outcome.isEmpty else { return .notAssessable("no row is left") }
            return try Evaluation.compare(
                model, scored.table.score, outcome: scored.table.outcome,
                about: scored.table.clusterKeys)
        }
    }

    private static func parts(_ scored: Scored) -> [Part] {
        let count = (scored.part.max() ?? -1) + 1
        var people = [Set<UnitPseudonym>](repeating: [], count: count)
        for (row, unit) in scored.table.about.enumerated() { people[scored.part[row]].insert(unit) }
        let clusters = RowClusters.numbers(scored.table.clusterKeys)
        return Ranking(
            score: scored.table.score, outcome: scored.table.outcome, clusters: clusters
        ).parted(into: count) { scored.part[$0] }.enumerated().map { part, ranking in
            Part(
                people: people[part].count, rows: ranking.count, events: ranking.events,
                discrimination: Discrimination.area(ranking))
        }
    }
}
