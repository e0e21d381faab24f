import PipelineModel

/// A table laid out for many draws of its clusters: sorted once, each draw one pass along the
/// score and one along the present rule, with the rows of a cluster counted as often as it was
/// drawn.
struct ClusterDraws {
    /// Where each figure stands among those of a draw; what cannot be had is not a number there.
    struct Places {
        let area = 0
        let averagePrecision = 1
        let brier = 2
        let scaledBrier = 3
        let index = 4
        /// Precision, sensitivity and lift of a list.
        func list(_ number: Int) -> Int { 5 + 3 * number }
        func benefit(_ threshold: Int) -> Int {
            list(1 + ListAtShare.thousandths.count) + threshold
        }
        func above(_ threshold: Int) -> Int {
            benefit(AcceptanceMargins.thresholds.count) + threshold
        }
        var count: Int { above(AcceptanceMargins.thresholds.count) }
    }

    let clusters: Int
    let places = Places()
    /// The size of each list ÷ all rows: the model's own, then those of fixed shares.
    private let listShares: [Double]
    /// The lists by ascending size.
    private let listOrder: [Int]
    private let ranking: PackedRanking
    /// The present rule; `nil` where there is none.
    private let baseline: PackedRanking?
    private var bins: ProbabilityBins?
    /// By cluster.
    private var rows: [Int32]
    private var events: [Int32]
    /// The sum of (outcome − probability)².
    private var squares: [Double] = []

    /// - Precondition: Fewer than 2³⁰ rows.
    init(_ table: RankedTable, hasCurve: Bool) {
        let count = table.ranking.count
        let number =
            table.clusterOfRow.isEmpty
            ? (0..<table.table.score.count).map(UInt32.init) : table.clusterOfRow
        clusters = Int(number.max() ?? 0) + 1
        let sizes =
            [table.listSize]
            + ListAtShare.thousandths.map { min((count * $0 + 999) / 1000, count) }
        listShares = sizes.map { Double($0) / Double(count) }
        listOrder = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        var binOfRow: [UInt16] = []
        if let byProbability = table.byProbability {
            binOfRow = [UInt16](repeating: 0, count: table.table.score.count)
            bins = ProbabilityBins(
                byProbability, table.table.probability, logits: table.logits, hasCurve: hasCurve
            ) { binOfRow[$0] = $1 }
        }
        ranking = PackedRanking(table.ranking, number, binOfRow: binOfRow)
        baseline = table.baseline.map { PackedRanking($0, number) }
        rows = [Int32](repeating: 0, count: clusters)
        events = rows
        for (position, row) in table.ranking.rows.enumerated() {
            rows[Int(number[row])] += 1
            if table.ranking.isEvent(position) { events[Int(number[row])] += 1 }
        }
        guard !table.table.probability.isEmpty else { return }
        squares = [Double](repeating: 0, count: clusters)
        for row in table.ranking.rows {
            let apart = table.table.outcome[row] - table.table.probability[row]
            squares[Int(number[row])] += apart * apart
        }
    }

    /// The figures of the rows, each counted as often as its cluster was drawn; `nil` where the
    /// draw has one outcome only.
    mutating func figures(_ weights: [Int32]) -> [Double]? {
        var (allEvents, allRows) = (0, 0)
        for index in weights.indices {
            allRows += Int(weights[index]) * Int(rows[index])
            allEvents += Int(weights[index]) * Int(events[index])
        }
        guard allEvents > 0, allRows > allEvents else { return nil }
        var found = [Double](repeating: .nan, count: places.count)
        let sizes = listOrder.map { max(listShares[$0] * Double(allRows), 1) }
        let walk = ranking.walk(
            weights, sizes: sizes, events: allEvents, rows: allRows, bins: bins?.count ?? 0)
        found[places.area] = walk.area
        found[places.averagePrecision] = walk.averagePrecision
        let prevalence = Double(allEvents) / Double(allRows)
        for (place, list) in listOrder.enumerated() {
            let precision = walk.listed[place] / sizes[place]
            found[places.list(list)] = precision
            found[places.list(list) + 1] = walk.listed[place] / Double(allEvents)
            found[places.list(list) + 2] = precision / prevalence
        }
        guard bins != nil else { return found }
        var brier = 0.0
        for index in weights.indices { brier += Double(weights[index]) * squares[index] }
        brier /= Double(allRows)
        found[places.brier] = brier
        found[places.scaledBrier] = 1 - brier / (prevalence * (1 - prevalence))
        found[places.index] = bins?.integratedIndex(walk.bins) ?? .nan
        addBenefits(bins?.flagged(walk.bins) ?? [], weights, allEvents, allRows, to: &found)
        return found
    }

    private func addBenefits(
        _ flagged: [(rows: Int, events: Int)], _ weights: [Int32], _ events: Int, _ rows: Int,
        to found: inout [Double]
    ) {
        // The rule's lists of as many rows, from the highest threshold and so the shortest.
        let rule = baseline?.walk(
            weights, sizes: flagged.reversed().map { Double($0.rows) }, events: events, rows: rows
        ).listed
        for (place, flagged) in flagged.enumerated() {
            let threshold = AcceptanceMargins.thresholds[place]
            func benefit(_ events: Double) -> Double {
                events / Double(rows)
                    - (Double(flagged.rows) - events) / Double(rows) * threshold / (1 - threshold)
            }
            let model = benefit(Double(flagged.events))
            found[places.benefit(place)] = model
            if let rule {
                found[places.above(place)] = model - benefit(rule[rule.count - 1 - place])
            }
        }
    }
}
