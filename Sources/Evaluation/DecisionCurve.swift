import PipelineModel

/// The net benefit of acting on the model, on everyone, on no one and on the present rule.
///
/// Net benefit at a threshold t is TP ÷ n − FP ÷ n · t ÷ (1 − t), where who has a probability of
/// at least t is flagged; acting on no one has 0. Source: A. J. Vickers and E. B. Elkin,
/// "Decision curve analysis", Medical Decision Making 26 (2006).
///
/// The present rule only ranks. At each threshold it flags as many rows as the model does, with
/// the mean over the orders of its ties, so that both are compared at the same workload.
public struct DecisionCurve: Codable, Sendable, Equatable {
    public struct Point: Codable, Sendable, Equatable {
        public var threshold: Double
        /// Rows that the model flags, and how many of them had the event.
        public var flagged: Int
        public var events: Int
        public var model: Double
        public var everyone: Double
        /// Acting on the first rows by the present rule, as many as the model flags.
        public var presentRule: Assessed<Double>
        /// Of the model less the better of everyone and no one.
        public var gain: Double
    }

    /// By ascending threshold.
    public var points: [Point]

    static func assess(_ probability: Ranking, baseline: Ranking?) -> DecisionCurve {
        DecisionCurve(
            points: AcceptanceMargins.thresholds.map {
                point(at: $0, probability, baseline: baseline)
            })
    }

    /// The point at one threshold in 0..<1.
    static func point(
        at threshold: Double, _ probability: Ranking, baseline: Ranking?
    ) -> Point {
        let flagged = probability.count(atLeast: threshold)
        let events = probability.eventsAmongFirst[flagged]
        func benefit(_ events: Double, of flagged: Int) -> Double {
            let rows = Double(probability.count)
            return events / rows
                - (Double(flagged) - events) / rows * threshold / (1 - threshold)
        }
        let everyone = benefit(Double(probability.events), of: probability.count)
        let model = benefit(Double(events), of: flagged)
        return Point(
            threshold: threshold, flagged: flagged, events: events, model: model,
            everyone: everyone,
            presentRule: .from(baseline, otherwise: Evaluation.noPresentRule) { rule in
                let found =
                    flagged == 0
                    ? 0 : ListQuality.events(rule, size: flagged).expected
                return benefit(found, of: flagged)
            }, gain: model - max(everyone, 0))
    }
}
