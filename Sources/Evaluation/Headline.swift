/// The chief figures of some of the rows, to be set beside those of all.
public struct Headline: Codable, Sendable, Equatable {
    public var rows: Int
    public var events: Int
    public var prevalence: Double
    /// The area under the ROC curve.
    public var discrimination: Assessed<Interval>
    public var averagePrecision: Assessed<Double>
    public var brier: Assessed<Double>
    /// 1 − Brier ÷ the Brier score of the prevalence of these rows.
    public var scaledBrier: Assessed<Double>
    public var observedToExpected: Assessed<Estimate>
    public var calibration: Assessed<Calibration>
    /// The list of the same share of these rows, rounded up.
    public var list: ListQuality

    /// - Parameters:
    ///   - part: Some of the rows.
    ///   - minimum: With fewer rows with or without the event there is nothing to say.
    static func assess(_ part: RankedTable, minimum: Int) -> Assessed<Headline> {
        let ranking = part.ranking
        let fewest = min(ranking.clustersWithEvent, ranking.clustersWithout)
        let reason =
            ranking.count == 0
            ? "no row is left"
            : "fewer than \(minimum) of those rows, or of those whom they are about, with or without the event"
        return .when(ranking.count > 0 && fewest >= minimum, otherwise: reason) {
            Headline(
                rows: ranking.count, events: ranking.events,
                prevalence: Double(ranking.events) / Double(ranking.count),
                discrimination: Discrimination.area(ranking),
                averagePrecision: Discrimination.averagePrecision(ranking),
                brier: part.brier(ranking), scaledBrier: part.scaledBrier(ranking),
                observedToExpected: part.observedToExpected(ranking),
                calibration: part.calibration(ranking),
                list: ListQuality.assess(ranking, size: part.listSize))
        }
    }
}

extension EvaluationReport {
    /// The chief figures of all test rows, in the form of those that stand beside them.
    public var headline: Headline {
        Headline(
            rows: rows, events: events, prevalence: prevalence, discrimination: discrimination,
            averagePrecision: averagePrecision, brier: brier, scaledBrier: scaledBrier,
            observedToExpected: observedToExpected, calibration: calibration, list: list)
    }
}
