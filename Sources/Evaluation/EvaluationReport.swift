public import PipelineModel

/// How good and how fair a set of scores is: evidence for the people who sign.
///
/// Its JSON is described by docs/schemas/evaluation.schema.json.
public struct EvaluationReport: Codable, Sendable, Equatable {
    /// One fold or period by itself.
    public struct Fold: Codable, Sendable, Equatable {
        public var fold: Int32
        public var rows: Int
        public var events: Int
        public var discrimination: Assessed<Interval>
        public var observedToExpected: Assessed<Estimate>
    }

    /// The version of the stored form.
    public static let formatVersion = 3

    public var format: Int
    public var rows: Int
    public var events: Int
    /// What the rows are about; absent where they are about people.
    public var unit: UnitKind?
    /// Different people, households or settings among the rows; absent where the table does not
    /// say which they are.
    public var people: Int?
    /// Households that keep rows of different people together, people without one counted by
    /// themselves; absent where rows of different people count as independent.
    public var households: Int?
    /// Those of them who stand among the rows of the fit too, with another spell or as-of date.
    ///
    /// What the model learnt of them may flatter it. Absent where nothing was fitted here.
    public var peopleAlsoTrainedOn: Int?
    /// The column by which the fit weighted its rows, whom each stands for.
    ///
    /// In every figure here a row counts once, since a list is made of the rows as they are; absent
    /// where the fit did not weight.
    public var fitWeights: String?
    /// Households of the test rows of whose members the fit saw rows, those of others who lived there
    /// included; absent where rows of different people count as independent, or nothing was fitted.
    public var householdsAlsoTrainedOn: Int?
    /// The chief figures of the rows of all others, who neither stand among the rows of the fit nor
    /// live with somebody who does; absent where there are none of the former.
    public var withoutPeopleOfTheFit: Assessed<Headline>?
    /// The same specification with nobody on both sides; absent where nobody asked for it.
    public var personSplit: PersonSplit?
    /// The rows for which the outcome cannot happen, and the figures of the others; absent where the
    /// specification names none.
    public var cannotHappen: CannotHappen?
    /// How often the test labels of this model were read; absent where nobody counts.
    public var openings: Openings?
    /// The margins set before the labels were read, and how they were met; absent where the
    /// specification sets none.
    public var acceptance: AcceptanceReport?
    /// Below this count a group's figure is not assessable.
    public var minimumCount: Int
    public var prevalence: Double
    public var meanProbability: Assessed<Double>
    /// Rows whose probability is exactly 0 or 1.
    public var certainProbabilities: Int
    /// The area under the ROC curve.
    public var discrimination: Assessed<Interval>
    /// Σ (R_i − R_{i−1}) P_i over the distinct scores, without interpolation.
    public var averagePrecision: Assessed<Double>
    public var roc: Assessed<[RocPoint]>
    public var histogram: ScoreHistogram
    /// The mean of (outcome − probability)².
    public var brier: Assessed<Double>
    /// 1 − Brier ÷ the Brier score of the prevalence; 0 is no better than a constant.
    public var scaledBrier: Assessed<Double>
    /// The Brier score in its parts.
    public var brierParts: Assessed<BrierDecomposition>
    public var observedToExpected: Assessed<Estimate>
    public var calibration: Assessed<Calibration>
    public var calibrationCurve: Assessed<CalibrationCurve>
    public var tenths: [Tenth]
    /// The model's list at its size.
    public var list: ListQuality
    /// The list that the service's present rule would make, of the same size.
    public var baselineList: Assessed<ListQuality>
    /// The area under the ROC curve of the present rule.
    public var baselineDiscrimination: Assessed<Interval>
    public var baselineRoc: Assessed<[RocPoint]>
    /// The model's area against that of the present rule.
    public var againstBaseline: Assessed<AreaComparison>
    /// Lists of fixed shares of the rows.
    public var lists: [ListAtShare]
    /// Another score of the same rows beside this one; absent where there is none.
    public var secondScore: SecondScore?
    public var decisionCurve: Assessed<DecisionCurve>
    /// Intervals by drawing whole people, households or settings anew.
    public var bootstrap: Assessed<ClusterBootstrap>
    /// By grouping and level, in the order of the table.
    public var groups: [GroupFairness]
    /// By pair of groupings.
    public var intersections: [GroupIntersections]
    /// How often each input was missing, by group; absent where nobody looked.
    public var missingInputs: [SharesByGroup]?
    /// How many people, households or settings were found in each further source, by group; absent
    /// where nobody looked.
    public var linkedSources: [SharesByGroup]?
    /// The score and the inputs against the rows of the fit; absent where nothing was fitted.
    public var stability: StabilityReport?
    /// By ascending fold, where there is more than one.
    public var folds: [Fold]
    /// The model beside the present rule in each fold, with the regret of either; absent where
    /// there is one fold or no present rule.
    public var periods: PeriodRegret?
    /// What came of fitting anew on resampled rows of the fit; absent where nobody asked for it.
    public var refits: Refits?
    /// What would have come of fitting anew at each of several dates; absent where nobody asked
    /// for it.
    public var rollingOrigin: Assessed<RollingOrigin>?

    /// How the rows of these figures count where those of the fit were weighted; `nil` where they were
    /// not.
    public var weightsWords: String? {
        fitWeights.map {
            "The fit weighted its rows by “\($0)”, whom each stands for. In every figure here a row counts once, since a list is made of the rows as they are: the figures, calibration among them, are of these rows and not of those whom the weights stand for."
        }
    }

    /// Fits of the whole procedure, with its tuning, on other rows.
    public struct Refits: Codable, Sendable, Equatable {
        /// How much better the model looks on the rows of the fit than it is.
        public var optimism: Assessed<Optimism>
        /// How far the list of the test rows stays the same.
        public var listStability: Assessed<ListStability>
        /// How the test figures grow with the rows of the fit.
        public var learningCurve: Assessed<LearningCurve>
        /// What tuning and selection chose each time; absent where the fit chooses nothing.
        public var tuning: Assessed<Tuning>?

        public init(
            optimism: Assessed<Optimism>, listStability: Assessed<ListStability>,
            learningCurve: Assessed<LearningCurve>, tuning: Assessed<Tuning>? = nil
        ) {
            self.optimism = optimism
            self.listStability = listStability
            self.learningCurve = learningCurve
            self.tuning = tuning
        }
    }
}
