public import PipelineModel

/// What happened to the people whose chance lay in a band; small numbers are withheld.
public struct ScoreBand: Sendable, Equatable, Codable {
    /// The band is [from, to) of the probability; the last one includes 1.
    public var from: Double
    public var to: Double
    /// Absent where it is withheld.
    public var rows: Int?
    /// Rows with the event; absent where it is withheld.
    public var events: Int?
    /// The sum of the probabilities; absent where the rows are withheld.
    public var expected: Double?
    /// Events among the rows; absent where either is withheld or there are no rows.
    public var share: Double?

    /// Tenths of risk, as PARR and its successors were published (J Billings and others, BMJ 2006;
    /// 333:327); the lowest in three, since most people's chances lie there.
    public static let bounds = [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

    /// The fewest people whose number is shown.
    public static let smallestCount = 10

    /// Counts rows and events by band.
    ///
    /// A count of fewer than ``smallestCount`` different people is withheld, and where that
    /// leaves one number to be found by subtraction from a total, the next smallest with it.
    ///
    /// - Parameters:
    ///   - probability: The probability of each row, in 0…1.
    ///   - outcome: 0 or 1 for each row.
    ///   - about: Whom or what each row is about; empty where each is about another.
    public static func bands(
        probability: [Double], outcome: [Double], about: [UnitPseudonym] = []
    ) -> [ScoreBand] {
        let count = bounds.count - 1
        var rows = [Int](repeating: 0, count: count)
        var events = rows
        var expected = [Double](repeating: 0, count: count)
        var people = [Set<UnitPseudonym>](repeating: [], count: count)
        var withEvent = people
        for row in probability.indices {
            let band = min(bounds.lastIndex { $0 <= probability[row] } ?? 0, count - 1)
            let who =
                about.isEmpty ? UnitPseudonym(high: 0, low: UInt64(row) + 1) : about[row]
            rows[band] += 1
            expected[band] += probability[row]
            people[band].insert(who)
            if outcome[row] == 1 {
                events[band] += 1
                withEvent[band].insert(who)
            }
        }
        let rowsShown = shown(rows, people.map(\.count))
        // Where nearly everyone had the event, the few who had not must not be found either.
        let fewest = people.indices.map { band in
            let without = rows[band] - events[band]
            return without == 0 ? withEvent[band].count : min(withEvent[band].count, without)
        }
        var eventsShown = shown(events, zip(events, fewest).map { $0 == 0 ? 0 : $1 })
        for band in 0..<count where !rowsShown[band] { eventsShown[band] = false }
        return (0..<count).map { band in
            let bothShown = rowsShown[band] && eventsShown[band]
            return ScoreBand(
                from: bounds[band], to: bounds[band + 1],
                rows: rowsShown[band] ? rows[band] : nil,
                events: bothShown ? events[band] : nil,
                expected: rowsShown[band] ? ColumnRange.rounded(expected[band], digits: 4) : nil,
                share: bothShown && rows[band] > 0
                    ? Double(events[band]) / Double(rows[band]) : nil)
        }
    }

    /// Which counts may be shown: none of few people, and none that the others give away.
    private static func shown(_ counts: [Int], _ people: [Int]) -> [Bool] {
        var shown = zip(counts, people).map { $0 == 0 || $1 >= smallestCount }
        let hidden = shown.indices.filter { !shown[$0] }
        let sum = hidden.reduce(0) { $0 + people[$1] }
        if !hidden.isEmpty, hidden.count == 1 || sum < smallestCount,
            let next = shown.indices.filter({ shown[$0] && counts[$0] > 0 })
                .min(by: { (counts[$0], $0) < (counts[$1], $1) })
        {
            shown[next] = false
        }
        return shown
    }
}
