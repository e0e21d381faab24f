/// The Brier score as what calibration costs, what ranking gains and what the outcome leaves open.
///
/// Rows are put into bins of their probabilities. With n_k rows in bin k, their mean probability
/// p_k and share of events o_k, and o the share of events of all n rows:
///
/// - reliability = Σ n_k (p_k − o_k)² ÷ n; 0 is best
/// - resolution = Σ n_k (o_k − o)² ÷ n; more is better
/// - uncertainty = o (1 − o), which no model changes
/// - within-bin variance = Σ Σ (p_i − p_k)² ÷ n, and within-bin covariance
///   = 2 Σ Σ (y_i − o_k)(p_i − p_k) ÷ n: what a bin of different probabilities hides
///
/// Brier = reliability − resolution + uncertainty + within-bin variance − within-bin covariance.
/// Source: A. H. Murphy, "A new vector partition of the probability score", Journal of Applied
/// Meteorology 12 (1973); the terms within bins: D. B. Stephenson, C. A. S. Coelho and I. T.
/// Jolliffe, "Two extra components in the Brier score decomposition", Weather and Forecasting 23
/// (2008).
///
/// Reliability and resolution are both too large by about the same in small samples, since o_k is
/// uncertain; the figures are not corrected for it.
public struct BrierDecomposition: Codable, Sendable, Equatable {
    /// How the rows are put into bins.
    public enum Binning: String, Codable, Sendable, CaseIterable {
        /// One for each probability, of which there are ten or fewer.
        case distinct
        /// Tenths by ascending probability; rows of one probability stay together.
        case tenths
    }

    public var brier: Double
    public var reliability: Double
    public var resolution: Double
    public var uncertainty: Double
    public var withinBinVariance: Double
    public var withinBinCovariance: Double
    public var binning: Binning
    public var bins: Int
}

extension BrierDecomposition {
    /// The decomposition along a ranking by probability.
    ///
    /// - Parameter ranking: With a row at least; its scores are probabilities.
    static func assess(_ ranking: Ranking) -> BrierDecomposition {
        var ties: [Range<Int>] = []
        ranking.forEachTie { ties.append($0) }
        let binning: Binning = ties.count <= 10 ? .distinct : .tenths
        let bins = binning == .distinct ? ties : tenths(ties, rows: ranking.count)
        let rows = Double(ranking.count)
        let share = Double(ranking.events) / rows
        var found = BrierDecomposition(
            brier: 0, reliability: 0, resolution: 0, uncertainty: share * (1 - share),
            withinBinVariance: 0, withinBinCovariance: 0, binning: binning, bins: bins.count)
        for bin in bins {
            let count = Double(bin.count)
            let events =
                ranking.eventsAmongFirst[bin.upperBound]
                - ranking.eventsAmongFirst[bin.lowerBound]
            let mean = bin.reduce(0) { $0 + ranking.score[$1] } / count
            let observed = Double(events) / count
            found.reliability += count * (mean - observed) * (mean - observed) / rows
            found.resolution += count * (observed - share) * (observed - share) / rows
            for position in bin {
                let outcome = ranking.isEvent(position) ? 1.0 : 0
                let probability = ranking.score[position]
                let apart = probability - mean
                found.brier += (outcome - probability) * (outcome - probability) / rows
                found.withinBinVariance += apart * apart / rows
                found.withinBinCovariance += 2 * (outcome - observed) * apart / rows
            }
        }
        return found
    }

    /// Runs of ties put together to about a tenth of the rows each; a tie is in the tenth in
    /// which its first row, from the lowest, is.
    private static func tenths(_ ties: [Range<Int>], rows: Int) -> [Range<Int>] {
        var bins: [Range<Int>] = []
        var last = -1
        for tie in ties.reversed() {
            let tenth = (rows - tie.upperBound) * 10 / rows
            if tenth == last, let bin = bins.last {
                bins[bins.count - 1] = tie.lowerBound..<bin.upperBound
            } else {
                bins.append(tie)
                last = tenth
            }
        }
        return bins
    }
}

extension BrierDecomposition {
    /// The bins in words.
    public var words: String {
        switch binning {
        case .distinct: "by \(bins) distinct chances"
        case .tenths: "in \(bins) bins by tenths of the chances"
        }
    }
}
