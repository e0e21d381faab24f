import EncodedExtract
import Foundation
public import PipelineModel

extension LinkageReport {
    /// What GUILD and RECORD ask a report of linkage for, beyond the counts.
    ///
    /// Sources: R. Gilbert et al., "GUILD: GUidance for Information about Linking Data sets",
    /// J Public Health 40 (2018); E. I. Benchimol et al., "The REporting of studies Conducted using
    /// Observational Routinely-collected health Data (RECORD) statement", PLoS Med 12 (2015).
    public struct Detail: Sendable, Equatable, Codable {
        /// The epoch of the keys under which everything is encoded.
        public var keyEpoch = 0
        /// SHA-256 of the encoding specification, in hexadecimal.
        public var encodingSpecification = ""
        public var linkThreshold = 0.0
        public var reviewThreshold = 0.0
        public var completeness: [Completeness] = []
        public var sourceRates: [SourceRate] = []
        /// Pairs of subjects that are held, by their weight, in bins of one bit.
        public var weights: [WeightBin] = []
        public var sensitivity: [Sensitivity] = []
        public var quality: ModelledQuality?
        /// Linkage rates by the number of homes that the subject's own source knows.
        ///
        /// By the source's own addresses, since a person who is linked has more of them for that
        /// reason alone.
        public var mobility: [GroupedRates] = []
        /// How much better a link must be than what would come in its place, in bits.
        ///
        /// This, ``crossRates`` and ``selfWeights`` are `nil` in a report from before they were told.
        public var margin: Double?
        /// For each source and each other, how many subjects of the one have somebody of the other in
        /// their person.
        public var crossRates: [CrossRate]?
        /// How many records of each source say too little to be linked to anything.
        public var selfWeights: [SelfWeight]?
        /// How the filters are hardened; `nil` likewise.
        public var dial: [FilterDial]?
        /// What each key found of likely matches; `nil` in a run that did not compare everything anew.
        public var keyYields: [KeyYield]?
    }

    /// How many of a source's identities have a value of each field.
    public struct Completeness: Sendable, Equatable, Codable {
        public struct Field: Sendable, Equatable, Codable {
            public var field: String
            public var present: Proportion
        }

        public var source: String
        public var fields: [Field]
    }

    public struct SourceRate: Sendable, Equatable, Codable {
        public var source: String
        /// Subjects whose person has a subject of another source too.
        public var linked: Proportion
        /// Versions that no key can find.
        public var unlinkable: Proportion
    }

    public struct WeightBin: Sendable, Equatable, Codable {
        /// The lower end of the bin, in bits; the last bin has no upper end.
        public var from: Int
        public var pairs: Int
        /// Of these, pairs that are never a link by themselves.
        public var conflicts: Int
    }

    /// What another link threshold would give.
    public struct Sensitivity: Sendable, Equatable, Codable {
        /// In bits.
        public var threshold: Double
        /// Pairs of subjects at or above it, without those in conflict.
        public var pairs: Int
        public var people: Int
        /// The model's own estimates for these people.
        public var precision: Double
        public var recall: Double
    }

    /// Precision and recall of the people, as the model itself estimates them (``QualityEstimate``):
    /// nobody has looked at a pair, but for those that somebody joined.
    public struct ModelledQuality: Sendable, Equatable, Codable {
        /// Pairs of subjects that are one person, compared or not.
        public var linkedPairs: Int
        /// The range is that of weights which are wrong by ``QualityEstimate/doubt`` bits, with half or twice
        /// as many matches that no key finds, and that no salted filter speaks of.
        public var precision: QualityEstimate.Range
        public var recall: QualityEstimate.Range
        /// The share of matches that share no key, as training estimated it.
        public var neverCompared: Double
        /// The share of compared matches that are held back for looking like twins; `nil` in a report from
        /// before it was told.
        public var heldBack: Double?
        /// The share of compared matches that weigh less than the review threshold; `nil` likewise.
        public var belowReview: Double?
        /// The share of compared matches of which no filter under a salt could be compared; `nil` likewise, and
        /// where nothing is salted.
        public var uncompared: Double?
    }

