import PipelineModel

/// Intervals by drawing whole people, households or settings anew, for rows that are not
/// independent of each other.
///
/// As many clusters as there are are drawn with replacement, each with all its rows; the bounds
/// are the 2.5 and 97.5 % quantiles of the figure over the draws. Source: A. C. Davison and D. V.
/// Hinkley, "Bootstrap Methods and their Application" (1997), 3.8 and 5.3. The scores stay as
/// they are: what is measured is the chance of the sample, not that of another fit.
public struct ClusterBootstrap: Codable, Sendable, Equatable {
    /// What the numbers are drawn from.
    public static let seed: UInt64 = 20_250_101

    public var resamples: Int
    public var seed: UInt64
    /// How many people, households or settings the rows are of.
    public var clusters: Int
    /// Resamples in which a figure could not be worked out, for want of one outcome.
    public var withoutFigure: Int
    public var discrimination: Assessed<Estimate>
    /// Of the list of the same share of the rows, ties by their mean.
    public var precision: Assessed<Estimate>
    public var sensitivity: Assessed<Estimate>

    /// How many resamples a table of so many rows has: 200 to 1,000, the fewer the larger it is.
    static func resamples(rows: Int) -> Int { min(max(20_000_000 / max(rows, 1), 200), 1_000) }

    static func assess(
        _ table: RankedTable, resamples asked: Int? = nil
    ) -> Assessed<ClusterBootstrap> {
        let resamples = asked ?? resamples(rows: table.ranking.count)
        guard resamples > 0 else { return .notAssessable("no resample was asked for") }
        guard table.ranking.events > 0, table.ranking.others > 0 else {
            return .notAssessable(Evaluation.oneKind(table.ranking))
        }
        let draws = ClusterDraws(table)
        guard draws.clusters >= 20 else {
            return .notAssessable("fewer than 20 different \(table.table.unit.plural)")
        }
        var generator = SeededGenerator(seed: seed, label: "cluster bootstrap")
        var (areas, precisions, sensitivities) = ([Double](), [Double](), [Double]())
        for _ in 0..<resamples {
            var weights = [Int32](repeating: 0, count: draws.clusters)
            for _ in 0..<draws.clusters { weights[generator.below(draws.clusters)] += 1 }
            guard let draw = draws.figures(weights) else { continue }
            areas.append(draw.area)
            precisions.append(draw.precision)
            sensitivities.append(draw.sensitivity)
        }
        let apparent = draws.figures([Int32](repeating: 1, count: draws.clusters))
        let tooFew = "fewer than nine resamples in ten have both outcomes"
        func estimate(_ value: Double?, _ draws: [Double]) -> Assessed<Estimate> {
            guard let value, draws.count * 10 >= resamples * 9 else {
                return .notAssessable(tooFew)
            }
            let sorted = draws.sorted()
            return .value(
                Estimate(
                    value, lower: Quantile.type7(0.025, of: sorted),
                    upper: Quantile.type7(0.975, of: sorted)))
        }
        return .value(
            ClusterBootstrap(
                resamples: resamples, seed: seed, clusters: draws.clusters,
                withoutFigure: resamples - areas.count,
                discrimination: estimate(apparent?.area, areas),
                precision: estimate(apparent?.precision, precisions),
                sensitivity: estimate(apparent?.sensitivity, sensitivities)))
    }
}

/// A ranking laid out for many draws of its clusters.
struct ClusterDraws {
    let clusters: Int
    private let listShare: Double
    /// By position: the cluster × 4, with 2 for an event and 1 for the last row of its score.
    private var packed: [UInt32] = []
    /// By cluster.
    private var rows: [Int]
    private var events: [Int]

    /// - Precondition: Fewer than 2³⁰ rows.
    init(_ table: RankedTable) {
        let ranking = table.ranking
        let (number, count) = Self.clusters(table.table.about, rows: table.table.score.count)
        clusters = count
        listShare = Double(table.listSize) / Double(ranking.count)
        rows = [Int](repeating: 0, count: count)
        events = rows
        packed.reserveCapacity(ranking.count)
        for (position, row) in ranking.rows.enumerated() {
            let isEvent = ranking.isEvent(position)
            let endsTie =
                position + 1 == ranking.count
                || ranking.score[position + 1] != ranking.score[position]
            packed.append(number[row] << 2 | (isEvent ? 2 : 0) | (endsTie ? 1 : 0))
            rows[Int(number[row])] += 1
            if isEvent { events[Int(number[row])] += 1 }
        }
    }

    /// The cluster of each row, numbered in the order in which they first appear.
    private static func clusters(
        _ about: [UnitPseudonym], rows: Int
    ) -> (of: [UInt32], count: Int) {
        guard !about.isEmpty else { return ((0..<rows).map(UInt32.init), rows) }
        var known: [UnitPseudonym: UInt32] = [:]
        let numbers = about.map { unit in
            if let number = known[unit] { return number }
            let number = UInt32(known.count)
            known[unit] = number
            return number
        }
        return (numbers, known.count)
    }

    /// The figures of the rows, each counted as often as its cluster was drawn, in one pass
    /// along the ranking; `nil` where the draw has one outcome only.
    func figures(
        _ weights: [Int32]
    ) -> (area: Double, precision: Double, sensitivity: Double)? {
        var (allEvents, allRows) = (0, 0)
        for index in weights.indices {
            allRows += Int(weights[index]) * rows[index]
            allEvents += Int(weights[index]) * events[index]
        }
        let others = allRows - allEvents
        guard allEvents > 0, others > 0 else { return nil }
        let size = max(listShare * Double(allRows), 1)
        var (eventsAbove, rowsAbove, tied, tiedEvents) = (0, 0, 0, 0)
        var (won, listed) = (0.0, 0.0)
        weights.withUnsafeBufferPointer { weights in
            packed.withUnsafeBufferPointer { packed in
                for entry in packed {
                    let weight = Int(weights[Int(entry >> 2)])
                    tied += weight
                    tiedEvents += entry & 2 == 0 ? 0 : weight
                    guard entry & 1 == 1, tied > 0 else { continue }
                    if tiedEvents > 0 {
                        let below = others - (rowsAbove - eventsAbove) - (tied - tiedEvents)
                        won += Double(tiedEvents) * (Double(below) + Double(tied - tiedEvents) / 2)
                        if Double(rowsAbove) < size {
                            let places = min(size - Double(rowsAbove), Double(tied))
                            listed += places * Double(tiedEvents) / Double(tied)
                        }
                        eventsAbove += tiedEvents
                    }
                    rowsAbove += tied
                    (tied, tiedEvents) = (0, 0)
                }
            }
        }
        return (
            won / (Double(allEvents) * Double(others)), listed / size,
            listed / Double(allEvents)
        )
    }
}
