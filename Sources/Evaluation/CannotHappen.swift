public import PipelineModel

/// The rows for which the outcome cannot happen, and the chief figures of those for which it could.
///
/// Such rows are without the event for certain, whatever their score says. They stay in the figures
/// of all rows, and here they are told apart.
public struct CannotHappen: Codable, Sendable, Equatable {
    public struct Reason: Codable, Sendable, Equatable {
        /// The reason, as the specification writes it.
        public var why: String
        public var grouping: String
        public var levels: [String]
        /// Test rows of which it holds; a row may have several reasons.
        public var rows: Int
        /// Those of them on the model's list.
        public var listed: Int
    }

    public var reasons: [Reason]
    /// Test rows of which a reason holds.
    public var rows: Int
    /// Those of them that have the event all the same: the records or the reason are wrong.
    public var events: Int
    /// Events that the model expects of them.
    public var expected: Assessed<Double>
    /// Places of the model's list that they take, ties by ascending row.
    public var listed: Int
    /// The places of the list.
    public var listSize: Int
    /// Rows of the fit of which a reason holds; absent where nothing was fitted here.
    public var rowsOfFit: Int?
    /// The test rows of which no reason holds, with a list of as many places as that of all.
    public var others: Assessed<Headline>
    /// The same rows, scored by a fit on the rows of the fit of which no reason holds; absent where
    /// nothing was fitted here.
    public var fittedWithout: Assessed<Headline>?

    /// - Parameters:
    ///   - reasons: What the specification says cannot happen; at least one.
    ///   - table: The test rows with their groupings.
    ///   - listSize: The places of the list.
    ///   - fit: The groupings of the rows of the fit, and its number of rows; `nil` where nothing
    ///     was fitted here.
    ///   - anew: Scores and probabilities of all test rows by a fit on the rows of the fit of which
    ///     no reason holds, or why there are none; `nil` where there is no such fit.
    ///   - minimumCount: With fewer rows with or without the event there is nothing to say.
    /// - Throws: `StileError` where `Evaluation.evaluate` would refuse such a table.
    public static func assess(
        _ reasons: [Impossibility], _ table: ScoredTable, listSize: Int,
        fit: (groups: [ScoredTable.Group], rows: Int)? = nil,
        anew: Assessed<(score: [Double], probability: [Double])>? = nil, minimumCount: Int = 10
    ) throws -> CannotHappen {
        try Evaluation.check(table, listSize: listSize, minimumCount: minimumCount)
        let all = RankedTable(table, listSize: listSize, minimumCount: minimumCount)
        let count = table.outcome.count
        let flags = reasons.map { $0.holds(table.groups, rows: count) }
        let isOut = any(flags, count)
        let out = table.outcome.indices.filter { isOut[$0] }
        let fittedWithout = try anew.map { anew -> Assessed<Headline> in
            switch anew {
            case .notAssessable(let reason): return .notAssessable(reason)
            case .value(let scores):
                var other = table
                (other.score, other.probability) = scores
                try Evaluation.check(other, listSize: listSize, minimumCount: minimumCount)
                return headline(
                    RankedTable(other, listSize: listSize, minimumCount: minimumCount), isOut)
            }
        }
        return CannotHappen(
            reasons: zip(reasons, flags).map { reason, holds in
                Reason(
                    why: reason.why, grouping: reason.group, levels: reason.levels,
                    rows: holds.count { $0 },
                    listed: holds.indices.count { holds[$0] && all.onList[$0] })
            },
            rows: out.count, events: out.count { table.outcome[$0] == 1 },
            expected: table.probability.isEmpty
                ? .notAssessable(Evaluation.noProbability)
                : .value(out.reduce(0) { $0 + table.probability[$1] }),
            listed: out.count { all.onList[$0] }, listSize: all.listSize,
            rowsOfFit: fit.map { fit in
                any(reasons.map { $0.holds(fit.groups, rows: fit.rows) }, fit.rows).count { $0 }
            },
            others: headline(all, isOut), fittedWithout: fittedWithout)
    }

    /// Whether one of the flags holds, by row.
    private static func any(_ flags: [[Bool]], _ rows: Int) -> [Bool] {
        (0..<rows).map { row in flags.contains { $0[row] } }
    }

    /// The rows that are not out; the places that the others would have taken go to the next.
    private static func headline(_ table: RankedTable, _ isOut: [Bool]) -> Assessed<Headline> {
        var part = table.only { !isOut[$0] }
        part.listSize = min(table.listSize, part.ranking.count)
        return Headline.assess(part, minimum: table.minimumCount)
    }
}
