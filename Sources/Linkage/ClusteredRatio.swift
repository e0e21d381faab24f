/// A share of pairs whose 95 % interval allows for pairs of one cluster standing and falling together.
///
/// With y of x pairs in a cluster and R = Σy ÷ Σx, the variance of R is c ÷ (c − 1) · Σ(y − R x)² ÷ (Σx)²
/// over c clusters (a ratio of totals of clusters, W. G. Cochran, "Sampling Techniques", 3rd edition
/// 1977, chapter 9A). The interval is Wilson's with the number of pairs that would give this variance by themselves,
/// as ``ReviewedQuality`` has it, and never more than there are. Where all pairs
/// are alike, or there is one cluster, nothing can be learnt from the variance: the pairs then count
/// for (Σx)² ÷ Σx², as if those of a cluster were one and the same (L. Kish, "Survey Sampling", 1965).
struct ClusteredRatio: Sendable {
    private var clusters = 0.0
    private var (y, x) = (0.0, 0.0)
    private var (yy, xy, xx) = (0.0, 0.0, 0.0)

    /// Adds a cluster of which `part` of `whole` pairs count; one without pairs says nothing.
    mutating func add(_ part: Int, of whole: Int) {
        guard whole > 0 else { return }
        let (part, whole) = (Double(part), Double(whole))
        clusters += 1
        y += part
        x += whole
        yy += part * part
        xy += part * whole
        xx += whole * whole
    }

    /// The share and its interval; `nil` where there are no pairs.
    var estimate: ReviewedQuality.Estimate? {
        guard x > 0 else { return nil }
        let ratio = y / x
        let (low, high) = Proportion.interval(ratio, size: size(ratio))
        return ReviewedQuality.Estimate(
            value: ratio, low: y == 0 ? 0 : low, high: y == x ? 1 : high)
    }

    /// As many independent pairs would say as much.
    private func size(_ ratio: Double) -> Double {
        guard y > 0, y < x, clusters > 1 else { return x * x / xx }
        let spread = max(yy - 2 * ratio * xy + ratio * ratio * xx, 0)
        let variance = clusters / (clusters - 1) * spread / (x * x)
        guard variance > 0 else { return x }
        return min(ratio * (1 - ratio) / variance, x)
    }
}
