import PipelineModel

/// A checked table with all that is sorted or worked out once and used by many figures.
struct RankedTable {
    var table: ScoredTable
    /// By score.
    var ranking: Ranking
    /// By probability; `nil` where the table has none.
    var byProbability: Ranking?
    /// By the present rule, its first rank first; `nil` where the table has none.
    var baseline: Ranking?
    /// Of the probabilities; empty where the table has none.
    var logits: [Double]
    /// Whether each row is on the list.
    var onList: [Bool]
    var listSize: Int
    var minimumCount: Int
    /// The person, household or setting of each row; empty where all rows stand alone.
    var clusterOfRow: [UInt32]
    /// Of the list: the rows of each person, household or setting, and what they sum to.
    private var listedOfCluster: [Int32] = []
    private var listed = ClusterSums()

    init(_ table: ScoredTable, listSize: Int, minimumCount: Int) {
        self.table = table
        self.minimumCount = minimumCount
        let clusters = RowClusters.numbers(table.clusterKeys)
        clusterOfRow = clusters
        ranking = Ranking(score: table.score, outcome: table.outcome, clusters: clusters)
        byProbability =
            table.probability.isEmpty
            ? nil
            : Ranking(score: table.probability, outcome: table.outcome, clusters: clusters)
        baseline =
            table.baselineRank.isEmpty
            ? nil
            : Ranking(
                score: table.baselineRank.map { -$0 }, outcome: table.outcome, clusters: clusters)
        logits = table.probability.map(Logistic.logit)
        self.listSize = min(listSize, ranking.count)
        onList = [Bool](repeating: false, count: ranking.count)
        for row in ranking.rows.prefix(self.listSize) { onList[row] = true }
        countListed()
    }

    /// The same of some of the rows, with the sorting kept.
    ///
    /// The list is of the same share of the rows, rounded up.
    func only(_ keep: (Int) -> Bool) -> RankedTable {
        var part = self
        part.ranking = ranking.only(keep)
        part.byProbability = byProbability?.only(keep)
        part.baseline = baseline?.only(keep)
        let rows = part.ranking.count
        part.listSize = min(
            (listSize * rows + max(ranking.count, 1) - 1) / max(ranking.count, 1), rows)
        part.onList = [Bool](repeating: false, count: onList.count)
        for row in part.ranking.rows.prefix(part.listSize) { part.onList[row] = true }
        part.countListed()
        return part
    }

    private mutating func countListed() {
        guard !clusterOfRow.isEmpty else { return }
        listedOfCluster = [Int32](repeating: 0, count: Int(clusterOfRow.max() ?? 0) + 1)
        for row in ranking.rows.prefix(listSize) {
            listedOfCluster[Int(clusterOfRow[row])] += 1
        }
        listed = ClusterSums()
        for rows in listedOfCluster { listed.add(0, of: Int(rows)) }
    }

    /// The sum of the probabilities of the rows of a ranking; `nil` where there are none.
    func expected(_ ranking: Ranking) -> Double? {
        table.probability.isEmpty
            ? nil : ranking.rows.reduce(0) { $0 + table.probability[$1] }
    }

    /// The share of the list that is of the rows of one part of them.
    func shareOfList(_ part: Ranking) -> Share {
        guard !clusterOfRow.isEmpty else {
            return Share(part.rows.reduce(0) { $0 + (onList[$1] ? 1 : 0) }, of: listSize)
        }
        var ofPart: [UInt32: Int] = [:]
        for row in part.rows where onList[row] { ofPart[clusterOfRow[row], default: 0] += 1 }
        // Whole numbers: their sums are the same in any order.
        var sums = listed
        for (cluster, rows) in ofPart {
            sums.find(rows, of: Int(listedOfCluster[Int(cluster)]))
        }
        return sums.share
    }

    /// Observed against expected of the rows of a ranking.
    func observedToExpected(_ ranking: Ranking) -> Assessed<Estimate> {
        guard let expected = expected(ranking) else {
            return .notAssessable(Evaluation.noProbability)
        }
        guard ranking.count > 0 else { return .notAssessable("no event is expected") }
        return Share.observedToExpected(
            ListTally(ranking, first: 0).share(.events, of: .all), expected: expected)
    }

    /// Calibration in the large and slope of the rows of a ranking.
    func calibration(_ ranking: Ranking) -> Assessed<Calibration> {
        guard !logits.isEmpty else { return .notAssessable(Evaluation.noProbability) }
        guard ranking.events > 0, ranking.others > 0 else {
            return .notAssessable(Evaluation.oneKind(ranking))
        }
        return Calibration.assess(
            logits: ranking.rows.map { logits[$0] },
            outcome: ranking.rows.map { table.outcome[$0] }, clusters: ranking.clusters)
    }

    /// The mean of (outcome − probability)² over the rows of a ranking.
    func brier(_ ranking: Ranking) -> Assessed<Double> {
        guard !table.probability.isEmpty else { return .notAssessable(Evaluation.noProbability) }
        let sum = ranking.rows.reduce(0.0) { sum, row in
            let distance = table.outcome[row] - table.probability[row]
            return sum + distance * distance
        }
        return .value(sum / Double(ranking.count))
    }

    /// 1 − Brier ÷ the Brier score of the prevalence of the rows of a ranking.
    func scaledBrier(_ ranking: Ranking) -> Assessed<Double> {
        guard ranking.events > 0, ranking.others > 0 else {
            return .notAssessable(Evaluation.oneKind(ranking))
        }
        let prevalence = Double(ranking.events) / Double(ranking.count)
        return brier(ranking).map { 1 - $0 / (prevalence * (1 - prevalence)) }
    }
}
