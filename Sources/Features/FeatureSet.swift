public import PipelineModel

/// A design matrix with everything that belongs to its rows.
public struct FeatureSet: Sendable {
    public var matrix: DesignMatrix
    /// The declaration behind each column of the matrix.
    public var columns: [FeatureColumn]
    public var outcomes: Outcomes
    /// 0 for training rows, 1 and up for test folds, -1 for rows to score only.
    public var fold: [Int32]
    /// What each row is kept together with: a household, else the person.
    ///
    /// Wherever rows are drawn, split or their errors worked out. Empty where that is whom or what each row is about, and
    /// for rows to score.
    public var together: [UnitPseudonym]
    public var groups: [ScoredTable.Group]
    /// The rank by the baseline within the fold, 1 first, equal values with the same rank; empty
    /// where the model states no baseline.
    public var baselineRank: [Double]
    public var evidence: FeatureEvidence
    /// For each feature that can be missing, the rows in which it was.
    ///
    /// Empty where it was not asked for.
    public var missing: [ScoredTable.Flag]
    /// Empty where it was not asked for.
    public var members: RowMembers
    public var report: FeatureReport
}

/// Who stands behind rows that are about no single person: for the list that names them.
public struct RowMembers: Sendable, Equatable {
    /// The row of each member of a household, ascending.
    public var row: [Int] = []
    /// The member, ascending within a row.
    public var person: [PersonPseudonym] = []
    /// Whether a list would name the member.
    public var isReferred: [Bool] = []
    /// The code of the setting of each row; empty for every other unit.
    public var setting: [String] = []

    public init() {}
}

/// What stands behind the values: for the reasons that a practitioner reads.
public struct FeatureEvidence: Sendable, Equatable {
    /// The features in the order of their declaration.
    public var features: [String]
    /// The fact table of each feature.
    public var tables: [String]
    /// The number of rows.
    public var rows: Int
    /// The day of the newest fact behind (row, feature) at `feature * rows + row`.
    ///
    /// `Day.missing` where there is none. Empty where it was not asked for.
    public var newest: [Day]
    /// Whether the value was missing, at `feature * rows + row`.
    ///
    /// Empty where it was not asked for.
    public var isMissing: [Bool]

    /// The day and the table of the newest fact behind a row; `nil` where there is none.
    public func newestFact(ofRow row: Int) -> (day: Day, table: String)? {
        var best: (day: Day, table: String)?
        for feature in features.indices where !newest.isEmpty {
            let day = newest[feature * rows + row]
            if day != .missing, day > (best?.day ?? .missing) { best = (day, tables[feature]) }
        }
        return best
    }
}

/// What was counted on the way; no person's value.
public struct FeatureReport: Sendable, Equatable {
    public struct Feature: Sendable, Equatable {
        public var name: String
        /// The share of rows without a value, before the missing policy.
        public var missingShare: Double
    }

    public var rows = 0
    /// Different people, members of households and settings among them.
    public var persons = 0
    /// Rows whose outcome is known, and those of them with the event.
    public var outcomesKnown = 0
    public var events = 0
    public var features: [Feature] = []
    /// Units left out since their person is excluded, or a member of the household for whom it
    /// would be in the cohort.
    public var excludedUnits = 0
    /// Households with too many people, and settings with too few.
    public var unitsOfWrongSize = 0
    /// Spells that were not yet known on their own as-of date.
    public var spellsUnknownAtAsOf = 0
    /// Facts whose subject is in no spine, by table in ascending order.
    public var factsWithoutPerson: [Count] = []

    public struct Count: Sendable, Equatable {
        public var table: String
        public var facts: Int
    }
}
