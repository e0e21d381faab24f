public import PipelineModel

/// A person who is proposed, as reviewers see them: a pseudonym, the place on the list, and the
/// reasons.
///
/// Nothing here can be opened to a name. Members of one household stand on rows of their own with
/// the rank and the score of the household; a setting is on the list by its code, and names nobody.
public struct Candidate: Sendable, Equatable {
    /// What the score is the score of.
    public enum Subject: Sendable, Hashable {
        case person(PersonPseudonym)
        case member(PersonPseudonym, of: Home)
        case setting(Place)
    }

    /// A household whose member is named.
    public struct Home: Sendable, Hashable {
        public var pseudonym: HouseholdPseudonym
        /// What the sources call everyone whose facts made the score, ascending: when one of them
        /// has objected by the day of the release, nobody of the household is named.
        public var subjects: [SubjectPseudonym]

        public init(pseudonym: HouseholdPseudonym, subjects: [SubjectPseudonym]) {
            self.pseudonym = pseudonym
            self.subjects = subjects
        }
    }

    /// A setting, such as a school.
    public struct Place: Sendable, Hashable {
        /// What stands for it in the matrix.
        public var unit: UnitPseudonym
        /// Its own code, as the sources write it.
        public var code: String

        public init(unit: UnitPseudonym, code: String) {
            self.unit = unit
            self.code = code
        }
    }

    public var subject: Subject
    /// 1 is first.
    public var rank: Int
    /// The linear predictor as a decimal text, as scoring printed it.
    public var linearPredictor: String
    /// The probability or its band as the list shows it, such as `0.173` or `high`.
    public var probability: String
    /// What adds up to the linear predictor, largest first.
    public var reasons: [Reason]
    /// The sealed records of this person, the one whose identity counts first
    /// (the newest) before the others; none of a setting.
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

    /// - Parameters:
    ///   - subject: Whom or what the row is about.
    ///   - rank: 1 is first.
    ///   - linearPredictor: As scoring printed it.
    ///   - probability: As the list shows it.
    ///   - reasons: Largest first.
    ///   - records: The sealed records of the person, the newest first; none of a setting.
    public init(
        subject: Subject, rank: Int, linearPredictor: String, probability: String,
        reasons: [Reason], records: [SealedRecord]
    ) {
        self.subject = subject
        self.rank = rank
        self.linearPredictor = linearPredictor
        self.probability = probability
        self.reasons = reasons
        self.records = records
    }

    /// Who would be named; `nil` for a setting.
    public var person: PersonPseudonym? {
        switch subject {
        case .person(let person), .member(let person, _): person
        case .setting: nil
        }
    }

    /// The household of the person, where the score is its.
    public var home: Home? {
        if case .member(_, let home) = subject { home } else { nil }
    }

    /// The code of the setting; `nil` for a person.
    public var setting: String? {
        if case .setting(let place) = subject { place.code } else { nil }
    }

    /// What the score is the score of, as the matrix names it.
    public var about: UnitPseudonym {
        switch subject {
        case .person(let person): person.cast()
        case .member(_, let home): home.pseudonym.cast()
        case .setting(let place): place.unit
        }
    }
}

extension Candidate {
    /// What no two rows of a list share: whom the row names, or the setting.
    var order: UnitPseudonym { person.map { $0.cast() } ?? about }

    /// What the rows of one household share.
    var score: [String] {
        [String(rank), linearPredictor, probability] + (home?.subjects.map(\.hex) ?? [])
    }
}
