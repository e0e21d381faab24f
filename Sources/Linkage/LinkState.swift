public import EncodedExtract
public import PipelineModel

/// Everything that linkage remembers from night to night.
public struct LinkState: Sendable, Equatable {
    /// The version of the schema of the state's tables.
    public static let schemaVersion = 1

    /// The encodings of all sources, in ascending order of source, opens and closes as
    /// they came.
    ///
    /// Those of a source may be in several pieces.
    public internal(set) var held: [Encodings]
    /// The person of each subject, in ascending order of subject.
    public internal(set) var memberships: [Membership]
    /// Pseudonyms that merged into others, in ascending order of alias.
    public internal(set) var aliases: [Alias]
    /// Pairs of subjects at or above the review threshold, in ascending order.
    public internal(set) var pairs: [ScoredSubjects]
    /// Links that were not made, since another would have been nearly as good, in ascending order.
    public internal(set) var closeCalls: [CloseCall]
    /// Households whose address had another token before the keys changed, in ascending order
    /// of token.
    public internal(set) var homes: [Home]
    /// What people have said of subjects; some of it may wait for the next link.
    public internal(set) var overrides: LinkOverrides
    /// The serial number that the next new person gets.
    public internal(set) var nextSerial: UInt64
    public internal(set) var parameters: LinkageParameters?
    /// The specification, with what it derives, under which ``pairs`` were weighed.
    public internal(set) var specification: ContentDigest?
    /// The fingerprints of the blocking keys of ``held``; `nil` where they are not kept.
    public internal(set) var keys: HeldKeys?
    /// The versions that were there when ``parameters`` were estimated.
    public internal(set) var trainedVersions: Int

    /// A subject and its person.
    public struct Membership: Sendable, Equatable {
        public var subject: SubjectPseudonym
        /// The source, as an index into ``LinkState/sources``.
        public var source: UInt32
        public var serial: UInt64
        public var person: PersonPseudonym
    }

    /// A person's former pseudonym.
    public struct Alias: Sendable, Equatable {
        public var alias: PersonPseudonym
        public var person: PersonPseudonym
        /// The latest day that the delta knew of when they merged.
        public var since: Day
    }

    /// The household of an address that an earlier epoch of keys named.
    public struct Home: Sendable, Equatable {
        /// The token of the address in the epoch that is held.
        public var token: UInt64
        public var household: HouseholdPseudonym
    }

    /// Two subjects with the weight of their best pair of versions.
    public struct ScoredSubjects: Sendable, Equatable {
        /// The smaller of the two pseudonyms.
        public var left: SubjectPseudonym
        public var right: SubjectPseudonym
        /// In bits.
        public var weight: Double
        /// Whether the pattern is one that is never a link by itself.
        public var conflict: Bool
    }

    /// Two subjects that the weights would link, and the one that would come in the place of one
    /// of them nearly as well.
    public struct CloseCall: Sendable, Equatable {
        /// The smaller of the two pseudonyms.
        public var left: SubjectPseudonym
        public var right: SubjectPseudonym
        /// Of the two, the one in whose place ``rival`` would come.
        public var insteadOf: SubjectPseudonym
        public var rival: SubjectPseudonym
        /// By how much the whole with the two is better, in bits.
        public var margin: Double
    }

    /// The state before the first night.
    public init() {
        held = []
        memberships = []
        aliases = []
        pairs = []
        closeCalls = []
        homes = []
        overrides = LinkOverrides()
        nextSerial = 0
        parameters = nil
        specification = nil
        keys = nil
        trainedVersions = 0
    }

    /// The subjects that a pseudonym stands for: a subject itself, or all of a person, whose
    /// pseudonym may be an alias; empty where it stands for nobody.
    public func subjects(_ pseudonym: UnitPseudonym) -> [SubjectPseudonym] {
        let subject: SubjectPseudonym = pseudonym.cast()
        if memberships.contains(where: { $0.subject == subject }) { return [subject] }
        let person = current(pseudonym.cast())
        return memberships.filter { $0.person == person }.map(\.subject)
    }

    /// The sources that are held, in ascending order.
    public var sources: [String] { held.sourceNames }

    /// The number of rows that are held of a source, opens and closes.
    func versions(of source: String) -> Int {
        held.reduce(0) { $0 + ($1.source == source ? $1.count : 0) }
    }

    /// The person of a subject; `nil` where there is no such subject.
    func person(of subject: SubjectPseudonym) -> PersonPseudonym? {
        var (low, high) = (0, memberships.count)
        while low < high {
            let middle = (low + high) / 2
            if memberships[middle].subject < subject { low = middle + 1 } else { high = middle }
        }
        guard low < memberships.count, memberships[low].subject == subject else { return nil }
        return memberships[low].person
    }

    /// The current pseudonym of a person, where `pseudonym` may be an alias.
    public func current(_ pseudonym: PersonPseudonym) -> PersonPseudonym {
        aliases.first { $0.alias == pseudonym }?.person ?? pseudonym
    }
}
