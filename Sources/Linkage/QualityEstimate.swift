import Foundation

/// Precision and recall of the people at any threshold, estimated from weights alone.
///
/// When two groups merge, all pairs between them are claimed at once; they are true together or
/// not at all. How likely that is lies between what the mean weight says, as if the pairs were one
/// and the same evidence, and what the best says; in bits the middle is taken, which for two
/// subjects is their weight. True pairs are then those expected
/// - within groups, gathered down to the review threshold, which finds pairs that no key did;
/// - among compared pairs between groups, by the mean weight of all pairs between the two, where one
///   that is not kept, or is in conflict, has that of the review threshold;
/// - among pairs that weigh less than the review threshold, and among those held back for looking
///   like twins, by the shares that training found;
/// - among pairs that no key brings together; of these and of those below the review threshold, groups
///   have found some already.
///
/// What a trusted key or a person has joined is true. Links that are too close to call count as made.
///
/// The intervals take every weight to be wrong by ``doubt`` bits the same way, and the share that
/// no key finds to be half or twice as large, and the matches whose salted filters cannot be compared to be
/// half or twice as many, and add what chance does. They are no confidence
/// intervals: how far a model is wrong, its own weights do not say.
public struct QualityEstimate: Sendable {
    /// By how many bits weights may be wrong.
    public static let doubt = 2.0

    /// So many true pairs must be expected for a threshold to be chosen: a few say nothing.
    public static let enough = 100.0

    public struct Range: Sendable, Equatable, Codable {
        public var value: Double
        public var low: Double
        public var high: Double
    }

    /// Of the people at one threshold.
    public struct Quality: Sendable, Equatable {
        /// In bits.
        public var threshold: Double
        /// Pairs within people, of whatever weight.
        public var claimed: Int
        public var precision: Range
        public var recall: Range

        public var f1: Double {
            let sum = precision.value + recall.value
            return sum > 0 ? 2 * precision.value * recall.value / sum : 0
        }
    }

    /// A merge of two groups.
    private struct Merge {
        /// The mean weight of the pairs between them.
        var weight: Double
        var best: Double
        var pairs: Double
        /// Of these, pairs that a key brought together.
        var compared: Double
    }

    /// The heaviest first.
    private var merges: [Merge] = []
    /// Pairs that no group holds, but that may yet be one person: how many between two groups, and
    /// the mean weight there.
    private var between: [(weight: Double, pairs: Double)] = []
    private let missing: Missing
    /// Pairs within people before anything was weighed.
    private var certain = 0.0

    /// The shares of matches that are not among the pairs that are kept.
    struct Missing {
        /// Of all matches, those that no key brings together.
        var neverCompared = 0.0
        /// Of compared matches, those below ``floor``.
        var belowReview = 0.0
        /// Of compared matches, those in conflict since they look like twins.
        var heldBack = 0.0
        /// Of compared matches, those of which no filter under a salt could be compared.
        var uncompared = 0.0
        /// The least weight of a pair that is kept, in bits.
        var floor = -PeopleClustering.limit
    }

    /// - Parameters:
    ///   - sources: The source of each subject.
    ///   - mayRepeat: For each source, whether a person may have several subjects in it.
    ///   - pairs: Compared pairs of subjects, by index.
    ///   - merges: Groups that became one, in order; each names a subject of either group.
    ///   - joined: Pairs of subjects that were one person before anything was weighed.
    ///   - missing: What is not among the pairs.
    init(
        sources: [Int32], mayRepeat: [Bool], pairs: [PeopleClustering.Edge],
        merges: [PeopleClustering.Merge], joined: [(left: Int32, right: Int32)] = [],
        missing: Missing
    ) {
        self.missing = missing
        var groups = Groups(sources: sources, pairs: pairs)
        for pair in joined {
            certain += groups.merge(pair.left, pair.right)?.pairs ?? 0
        }
        for merge in merges {
            guard let found = groups.merge(merge.left, merge.right) else { continue }
            self.merges.append(
                Merge(
                    weight: merge.weight, best: max(found.best ?? merge.weight, merge.weight),
                    pairs: found.pairs, compared: found.compared))
        }
        between = groups.between(
            pairs.filter { !$0.conflict }, mayRepeat, floor: missing.floor)
    }

