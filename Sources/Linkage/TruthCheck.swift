/// What a truth says of the people as the nights have linked them.
public struct TruthCheck: Sendable, Equatable, Codable {
    /// Subjects that are held.
    public var subjects = 0
    /// Of them, subjects whose true person is known: only pairs of two such count.
    public var covered = 0
    /// Rows of the truth that were left out, since no source holds their subject.
    public var notHeld = 0
    /// Of all pairs of subjects.
    public var quality: MeasuredQuality
    /// Of pairs of different sources.
    public var betweenSources: MeasuredQuality
    /// What was expected without labels; `nil` where nothing was ever compared, or linked.
    public var expected: Expected?
    /// `nil` where nothing was ever compared.
    public var thresholds: TruthByThreshold?
    public var people: TruePeople
    /// In the order of the causes; those without a pair are left out.
    public var missed: [MissedPairs] = []
    /// Of each source with itself and each other, where there is a pair.
    public var sources: [OfSources] = []
    public var groups: [OfGroup] = []
    /// The hardening at which all this was linked.
    public var dial: [FilterDial] = []
    /// What attacks read at this dial; `nil` where that was not brought here.
    public var attack: AttackRate?

    /// What the weights alone said of all subjects, beside what the truth says of those it covers.
    public struct Expected: Sendable, Equatable, Codable {
        public var precision: QualityEstimate.Range
        public var recall: QualityEstimate.Range
        public var f1: Double
        /// Whether the measured value lies in the range; `nil` where there is none.
        public var holdsPrecision: Bool?
        public var holdsRecall: Bool?

        init(_ expected: QualityEstimate.Quality, beside measured: MeasuredQuality) {
            func holds(
                _ range: QualityEstimate.Range, _ value: ReviewedQuality.Estimate?
            ) -> Bool? {
                value.map { range.low <= $0.value && $0.value <= range.high }
            }
            precision = expected.precision
            recall = expected.recall
            f1 = expected.f1
            holdsPrecision = holds(expected.precision, measured.precision)
            holdsRecall = holds(expected.recall, measured.recall)
        }
    }

    /// Pairs of two sources, or within one.
    public struct OfSources: Sendable, Equatable, Codable {
        public var left: String
        public var right: String
        public var quality: MeasuredQuality
        public var missed: [MissedPairs]
    }

    /// Pairs of subjects by a characteristic of theirs; a pair counts once for each of its subjects that
    /// has it.
    public struct OfGroup: Sendable, Equatable, Codable {
        public struct Level: Sendable, Equatable, Codable {
            public var name: String
            /// `nil`, as ``quality``, where suppressed: see ``GroupedRates``.
            public var subjects: Int?
            public var quality: MeasuredQuality?
        }

        public var name: String
        public var source: String
        public var levels: [Level]
    }
}
