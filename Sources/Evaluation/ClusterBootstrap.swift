import PipelineModel

/// Intervals by drawing whole people, households or settings anew, for rows that are not
/// independent of each other, and for figures that have no other interval.
///
/// As many clusters as there are are drawn with replacement, each with all its rows; the bounds
/// are the 2.5 and 97.5 % quantiles of the figure over the draws. Source: A. C. Davison and D. V.
/// Hinkley, "Bootstrap Methods and their Application" (1997), 3.8 and 5.3. The scores stay as
/// they are: what is measured is the chance of the sample, not that of another fit.
///
/// A list of a draw has the same share of its rows, ties by their mean. The index of calibration is
/// of curves with the knots of the whole, over some 200 bins of chances; it cannot be below 0,
/// so that each draw adds chance to it and its bounds lie too high: they reach to the figure at
/// least.
public struct ClusterBootstrap: Codable, Sendable, Equatable {
    /// What the numbers are drawn from.
    public static let seed: UInt64 = 20_250_101

    /// A list of a share of the rows.
    public struct List: Codable, Sendable, Equatable {
        public var share: Double
        public var precision: Assessed<Estimate>
        public var sensitivity: Assessed<Estimate>
        public var lift: Assessed<Estimate>
    }

    /// At one threshold of the decision curve.
    public struct NetBenefit: Codable, Sendable, Equatable {
        public var threshold: Double
        public var model: Assessed<Estimate>
        /// The model less the present rule, which flags as many.
        public var abovePresentRule: Assessed<Estimate>
    }

    public var resamples: Int
    public var seed: UInt64
    /// How many people, households or settings the rows are of.
    public var clusters: Int
    /// Resamples in which a figure could not be worked out, for want of one outcome.
    public var withoutFigure: Int
    public var discrimination: Assessed<Estimate>
    public var averagePrecision: Assessed<Estimate>
    public var brier: Assessed<Estimate>
    public var scaledBrier: Assessed<Estimate>
    /// ICI.
    public var integratedIndex: Assessed<Estimate>
    /// Of the list of the same share of the rows, ties by their mean.
    public var precision: Assessed<Estimate>
    public var sensitivity: Assessed<Estimate>
    public var lift: Assessed<Estimate>
    /// By ascending share.
    public var lists: [List]
    /// By ascending threshold; empty where the table has no probabilities.
    public var netBenefit: [NetBenefit]

    /// How many resamples a table of so many rows has: 200 to 1,000, the fewer the larger it is.
    static func resamples(rows: Int) -> Int { min(max(20_000_000 / max(rows, 1), 200), 1_000) }

    static func assess(
        _ table: RankedTable, resamples asked: Int? = nil,
        curve: Assessed<CalibrationCurve> = .notAssessable(Evaluation.noProbability)
    ) -> Assessed<ClusterBootstrap> {
        let resamples = asked ?? resamples(rows: table.ranking.count)
        guard resamples > 0 else { return .notAssessable("no resample was asked for") }
        guard table.ranking.events > 0, table.ranking.others > 0 else {
            return .notAssessable(Evaluation.oneKind(table.ranking))
        }
        var draws = ClusterDraws(table, hasCurve: curve.value != nil)
        let plural = (table.table.together.isEmpty ? table.table.unit : .household).plural
        guard draws.clusters >= 20 else {
            return .notAssessable("fewer than 20 different \(plural)")
        }
        let resampled = ClusterResamples(
            clusters: draws.clusters, count: resamples, label: "cluster bootstrap")
        let apparent = draws.figures([Int32](repeating: 1, count: draws.clusters)) ?? []
        var drawn = [[Double]](repeating: [], count: apparent.count)
        var found = 0
        resampled.forEach { weights in
            guard let figures = draws.figures(weights) else { return }
            found += 1
            for (index, figure) in figures.enumerated() where figure.isFinite {
                drawn[index].append(figure)
            }
        }
        func estimate(_ index: Int) -> Assessed<Estimate> {
            resampled.estimate(apparent[index], drawn[index])
        }
        let places = draws.places
        func ofProbability(_ index: Int) -> Assessed<Estimate> {
            table.table.probability.isEmpty
                ? .notAssessable(Evaluation.noProbability) : estimate(index)
        }
        let index = curve.flatMap { curve in
            estimate(places.index).map { drawn in
                var exact = drawn
                exact.estimate = curve.integratedIndex
                exact.lower = min(drawn.lower, exact.estimate)
                exact.upper = max(drawn.upper, exact.estimate)
                return exact
            }
        }
        func list(_ number: Int) -> [Assessed<Estimate>] {
            (0..<3).map { estimate(places.list(number) + $0) }
        }
        let own = list(0)
        return .value(
            ClusterBootstrap(
                resamples: resamples, seed: seed, clusters: draws.clusters,
                withoutFigure: resamples - found, discrimination: estimate(places.area),
                averagePrecision: estimate(places.averagePrecision),
                brier: ofProbability(places.brier),
                scaledBrier: ofProbability(places.scaledBrier), integratedIndex: index,
                precision: own[0], sensitivity: own[1], lift: own[2],
                lists: ListAtShare.thousandths.enumerated().map { number, thousandths in
                    let figures = list(number + 1)
                    return List(
                        share: Double(thousandths) / 1000, precision: figures[0],
                        sensitivity: figures[1], lift: figures[2])
                },
                netBenefit: table.table.probability.isEmpty
                    ? []
                    : AcceptanceMargins.thresholds.enumerated().map { number, threshold in
                        NetBenefit(
                            threshold: threshold, model: estimate(places.benefit(number)),
                            abovePresentRule: table.baseline == nil
                                ? .notAssessable(Evaluation.noPresentRule)
                                : estimate(places.above(number)))
                    }))
    }
}
