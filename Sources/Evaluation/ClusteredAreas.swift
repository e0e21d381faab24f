/// The variance of areas under the ROC curve, and of their difference, where rows of one person,
/// household or setting depend on each other.
///
/// With X the placements of the rows with the event and Y those of the others, X_c and Y_c their
/// sums over the m_c and n_c rows of cluster c, and M and N all such rows, the variance of an area A
/// is S10 ÷ M + S01 ÷ N + 2 S11 ÷ (M N), with
/// S10 = I₁ ÷ ((I₁ − 1) M) Σ (X_c − m_c A)² over the I₁ clusters with an event,
/// S01 = I₀ ÷ ((I₀ − 1) N) Σ (Y_c − n_c A)² over the I₀ clusters with another row, and
/// S11 = I ÷ (I − 1) Σ (X_c − m_c A)(Y_c − n_c A) over all I. Source: N. A. Obuchowski,
/// "Nonparametric analysis of clustered ROC curve data", Biometrics 53 (1997). Where each cluster
/// has one row it is DeLong's. Intervals are by Student's distribution with one degree of freedom
/// less than the smaller of I₁ and I₀, and so is the test.
struct ClusteredAreas {
    let area: Double
    let otherArea: Double
    let variance: Double
    let covariance: Double
    let varianceOfDifference: Double
    /// Of Student's distribution.
    let degrees: Int

    /// - Parameters:
    ///   - ranking: Whose positions the placements are by, with clusters.
    ///   - clusters: Of the ranking.
    ///   - placements: By position: the share of the rows of the other outcome that are beaten, for
    ///     a row with the event, and that beat it, for another.
    ///   - others: The same of a second score of the same rows; empty where there is none.
    /// - Returns: `nil` where the rows of one outcome are of fewer than two clusters.
    init?(
        _ ranking: Ranking, _ clusters: RowClusters, placements: [Double], others: [Double] = []
    ) {
        guard min(clusters.withEvent, clusters.withoutEvent) >= 2 else { return nil }
        let (events, rest) = (Double(ranking.events), Double(ranking.others))
        var means = (0.0, 0.0)
        for position in placements.indices where ranking.isEvent(position) {
            means.0 += placements[position]
            if !others.isEmpty { means.1 += others[position] }
        }
        means = (means.0 / events, means.1 / events)
        // Of each cluster: of rows with the event and of others, in the first score and the second.
        var sums = [SIMD4<Double>](repeating: SIMD4(), count: clusters.count)
        for position in placements.indices {
            let cluster = Int(clusters.number[position])
            let lane = ranking.isEvent(position) ? 0 : 1
            sums[cluster][lane] += placements[position] - means.0
            if !others.isEmpty { sums[cluster][lane + 2] += others[position] - means.1 }
        }
        func factor(_ count: Int) -> Double { Double(count) / Double(count - 1) }
        let factors = (
            factor(clusters.withEvent) / (events * events),
            factor(clusters.withoutEvent) / (rest * rest),
            factor(clusters.count) / (events * rest)
        )
        /// The covariance of what two pairs of sums are of.
        func moment(
            _ left: (SIMD4<Double>) -> (Double, Double),
            _ right: (SIMD4<Double>) -> (Double, Double)
        ) -> Double {
            var (ofEvents, ofOthers, across) = (0.0, 0.0, 0.0)
            for sum in sums {
                let (first, second) = (left(sum), right(sum))
                ofEvents += first.0 * second.0
                ofOthers += first.1 * second.1
                across += first.0 * second.1 + first.1 * second.0
            }
            let sum = factors.0 * ofEvents + factors.1 * ofOthers + factors.2 * across
            // Where a cluster's rows with and without the event cancel, only rounding is left.
            let size = factors.0 * ofEvents.magnitude + factors.1 * ofOthers.magnitude
            return sum.magnitude <= 1e-13 * size ? 0 : sum
        }
        let first = { (sum: SIMD4<Double>) in (sum[0], sum[1]) }
        let second = { (sum: SIMD4<Double>) in (sum[2], sum[3]) }
        // Of the differences themselves: the variances less twice the covariance would cancel.
        let apart = { (sum: SIMD4<Double>) in (sum[0] - sum[2], sum[1] - sum[3]) }
        area = means.0
        otherArea = means.1
        variance = moment(first, first)
        covariance = moment(first, second)
        varianceOfDifference = moment(apart, apart)
        degrees = min(clusters.withEvent, clusters.withoutEvent) - 1
    }
}

extension Discrimination {
    static let tooFewClusters =
        "rows with or without the event of \(ClusterCount.fewer(than: 2))"

    /// The area with its interval by clusters.
    static func area(_ ranking: Ranking, by clusters: RowClusters) -> Assessed<Interval> {
        guard
            let areas = ClusteredAreas(
                ranking, clusters, placements: placements(ranking))
        else { return .notAssessable(tooFewClusters) }
        return .value(
            Interval(
                // Rounding can leave a variance of nothing just below nothing.
                estimate: areas.area, standardError: max(areas.variance, 0).squareRoot(),
                bounds: 0...1,
                degrees: areas.degrees, method: .clusteredDeLong))
    }

    /// The test of two scores of the same rows by clusters.
    static func compare(
        _ first: Ranking, _ second: Ranking, by clusters: RowClusters
    ) -> Assessed<AreaComparison> {
        let byRow = placementsByRow(second)
        guard
            let areas = ClusteredAreas(
                first, clusters, placements: placements(first),
                others: first.rows.map { byRow[$0] })
        else { return .notAssessable(tooFewClusters) }
        let difference = areas.area - areas.otherArea
        guard areas.varianceOfDifference > 0 else {
            return .notAssessable(without(difference))
        }
        let error = areas.varianceOfDifference.squareRoot()
        let z = difference / error
        return .value(
            AreaComparison(
                difference: Interval(
                    estimate: difference, standardError: error, bounds: -1...1,
                    degrees: areas.degrees, method: .clusteredDeLong),
                covariance: areas.covariance, z: z,
                pValue: StudentDistribution.twoSided(z, areas.degrees)))
    }
}