    /// Works out the detail.
    ///
    /// - Parameters:
    ///   - state: After the run.
    ///   - specification: With everything derived.
    ///   - loose: People gathered down to the review threshold, for the sensitivity.
    ///   - estimate: What those people are worth; `nil` where nothing was ever compared.
    ///   - selfWeights: Which records say too little; `nil` likewise.
    mutating func describeInDetail(
        _ state: LinkState, specification: LinkageSpecification, loose: PeopleClustering.Outcome,
        estimate: QualityEstimate?, selfWeights: [SelfWeight]?
    ) {
        var detail = Detail()
        detail.keyEpoch = state.held.first?.keyEpoch ?? 0
        detail.encodingSpecification = state.held.first?.specification.hex ?? ""
        detail.linkThreshold = specification.linkThreshold
        detail.reviewThreshold = specification.reviewThreshold
        detail.completeness = state.sources.map { Completeness($0, state.held) }
        detail.sourceRates = sources.map { source in
            SourceRate(
                source: source.name, linked: Proportion(source.linked, of: source.subjects),
                unlinkable: Proportion(source.withoutBlockingToken, of: source.versions))
        }
        detail.weights = WeightBin.bins(state.pairs, from: specification.reviewThreshold)
        detail.sensitivity = Sensitivity.rows(
            state.pairs, specification, loose: loose, estimate: estimate)
        let linked = clusterSizes.reduce(0) { $0 + $1.people * $1.subjects * ($1.subjects - 1) / 2 }
        if let quality = estimate?.quality(at: specification.linkThreshold), linked > 0 {
            detail.quality = ModelledQuality(
                linkedPairs: linked, precision: quality.precision, recall: quality.recall,
                neverCompared: state.parameters?.neverCompared ?? 0,
                heldBack: state.parameters?.heldBack ?? 0,
                belowReview: state.parameters?.belowReview ?? 0,
                uncompared: state.parameters?.uncompared)
        }
        let linkedSubjects = state.linkedSubjects
        detail.mobility = SubjectLevels.mobility(state).map {
            GroupedRates($0, linked: linkedSubjects)
        }
        detail.margin = specification.margin
        detail.crossRates = CrossRate.all(state)
        detail.selfWeights = selfWeights
        detail.dial = FilterDial.all(state.held)
        self.detail = detail
    }
}

extension LinkageReport.Completeness {
    /// Fields that are identity fields themselves: neither a key nor a part of another.
    init(_ name: String, _ held: [Encodings]) {
        source = name
        let pieces = held.filter { $0.source == name }
        let open = pieces.reduce(0) { $0 + $1.operation.count { $0 == .open } }
        let names = Set(pieces.flatMap { $0.fields.map(\.name) })
            .filter { !$0.contains(".") && $0 != "trusted" }
        fields = names.sorted().map { name in
            let present = pieces.reduce(0) { $0 + Self.present(name, $1) }
            return Field(field: name, present: Proportion(present, of: open))
        }
    }

    /// The open versions of a piece that have a value of a field.
    private static func present(_ name: String, _ piece: Encodings) -> Int {
        guard let values = piece[name] else { return 0 }
        func count(_ isPresent: (Int) -> Bool) -> Int {
            (0..<piece.count).count { piece.operation[$0] == .open && isPresent($0) }
        }
        switch values {
        case .token(let tokens): return count { tokens[$0] != 0 }
        case .tokenSet(let offsets, _): return count { offsets[$0] < offsets[$0 + 1] }
        case .filter(let bits, let words):
            let width = bits / 64
            return words.withUnsafeBufferPointer { words in
                count { row in
                    words[(row * width)..<((row + 1) * width)].contains { $0 != 0 }
                }
            }
        }
    }
}

extension LinkageReport.WeightBin {
    /// The bin of all heavier pairs.
    private static let last = 40

    static func bins(
        _ pairs: [LinkState.ScoredSubjects], from review: Double
    ) -> [LinkageReport.WeightBin] {
        guard let heaviest = pairs.lazy.map(\.weight).max() else { return [] }
        let first = Int(review.rounded(.down))
        let end = max(min(Int(heaviest.rounded(.down)), last), first)
        var bins = (first...end).map { LinkageReport.WeightBin(from: $0, pairs: 0, conflicts: 0) }
        for pair in pairs {
            let bin = min(max(Int(max(min(pair.weight, 1e6), -1e6).rounded(.down)), first), end)
            bins[bin - first].pairs += 1
            if pair.conflict { bins[bin - first].conflicts += 1 }
        }
        return bins
    }
}

extension LinkageReport.Sensitivity {
    /// A mean weight is never above ``PeopleClustering/limit``, so thresholds end there.
    static func rows(
        _ pairs: [LinkState.ScoredSubjects], _ specification: LinkageSpecification,
        loose: PeopleClustering.Outcome, estimate: QualityEstimate?
    ) -> [LinkageReport.Sensitivity] {
        let first = specification.reviewThreshold
        var thresholds = [specification.linkThreshold]
        var next = (first / 2).rounded(.up) * 2
        while next <= PeopleClustering.limit {
            thresholds.append(next)
            next += 2
        }
        let groups = Set(loose.group).count
        return Set(thresholds).sorted().map { threshold in
            let expected = estimate?.expected(at: threshold)
            return LinkageReport.Sensitivity(
                threshold: threshold,
                pairs: pairs.count { !$0.conflict && $0.weight >= threshold },
                people: groups + loose.merges.count { $0.weight < threshold },
                precision: expected?.precision ?? 1, recall: expected?.recall ?? 1)
        }
    }
}

extension LinkState {
    /// Subjects whose person has a subject of another source too.
    public var linkedSubjects: Set<SubjectPseudonym> {
        var sources: [UInt64: Set<UInt32>] = [:]
        for membership in memberships {
            sources[membership.serial, default: []].insert(membership.source)
        }
        return Set(
            memberships.lazy.filter { sources[$0.serial, default: []].count > 1 }.map(\.subject))
    }
}
