public import PipelineModel

/// How a report meets the margins that were set before the labels were read.
///
/// Each margin is read in two ways. On the estimate it is met or not. On the 95 % interval it is
/// met where the whole interval is within the margin, not met where it is outside, and undecided
/// where it is both: then the rows cannot tell. The specification says which reading counts; a
/// figure without an interval counts by its estimate. The margins are judged one by one: nothing
/// is corrected for how many there are, and a figure that lies at its margin in truth is called
/// not met in at most one of forty samples.
///
/// The whole is not met where one margin is not, then not assessable where one overall cannot be
/// judged, then undecided. A margin by group needs one level of each grouping that can be judged;
/// levels with too few rows or events are counted and shown.
public struct AcceptanceReport: Codable, Sendable, Equatable {
    public typealias Verdict = MarginVerdict

    /// One margin, and for one by group one level of a grouping.
    public struct Result: Codable, Sendable, Equatable {
        /// The word of the specification.
        public var margin: String
        /// The grouping and its level; absent for all rows.
        public var grouping: String?
        public var level: String?
        /// The threshold of a net benefit.
        public var threshold: Double?
        public var found: Assessed<Double>
        /// The 95 % interval, where the figure has one.
        public var lower: Double?
        public var upper: Double?
        public var least: Double?
        public var most: Double?
        /// By the reading that counts.
        public var verdict: Verdict
        public var onEstimate: Verdict
        /// Absent where the figure has no interval.
        public var onInterval: Verdict?
    }

    /// How many margins, with each level of a grouping by itself, have each verdict.
    public struct Counts: Codable, Sendable, Equatable {
        public var met: Int
        public var notMet: Int
        public var undecided: Int
        public var notAssessable: Int
    }

    public var verdict: Verdict
    /// The reading that counts.
    public var judge: AcceptanceMargins.Reading
    /// A group with fewer events was not judged.
    public var minimumEvents: Int
    public var counts: Counts
    public var results: [Result]
}

extension AcceptanceReport {
    /// Judges a report by margins.
    public static func judge(
        _ margins: AcceptanceMargins, _ report: EvaluationReport
    ) -> AcceptanceReport {
        var results = margins.overall.map { margin in
            result(
                margin.figure.rawValue, Figure.of(report, margin.figure), margin.least,
                margin.most, margins.reading)
        }
        results += margins.netBenefitAbovePresentRule.map { netBenefit(report, at: $0) }
        var verdicts = results.map(\.verdict)
        for margin in margins.byGroup {
            let levels = report.groups.filter { $0.rows > 0 }.map { group in
                var figure = Figure.of(group, margin.figure, report)
                if margin.figure != .representation, group.events < margins.minimumEvents {
                    figure = Figure(
                        Assessed<Double>.notAssessable("fewer than \(margins.minimumEvents) events")
                    )
                }
                var found = result(
                    margin.figure.rawValue, figure, margin.least, margin.most, margins.reading)
                found.grouping = group.grouping
                found.level = group.level
                return found
            }
            results += levels
            verdicts += byGrouping(levels)
        }
        func count(_ verdict: Verdict) -> Int { results.count { $0.verdict == verdict } }
        return AcceptanceReport(
            verdict: Verdict.whole(verdicts) ?? .notAssessable, judge: margins.reading,
            minimumEvents: margins.minimumEvents,
            counts: Counts(
                met: count(.met), notMet: count(.notMet), undecided: count(.undecided),
                notAssessable: count(.notAssessable)), results: results)
    }

    /// One verdict for each grouping, of its levels that can be judged; not assessable where
    /// there is none.
    private static func byGrouping(_ levels: [Result]) -> [Verdict] {
        guard !levels.isEmpty else { return [.notAssessable] }
        return Set(levels.compactMap(\.grouping)).sorted().map { grouping in
            Verdict.whole(
                levels.filter { $0.grouping == grouping && $0.verdict != .notAssessable }
                    .map(\.verdict)) ?? .notAssessable
        }
    }

    private static func result(
        _ name: String, _ found: Figure, _ least: Double?, _ most: Double?,
        _ reading: AcceptanceMargins.Reading
    ) -> Result {
        let floor = least ?? -.infinity
        let ceiling = most ?? .infinity
        var onEstimate = Verdict.notAssessable
        if let value = found.estimate.value {
            onEstimate = value >= floor && value <= ceiling ? .met : .notMet
        }
        var onInterval: Verdict?
        if let lower = found.lower, let upper = found.upper {
            onInterval =
                lower >= floor && upper <= ceiling
                ? .met : upper < floor || lower > ceiling ? .notMet : .undecided
        }
        return Result(
            margin: name, found: found.estimate, lower: found.lower, upper: found.upper,
            least: least, most: most,
            verdict: reading == .interval ? onInterval ?? onEstimate : onEstimate,
            onEstimate: onEstimate, onInterval: onInterval)
    }

