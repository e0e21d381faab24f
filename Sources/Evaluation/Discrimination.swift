import Foundation

/// The area under the ROC curve: the chance that a row with the event has a
/// higher score than one without, ties counting half.
enum Discrimination {
    static let tooFew = "fewer than two rows with or without the event"
    static let alike = "the two scores order the rows alike, as far as can be told"

    static let noError =
        "the two areas differ, but by as much wherever one looks, so that the rows give the difference no error"

    /// Why two areas cannot be tested whose difference has no variance.
    static func without(_ difference: Double) -> String {
        difference.magnitude < 1e-12 ? alike : noError
    }

    /// The area with DeLong's standard error, where each outcome has two rows.
    ///
    /// Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988); the
    /// placements are counted along the ranking, as X. Sun and W. Xu, IEEE Signal Processing
    /// Letters 21 (2014), do by mid-ranks.
    ///
    /// Where rows are of one person, household or setting, the error is by them
    /// (`ClusteredAreas`).
    static func area(_ ranking: Ranking) -> Assessed<Interval> {
        guard min(ranking.events, ranking.others) >= 2 else {
            return .notAssessable(
                min(ranking.events, ranking.others) == 0 && ranking.count > 0
                    ? Evaluation.oneKind(ranking) : tooFew)
        }
        if let clusters = ranking.clusters { return area(ranking, by: clusters) }
        let (events, others) = (Double(ranking.events), Double(ranking.others))
        var won = 0.0
        forEachPlacement(ranking) { tied, ofEvents, _ in won += Double(tied.events) * ofEvents }
        let area = won / events
        var (amongEvents, amongOthers) = (0.0, 0.0)
        forEachPlacement(ranking) { tied, ofEvents, ofOthers in
            amongEvents += Double(tied.events) * (ofEvents - area) * (ofEvents - area)
            amongOthers += Double(tied.others) * (ofOthers - area) * (ofOthers - area)
        }
        let variance =
            amongEvents / (events - 1) / events + amongOthers / (others - 1) / others
        return .value(
            Interval(estimate: area, standardError: variance.squareRoot(), bounds: 0...1))
    }

    /// Calls `body` for each run of equal scores with the placement of its events (the share of
    /// the others that they beat) and of its others (the share of the events that beat them).
    private static func forEachPlacement(
        _ ranking: Ranking, _ body: (_ tied: (events: Int, others: Int), Double, Double) -> Void
    ) {
        let (events, others) = (Double(ranking.events), Double(ranking.others))
        ranking.forEachTie { run in
            let above = ranking.eventsAmongFirst[run.lowerBound]
            let tied = ranking.eventsAmongFirst[run.upperBound] - above
            let othersAbove = run.lowerBound - above
            let othersTied = run.count - tied
            let othersBelow = ranking.others - othersAbove - othersTied
            body(
                (tied, othersTied), (Double(othersBelow) + Double(othersTied) / 2) / others,
                (Double(above) + Double(tied) / 2) / events)
        }
    }

    /// The placement of each row among the rows of the other outcome, by position.
    static func placements(_ ranking: Ranking) -> [Double] {
        var found: [Double] = []
        found.reserveCapacity(ranking.count)
        forEachPlacement(ranking) { tied, ofEvents, ofOthers in
            for _ in 0..<tied.events + tied.others {
                found.append(ranking.isEvent(found.count) ? ofEvents : ofOthers)
            }
        }
        return found
    }

    /// The same by row, of a ranking of all rows.
    static func placementsByRow(_ ranking: Ranking) -> [Double] {
        var found = [Double](repeating: 0, count: ranking.count)
        for (position, placement) in placements(ranking).enumerated() {
            found[ranking.rows[position]] = placement
        }
        return found
    }

    /// DeLong's test of two scores of the same rows.
    ///
    /// - Parameters:
    ///   - first: A ranking of all rows.
    ///   - second: Another ranking of the same rows.
    ///   - outcome: 0 or 1 by row.
    static func compare(
        _ first: Ranking, _ second: Ranking, outcome: [Double]
    ) -> Assessed<AreaComparison> {
        guard min(first.events, first.others) >= 2 else { return .notAssessable(tooFew) }
        if let clusters = first.clusters { return compare(first, second, by: clusters) }
        let (left, right) = (placementsByRow(first), placementsByRow(second))
        var (events, others) = (Moments(), Moments())
        for row in outcome.indices where outcome[row] == 1 { events.add(left[row], right[row]) }
        for row in outcome.indices where outcome[row] == 0 { others.add(left[row], right[row]) }
        // The areas as means over the events, whose placements they are.
        let means = (events.first / events.count, events.second / events.count)
        for row in outcome.indices where outcome[row] == 1 {
            events.spread(left[row] - means.0, right[row] - means.1)
        }
        for row in outcome.indices where outcome[row] == 0 {
            others.spread(left[row] - means.0, right[row] - means.1)
        }
        func sum(_ part: (Moments) -> Double) -> Double {
            part(events) / (events.count - 1) / events.count
                + part(others) / (others.count - 1) / others.count
        }
        let covariance = sum(\.product)
        // Of the differences themselves: the variances less twice the covariance would cancel.
        let variance = sum(\.difference)
        let difference = means.0 - means.1
        guard variance > 0 else {
            return .notAssessable(without(difference))
        }
        let error = variance.squareRoot()
        let z = difference / error
        return .value(
            AreaComparison(
                difference: Interval(estimate: difference, standardError: error, bounds: -1...1),
                covariance: covariance, z: z, pValue: erfc(z.magnitude / 2.0.squareRoot())))
    }

    private struct Moments {
        var count = 0.0
        var first = 0.0
        var second = 0.0
        var product = 0.0
        var difference = 0.0

        mutating func add(_ left: Double, _ right: Double) {
            count += 1
            first += left
            second += right
        }

        mutating func spread(_ left: Double, _ right: Double) {
            product += left * right
            difference += (left - right) * (left - right)
        }
    }

    /// The average precision: Σ (R_i − R_{i−1}) P_i over the distinct scores from the highest,
    /// with P the precision and R the sensitivity of the rows at or above each.
    ///
    /// Rows with the same score count at once. It is the area under the steps of the
    /// precision–recall curve, as scikit-learn's `average_precision_score` defines it, without
    /// interpolation.
    static func averagePrecision(_ ranking: Ranking) -> Assessed<Double> {
        guard ranking.events > 0 else { return .notAssessable("no row had the event") }
        var sum = 0.0
        ranking.forEachTie { run in
            let found = ranking.eventsAmongFirst[run.upperBound]
            let tied = found - ranking.eventsAmongFirst[run.lowerBound]
            sum += Double(tied) * Double(found) / Double(run.upperBound)
        }
        return .value(sum / Double(ranking.events))
    }
}

/// DeLong's test of two correlated areas under the ROC curve.
///
/// Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); two-sided, from the normal
/// distribution. Where rows are of one person, household or setting, the error is by them and the
/// distribution Student's (`ClusteredAreas`).
public struct AreaComparison: Codable, Sendable, Equatable {
    /// The area of the first score less that of the second, with its interval.
    public var difference: Interval
    /// The covariance of the two areas.
    public var covariance: Double
    /// The difference ÷ its standard error.
    public var z: Double
    public var pValue: Double
}
