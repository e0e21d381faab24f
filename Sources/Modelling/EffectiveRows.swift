/// How many independent rows those of people, households or settings with several rows stand for.
///
/// The criteria of Riley and others take rows for independent, and no adaptation of them to rows
/// in clusters is settled: in simulations with few clusters and large ones the amount of
/// clustering hardly mattered beside the events for each variable (L. Wynants and others, Journal
/// of Clinical Epidemiology 68 (2015)), but then each row had predictors of its own, which
/// repeated rows of one person do not. So two numbers are worked out and the smaller counts: the
/// clusters, as if all rows of one said the same; and the rows ÷ Kish's design effect
/// 1 + (m − 1) ρ, m being Σ m_c² ÷ Σ m_c over the clusters' rows m_c. Source: L. Kish, "Survey
/// Sampling" (1965), 5.4 and 8.2; for unequal clusters A. Donner and N. Klar, "Design and Analysis
/// of Cluster Randomization Trials in Health Research" (2000).
///
/// ρ is the intraclass correlation of the outcome by analysis of variance, which for binary
/// outcomes is (MSB − MSW) ÷ (MSB + (m₀ − 1) MSW), m₀ = (N − Σ m_c² ÷ N) ÷ (K − 1); below 0 it
/// counts as 0. Source: M. S. Ridout, C. G. B. Demétrio and D. Firth, "Estimating intraclass
/// correlation for binary data", Biometrics 55 (1999).
///
/// Where rows are weighted both numbers are divided by ``SamplingWeights/designEffect`` too: the
/// effects of weights and of clusters multiply. Source: S. Gabler, S. Häder and P. Lahiri, "A model
/// based justification of Kish's formula for design effects for weighting and clustering", Survey
/// Methodology 25 (1999).
public struct EffectiveRows: Codable, Sendable, Equatable {
    public var rows: Int
    public var clusters: Int
    /// 0…1; 0 where the outcomes are all alike.
    public var intraclassCorrelation: Double
    /// 1 or more.
    public var designEffect: Double
    /// ``SamplingWeights/designEffect``; absent where rows are not weighted.
    public var weightEffect: Double?

    /// - Parameters:
    ///   - clusters: By row: the number of its person, household or setting, 0 or more.
    ///   - outcome: By row: 0 or 1.
    ///   - weights: Of the same rows; `nil` where each counts alike.
    public init(clusters: [Int], outcome: [Double], weights: SamplingWeights? = nil) {
        let sums = ClusterCounts(clusters, outcome)
        self.init(
            sums, correlation: Self.correlation(sums, rows: clusters.count))
        weightEffect = weights?.designEffect
    }

    /// The same for rows whose outcomes have not been looked at.
    ///
    /// - Parameters:
    ///   - clusters: By row: the number of its person, household or setting, 0 or more.
    ///   - correlation: The intraclass correlation of other rows, 0…1.
    public init(clusters: [Int], correlation: Double) {
        self.init(ClusterCounts(clusters, []), correlation: correlation)
    }

    private init(_ sums: ClusterCounts, correlation: Double) {
        rows = sums.rows.reduce(0, +)
        clusters = sums.rows.count { $0 > 0 }
        intraclassCorrelation = correlation
        let squares = sums.rows.reduce(0.0) { $0 + Double($1) * Double($1) }
        designEffect = rows == 0 ? 1 : 1 + (squares / Double(rows) - 1) * correlation
    }

    /// The rows ÷ the design effects, rounded down.
    public var byDesignEffect: Int { divided(Double(rows) / designEffect) }

    /// The smaller of the clusters, by the effect of the weights, and the rows by both.
    public var effective: Int { min(divided(Double(clusters)), byDesignEffect) }

    /// Of fewer clusters no interval can be drawn, and few stand for themselves only.
    static let fewestClusters = 20

    /// As many independent rows as these tell the figures of a finished model by.
    ///
    /// The rows by the design effects: once the model stands, each row's outcome is news, however
    /// alike the predictors of a cluster are, so that the clusters do not bound it as they bound what
    /// can be learnt of coefficients. Of fewer than 20 clusters the smaller of the two counts.
    public var effectiveForTest: Int {
        clusters < Self.fewestClusters ? effective : byDesignEffect
    }

    private func divided(_ count: Double) -> Int {
        Int((count / (weightEffect ?? 1)).rounded(.down))
    }

    private static func correlation(_ sums: ClusterCounts, rows: Int) -> Double {
        let count = Double(rows)
        let clusters = Double(sums.rows.count { $0 > 0 })
        guard clusters > 1, count > clusters else { return 0 }
        let events = sums.events.reduce(0, +)
        var (shares, squares) = (0.0, 0.0)
        for (size, found) in zip(sums.rows, sums.events) where size > 0 {
            shares += found * found / Double(size)
            squares += Double(size) * Double(size)
        }
        let between = (shares - events * events / count) / (clusters - 1)
        let within = (events - shares) / (count - clusters)
        let size = (count - squares / count) / (clusters - 1)
        let whole = between + (size - 1) * within
        return whole > 0 ? min(max((between - within) / whole, 0), 1) : 0
    }
}

/// Rows and events of each cluster.
private struct ClusterCounts {
    var rows: [Int]
    var events: [Double]

    /// - Parameter outcome: By row; empty where it is not known.
    init(_ clusters: [Int], _ outcome: [Double]) {
        rows = [Int](repeating: 0, count: (clusters.max() ?? -1) + 1)
        events = [Double](repeating: 0, count: rows.count)
        for (row, cluster) in clusters.enumerated() {
            rows[cluster] += 1
            if !outcome.isEmpty { events[cluster] += outcome[row] }
        }
    }
}
