import PipelineModel

/// Draws of whole clusters with replacement, as many as there are, and what figures make of them.
///
/// Source: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997), 3.8
/// and 5.3.
struct ClusterResamples {
    /// How many clusters there are.
    let clusters: Int
    /// How often they are drawn.
    let count: Int
    /// What the draws are for, so that two kinds of figures have draws of their own.
    let label: String

    /// Calls `body` with the number of times that each cluster is in a draw, draw by draw.
    func forEach(_ body: ([Int32]) -> Void) {
        var generator = SeededGenerator(seed: ClusterBootstrap.seed, label: label)
        var weights = [Int32](repeating: 0, count: clusters)
        for _ in 0..<count {
            for cluster in weights.indices { weights[cluster] = 0 }
            for _ in weights.indices { weights[generator.below(clusters)] += 1 }
            body(weights)
        }
    }

    /// A figure between the 2.5 and 97.5 % quantiles of its draws.
    ///
    /// - Parameters:
    ///   - value: The figure of all rows.
    ///   - drawn: Those of the draws that have one.
    func estimate(_ value: Double, _ drawn: [Double]) -> Assessed<Estimate> {
        guard value.isFinite, drawn.count * 10 >= count * 9 else {
            return .notAssessable("fewer than nine resamples in ten have a figure")
        }
        let sorted = drawn.sorted()
        var found = Estimate(
            value, lower: Quantile.type7(0.025, of: sorted),
            upper: Quantile.type7(0.975, of: sorted))
        found.method = .bootstrap
        return .value(found)
    }
}
