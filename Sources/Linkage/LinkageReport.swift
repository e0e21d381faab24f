/// What a linkage run did, in counts: no pseudonym, no token.
public struct LinkageReport: Sendable, Equatable, Codable {
    /// One source after the run.
    public struct Source: Sendable, Equatable, Codable {
        public var name: String
        /// Versions of identities held, closed ones included.
        public var versions: Int
        public var subjects: Int
        /// Subjects whose person has a subject of another source too.
        public var linked: Int
        /// `linked / subjects`; 0 where there are none.
        public var linkageRate: Double
        /// Versions without any blocking token, which nothing can find.
        public var withoutBlockingToken: Int
        /// Closes that found no open version of their record.
        public var unmatchedCloses: Int
    }

    public struct FieldCount: Sendable, Equatable, Codable {
        public var field: String
        public var pairs: Int
    }

    /// Blocks of one blocking field that were too large to be looked at.
    public struct SkippedBlocks: Sendable, Equatable, Codable {
        public var field: String
        public var blocks: Int
        public var records: Int
        /// Whether the key is one that the specification names for finding pairs, whose values are to be
        /// rare; `nil` in a report from before it was told.
        public var isBlocking: Bool?
    }

    public struct ClusterSize: Sendable, Equatable, Codable {
        public var subjects: Int
        public var people: Int
    }

    public var sources: [Source] = []
    /// Candidate pairs by the first blocking field that they share.
    public var candidatePairs: [FieldCount] = []
    public var skippedBlocks: [SkippedBlocks] = []
    /// The parameters in use; `nil` where no candidate pair was ever seen.
    public var parameters: LinkageParameters?
    /// Whether this run estimated them.
    public var trained = false
    /// Versions compared for the first time.
    public var newVersions = 0
    /// Pairs of subjects, held ones included, at or above the link threshold.
    public var pairsLinked = 0
    /// Pairs of subjects between the thresholds, held back by a conflict, or refused
    /// by the constraints on people, and so left for a person to judge.
    public var pairsForReview = 0
    /// Of these, pairs at the link threshold that a conflict holds back.
    public var pairsInConflict = 0
    /// Of these, links that were not made, since another would have been nearly as good.
    public var pairsTooCloseToCall = 0
    /// Groups that compete for subjects, in sets too large to be settled together: the heaviest
    /// pairs were taken first.
    public var unsettledGroups = 0
    public var people = 0
    public var clusterSizes: [ClusterSize] = []
    /// People merged into older ones in this run.
    public var merges = 0
    /// People of whom subjects were taken away in this run.
    public var splits = 0
    /// Overrides by people that stand.
    public var overrides = 0
    /// Whether any subject is kept from the identity that its source has replaced; which, and how
    /// many, is not said.
    public var keepsReplacedIdentitiesApart = false
    /// People with more than one subject of the same source.
    public var peopleWithSeveralSubjectsOfASource = 0
    /// Subjects of registers of exclusions whose person is in no other source, so that
    /// their exclusion reaches nobody.
    public var unlinkedRegisterSubjects = 0
    public var households = 0
    /// What a reader needs to judge the run; `nil` where it was not asked for.
    public var detail: Detail?
    /// Linkage rates by declared groups, small numbers suppressed.
    public var groups: [GroupedRates] = []
    /// What the newest clerical review found; `nil` before there was one.
    public var review: ReviewOutcome?
    /// What attacks read out of the encodings, where it was brought here.
    public var attack: AttackRate?

    public init() {}
}
