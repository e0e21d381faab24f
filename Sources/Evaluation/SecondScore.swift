public import PipelineModel

/// A second score of the same rows beside the first: another model, or the last version of this
/// one.
///
/// The areas are compared by DeLong's test, by clusters where rows are of one person, household or
/// setting. Lists of the same size are compared by drawing whole clusters anew, both lists from
/// each draw, ties by their mean: the bounds are the 2.5 and 97.5 % quantiles of the difference,
/// and p is twice the smaller of (1 + draws at or below 0) ÷ (1 + draws) and (1 + draws at or above
/// 0) ÷ (1 + draws), at most 1. Source: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and
/// their Application" (1997), 4.2.2 and 5.3. A draw takes its own list of the same share of its
/// rows, so that the chance in where the list ends is in the bounds.
public struct SecondScore: Codable, Sendable, Equatable {
    /// The first list's figure less the second's.
    public struct Difference: Codable, Sendable, Equatable {
        public var difference: Estimate
        /// Two-sided, by the draws; never below 2 ÷ (1 + draws).
        public var pValue: Double
    }

    /// Two lists of the same size.
    public struct Lists: Codable, Sendable, Equatable {
        /// The share of all rows; absent for the list's own size.
        public var share: Double?
        public var size: Int
        /// Rows that both list, ties by ascending row.
        public var onBoth: Int
        /// Rows with the event on each list, ties by their mean.
        public var first: Double
        public var second: Double
        /// Events ÷ size of the list.
        public var precision: Assessed<Difference>
        /// Events ÷ all events.
        public var sensitivity: Assessed<Difference>
    }

    /// What the table calls the score.
    public var name: String
    /// The area under its ROC curve.
    public var discrimination: Assessed<Interval>
    /// The first score's area less that of the second.
    public var against: Assessed<AreaComparison>
    /// At the list's own size.
    public var list: Lists
    /// At fixed shares of the rows.
    public var lists: [Lists]
    /// How often clusters were drawn; absent where they could not be.
    public var resamples: Int?
}

extension Evaluation {
    /// Compares the scores of a table with a second score of the same rows.
    ///
    /// - Parameters:
    ///   - second: The second score, a row each; larger is more at risk.
    ///   - name: What the table calls it.
    ///   - table: The table with the first score.
    ///   - listSize: The number of rows that the service can take; no longer than the table.
    ///   - resamples: How often whole people, households or settings are drawn anew; `nil` for
    ///     200 to 1,000 times by the size of the table.
    /// - Throws: `StileError` where the table cannot be evaluated, or the second score has another
    ///   length or a value that is not finite.
    public static func compare(
        _ second: [Double], named name: String, with table: ScoredTable, listSize: Int,
        resamples: Int? = nil
    ) throws -> SecondScore {
        try check(table, listSize: listSize, minimumCount: 2)
        let faults = second.count { !$0.isFinite }
        guard second.count == table.score.count, faults == 0 else {
            throw StileError(
                .input,
                faults > 0
                    ? "\(faults) rows have a second score that is not finite."
                    : "The second score has \(second.count) rows and the table \(table.score.count).",
                remedy: "Score each row with both models.")
        }
        let clusters = RowClusters.numbers(table.clusterKeys)
        return PairedScores(
            table,
            first: Ranking(score: table.score, outcome: table.outcome, clusters: clusters),
            second: Ranking(score: second, outcome: table.outcome, clusters: clusters),
            clusters: clusters
        ).compared(name, listSize: listSize, resamples: resamples)
    }
}

/// Two rankings of the same rows.
private struct PairedScores {
    private let table: ScoredTable
    private let first: Ranking
    private let second: Ranking
    /// The cluster of each row, each by itself where all stand alone.
    private let number: [UInt32]
    private let clusters: Int

    init(_ table: ScoredTable, first: Ranking, second: Ranking, clusters: [UInt32]) {
        self.table = table
        self.first = first
        self.second = second
        number = clusters.isEmpty ? table.score.indices.map(UInt32.init) : clusters
        self.clusters = Int(number.max() ?? 0) + 1
    }

