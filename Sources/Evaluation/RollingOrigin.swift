/// What would have come of fitting the model anew at each of several dates, its origins.
///
/// At an origin the specification is fitted on the rows whose outcome was known before it, and
/// tested on the rows of the period that begins there, as a service that refits would have used
/// it. Beside it stand what was fitted at the first origin and kept, the model of this evaluation
/// where its own fit saw nothing that was not known by then, and the present rule. Source: L. J.
/// Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting
/// 16 (2000).
///
/// The regret of a contestant at an origin is the largest figure that any of them has there less
/// its own: what it would have cost to have chosen it. The largest of several uncertain figures
/// is too large on average, so that a little regret is to be expected of the best choice too; the
/// interval of the difference from the refitted model stands beside it. Labels are as they are
/// known on the day of the evaluation.
public struct RollingOrigin: Codable, Sendable, Equatable {
    /// What is compared at an origin.
    public enum Contestant: String, Codable, Sendable, CaseIterable {
        /// The specification, fitted at this origin.
        case refitted
        /// What was fitted at the first origin, and kept.
        case firstFit = "first_fit"
        /// The model that this evaluation is of.
        case model
        /// What the service does today.
        case presentRule = "present_rule"
    }

    /// What regret is of; more is better.
    public enum Figure: String, Codable, Sendable, CaseIterable {
        case auroc
        /// The precision of the list, ties by their mean.
        case precisionAtList = "precision_at_list"
        case netBenefit = "net_benefit"
    }

    /// One contestant at one origin.
    public struct Result: Codable, Sendable, Equatable {
        public var contestant: Contestant
        public var discrimination: Assessed<Interval>
        public var calibration: Assessed<Calibration>
        /// The list of the origin's size.
        public var list: Assessed<ListQuality>
        /// At the threshold; the present rule flags as many as the refitted model does there.
        public var netBenefit: Assessed<Double>
        /// The area under the ROC curve less that of the refitted model, by DeLong's test.
        public var againstRefitted: Assessed<AreaComparison>
        public var regret: [Regret]
    }

    /// The largest figure at an origin less one's own.
    public struct Regret: Codable, Sendable, Equatable {
        public var figure: Figure
        public var regret: Assessed<Double>
    }

    public struct Origin: Codable, Sendable, Equatable {
        /// The first day of the period, as the deployment writes days.
        public var origin: String
        /// Rows that the fit had, and events among them.
        public var rowsOfFit: Int
        public var eventsOfFit: Int
        /// Rows of the period with a known outcome, and events among them.
        public var rows: Int
        public var events: Int
        public var listSize: Int
        /// In the order of ``Contestant``.
        public var results: [Result]
    }

    /// One contestant over the origins at which its regret is known.
    public struct Summary: Codable, Sendable, Equatable {
        public var contestant: Contestant
        public var figure: Figure
        public var origins: Int
        public var meanRegret: Assessed<Double>
        public var largestRegret: Assessed<Double>
        /// Origins at which it was the best, alone or with others.
        public var best: Int
    }

    /// Where the threshold of the net benefit comes from.
    public enum ThresholdSource: String, Codable, Sendable, CaseIterable {
        /// `list.minimum_probability`.
        case list
        /// The first of the thresholds at which the specification asks for net benefit.
        case margin
        /// The share of events among the rows that the first fit had.
        case prevalence
    }

    public var threshold: Double
    public var thresholdSource: ThresholdSource
    /// Days after its as-of date at which the outcome of a row counts as known; absent where the
    /// specification does not say, and every row before an origin counts as known.
    public var outcomeKnownAfterDays: Int?
    /// From the first.
    public var origins: [Origin]
    /// By contestant, then by figure.
    public var summaries: [Summary]
}

extension RollingOrigin {
    /// The scores at one origin; a contestant without scores says why it has none.
    public struct Entry: Sendable {
        public var origin: String
        public var rowsOfFit: Int
        public var eventsOfFit: Int
        public var listSize: Int
        /// The outcomes of the period's rows.
        public var outcome: [Double]
        public var refitted: Assessed<Scores>
        public var firstFit: Assessed<Scores>
        public var model: Assessed<Scores>
        /// The rank of each row by the present rule, 1 first.
        public var presentRule: Assessed<[Double]>

        public init(
            origin: String, rowsOfFit: Int, eventsOfFit: Int, listSize: Int, outcome: [Double],
            refitted: Assessed<Scores>, firstFit: Assessed<Scores>, model: Assessed<Scores>,
            presentRule: Assessed<[Double]>
        ) {
            self.origin = origin
            self.rowsOfFit = rowsOfFit
            self.eventsOfFit = eventsOfFit
            self.listSize = listSize
            self.outcome = outcome
            self.refitted = refitted
            self.firstFit = firstFit
            self.model = model
            self.presentRule = presentRule
        }
    }

    /// What a model says of the rows of a period.
    public struct Scores: Sendable, Equatable {
        public var score: [Double]
        public var probability: [Double]

        public init(score: [Double], probability: [Double]) {
            self.score = score
            self.probability = probability
        }
    }

    /// Compares the contestants at each origin.
    ///
    /// - Parameters:
    ///   - entries: From the first origin on.
    ///   - threshold: A probability above 0 and below 1.
    ///   - thresholdSource: Where it comes from.
    ///   - outcomeKnownAfterDays: As ``outcomeKnownAfterDays`` says.
    /// - Throws: `StileError` where a table cannot be evaluated.
    public static func assess(
        _ entries: [Entry], threshold: Double, thresholdSource: ThresholdSource,
        outcomeKnownAfterDays: Int?
    ) throws -> RollingOrigin {
        let origins = try entries.map { try origin($0, threshold) }
        return RollingOrigin(
            threshold: threshold, thresholdSource: thresholdSource,
            outcomeKnownAfterDays: outcomeKnownAfterDays, origins: origins,
            summaries: Contestant.allCases.flatMap { contestant in
                Figure.allCases.map { summary(contestant, $0, origins) }
            })
    }

    private static func summary(
        _ contestant: Contestant, _ figure: Figure, _ origins: [Origin]
    ) -> Summary {
        let regrets = origins.flatMap(\.results).filter { $0.contestant == contestant }
            .flatMap(\.regret).filter { $0.figure == figure }.compactMap(\.regret.value)
        let none = "it has no figure at any origin"
        return Summary(
            contestant: contestant, figure: figure, origins: regrets.count,
            meanRegret: .when(!regrets.isEmpty, otherwise: none) {
                regrets.reduce(0, +) / Double(regrets.count)
            }, largestRegret: .from(regrets.max(), otherwise: none) { $0 },
            best: regrets.count { $0 == 0 })
    }
}
