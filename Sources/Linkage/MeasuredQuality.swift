/// Precision, recall and F1 of pairs of subjects, against truth.
///
/// The intervals are Wilson's, with as many pairs as independent ones would say as much. A cluster of
/// pairs is a true person, with those whom the linkage has mixed with them: all pairs that one
/// mistake makes wrong are in one.
public struct MeasuredQuality: Sendable, Equatable, Codable {
    /// True pairs that are linked.
    public var found: Int
    /// Linked pairs.
    public var claimed: Int
    /// True pairs.
    public var wanted: Int
    /// `found / claimed`; `nil` where nothing is linked.
    public var precision: ReviewedQuality.Estimate?
    /// `found / wanted`; `nil` where there is no true pair.
    public var recall: ReviewedQuality.Estimate?
    /// `2 found / (claimed + wanted)`, the harmonic mean of the two; `nil` where there is neither.
    public var f1: ReviewedQuality.Estimate?

    /// True pairs that are not linked.
    public var missed: Int { wanted - found }
}

/// Pairs of one cluster, counted.
struct PairCounts: Sendable, Equatable {
    var found = 0
    var claimed = 0
    var wanted = 0

    static func += (left: inout PairCounts, right: PairCounts) {
        left.found += right.found
        left.claimed += right.claimed
        left.wanted += right.wanted
    }
}

/// Pairs counted cluster by cluster.
struct QualityTally: Sendable {
    private var counts = PairCounts()
    private var precision = ClusteredRatio()
    private var recall = ClusteredRatio()
    private var f1 = ClusteredRatio()

    mutating func add(_ cluster: PairCounts) {
        counts += cluster
        precision.add(cluster.found, of: cluster.claimed)
        recall.add(cluster.found, of: cluster.wanted)
        f1.add(2 * cluster.found, of: cluster.claimed + cluster.wanted)
    }

    var quality: MeasuredQuality {
        MeasuredQuality(
            found: counts.found, claimed: counts.claimed, wanted: counts.wanted,
            precision: precision.estimate, recall: recall.estimate, f1: f1.estimate)
    }
}