    /// Of all pairs of the subjects of a run.
    ///
    /// - Parameters:
    ///   - store: The subjects.
    ///   - mayRepeat: For each source, whether a person may have several subjects in it.
    ///   - pairs: Pairs of subjects that are kept.
    ///   - people: Gathered down to the review threshold.
    ///   - floor: The review threshold, in bits.
    ///   - parameters: What the weights come from.
    init(
        _ store: FieldStore, mayRepeat: [Bool], pairs: [PeopleClustering.Edge],
        people: PeopleClustering.Outcome, floor: Double, _ parameters: LinkageParameters
    ) {
        self.init(
            sources: store.subjectSource, mayRepeat: mayRepeat, pairs: pairs,
            merges: people.merges, joined: people.joined,
            missing: Missing(
                neverCompared: parameters.neverCompared,
                belowReview: parameters.belowReview ?? 0, heldBack: parameters.heldBack ?? 0,
                uncompared: parameters.uncompared ?? 0, floor: floor))
    }

    private static func probability(_ bits: Double) -> Double { 1 / (1 + exp2(-bits)) }

    private struct Sums {
        var claimed = 0.0
        var found = 0.0
        /// The variance of `found`.
        var spread = 0.0
        var all = 0.0
    }

    private func sums(_ threshold: Double, shift: Double, neverCompared: Double) -> Sums {
        var sums = Sums(claimed: certain, found: certain)
        // Matches among compared pairs, and those of groups that no key brought together.
        var (compared, closed) = (0.0, 0.0)
        for merge in merges {
            let p = Self.probability((merge.weight + merge.best) / 2 + shift)
            compared += merge.compared * p
            closed += (merge.pairs - merge.compared) * p
            guard merge.weight >= threshold else { continue }
            sums.claimed += merge.pairs
            sums.found += merge.pairs * p
            sums.spread += merge.pairs * merge.pairs * p * (1 - p)
        }
        for open in between { compared += open.pairs * Self.probability(open.weight + shift) }
        let all = compared / max(1 - missing.belowReview - missing.heldBack, 0.1)
        let held = all * missing.heldBack
        sums.all =
            certain + held
            + max(compared + closed, all / (1 - neverCompared) - held)
        return sums
    }

    /// Precision and recall of the people at a threshold, without the ranges.
    func expected(at threshold: Double) -> (precision: Double, recall: Double) {
        Self.shares(sums(threshold, shift: 0, neverCompared: missing.neverCompared))
    }

    private static func shares(_ sums: Sums) -> (precision: Double, recall: Double) {
        (
            sums.claimed > 0 ? sums.found / sums.claimed : 1,
            sums.all > 0 ? sums.found / sums.all : 1
        )
    }

    /// What the people at a threshold are worth.
    public func quality(at threshold: Double) -> Quality {
        let middle = sums(threshold, shift: 0, neverCompared: missing.neverCompared)
        var low = sums(
            threshold, shift: -Self.doubt, neverCompared: min(2 * missing.neverCompared, 0.95))
        low.all *= 1 + missing.uncompared
        var high = sums(threshold, shift: Self.doubt, neverCompared: missing.neverCompared / 2)
        high.all = max(high.all * (1 - missing.uncompared / 2), high.found)
        func range(_ share: (Sums) -> Double, of whole: Double) -> Range {
            let chance = whole > 0 ? 1.96 * middle.spread.squareRoot() / whole : 0
            let values = [share(low), share(middle), share(high)]
            return Range(
                value: share(middle), low: max((values.min() ?? 0) - chance, 0),
                high: min((values.max() ?? 1) + chance, 1))
        }
        return Quality(
            threshold: threshold, claimed: Int(middle.claimed),
            precision: range({ Self.shares($0).precision }, of: middle.claimed),
            recall: range({ Self.shares($0).recall }, of: middle.all))
    }

    /// The threshold, to a quarter of a bit, with the largest expected F1; `nil` where fewer than
    /// ``enough`` true pairs are expected.
    ///
    /// - Parameter lowest: The lowest that may be chosen.
    public func bestThreshold(from lowest: Double) -> Double? {
        var best = (threshold: PeopleClustering.limit, f1: -1.0)
        let all = sums(.infinity, shift: 0, neverCompared: missing.neverCompared).all
        guard all >= Self.enough else { return nil }
        var threshold = PeopleClustering.limit - 0.5
        var (claimed, found) = (certain, certain)
        var next = 0
        while threshold >= lowest {
            while next < merges.count, merges[next].weight >= threshold {
                claimed += merges[next].pairs
                found +=
                    merges[next].pairs
                    * Self.probability((merges[next].weight + merges[next].best) / 2)
                next += 1
            }
            let f1 = claimed + all > 0 ? 2 * found / (claimed + all) : 0
            if f1 > best.f1 + 1e-9 { best = (threshold, f1) }
            threshold -= 0.25
        }
        return best.threshold
    }
}

