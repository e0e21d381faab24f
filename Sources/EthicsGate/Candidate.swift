public import PipelineModel

/// A person who is proposed, as reviewers see them: a pseudonym, the place on the list, and the
/// reasons.
///
/// Nothing here can be opened to a name.
public struct Candidate: Sendable, Equatable {
    public var person: PersonPseudonym
    /// 1 is first.
    public var rank: Int
    /// The linear predictor as a decimal text, as scoring printed it.
    public var linearPredictor: String
    /// The probability or its band as the list shows it, such as `0.173` or `high`.
    public var probability: String
    /// What adds up to the linear predictor, largest first.
    public var reasons: [Reason]
    /// The sealed records of this person, the one whose identity counts first
    /// (the newest) before the others.
    public var records: [SealedRecord]

    /// One additive part of a score.
    public struct Reason: Sendable, Equatable {
        public var feature: String
        /// What a practitioner reads: the title of the feature and what is so of this person.
        public var words: String
        /// What it adds to the linear predictor, as a decimal text; below zero it protects.
        public var contribution: String
        public var source: String
        /// The newest day on which a fact behind it happened, as text; empty where there is none.
        public var newestFact: String
        /// Whether it comes from someone else's record.
        public var thirdParty: Bool

        public init(
            feature: String, words: String, contribution: String, source: String,
            newestFact: String, thirdParty: Bool
        ) {
            self.feature = feature
            self.words = words
            self.contribution = contribution
            self.source = source
            self.newestFact = newestFact
            self.thirdParty = thirdParty
        }
    }

    /// Where a sealed identity lies.
    public struct SealedRecord: Sendable, Hashable {
        public var batch: String
        public var record: RecordPseudonym
        public var subject: SubjectPseudonym

        public init(batch: String, record: RecordPseudonym, subject: SubjectPseudonym) {
            self.batch = batch
            self.record = record
            self.subject = subject
        }
    }

    public init(
        person: PersonPseudonym, rank: Int, linearPredictor: String, probability: String,
        reasons: [Reason], records: [SealedRecord]
    ) {
        self.person = person
        self.rank = rank
        self.linearPredictor = linearPredictor
        self.probability = probability
        self.reasons = reasons
        self.records = records
    }
}
