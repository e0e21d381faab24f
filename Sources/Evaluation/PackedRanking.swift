/// A ranking as numbers that a draw of its clusters walks along once.
struct PackedRanking {
    /// What a walk finds.
    struct Walk {
        /// The area under the ROC curve, and the average precision.
        var area = 0.0
        var averagePrecision = 0.0
        /// Events on the list of each size, ties by their mean.
        var listed: [Double] = []
        /// By bin: rows × 2³² + events.
        var bins: [UInt64]
    }

    /// By position: the cluster × 4, with 2 for an event and 1 for the last row of its score.
    private var packed: [UInt32] = []
    /// By position; empty where rows are in no bins.
    private var binOfPosition: [UInt16] = []

    /// - Parameters:
    ///   - ranking: Fewer than 2³⁰ rows.
    ///   - number: The cluster of each row of the table.
    ///   - binOfRow: The bin of each row of the table; empty for none.
    init(_ ranking: Ranking, _ number: [UInt32], binOfRow: [UInt16] = []) {
        packed.reserveCapacity(ranking.count)
        for (position, row) in ranking.rows.enumerated() {
            let endsTie =
                position + 1 == ranking.count
                || ranking.score[position + 1] != ranking.score[position]
            packed.append(
                number[row] << 2 | (ranking.isEvent(position) ? 2 : 0) | (endsTie ? 1 : 0))
        }
        if !binOfRow.isEmpty { binOfPosition = ranking.rows.map { binOfRow[$0] } }
    }

    /// Walks along the rows, each counted as often as its cluster was drawn.
    ///
    /// - Parameters:
    ///   - weights: How often each cluster was drawn.
    ///   - sizes: Of lists, ascending; rows of the draw, with a part of one.
    ///   - events: Of the draw; above 0.
    ///   - rows: Of the draw; more.
    ///   - bins: How many bins there are.
    func walk(
        _ weights: [Int32], sizes: [Double], events: Int, rows: Int, bins: Int = 0
    ) -> Walk {
        let others = rows - events
        let hasBins = bins > 0
        var walk = Walk(bins: [UInt64](repeating: 0, count: bins))
        walk.listed.reserveCapacity(sizes.count)
        var (eventsAbove, rowsAbove, tied, tiedEvents) = (0, 0, 0, 0)
        weights.withUnsafeBufferPointer { weights in
            walk.bins.withUnsafeMutableBufferPointer { sums in
                for position in packed.indices {
                    let entry = packed[position]
                    let weight = Int(weights[Int(entry >> 2)])
                    let found = entry & 2 == 0 ? 0 : weight
                    tied += weight
                    tiedEvents += found
                    if hasBins {
                        sums[Int(binOfPosition[position])] &+=
                            UInt64(weight) << 32 | UInt64(found)
                    }
                    guard entry & 1 == 1, tied > 0 else { continue }
                    while walk.listed.count < sizes.count,
                        sizes[walk.listed.count] <= Double(rowsAbove + tied)
                    {
                        let places = sizes[walk.listed.count] - Double(rowsAbove)
                        walk.listed.append(
                            Double(eventsAbove) + places * Double(tiedEvents) / Double(tied))
                    }
                    if tiedEvents > 0 {
                        let below = others - (rowsAbove - eventsAbove) - (tied - tiedEvents)
                        walk.area +=
                            Double(tiedEvents) * (Double(below) + Double(tied - tiedEvents) / 2)
                        eventsAbove += tiedEvents
                        walk.averagePrecision +=
                            Double(tiedEvents) * Double(eventsAbove) / Double(rowsAbove + tied)
                    }
                    rowsAbove += tied
                    (tied, tiedEvents) = (0, 0)
                }
            }
        }
        // A size that rounding puts past the last row is a list of all.
        while walk.listed.count < sizes.count { walk.listed.append(Double(events)) }
        walk.area /= Double(events) * Double(others)
        walk.averagePrecision /= Double(events)
        return walk
    }
}
