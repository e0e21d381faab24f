/// Who is who: the person and the household of every subject of every source.
public struct Spine: Sendable, Equatable {
    /// One row for each subject, in ascending order.
    public var subject: [SubjectPseudonym]
    /// The person of each subject.
    public var person: [PersonPseudonym]
    /// The source of each subject, as an index into ``sources``.
    public var source: [UInt32]
    public var sources: [String]
    /// Where each person lived, by the token of the UPRN, with both times.
    public var residences: [Residence]

    /// A person at an address: happened, known-from and known-to as for facts.
    public struct Residence: Sendable, Equatable {
        public var person: PersonPseudonym
        public var household: HouseholdPseudonym
        public var from: Day
        public var knownFrom: Day
        public var knownTo: Day

        public init(
            person: PersonPseudonym, household: HouseholdPseudonym, from: Day, knownFrom: Day,
            knownTo: Day
        ) {
            self.person = person
            self.household = household
            self.from = from
            self.knownFrom = knownFrom
            self.knownTo = knownTo
        }
    }

    public init(
        subject: [SubjectPseudonym], person: [PersonPseudonym], source: [UInt32],
        sources: [String], residences: [Residence] = []
    ) {
        self.subject = subject
        self.person = person
        self.source = source
        self.sources = sources
        self.residences = residences
    }
}
