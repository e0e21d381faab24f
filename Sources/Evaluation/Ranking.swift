/// Rows in the order of a score, sorted once for all that is counted along it: highest first,
/// ties by ascending row.
struct Ranking {
    /// Indices of rows, highest score first.
    let rows: [Int]
    /// The scores in that order.
    let score: [Double]
    /// Element i is the number of events among the first i rows; one longer than `rows`.
    let eventsAmongFirst: [Int]
    /// Which of the rows are of one person, household or setting; `nil` where all stand alone.
    let clusters: RowClusters?

    var count: Int { rows.count }
    var events: Int { eventsAmongFirst.last ?? 0 }
    var others: Int { count - events }
    /// People, households or settings with a row that had the event, and with one that had not; as
    /// many as rows where all stand alone.
    var clustersWithEvent: Int { clusters?.withEvent ?? events }
    var clustersWithout: Int { clusters?.withoutEvent ?? others }

    /// - Parameters:
    ///   - score: Finite; larger is first.
    ///   - outcome: 0 or 1, as many.
    ///   - clusters: The number of each row's person, household or setting; empty where all rows
    ///     stand alone.
    init(score: [Double], outcome: [Double], clusters: [UInt32] = []) {
        struct Entry {
            var score: Double
            var row: Int
        }
        var entries = score.indices.map { Entry(score: score[$0], row: $0) }
        entries.sort { $0.score != $1.score ? $0.score > $1.score : $0.row < $1.row }
        self.init(
            rows: entries.map(\.row), score: entries.map(\.score),
            clusters: clusters.isEmpty ? [] : entries.map { clusters[$0.row] },
            isEvent: { outcome[entries[$0].row] == 1 })
    }

    private init(
        rows: [Int], score: [Double], clusters: [UInt32], isEvent: (Int) -> Bool
    ) {
        self.rows = rows
        self.score = score
        var sums = [0]
        sums.reserveCapacity(rows.count + 1)
        var sum = 0
        for position in rows.indices {
            if isEvent(position) { sum += 1 }
            sums.append(sum)
        }
        eventsAmongFirst = sums
        self.clusters = RowClusters(clusters) { sums[$0 + 1] > sums[$0] }
    }

    /// Whether the row at a position had the event.
    func isEvent(_ position: Int) -> Bool {
        eventsAmongFirst[position + 1] > eventsAmongFirst[position]
    }

    /// The rows that `part` puts into each of `count` parts, each in the same order; a row
    /// without a part is in none.
    func parted(into count: Int, by part: (Int) -> Int?) -> [Ranking] {
        var positions = [[Int]](repeating: [], count: count)
        for (position, row) in rows.enumerated() {
            if let part = part(row) { positions[part].append(position) }
        }
        return positions.map { chosen in
            Ranking(
                rows: chosen.map { rows[$0] }, score: chosen.map { score[$0] },
                clusters: clusters.map { all in
                    chosen.map { all.whole[Int(all.number[$0])] }
                } ?? [],
                isEvent: { isEvent(chosen[$0]) })
        }
    }

    /// The rows for which `keep` holds, in the same order.
    func only(_ keep: (Int) -> Bool) -> Ranking {
        parted(into: 1) { keep($0) ? 0 : nil }[0]
    }

    /// Calls `body` with the positions of each run of equal scores, highest first.
    func forEachTie(_ body: (Range<Int>) -> Void) {
        var first = 0
        while first < count {
            var end = first + 1
            while end < count, score[end] == score[first] { end += 1 }
            body(first..<end)
            first = end
        }
    }

    /// The number of rows whose score is at least `threshold`.
    func count(atLeast threshold: Double) -> Int {
        partition { $0 >= threshold }
    }

    /// The number of rows whose score is above `threshold`.
    func count(above threshold: Double) -> Int {
        partition { $0 > threshold }
    }

    private func partition(_ holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(score[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The score at a share of the way from the lowest to the highest, between neighbours in
    /// proportion (type 7 of R's `quantile`).
    ///
    /// - Precondition: There is a row.
    func quantile(_ share: Double) -> Double {
        Quantile.type7(share, count: count) { score[count - 1 - $0] }
    }
}

/// Quantiles of sorted values.
enum Quantile {
    /// The quantile of type 7 of `count` ascending values.
    ///
    /// Source: R. J. Hyndman and Y. Fan, “Sample quantiles in statistical packages” (1996).
    static func type7(_ share: Double, count: Int, _ ascending: (Int) -> Double) -> Double {
        let place = share * Double(count - 1)
        let below = min(max(Int(place), 0), count - 1)
        let above = min(below + 1, count - 1)
        let weight = place - Double(below)
        // Each side by itself, so that values near the ends of the format do not overflow.
        return weight == 0
            ? ascending(below) : ascending(below) * (1 - weight) + ascending(above) * weight
    }

    /// The same of an array that is sorted.
    static func type7(_ share: Double, of sorted: [Double]) -> Double {
        type7(share, count: sorted.count) { sorted[$0] }
    }
}
