import Hashing
public import PipelineModel

/// How records are compared, which pairs are looked at, and when two are one person.
///
/// What the configuration leaves out is derived from the fields that the sources
/// have: see ``resolved(fields:salts:parts:)``.
public struct LinkageSpecification: Sendable, Equatable {
    /// The comparisons in order; `nil` where they are to be derived.
    public var comparisons: [Comparison]?
    /// Token fields whose equality makes two records a candidate pair; `nil` where derived.
    public var blocking: [String]?
    /// Comparisons whose agreement is strong evidence and whose disagreement stops a link.
    public var identifiers: [String]?
    /// Comparisons on which relatives under one roof agree as often as a person with
    /// themselves, such as surname and postcode; `nil` where derived.
    public var household: [String]?
    /// Patterns that are left to a person to judge; `nil` where derived.
    public var conflicts: [Conflict]?
    /// The match weight, in bits, from which a pair is a link; 2 bits are odds of 4 to 1.
    public var linkThreshold: Double = 2
    /// Whether training chooses the link threshold, where the people would have the largest F1 by
    /// ``QualityEstimate``; ``linkThreshold`` holds until there is a choice.
    public var estimatesThreshold = true
    /// The match weight, in bits, from which a pair below ``linkThreshold`` is for review.
    public var reviewThreshold: Double = -4
    /// The largest number of records that may share a blocking token; larger blocks are
    /// skipped and reported.
    public var largestBlock: Int = 1_000
    /// How many pairs may be compared, as ``candidateBudget(records:)`` says; it bounds time and memory.
    ///
    /// With 0 only ``blocking`` brings records together; otherwise keys are added to it.
    public var candidatesPerRecord: Double = 40
    /// The megabytes that linking may hold, mapped column files aside; `nil` for 16 million candidate
    /// pairs at once, whatever the versions take.
    ///
    /// With less, candidate pairs are worked out in more and smaller segments: it takes longer and
    /// changes no weight and no decision.
    public var memory: Int?
    /// By how many bits a link must be better than what would come in its place.
    ///
    /// The best whole with the link is compared with the best without it; where the difference is
    /// less, the link is too close to call, and not made. 0 makes every link that is best.
    public var margin: Double = 3
    /// Sources in which one person may have several subjects.
    public var sourcesWithDuplicates: Set<String> = []
    /// The file with pinned parameters, relative to the configuration; `nil` to estimate them.
    public var parametersFile: String?
    /// Parameters that are used as they stand; composition reads them from ``parametersFile``.
    public var pinned: LinkageParameters?
    /// By what the report gives linkage rates; changes no weight and no decision.
    public var reportGroups: [LinkageReportGroup] = []
    /// The file with what `stile attack --json` printed, relative to the configuration, for the report;
    /// `nil` where there is none.
    public var attackFile: String?
    /// What goes to clerical review; changes no weight and no decision.
    public var review = ReviewPlan()

    public init() {}

    /// One comparison: its levels of agreement, best first.
    ///
    /// What meets no level is
    /// a disagreement; a pair in which either side misses the field of the first
    /// level has no level at all.
    public struct Comparison: Sendable, Equatable {
        public var name: String
        public var levels: [Level]
        /// Whether agreement on a frequent token of the first level counts for less.
        public var termFrequency: Bool
        /// How many of the first levels mean that the values are the same.
        public var exact: Int
        /// Comparisons that, where they can be made, leave nothing to say for this one.
        public var unless: [String]

        public init(
            _ name: String, _ levels: [Level], termFrequency: Bool = false, exact: Int = 1,
            unless: [String] = []
        ) {
            self.name = name
            self.levels = levels
            self.termFrequency = termFrequency
            self.exact = exact
            self.unless = unless
        }

        /// Whether it looks at filters.
        var comparesFilters: Bool {
            levels.contains { $0.needs.contains { $0.kind == .filter } }
        }

        /// The levels at which values changed places, day with month or given name with surname: it
        /// befalls the records of one person, and people of one household no more than strangers.
        var ownLevels: [Int] {
            levels.indices.filter { index in
                switch levels[index] {
                case .crossed: true
                // Below levels of the name by itself; elsewhere it is names as they are.
                case .anySimilar: index > 0 && levels[..<index].contains { !$0.isAnySimilar }
                default: false
                }
            }
        }
    }

