public import PipelineModel

/// How a model does on the same test rows when it is fitted on more and more rows.
///
/// A curve that still rises at its end says that more rows would help.
public struct LearningCurve: Codable, Sendable, Equatable {
    public struct Point: Codable, Sendable, Equatable {
        /// Rows of the fit, and events among them.
        public var rows: Int
        public var events: Int
        public var discrimination: Assessed<Interval>
        public var scaledBrier: Assessed<Double>
        public var calibrationSlope: Assessed<Interval>
    }

    /// By ascending rows of the fit.
    public var points: [Point]

    /// One fit of the curve: what it was fitted on, and its scores of the test rows.
    public struct Fit: Sendable {
        public var rows: Int
        public var events: Int
        public var table: ScoredTable

        public init(rows: Int, events: Int, table: ScoredTable) {
            self.rows = rows
            self.events = events
            self.table = table
        }
    }

    /// - Throws: `StileError` where a table cannot be evaluated.
    public static func assess(_ fits: [Fit]) throws -> LearningCurve {
        LearningCurve(
            points: try fits.sorted { ($0.rows, $0.events) < ($1.rows, $1.events) }.map { fit in
                try Evaluation.check(fit.table, listSize: 1, minimumCount: 2)
                let ranked = RankedTable(fit.table, listSize: 1, minimumCount: 2)
                return Point(
                    rows: fit.rows, events: fit.events,
                    discrimination: Discrimination.area(ranked.ranking),
                    scaledBrier: ranked.scaledBrier(ranked.ranking),
                    calibrationSlope: ranked.calibration(ranked.ranking).flatMap(\.slope))
            })
    }
}
