import PipelineModel

/// A figure with the bounds of the interval that a margin is held against, and how they are made.
struct JudgedFigure {
    var estimate: Assessed<Double>
    private(set) var lower: Double?
    private(set) var upper: Double?
    private(set) var method: IntervalMethod?

    init(_ estimate: Assessed<Double>) { self.estimate = estimate }

    init(_ interval: Assessed<Interval>, _ method: IntervalMethod) {
        estimate = interval.map(\.estimate)
        lower = interval.value?.lower
        upper = interval.value?.upper
        self.method = interval.value?.method ?? method
    }

    init(_ share: Assessed<Share>) {
        estimate = share.map(\.estimate)
        lower = share.value?.lower
        upper = share.value?.upper
        method = share.value?.method
    }

    init(_ ratio: Assessed<Estimate>, _ method: IntervalMethod) {
        estimate = ratio.map(\.estimate)
        lower = ratio.value?.lower
        upper = ratio.value?.upper
        self.method = ratio.value?.method ?? method
    }

    /// A figure whose interval, where it has one, is by draws.
    init(_ estimate: Assessed<Double>, drawn: Assessed<Estimate>?) {
        self.init(estimate)
        if estimate.value != nil, let drawn = drawn?.value { bounds(drawn) }
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
            method = share.method
        case (.value, .value):
            estimate = .notAssessable("the same figure of all rows is 0")
        }
    }

    /// Takes its bounds from draws.
    mutating func bounds(_ drawn: Estimate) {
        lower = drawn.lower
        upper = drawn.upper
        method = .bootstrap
    }
}

extension Share {
    /// How its interval is made.
    public var method: IntervalMethod { effectiveSize == nil ? .wilson : .clusteredWilson }
}

extension JudgedFigure {
    static func of(
        _ report: EvaluationReport, _ figure: AcceptanceMargins.Figure
    ) -> JudgedFigure {
        let draws = report.bootstrap.value
        switch figure {
        case .auroc: return JudgedFigure(report.discrimination, .deLong)
        case .averagePrecision:
            return JudgedFigure(report.averagePrecision, drawn: draws?.averagePrecision)
        case .scaledBrier: return JudgedFigure(report.scaledBrier, drawn: draws?.scaledBrier)
        case .calibrationInTheLarge:
            return JudgedFigure(report.calibration.map(\.inTheLarge), .modelBased)
        case .calibrationSlope:
            return JudgedFigure(report.calibration.flatMap(\.slope), .modelBased)
        case .observedToExpected: return JudgedFigure(report.observedToExpected, .wilson)
        case .integratedCalibrationIndex:
            return JudgedFigure(
                report.calibrationCurve.map(\.integratedIndex), drawn: draws?.integratedIndex)
        case .precisionAtList: return JudgedFigure(.value(report.list.precisionListed))
        case .sensitivityAtList: return JudgedFigure(report.list.sensitivityListed)
        case .liftAtList:
            // Precision over the share of events, which counts as known: lists that are more
            // precise have more of the events, so that its own chance makes the lift no wider.
            return report.list.lift.value == nil
                ? JudgedFigure(report.list.lift.map(\.listed))
                : JudgedFigure(
                    .value(report.list.precisionListed), over: .value(report.prevalence))
        }
    }

    static func of(
        _ group: GroupFairness, _ figure: AcceptanceMargins.GroupFigure,
        _ report: EvaluationReport
    ) -> JudgedFigure {
        switch figure {
        case .auroc: JudgedFigure(group.discrimination, .deLong)
        case .calibrationSlope: JudgedFigure(group.calibration.flatMap(\.slope), .modelBased)
        case .observedToExpected: JudgedFigure(group.observedToExpected, .wilson)
        case .falseNegativeRateRatio:
            JudgedFigure(
                group.falseNegativeRate,
                over: report.list.sensitivityListed.map { 1 - $0.estimate })
        case .falsePositiveRateRatio:
            JudgedFigure(
                group.falsePositiveRate,
                over: report.list.specificityListed.map { 1 - $0.estimate })
        case .positivePredictiveValueRatio:
            JudgedFigure(
                group.positivePredictiveValue,
                over: .value(report.list.precisionListed.estimate))
        case .representation:
            group.representation.value == nil
                ? JudgedFigure(group.representation)
                : JudgedFigure(.value(group.shareOfList), over: .value(group.shareOfPopulation))
        }
    }
}
