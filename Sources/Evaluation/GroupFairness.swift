import PipelineModel

/// What the list does to the people of one group.
public struct GroupFairness: Codable, Sendable, Equatable {
    /// The grouping, such as `ethnic_category`.
    public var grouping: String
    /// The level, or `not known`.
    public var level: String
    public var rows: Int
    public var events: Int
    /// Rows of the group on the list.
    public var listed: Int
    /// The group's share of all rows, and of the list.
    public var shareOfPopulation: Double
    public var shareOfList: Double
    /// Of the group's rows on the list, the share with the event (PPV).
    public var positivePredictiveValue: Assessed<Double>
    /// Of the group's events, the share not on the list (FNR).
    public var falseNegativeRate: Assessed<Double>
    /// Of the group's rows not on the list, the share with the event (FOR).
    public var falseOmissionRate: Assessed<Double>
    public var observedToExpected: Assessed<Double>
    /// The area under the ROC curve within the group.
    public var discrimination: Assessed<Interval>

    /// The name of the rows whose level is not known.
    public static let notKnown = "not known"

    /// One entry for each level in its order, then `not known` where a row has none.
    static func assess(
        _ group: ScoredTable.Group, _ table: ScoredTable, list: [Int], minimum: Int
    ) -> [GroupFairness] {
        var onList = [Bool](repeating: false, count: table.score.count)
        for row in list { onList[row] = true }
        var members = [[Int]](repeating: [], count: group.levels.count + 1)
        for (row, code) in group.codes.enumerated() {
            members[code < UInt32(group.levels.count) ? Int(code) : group.levels.count].append(row)
        }
        let names = group.levels + [notKnown]
        return members.indices.compactMap { index in
            let rows = members[index]
            guard index < group.levels.count || !rows.isEmpty else { return nil }
            return entry(
                group.name, names[index], rows, table, onList: onList, listSize: list.count,
                minimum: minimum)
        }
    }

    private static func entry(
        _ grouping: String, _ level: String, _ rows: [Int], _ table: ScoredTable,
        onList: [Bool], listSize: Int, minimum: Int
    ) -> GroupFairness {
        let events = rows.count { table.outcome[$0] == 1 }
        let listed = rows.count { onList[$0] }
        let found = rows.count { onList[$0] && table.outcome[$0] == 1 }
        let expected = rows.reduce(0) { $0 + table.probability[$1] }
        func share(_ part: Int, of whole: Int, _ what: String) -> Assessed<Double> {
            .when(whole >= minimum, otherwise: "fewer than \(minimum) \(what)") {
                Double(part) / Double(whole)
            }
        }
        let few = events < minimum || rows.count - events < minimum
        return GroupFairness(
            grouping: grouping, level: level, rows: rows.count, events: events, listed: listed,
            shareOfPopulation: Double(rows.count) / Double(table.score.count),
            shareOfList: Double(listed) / Double(listSize),
            positivePredictiveValue: share(found, of: listed, "rows on the list"),
            falseNegativeRate: share(events - found, of: events, "events"),
            falseOmissionRate: share(
                events - found, of: rows.count - listed, "rows not on the list"),
            observedToExpected: .when(
                rows.count >= minimum && expected > 0, otherwise: "fewer than \(minimum) rows"
            ) { Double(events) / expected },
            discrimination: .when(
                !few, otherwise: "fewer than \(minimum) rows with or without the event"
            ) {
                Discrimination.area(
                    score: rows.map { table.score[$0] }, outcome: rows.map { table.outcome[$0] })
            })
    }
}
