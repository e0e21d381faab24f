/// F1 of the people at every link threshold down to that for review, against truth.
///
/// People are gathered down to the review threshold once, and what merged below a threshold is taken
/// apart again, as for the thresholds of a run's report: without the margin that a link must have
/// over what would come in its place. Missed pairs count wherever the threshold lies.
public struct TruthByThreshold: Sendable, Equatable, Codable {
    /// The people at one threshold.
    public struct Point: Sendable, Equatable, Codable {
        /// In bits: the highest threshold that gives these people; `nil` where nothing is linked by its weight.
        public var threshold: Double?
        public var precision: Double
        public var recall: Double
        public var f1: Double
    }

    /// At the link threshold of the nights.
    public var inUse: Point
    public var best: Point

    /// - Parameters:
    ///   - people: Gathered down to the review threshold.
    ///   - truth: The true person of each subject, by number; -1 where that is not known.
    ///   - wanted: True pairs.
    ///   - threshold: The link threshold of the nights, in bits.
    init(
        _ people: PeopleClustering.Outcome, truth: [Int32], wanted: Int, threshold: Double
    ) {
        var mixed = MixedGroups(truth)
        for (left, right) in people.joined { mixed.join(left, right) }
        func point(_ threshold: Double?) -> Point {
            let (found, claimed) = (Double(mixed.found), Double(mixed.claimed))
            return Point(
                threshold: threshold, precision: claimed > 0 ? found / claimed : 1,
                recall: wanted > 0 ? found / Double(wanted) : 1,
                f1: claimed + Double(wanted) > 0 ? 2 * found / (claimed + Double(wanted)) : 0)
        }
        var best = point(nil)
        var used = best
        let merges = people.merges.enumerated().sorted {
            ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
        }.map(\.element)
        for (number, merge) in merges.enumerated() {
            mixed.join(merge.left, merge.right)
            // Equal weights stand or fall together.
            if number + 1 < merges.count, merges[number + 1].weight == merge.weight { continue }
            let now = point(merge.weight)
            if merge.weight >= threshold { used = now }
            if now.f1 > best.f1 { best = now }
        }
        used.threshold = threshold
        inUse = used
        self.best = best
    }
}

/// Groups of subjects that grow, with the pairs of known people in them.
private struct MixedGroups {
    private(set) var found = 0
    private(set) var claimed = 0
    private var groups: DisjointGroups
    /// Of each root, how many subjects of each true person.
    private var people: [[Int32: Int]]

    init(_ truth: [Int32]) {
        groups = DisjointGroups(truth.count)
        people = truth.map { $0 < 0 ? [:] : [$0: 1] }
    }

    mutating func join(_ left: Int32, _ right: Int32) {
        let (one, other) = (groups.root(of: left), groups.root(of: right))
        guard one != other else { return }
        var (large, small) = (people[Int(one)], people[Int(other)])
        people[Int(one)] = [:]
        people[Int(other)] = [:]
        if large.count < small.count { swap(&large, &small) }
        claimed += large.values.reduce(0, +) * small.values.reduce(0, +)
        for (person, count) in small {
            found += count * large[person, default: 0]
            large[person, default: 0] += count
        }
        people[Int(groups.join(one, other).root)] = large
    }
}