    private static func netBenefit(_ report: EvaluationReport, at threshold: Double) -> Result {
        let name = "net_benefit_above_present_rule"
        let found: Assessed<Double>
        switch report.decisionCurve {
        case .notAssessable(let reason): found = .notAssessable(reason)
        case .value(let curve):
            if let point = curve.points.first(where: {
                ($0.threshold - threshold).magnitude < 1e-9
            }) {
                found = point.presentRule.map { point.model - $0 }
            } else {
                found = .notAssessable("the decision curve has no such threshold")
            }
        }
        var judged = result(name, Figure(found), 0, nil, .estimate)
        // Above means above: the same benefit as the rule is no reason for a model.
        if found.value == 0 { (judged.verdict, judged.onEstimate) = (.notMet, .notMet) }
        judged.threshold = threshold
        return judged
    }

    /// A figure with the bounds of its interval.
    private struct Figure {
        var estimate: Assessed<Double>
        var lower: Double?
        var upper: Double?

        init(_ estimate: Assessed<Double>) { self.estimate = estimate }

        init(_ interval: Assessed<Interval>) {
            estimate = interval.map(\.estimate)
            lower = interval.value?.lower
            upper = interval.value?.upper
        }

        init(_ share: Assessed<Share>) {
            estimate = share.map(\.estimate)
            lower = share.value?.lower
            upper = share.value?.upper
        }

        init(_ ratio: Assessed<Estimate>) {
            estimate = ratio.map(\.estimate)
            lower = ratio.value?.lower
            upper = ratio.value?.upper
        }

        /// A share ÷ another that counts as known.
        init(_ share: Assessed<Share>, over whole: Assessed<Double>) {
            switch (share, whole) {
            case (.notAssessable(let reason), _), (_, .notAssessable(let reason)):
                estimate = .notAssessable(reason)
            case (.value(let share), .value(let whole)) where whole > 0:
                estimate = .value(share.estimate / whole)
                lower = share.lower / whole
                upper = share.upper / whole
            case (.value, .value):
                estimate = .notAssessable("the same figure of all rows is 0")
            }
        }

        static func of(_ report: EvaluationReport, _ figure: AcceptanceMargins.Figure) -> Figure {
            switch figure {
            case .auroc: Figure(report.discrimination)
            case .averagePrecision: Figure(report.averagePrecision)
            case .scaledBrier: Figure(report.scaledBrier)
            case .calibrationInTheLarge: Figure(report.calibration.map(\.inTheLarge))
            case .calibrationSlope: Figure(report.calibration.flatMap(\.slope))
            case .observedToExpected: Figure(report.observedToExpected)
            case .integratedCalibrationIndex:
                Figure(report.calibrationCurve.map(\.integratedIndex))
            case .precisionAtList: Figure(.value(report.list.precisionListed))
            case .sensitivityAtList: Figure(report.list.sensitivityListed)
            case .liftAtList:
                // Precision over the share of events, which counts as known.
                report.list.lift.value == nil
                    ? Figure(report.list.lift.map(\.listed))
                    : Figure(
                        .value(report.list.precisionListed), over: .value(report.prevalence))
            }
        }

        static func of(
            _ group: GroupFairness, _ figure: AcceptanceMargins.GroupFigure,
            _ report: EvaluationReport
        ) -> Figure {
            switch figure {
            case .auroc: Figure(group.discrimination)
            case .calibrationSlope: Figure(group.calibration.flatMap(\.slope))
            case .observedToExpected: Figure(group.observedToExpected)
            case .falseNegativeRateRatio:
                Figure(
                    group.falseNegativeRate,
                    over: report.list.sensitivityListed.map { 1 - $0.estimate })
            case .falsePositiveRateRatio:
                Figure(
                    group.falsePositiveRate,
                    over: report.list.specificityListed.map { 1 - $0.estimate })
            case .positivePredictiveValueRatio:
                Figure(
                    group.positivePredictiveValue,
                    over: .value(report.list.precisionListed.estimate))
            case .representation:
                group.representation.value == nil
                    ? Figure(group.representation)
                    : Figure(.value(group.shareOfList), over: .value(group.shareOfPopulation))
            }
        }
    }
}
