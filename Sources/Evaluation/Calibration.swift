import PipelineModel

/// How far the probabilities are what happened.
public struct Calibration: Codable, Sendable, Equatable {
    /// Calibration in the large: the intercept of outcome ~ 1 + offset(logit p); 0 is right.
    public var inTheLarge: Interval
    /// The slope of outcome ~ 1 + logit p; 1 is right, below 1 is too extreme.
    public var slope: Assessed<Interval>
    /// The intercept that belongs to the slope.
    public var slopeIntercept: Assessed<Double>
}

/// Observed against expected in one tenth of the rows, by ascending probability.
public struct Tenth: Codable, Sendable, Equatable {
    public var rows: Int
    public var observed: Int
    public var expected: Double
    public var lowestProbability: Double
    public var highestProbability: Double
    public var observedToExpected: Assessed<Double>
}

extension Calibration {
    /// Calibration of probabilities against outcomes of both kinds.
    static func assess(probability: [Double], outcome: [Double]) -> Assessed<Calibration> {
        let logits = probability.map(Logistic.logit)
        guard let large = fit(logits, outcome, slopeIsFree: false) else {
            return .notAssessable("the calibration in the large did not converge")
        }
        let inTheLarge = Interval(estimate: large.intercept, standardError: large.interceptError)
        guard logits.contains(where: { $0 != logits.first }) else {
            let reason = "all probabilities are equal"
            return .value(
                Calibration(
                    inTheLarge: inTheLarge, slope: .notAssessable(reason),
                    slopeIntercept: .notAssessable(reason)))
        }
        guard let line = fit(logits, outcome, slopeIsFree: true) else {
            let reason = "the calibration slope did not converge"
            return .value(
                Calibration(
                    inTheLarge: inTheLarge, slope: .notAssessable(reason),
                    slopeIntercept: .notAssessable(reason)))
        }
        return .value(
            Calibration(
                inTheLarge: inTheLarge,
                slope: .value(Interval(estimate: line.slope, standardError: line.slopeError)),
                slopeIntercept: .value(line.intercept)))
    }

    private struct Line {
        var intercept = 0.0
        var slope = 1.0
        var interceptError = 0.0
        var slopeError = 0.0
    }

    /// Newton's method for outcome ~ intercept + slope · logit, the slope held at 1
    /// where it is not free; `nil` where it does not converge.
    private static func fit(_ logits: [Double], _ outcome: [Double], slopeIsFree: Bool) -> Line? {
        var line = Line()
        var likelihood = logLikelihood(line, logits, outcome)
        for _ in 0..<100 {
            var (g0, g1, h00, h01, h11) = (0.0, 0.0, 0.0, 0.0, 0.0)
            for (logit, observed) in zip(logits, outcome) {
                let expected = Logistic.probability(line.intercept + line.slope * logit)
                let information = expected * (1 - expected)
                g0 += observed - expected
                g1 += (observed - expected) * logit
                h00 += information
                h01 += information * logit
                h11 += information * logit * logit
            }
            if !slopeIsFree { (g1, h01, h11) = (0, 0, 1) }
            let determinant = h00 * h11 - h01 * h01
            guard determinant > 0 else { return nil }
            let step = (
                (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
            )
            line.interceptError = (h11 / determinant).squareRoot()
            line.slopeError = (h00 / determinant).squareRoot()
            if (g0 * step.0 + g1 * step.1).magnitude < 1e-18 {
                return line.interceptError.isFinite && line.slopeError.isFinite ? line : nil
            }
            var share = 1.0
            for _ in 0..<30 {
                var next = line
                next.intercept += share * step.0
                next.slope += share * step.1
                let value = logLikelihood(next, logits, outcome)
                if value.isFinite && value >= likelihood - 1e-12 * (likelihood.magnitude + 1) {
                    (line, likelihood) = (next, value)
                    break
                }
                share /= 2
            }
        }
        return nil
    }

    private static func logLikelihood(
        _ line: Line, _ logits: [Double], _ outcome: [Double]
    ) -> Double {
        zip(logits, outcome).reduce(0) { sum, row in
            let linear = line.intercept + line.slope * row.0
            return sum - Logistic.softplus(row.1 == 1 ? -linear : linear)
        }
    }
}

extension Tenth {
    /// The tenths of all rows by ascending probability, ties by ascending row; the
    /// boundaries are at ⌊i n ÷ 10⌋.
    static func all(probability: [Double], outcome: [Double]) -> [Tenth] {
        let count = probability.count
        let order = probability.indices.sorted { (probability[$0], $0) < (probability[$1], $1) }
        return (0..<10).compactMap { part in
            let rows = order[part * count / 10..<(part + 1) * count / 10]
            guard let first = rows.first, let last = rows.last else { return nil }
            let expected = rows.reduce(0) { $0 + probability[$1] }
            let observed = rows.count { outcome[$0] == 1 }
            return Tenth(
                rows: rows.count, observed: observed, expected: expected,
                lowestProbability: probability[first], highestProbability: probability[last],
                observedToExpected: .when(expected > 0, otherwise: "no event is expected") {
                    Double(observed) / expected
                })
        }
    }
}