extension QualityEstimate {
    /// Groups that grow, with the compared pairs between them.
    private struct Groups {
        private var groups: DisjointGroups
        private let sources: [Int32]
        /// The pairs of each subject: `starts[i]..<starts[i + 1]` of ``others`` and ``weights``.
        private var starts: [Int]
        private var others: [Int32]
        private var weights: [Double]
        /// Of each root, how many pairs its members have.
        private var pairs: [Int32]

        init(sources: [Int32], pairs: [PeopleClustering.Edge]) {
            self.sources = sources
            groups = DisjointGroups(sources.count)
            self.pairs = Array(repeating: 0, count: sources.count)
            for pair in pairs {
                self.pairs[Int(pair.left)] += 1
                self.pairs[Int(pair.right)] += 1
            }
            starts = [0]
            starts.reserveCapacity(sources.count + 1)
            var end = 0
            for count in self.pairs {
                end += Int(count)
                starts.append(end)
            }
            others = Array(repeating: 0, count: end)
            weights = Array(repeating: 0, count: end)
            var places = starts
            for pair in pairs {
                for (one, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
                    others[places[Int(one)]] = other
                    weights[places[Int(one)]] = pair.weight
                    places[Int(one)] += 1
                }
            }
        }

        /// Whether two subjects are in two groups that may yet be one person: a source that knows
        /// a person once has no subject in both.
        mutating func mayShare(_ left: Int32, _ right: Int32, _ mayRepeat: [Bool]) -> Bool {
            let (one, other) = (groups.root(of: left), groups.root(of: right))
            guard one != other else { return false }
            return !groups.members(one).contains { subject in
                let source = sources[Int(subject)]
                return !mayRepeat[Int(source)]
                    && groups.members(other).contains { sources[Int($0)] == source }
            }
        }

        /// The weight of the best compared pair between two groups, which become one, how many pairs
        /// there are, and how many of them were compared; `nil` where they are one already.
        mutating func merge(
            _ left: Int32, _ right: Int32
        ) -> (best: Double?, pairs: Double, compared: Double)? {
            var (large, small) = (groups.root(of: left), groups.root(of: right))
            guard large != small else { return nil }
            if pairs[Int(large)] < pairs[Int(small)] { swap(&large, &small) }
            var best: Double?
            var compared = 0.0
            for subject in groups.members(small) {
                for place in starts[Int(subject)]..<starts[Int(subject) + 1]
                where groups.root(of: others[place]) == large {
                    let held = PeopleClustering.held(weights[place])
                    best = max(best ?? held, held)
                    compared += 1
                }
            }
            let all = Double(groups.size(large)) * Double(groups.size(small))
            let (root, gone) = groups.join(large, small)
            pairs[Int(root)] += pairs[Int(gone)]
            return (best, all, compared)
        }

        /// The compared pairs that no group holds, but that may yet be one person, and the mean weight
        /// of all pairs between their two groups, where those that are not kept have that of `floor`.
        mutating func between(
            _ pairs: [PeopleClustering.Edge], _ mayRepeat: [Bool], floor: Double
        ) -> [(weight: Double, pairs: Double)] {
            var places: [UInt64: Int] = [:]
            var open: [(sum: Double, compared: Double, all: Double)] = []
            for pair in pairs where mayShare(pair.left, pair.right, mayRepeat) {
                let (one, other) = (groups.root(of: pair.left), groups.root(of: pair.right))
                let key = UInt64(UInt32(min(one, other))) << 32 | UInt64(UInt32(max(one, other)))
                let held = PeopleClustering.held(pair.weight)
                if let place = places[key] {
                    open[place].sum += held
                    open[place].compared += 1
                } else {
                    places[key] = open.count
                    open.append(
                        (held, 1, Double(groups.size(one)) * Double(groups.size(other))))
                }
            }
            return open.map {
                (($0.sum + ($0.all - $0.compared) * floor) / $0.all, $0.compared)
            }
        }
    }
}
