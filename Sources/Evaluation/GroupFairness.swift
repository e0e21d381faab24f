import PipelineModel

/// What the list does to the people of one group.
///
/// Shares have Wilson's intervals, observed ÷ expected that of the observed share, calibration
/// the normal one, the area DeLong's; where rows are of one person, household or setting, each by
/// them (``IntervalMethod``). A figure whose denominator is below the least count, of rows or of
/// people, and a fit with fewer of either outcome, is not assessable.
public struct GroupFairness: Codable, Sendable, Equatable {
    /// The grouping, such as `ethnic_category`, or two of them as `sex × area`.
    public var grouping: String
    /// The level, or `not known`.
    public var level: String
    public var rows: Int
    public var events: Int
    /// Rows of the group on the list.
    public var listed: Int
    /// The group's share of all rows, and of the list.
    public var shareOfPopulation: Double
    public var shareOfList: Share
    /// The share of the list ÷ the share of all rows; 1 is as many as there are.
    public var representation: Assessed<Double>
    /// Rows of the group with a value that was filled in because it was missing.
    public var withMissingValues: Assessed<Share>
    /// Of the group's rows on the list, the share with the event (PPV), and without (FDR).
    public var positivePredictiveValue: Assessed<Share>
    public var falseDiscoveryRate: Assessed<Share>
    /// Of the group's events, the share not on the list (FNR).
    public var falseNegativeRate: Assessed<Share>
    /// Of the group's rows without the event, the share on the list (FPR).
    public var falsePositiveRate: Assessed<Share>
    /// Of the group's rows not on the list, the share with the event (FOR).
    public var falseOmissionRate: Assessed<Share>
    public var observedToExpected: Assessed<Estimate>
    public var calibration: Assessed<Calibration>
    /// The area under the ROC curve within the group.
    public var discrimination: Assessed<Interval>

    /// The name of the rows whose level is not known.
    public static let notKnown = "not known"

    /// One entry for each level in its order, then `not known` where a row has none.
    static func assess(_ group: ScoredTable.Group, _ table: RankedTable) -> [GroupFairness] {
        let unknown = group.levels.count
        let parts = table.ranking.parted(into: unknown + 1) { Self.part(group, row: $0) }
        return (group.levels + [notKnown]).enumerated().compactMap { index, level in
            index < unknown || parts[index].count > 0
                ? entry(group.name, level, parts[index], table) : nil
        }
    }

    /// The place of a row's level, the one past the last where it is not known.
    static func part(_ group: ScoredTable.Group, row: Int) -> Int {
        min(Int(group.codes[row]), group.levels.count)
    }

    static func entry(
        _ grouping: String, _ level: String, _ part: Ranking, _ whole: RankedTable
    ) -> GroupFairness {
        let minimum = whole.minimumCount
        let tally = ListTally(
            part.clusters, rows: part.count, isEvent: part.isEvent,
            isListed: { whole.onList[part.rows[$0]] })
        func share(
            _ kinds: ListTally.Kinds, of all: ListTally.Kinds, _ what: String
        ) -> Assessed<Share> {
            tally.assess(kinds, of: all, minimum: minimum, what)
        }
        let few = ClusterCount.fewer(than: minimum)
        let (fewRows, fewOfEither) =
            part.clusters == nil || min(part.events, part.others) < minimum
            ? (
                "fewer than \(minimum) rows",
                "fewer than \(minimum) rows with or without the event"
            ) : ("rows of \(few)", "rows with or without the event of \(few)")
        let many = tally.clusters(.all) >= minimum
        let manyOfEither = min(part.clustersWithEvent, part.clustersWithout) >= minimum
        let shareOfPopulation = Double(part.count) / Double(whole.ranking.count)
        let shareOfList = whole.shareOfList(part)
        return GroupFairness(
            grouping: grouping, level: level, rows: part.count, events: part.events,
            listed: tally.count(.listed), shareOfPopulation: shareOfPopulation,
            shareOfList: shareOfList,
            representation: .when(many, otherwise: fewRows) {
                shareOfList.estimate / shareOfPopulation
            },
            withMissingValues: whole.table.missing.isEmpty
                ? .notAssessable("the table does not say which values were missing")
                : withMissingValues(part, whole),
            positivePredictiveValue: share(.listedEvents, of: .listed, "rows on the list"),
            falseDiscoveryRate: share(.listedOthers, of: .listed, "rows on the list"),
            falseNegativeRate: share(.unlistedEvents, of: .events, "events"),
            falsePositiveRate: share(.listedOthers, of: .others, "rows without the event"),
            falseOmissionRate: share(.unlistedEvents, of: .unlisted, "rows not on the list"),
            observedToExpected: many
                ? whole.observedToExpected(part) : .notAssessable(fewRows),
            calibration: manyOfEither ? whole.calibration(part) : .notAssessable(fewOfEither),
            discrimination: manyOfEither
                ? Discrimination.area(part) : .notAssessable(fewOfEither))
    }

    private static func withMissingValues(
        _ part: Ranking, _ whole: RankedTable
    ) -> Assessed<Share> {
        ListTally(
            part.clusters, rows: part.count,
            isEvent: { whole.table.missing[part.rows[$0]] > 0 }, isListed: { _ in true }
        ).assess(.listedEvents, of: .listed, minimum: whole.minimumCount, "rows")
    }
}
