/// A point of the ROC curve: what a list down to some score would find, and at what price.
public struct RocPoint: Codable, Sendable, Equatable {
    public var falsePositiveRate: Double
    public var sensitivity: Double

    /// The curve from (0, 0) to (1, 1), thinned to steps of at least 1 in 200 on either axis.
    static func curve(_ ranking: Ranking) -> Assessed<[RocPoint]> {
        guard ranking.events > 0, ranking.others > 0 else {
            return .notAssessable(
                ranking.events == 0 ? "no row had the event" : "every row had the event")
        }
        var points = [RocPoint(falsePositiveRate: 0, sensitivity: 0)]
        var last = points[0]
        ranking.forEachTie { run in
            let found = ranking.eventsAmongFirst[run.upperBound]
            let point = RocPoint(
                falsePositiveRate: Double(run.upperBound - found) / Double(ranking.others),
                sensitivity: Double(found) / Double(ranking.events))
            if run.upperBound == ranking.count
                || point.sensitivity - last.sensitivity >= 0.005
                || point.falsePositiveRate - last.falsePositiveRate >= 0.005
            {
                points.append(point)
                last = point
            }
        }
        return .value(points)
    }
}