    func compared(_ name: String, listSize: Int, resamples asked: Int?) -> SecondScore {
        let count = first.count
        let resamples = asked ?? ClusterBootstrap.resamples(rows: count)
        let sizes =
            [min(listSize, count)]
            + ListAtShare.thousandths.map { min((count * $0 + 999) / 1000, count) }
        let resampled = ClusterResamples(
            clusters: clusters, count: resamples, label: "second score")
        let drawn = draws(sizes, resampled)
        let lists = sizes.indices.map { place in
            pair(place, sizes[place], drawn.map { $0[place] }, resampled)
        }
        return SecondScore(
            name: name, discrimination: Discrimination.area(second),
            against: Discrimination.compare(first, second, outcome: table.outcome),
            list: lists[0], lists: Array(lists[1...]),
            resamples: drawn.value == nil ? nil : resamples)
    }

    /// Of each list and draw, the precision and the sensitivity of the first less the second.
    private func draws(
        _ sizes: [Int], _ resampled: ClusterResamples
    ) -> Assessed<[[(precision: Double, sensitivity: Double)]]> {
        guard resampled.count > 0 else { return .notAssessable("no resample was asked for") }
        guard first.events > 0, first.others > 0 else {
            return .notAssessable(Evaluation.oneKind(first))
        }
        guard clusters >= 20 else {
            let plural = (table.together.isEmpty ? table.unit : .household).plural
            return .notAssessable("fewer than 20 different \(plural)")
        }
        var (rows, events) = (
            [Int](repeating: 0, count: clusters), [Int](repeating: 0, count: clusters)
        )
        for (row, cluster) in number.enumerated() {
            rows[Int(cluster)] += 1
            if table.outcome[row] == 1 { events[Int(cluster)] += 1 }
        }
        let packed = (PackedRanking(first, number), PackedRanking(second, number))
        let order = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        let shares = order.map { Double(sizes[$0]) / Double(number.count) }
        var found = [[(precision: Double, sensitivity: Double)]](repeating: [], count: sizes.count)
        resampled.forEach { weights in
            var (allRows, allEvents) = (0, 0)
            for (cluster, weight) in weights.enumerated() {
                allRows += Int(weight) * rows[cluster]
                allEvents += Int(weight) * events[cluster]
            }
            guard allEvents > 0, allRows > allEvents else { return }
            let drawn = shares.map { max($0 * Double(allRows), 1) }
            func listed(_ ranking: PackedRanking) -> [Double] {
                ranking.walk(weights, sizes: drawn, events: allEvents, rows: allRows).listed
            }
            let (left, right) = (listed(packed.0), listed(packed.1))
            for (place, list) in order.enumerated() {
                var apart = left[place] - right[place]
                // Parts of rows: what rounding leaves of the same list twice is no difference.
                if apart.magnitude < 1e-9 { apart = 0 }
                found[list].append((apart / drawn[place], apart / Double(allEvents)))
            }
        }
        return .value(found)
    }

    private func pair(
        _ place: Int, _ size: Int,
        _ drawn: Assessed<[(precision: Double, sensitivity: Double)]>,
        _ resampled: ClusterResamples
    ) -> SecondScore.Lists {
        var listed = [Bool](repeating: false, count: first.count)
        for row in first.rows.prefix(size) { listed[row] = true }
        let both = second.rows.prefix(size).count { listed[$0] }
        let events = (
            ListQuality.events(first, size: size).expected,
            ListQuality.events(second, size: size).expected
        )
        func difference(
            _ whole: Int, _ part: ((precision: Double, sensitivity: Double)) -> Double
        ) -> Assessed<SecondScore.Difference> {
            drawn.flatMap { drawn in
                Self.difference(
                    (events.0 - events.1) / Double(whole), drawn.map(part), resampled)
            }
        }
        return SecondScore.Lists(
            share: place == 0 ? nil : Double(ListAtShare.thousandths[place - 1]) / 1000,
            size: size, onBoth: both, first: events.0, second: events.1,
            precision: difference(size) { $0.precision },
            sensitivity: difference(first.events) { $0.sensitivity })
    }

    private static func difference(
        _ estimate: Double, _ drawn: [Double], _ resampled: ClusterResamples
    ) -> Assessed<SecondScore.Difference> {
        resampled.estimate(estimate, drawn).flatMap { found in
            guard drawn.contains(where: { $0 != 0 }) else {
                return .notAssessable("the two lists find the same in every draw")
            }
            let smaller = min(drawn.count { $0 <= 0 }, drawn.count { $0 >= 0 })
            return .value(
                SecondScore.Difference(
                    difference: found,
                    pValue: min(1, 2 * Double(1 + smaller) / Double(1 + drawn.count))))
        }
    }
}
