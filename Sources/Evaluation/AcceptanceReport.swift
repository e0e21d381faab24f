public import PipelineModel

/// How a report meets the margins that were set before the labels were read.
///
/// Each margin is read in two ways. On the estimate it is met or not. On the 95 % interval it is
/// met where the whole interval is within the margin, not met where it is outside, and undecided
/// where it is both: then the rows cannot tell. The specification says which reading counts; a
/// figure without an interval counts by its estimate. Where several rows are of one person,
/// household or setting, every interval knows it; each says how it is made. The margins are judged one by one: nothing
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
        /// How the interval is made; absent where the figure has none.
        public var method: IntervalMethod?
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
    /// The SHA-256 of the file that the margins stand in, where they are no part of a specification
    /// whose digest was on record before the labels were read.
    public var marginsFile: String?
    /// The reading that counts.
    public var judge: AcceptanceMargins.Reading
    /// A group with fewer events was not judged.
    public var minimumEvents: Int
    public var counts: Counts
    public var results: [Result]
}

extension AcceptanceReport {
    /// Judges a report by margins.
    ///
    /// - Parameters:
    ///   - margins: What the figures are held against.
    ///   - report: The figures.
    ///   - file: The digest of the file of the margins, where no specification holds them.
    public static func judge(
        _ margins: AcceptanceMargins, _ report: EvaluationReport, file: ContentDigest? = nil
    ) -> AcceptanceReport {
        var results = margins.overall.map { margin in
            result(
                margin.figure.rawValue, JudgedFigure.of(report, margin.figure), margin.least,
                margin.most, margins.reading)
        }
        results += margins.netBenefitAbovePresentRule.map {
            netBenefit(report, at: $0, margins.reading)
        }
        var verdicts = results.map(\.verdict)
        for margin in margins.byGroup {
            let levels = report.groups.filter { $0.rows > 0 }.map { group in
                var figure = JudgedFigure.of(group, margin.figure, report)
                if margin.figure != .representation, group.events < margins.minimumEvents {
                    figure = JudgedFigure(
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
            verdict: Verdict.whole(verdicts) ?? .notAssessable, marginsFile: file?.hex,
            judge: margins.reading,
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
        _ name: String, _ found: JudgedFigure, _ least: Double?, _ most: Double?,
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
            method: found.lower == nil ? nil : found.method, least: least, most: most,
            verdict: verdict(reading, onInterval, onEstimate),
            onEstimate: onEstimate, onInterval: onInterval)
    }

    /// Where the interval counts and there is none, a margin is not met by the estimate alone: too few
    /// people for draws must not make it easier.
    private static func verdict(
        _ reading: AcceptanceMargins.Reading, _ onInterval: Verdict?, _ onEstimate: Verdict
    ) -> Verdict {
        switch reading {
        case .estimate: onEstimate
        case .interval: onInterval ?? (onEstimate == .met ? .undecided : onEstimate)
        }
    }

    private static func netBenefit(
        _ report: EvaluationReport, at threshold: Double, _ reading: AcceptanceMargins.Reading
    ) -> Result {
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
        var figure = JudgedFigure(found)
        if let drawn = report.bootstrap.value?.netBenefit.first(where: {
            ($0.threshold - threshold).magnitude < 1e-9
        })?.abovePresentRule.value {
            figure.bounds(drawn)
        }
        var judged = result(name, figure, 0, nil, reading)
        // Above means above: the same benefit as the rule is no reason for a model.
        if found.value == 0 { judged.onEstimate = .notMet }
        if let lower = judged.lower, let upper = judged.upper {
            judged.onInterval = lower > 0 ? .met : upper <= 0 ? .notMet : .undecided
        }
        judged.verdict = verdict(reading, judged.onInterval, judged.onEstimate)
        judged.threshold = threshold
        return judged
    }
}