    /// A level of agreement.
    public enum Level: Sendable, Equatable {
        /// The tokens are equal.
        case equal(String)
        /// The tokens are equal, of two records that agree on `under`; others cannot be compared. A first
        /// level only.
        case equalUnder(String, under: String)
        /// The token of one equals the other field's token of the other, either way round.
        case crossed(String, String)
        /// Any of several tokens is equal.
        case anyEqual([String])
        /// The token sets share a token.
        case shares(String)
        /// The Dice similarity of the filters is at least so much.
        case similar(String, atLeast: Double)
        /// The filters are equal, and the value is of this band of a published table of
        /// frequencies (the token field `<field>.band`; 1 is the commonest).
        case inBand(String, Int)
        /// The Dice similarity of any of several filters is at least so much.
        case anySimilar([String], atLeast: Double)

        fileprivate var isAnySimilar: Bool {
            if case .anySimilar = self { true } else { false }
        }

        var isCrossed: Bool {
            if case .crossed = self { true } else { false }
        }

        /// The encoded fields that the level needs, with their kinds.
        var needs: [(field: String, kind: FieldKind)] {
            switch self {
            case .equal(let field): [(field, .token)]
            case .equalUnder(let field, let salt): [(field, .token), (salt, .token)]
            case .shares(let field): [(field, .tokenSet)]
            case .similar(let field, _): [(field, .filter)]
            case .inBand(let field, _): [(field, .filter), ("\(field).band", .token)]
            case .crossed(let left, let right): [(left, .token), (right, .token)]
            case .anyEqual(let fields): fields.map { ($0, .token) }
            case .anySimilar(let fields, _): fields.map { ($0, .filter) }
            }
        }
    }

    /// A pattern that is never a link by itself: all of `disagree` at their lowest
    /// level and all of `agree` at their first.
    public struct Conflict: Sendable, Equatable {
        public var disagree: [String]
        public var agree: [String]
        /// Whether it holds even where an identifier agrees.
        public var evenWithIdentifier: Bool
        /// Whether it is the pattern of twins, which holds only where the data say that it is theirs: few
        /// matches disagree so, and too many of the pairs that would be links would join two people
        /// (``LinkageParameters/Twins``).
        public var ofTwins: Bool

        public init(
            disagree: [String], agree: [String] = [], evenWithIdentifier: Bool = false,
            ofTwins: Bool = false
        ) {
            self.disagree = disagree
            self.agree = agree
            self.evenWithIdentifier = evenWithIdentifier
            self.ofTwins = ofTwins
        }
    }

    /// The specification with the link threshold that training chose, where it is to choose.
    func taking(_ parameters: LinkageParameters?) -> LinkageSpecification {
        guard estimatesThreshold, let chosen = parameters?.linkThreshold else { return self }
        var result = self
        result.linkThreshold = chosen
        return result
    }

    /// How many pairs of so many records may be compared, those of several keys counted for each.
    ///
    /// ``candidatesPerRecord`` for each of the first hundred thousand records and a sixth of it for each
    /// beyond: names and dates that are rare enough in a town are so in a county. Where there are few,
    /// comparing more costs little and finds true pairs that agree on hardly anything: ten times as
    /// many for each up to 20,000 records, and 200,000 times as many in all up to 200,000 records,
    /// whose keys are chosen twice. From there it falls to what is said first, at 271,000 records.
    ///
    /// - Parameter records: Versions of identities, of all sources.
    public func candidateBudget(records: Int) -> Double {
        let rows = Double(records)
        let many = min(rows, 1e5) + max(rows - 1e5, 0) / 6
        let few = min(10 * rows, 2e5, 4e5 - rows)
        return candidatesPerRecord * max(many, few)
    }

    /// The digest of everything that changes what a pair's weight or decision is.
    public var digest: ContentDigest {
        var print = Fingerprint("stile/linkage/v1")
        for comparison in comparisons ?? [] {
            print.add("comparison", comparison.name)
            print.add("term frequency", comparison.termFrequency ? "yes" : "no")
            print.add("exact", "\(comparison.exact)")
            for name in comparison.unless { print.add("unless", name) }
            for level in comparison.levels { print.add("level", String(describing: level)) }
        }
        for field in blocking ?? [] { print.add("blocking", field) }
        for name in identifiers ?? [] { print.add("identifier", name) }
        for name in household ?? [] { print.add("household", name) }
        for conflict in conflicts ?? [] { print.add("conflict", String(describing: conflict)) }
        for source in sourcesWithDuplicates.sorted() { print.add("duplicates", source) }
        let numbers = [
            linkThreshold, reviewThreshold, Double(largestBlock), candidatesPerRecord, margin,
        ]
        for number in numbers {
            print.add("number", number.description)
        }
        if estimatesThreshold { print.add("link threshold", "estimated") }
        if let pinned { print.add("parameters", pinned.text) }
        return print.digest
    }
}
