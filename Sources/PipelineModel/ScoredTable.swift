/// What evaluation consumes, whatever made the scores.
public struct ScoredTable: Sendable, Equatable {
    /// The linear predictor or any other score that ranks; larger is more at risk.
    public var score: [Double]
    /// The probability that belongs to the score, in 0…1; empty where the score is none.
    public var probability: [Double]
    /// 0 or 1.
    public var outcome: [Double]
    /// The fold or period of each row.
    public var fold: [Int32]
    /// What the rows are about.
    public var unit: UnitKind
    /// Whom or what each row is about, so that rows of one person, household or setting can be
    /// kept together.
    public var about: [UnitPseudonym]
    /// What each row depends on others through, where that is more than whom it is about.
    ///
    /// The household of a person. Rows of one person have the same. Empty where `about` says it.
    public var together: [UnitPseudonym]
    /// What each row is kept with wherever rows are drawn, split or their errors worked out; empty
    /// where each stands alone.
    public var clusterKeys: [UnitPseudonym] { together.isEmpty ? about : together }
    /// Groups by name: the level of each row as an index, `UInt32.max` for not known.
    public var groups: [Group]
    /// The rank that the service's present rule gives (1 is first); empty where there is none.
    public var baselineRank: [Double]
    /// How many values of each row were missing and filled in; empty where nobody counted.
    public var missing: [Int32]
    /// For each input that can be missing, the rows in which it was; empty where nobody looked.
    public var missingInputs: [Flag]
    /// For each further source, the rows whose person was found in it; empty where nobody looked.
    public var linkedSources: [Flag]

    /// Something that holds of some of the rows.
    public struct Flag: Sendable, Equatable {
        public var name: String
        /// By row.
        public var holds: [Bool]

        public init(name: String, holds: [Bool]) {
            self.name = name
            self.holds = holds
        }
    }

    /// One way of grouping the rows.
    public struct Group: Sendable, Equatable {
        public var name: String
        public var levels: [String]
        public var codes: [UInt32]

        public init(name: String, levels: [String], codes: [UInt32]) {
            self.name = name
            self.levels = levels
            self.codes = codes
        }
    }

    public init(
        score: [Double], probability: [Double], outcome: [Double], fold: [Int32] = [],
        unit: UnitKind = .person, about: [UnitPseudonym] = [], together: [UnitPseudonym] = [],
        groups: [Group] = [],
        baselineRank: [Double] = [], missing: [Int32] = [], missingInputs: [Flag] = [],
        linkedSources: [Flag] = []
    ) {
        self.score = score
        self.probability = probability
        self.outcome = outcome
        self.fold = fold
        self.unit = unit
        self.about = about
        self.together = together
        self.groups = groups
        self.baselineRank = baselineRank
        self.missing = missing
        self.missingInputs = missingInputs
        self.linkedSources = linkedSources
    }
}
