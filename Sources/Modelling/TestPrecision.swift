import Foundation

/// What a test set can tell at best: the standard errors that its size allows.
///
/// Source: R. D. Riley and others, "Minimum sample size for external validation of a clinical
/// prediction model with a binary outcome", Statistics in Medicine 40 (2021). They let the linear
/// predictor be normal among rows with the event and among those without, here with one variance
/// σ², where σ = √2 Φ⁻¹(area) and the means lie σ² apart around the log odds of the prevalence: then
/// a logistic model is exactly calibrated.
public struct TestPrecision: Codable, Sendable, Equatable {
    /// Test rows; where rows depend on each other, as many as they stand for.
    public var rows: Int
    /// As many of them as the share of events makes: an expectation, and no count.
    public var events: Double
    /// What ``rows`` was worked out from, where rows are of one person, household or setting; absent
    /// where each stands alone, and in a fit of an earlier version.
    public var clustering: EffectiveRows?
    /// The half-width of the 95 % interval of the area under the ROC curve.
    ///
    /// Source: R. G. Newcombe, "Confidence intervals for an effect size measure based on the
    /// Mann–Whitney statistic", Statistics in Medicine 25 (2006), method 4, as in Riley and others.
    public var discrimination: Double
    /// The ratio of the ends of the 95 % interval of observed ÷ expected to its middle, less 1.
    public var observedToExpected: Double
    /// The half-width of the 95 % interval of the calibration slope of a model that is calibrated;
    /// absent in a fit of an earlier version.
    ///
    /// 1.96 √(I₀ ÷ (n (I₀ I₂ − I₁²))), I_k being the mean of xᵏ p (1 − p) over the linear predictor
    /// x (Riley and others, criterion 2).
    public var calibrationSlope: Double?
    /// The half-width of the 95 % interval of the net benefit divided by the prevalence, where all
    /// above the prevalence are offered something; absent as above.
    ///
    /// 1.96 √((s (1 − s) ÷ φ + v² c (1 − c) ÷ (1 − φ) + v² (1 − c)² ÷ (φ (1 − φ))) ÷ n) with
    /// sensitivity s, specificity c and v = (1 − φ) ÷ φ × t ÷ (1 − t), which is 1 at the threshold
    /// t = φ (Riley and others, criterion 4).
    public var netBenefit: Double?

    private static let quantile = 1.959963984540054

    /// - Parameters:
    ///   - rows: Test rows.
    ///   - events: Rows of them with the event, 1 or more and fewer than all.
    ///   - anticipatedArea: The area under the ROC curve that is expected, above 0.5 and below 1.
    /// - Returns: `nil` where the rows are all of one kind.
    public init?(rows: Int, events: Int, anticipatedArea: Double = 0.75) {
        self.init(
            rows: rows, share: Double(events) / Double(max(rows, 1)),
            anticipatedArea: anticipatedArea)
    }

    /// - Parameters:
    ///   - rows: As many independent rows as those of the test stand for
    ///     (``EffectiveRows/effectiveForTest``).
    ///   - share: The share of events that is expected among them.
    ///   - anticipatedArea: The area under the ROC curve that is expected, above 0.5 and below 1.
    /// - Returns: `nil` where there is no row or the share is not between 0 and 1, or so small that
    ///   a bound is beyond all numbers.
    public init?(rows: Int, share: Double, anticipatedArea: Double = 0.75) {
        guard rows > 0, share > 0, share < 1 else { return nil }
        let (count, area) = (Double(rows), anticipatedArea)
        self.rows = rows
        events = share * count
        let half = count / 2 - 1
        let above = half * ((1 - area) / (2 - area))
        let below = half * area / (1 + area)
        let pairs = count * count * share * (1 - share)
        let variance = area * (1 - area) * (1 + above + below) / pairs
        discrimination = Self.quantile * variance.squareRoot()
        // The standard error of log(O ÷ E) is √((1 − φ) ÷ events).
        observedToExpected =
            exp(Self.quantile * ((1 - share) / events).squareRoot()) - 1
        guard observedToExpected.isFinite else { return nil }
        guard area > 0.5, area < 1 else { return }
        let spread = 2.0.squareRoot() * Self.normalQuantile(area)
        calibrationSlope =
            Self.quantile * (Self.slopeVariance(share, spread) / count).squareRoot()
        // Both means are σ ÷ 2 standard deviations from the log odds of the prevalence.
        let right = 0.5 * erfc(-spread / 2 / 2.0.squareRoot())
        let benefit =
            right * (1 - right) * (1 / share + 1 / (1 - share))
            + (1 - right) * (1 - right) / (share * (1 - share))
        netBenefit = Self.quantile * (benefit / count).squareRoot()
    }

    /// I₀ ÷ (I₀ I₂ − I₁²), about the log odds of the prevalence, which moves the intercept alone.
    ///
    /// By the trapezium rule over ten standard deviations, which for such curves is exact to the
    /// last digits.
    private static func slopeVariance(_ share: Double, _ spread: Double) -> Double {
        let centre = log(share / (1 - share))
        let steps = 2_000
        let width = 20 * spread / Double(steps)
        var moments = (0.0, 0.0, 0.0)
        for step in 0...steps {
            let offset = -10 * spread + Double(step) * width
            func density(_ mean: Double) -> Double {
                let z = (offset - mean) / spread
                return exp(-z * z / 2) / (spread * (2 * Double.pi).squareRoot())
            }
            let likely =
                share * density(spread * spread / 2)
                + (1 - share) * density(-spread * spread / 2)
            let small = exp(-(centre + offset).magnitude)
            let weight = likely * width * small / ((1 + small) * (1 + small))
            moments.0 += weight
            moments.1 += weight * offset
            moments.2 += weight * offset * offset
        }
        return moments.0 / (moments.0 * moments.2 - moments.1 * moments.1)
    }

    /// Φ⁻¹ of a share from 0.5 to 1, by bisection.
    private static func normalQuantile(_ share: Double) -> Double {
        var (low, high) = (0.0, 40.0)
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < share {
                low = middle
            } else {
                high = middle
            }
        }
        return (low + high) / 2
    }
}
