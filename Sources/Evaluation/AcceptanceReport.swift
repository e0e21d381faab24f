public import PipelineModel

/// How a report meets the margins that were set before the labels were read.
///
/// A margin is judged on the estimate; beside it stands whether the whole 95 % interval is
/// within the margin. The whole fails where one margin fails, and is not assessable where none
/// fails but one cannot be judged. A margin by group needs one level of each grouping that can
/// be judged; levels with too few rows are counted and shown.
public struct AcceptanceReport: Codable, Sendable, Equatable {
    public enum Verdict: String, Codable, Sendable, CaseIterable {
        case passed, failed
        case notAssessable = "not_assessable"
    }

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
        public var verdict: Verdict
        /// Whether the whole interval is within the margin; absent where there is none.
        public var wholeIntervalWithin: Bool?
    }

    public var verdict: Verdict
    public var results: [Result]
    /// Levels of groupings for which a margin could not be judged.
    public var levelsNotAssessable: Int
}

extension AcceptanceReport {
    /// Judges a report by margins.
    public static func judge(
        _ margins: AcceptanceMargins, _ report: EvaluationReport
    ) -> AcceptanceReport {
        var results = margins.overall.map { margin in
            result(
                margin.figure.rawValue, Figure.of(report, margin.figure), margin.least,
                margin.most)
        }
        results += margins.netBenefitAbovePresentRule.map { netBenefit(report, at: $0) }
        var verdicts = results.map(\.verdict)
        var levelsNotAssessable = 0
        for margin in margins.byGroup {
            let levels = report.groups.filter { $0.rows > 0 }.map { group in
                var found = result(
                    margin.figure.rawValue, Figure.of(group, margin.figure, report),
                    margin.least, margin.most)
                found.grouping = group.grouping
                found.level = group.level
                return found
            }
            results += levels
            levelsNotAssessable += levels.count { $0.verdict == .notAssessable }
            verdicts += byGrouping(levels)
        }
        return AcceptanceReport(
            verdict: verdicts.contains(.failed)
                ? .failed : verdicts.contains(.notAssessable) ? .notAssessable : .passed,
            results: results, levelsNotAssessable: levelsNotAssessable)
    }

    /// One verdict for each grouping; one that is not assessable where there is none.
    private static func byGrouping(_ levels: [Result]) -> [Verdict] {
        guard !levels.isEmpty else { return [.notAssessable] }
        return Set(levels.compactMap(\.grouping)).sorted().map { grouping in
            let verdicts = levels.filter { $0.grouping == grouping }.map(\.verdict)
            return verdicts.contains(.failed)
                ? .failed : verdicts.contains(.passed) ? .passed : .notAssessable
        }
    }

    private static func result(
        _ name: String, _ found: Figure, _ least: Double?, _ most: Double?
    ) -> Result {
        var result = Result(
            margin: name, found: found.estimate, lower: found.lower, upper: found.upper,
            least: least, most: most, verdict: .notAssessable)
        let floor = least ?? -.infinity
        let ceiling = most ?? .infinity
        if let value = found.estimate.value {
            result.verdict = value >= floor && value <= ceiling ? .passed : .failed
        }
        if let lower = found.lower, let upper = found.upper {
            result.wholeIntervalWithin = lower >= floor && upper <= ceiling
        }
        return result
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
        var judged = result(name, Figure(found), 0, nil)
        // Above means above: the same benefit as the rule is no reason for a model.
        if found.value == 0 { judged.verdict = .failed }
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
            case .liftAtList: Figure(report.list.lift.map(\.listed))
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
            case .representation: Figure(group.representation)
            }
        }
    }
}
