import PipelineModel

/// How often the event came at each probability, smoothed, and how far that is from the
/// probability.
///
/// The curve is a logistic regression of the outcome on a natural cubic spline of logit p with
/// Harrell's knots, its band that of the delta method, on the logit, with errors by clusters where
/// rows are of one person, household or setting. Source of the indices: P. C.
/// Austin and E. W. Steyerberg, "The integrated calibration index (ICI) and related metrics",
/// Statistics in Medicine 38 (2019), who smooth by loess or by such a spline.
public struct CalibrationCurve: Codable, Sendable, Equatable {
    /// Of each outcome, fewer rows carry no curve.
    static let fewestOfEither = 25
    static let points = 51

    /// A place on the curve.
    public struct Point: Codable, Sendable, Equatable {
        public var probability: Double
        /// How often the event came there, with its 95 % band.
        public var observed: Estimate
    }

    /// The knots, as probabilities.
    public var knots: [Double]
    /// Rows with a probability of exactly 0 or 1, which are left out: their logit is infinite.
    public var leftOut: Int
    /// ICI: the mean distance between curve and probability over the rows.
    public var integratedIndex: Double
    /// E50: the median distance.
    public var medianDistance: Double
    /// E90: the distance that nine rows in ten stay within.
    public var ninetiethDistance: Double
    /// Emax: the largest distance at any row.
    public var largestDistance: Double
    /// At even steps from the lowest probability to the highest.
    public var curve: [Point]

    /// - Parameters:
    ///   - ranking: By probability.
    ///   - probability: By row.
    ///   - logits: The same as logits.
    ///   - outcome: 0 or 1 by row.
    static func assess(
        _ ranking: Ranking, probability: [Double], logits: [Double], outcome: [Double]
    ) -> Assessed<CalibrationCurve> {
        let kept = ranking.only { probability[$0] > 0 && probability[$0] < 1 }
        guard min(kept.events, kept.others) >= fewestOfEither else {
            return .notAssessable(
                "fewer than \(fewestOfEither) rows with or without the event whose probability is between 0 and 1"
            )
        }
        guard let spline = spline(kept, logits: logits) else {
            return .notAssessable("the probabilities take too few values for a curve")
        }
        var design: [Double] = []
        design.reserveCapacity(kept.count * spline.columns)
        for row in kept.rows { design.append(contentsOf: spline.row(logits[row])) }
        let happened = kept.rows.map { outcome[$0] }
        guard
            var fit = SmallLogisticFit.fit(design, columns: spline.columns, outcome: happened)
        else { return .notAssessable("the spline could not be fitted to so few values") }
        if let clusters = kept.clusters, clusters.count > 1 {
            fit = fit.covariance(by: clusters, design, outcome: happened)
        }
        var distances: [Double] = []
        distances.reserveCapacity(kept.count)
        for (position, row) in kept.rows.enumerated() {
            var linear = 0.0
            for column in 0..<spline.columns {
                linear += design[position * spline.columns + column] * fit.coefficients[column]
            }
            distances.append((Logistic.probability(linear) - probability[row]).magnitude)
        }
        let mean = distances.reduce(0, +) / Double(distances.count)
        distances.sort()
        return .value(
            CalibrationCurve(
                knots: spline.knots.map(Logistic.probability),
                leftOut: ranking.count - kept.count, integratedIndex: mean,
                medianDistance: Quantile.type7(0.5, of: distances),
                ninetiethDistance: Quantile.type7(0.9, of: distances),
                largestDistance: distances[distances.count - 1],
                curve: points(kept, spline, fit)))
    }

    /// The spline of a curve over some rows.
    static func spline(_ kept: Ranking, logits: [Double]) -> CubicSpline? {
        CubicSpline(quantilesOf: { share in
            Quantile.type7(share, count: kept.count) { logits[kept.rows[kept.count - 1 - $0]] }
        })
    }

    private static func points(
        _ ranking: Ranking, _ spline: CubicSpline, _ fit: SmallLogisticFit
    ) -> [Point] {
        let quantile =
            ranking.clusters.map { StudentDistribution.upper($0.count - 1) }
            ?? Interval.normalQuantile
        let (low, high) = (ranking.score[ranking.count - 1], ranking.score[0])
        return (0..<points).map { step in
            let share = Double(step) / Double(points - 1)
            let probability =
                step == points - 1 ? high : min(low + share * (high - low), high)
            let (linear, error) = fit.predict(spline.row(Logistic.logit(probability)))
            let reach = quantile * error
            return Point(
                probability: probability,
                observed: Estimate(
                    Logistic.probability(linear), lower: Logistic.probability(linear - reach),
                    upper: Logistic.probability(linear + reach)))
        }
    }
}
