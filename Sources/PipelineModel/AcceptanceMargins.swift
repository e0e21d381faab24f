/// What a model must reach on its test rows, set in its specification before their labels are
/// read.
public struct AcceptanceMargins: Sendable, Equatable {
    /// A figure of all rows, by the word that `model.yaml` uses.
    public enum Figure: String, Sendable, CaseIterable, Codable {
        case auroc
        case averagePrecision = "average_precision"
        case scaledBrier = "scaled_brier"
        case calibrationInTheLarge = "calibration_in_the_large"
        case calibrationSlope = "calibration_slope"
        case observedToExpected = "observed_to_expected"
        case integratedCalibrationIndex = "integrated_calibration_index"
        case precisionAtList = "precision_at_list"
        case sensitivityAtList = "sensitivity_at_list"
        case liftAtList = "lift_at_list"
    }

    /// A figure of each group; a ratio is to the same figure of all rows.
    public enum GroupFigure: String, Sendable, CaseIterable, Codable {
        case auroc
        case calibrationSlope = "calibration_slope"
        case observedToExpected = "observed_to_expected"
        case falseNegativeRateRatio = "false_negative_rate_ratio"
        case falsePositiveRateRatio = "false_positive_rate_ratio"
        case positivePredictiveValueRatio = "positive_predictive_value_ratio"
        /// The share of the list ÷ the share of all rows.
        case representation
    }

    /// The thresholds at which a decision curve is drawn: 0.1, 0.2 and 0.5 %, each whole per cent
    /// up to 50, then each tenth.
    public static let thresholds =
        [0.001, 0.002, 0.005] + (1...50).map { Double($0) / 100 } + (6...9).map { Double($0) / 10 }

    /// What of a figure is held against its margin.
    public enum Reading: String, Sendable, CaseIterable, Codable {
        /// The estimate alone.
        case estimate
        /// The whole 95 % interval: met where it is within, not met where it is outside, undecided
        /// where it is both.
        case interval
    }

    /// The least and the most that a figure may be; at least one of them is there.
    public struct Margin<Of: Sendable & Equatable>: Sendable, Equatable {
        public var figure: Of
        public var least: Double?
        public var most: Double?

        public init(_ figure: Of, least: Double? = nil, most: Double? = nil) {
            self.figure = figure
            self.least = least
            self.most = most
        }
    }

    public var overall: [Margin<Figure>]
    public var byGroup: [Margin<GroupFigure>]
    /// Thresholds at which the net benefit must be above that of the present rule.
    public var netBenefitAbovePresentRule: [Double]
    public var reading: Reading
    /// A group with fewer events is not judged, but for its representation on the list.
    public var minimumEvents: Int

    public init(
        overall: [Margin<Figure>] = [], byGroup: [Margin<GroupFigure>] = [],
        netBenefitAbovePresentRule: [Double] = [], reading: Reading = .interval,
        minimumEvents: Int = 10
    ) {
        self.reading = reading
        self.minimumEvents = minimumEvents
        self.overall = overall
        self.byGroup = byGroup
        self.netBenefitAbovePresentRule = netBenefitAbovePresentRule
    }
}
