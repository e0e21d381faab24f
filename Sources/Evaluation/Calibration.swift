import PipelineModel

/// How far the probabilities are what happened.
///
/// Source: D. R. Cox, "Two further applications of a model for binary regression", Biometrika
/// 45 (1958). A probability of exactly 0 or 1 has no logit and counts here as 1e-15 from it.
public struct Calibration: Codable, Sendable, Equatable {
    /// Calibration in the large: the intercept of outcome ~ 1 + offset(logit p); 0 is right.
    public var inTheLarge: Interval
    /// The slope of outcome ~ 1 + logit p; 1 is right, below 1 is too extreme.
    public var slope: Assessed<Interval>
    /// The intercept that belongs to the slope.
    public var slopeIntercept: Assessed<Double>
}

extension Calibration {
    /// Logits that lie no further from their mean, as a share of it or of 1, tell no slope: what is
    /// left of their squares is rounding.
    private static let leastSpread = 1e-6

    /// Why there is no slope; `nil` where the logits tell one.
    private static func tooAlike(_ logits: [Double]) -> String? {
        guard logits.contains(where: { $0 != logits.first }) else {
            return "all probabilities are equal"
        }
        let mean = logits.reduce(0, +) / Double(logits.count)
        let spread = logits.reduce(0) { max($0, ($1 - mean).magnitude) }
        return spread > leastSpread * max(1, mean.magnitude)
            ? nil : "the probabilities differ too little to tell a slope"
    }

    /// Calibration of probabilities, by their logits, against outcomes of both kinds.
    ///
    /// Where rows are of one person, household or setting, errors are by them
    /// (`ClusterSandwich`).
    static func assess(
        logits: [Double], outcome: [Double], clusters: RowClusters? = nil
    ) -> Assessed<Calibration> {
        if clusters?.count == 1 { return .notAssessable("all rows belong together") }
        guard let large = LogisticLine.fit(logits, outcome, slopeIsFree: false) else {
            return .notAssessable("the calibration in the large did not converge")
        }
        var calibration = Calibration(
            inTheLarge: large.interval(of: 0, logits, outcome, slopeIsFree: false, clusters),
            slope: .notAssessable(""), slopeIntercept: .notAssessable(""))
        if let reason = tooAlike(logits) {
            calibration.slope = .notAssessable(reason)
            calibration.slopeIntercept = .notAssessable(reason)
        } else if let line = LogisticLine.fit(logits, outcome, slopeIsFree: true) {
            calibration.slope = .value(
                line.interval(of: 1, logits, outcome, slopeIsFree: true, clusters))
            calibration.slopeIntercept = .value(line.intercept)
        } else {
            let reason = "the calibration slope did not converge"
            calibration.slope = .notAssessable(reason)
            calibration.slopeIntercept = .notAssessable(reason)
        }
        return .value(calibration)
    }
}
