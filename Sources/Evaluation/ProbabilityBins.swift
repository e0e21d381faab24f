import PipelineModel

/// Rows by their probability, so that a draw's decision curve and its curve of calibration come
/// from the sums of bins.
///
/// No bin holds probabilities on both sides of a threshold of the decision curve, so that net
/// benefits are exact. A bin has at least a two-hundredth of the rows, and counts by its mean on the
/// curve of calibration.
struct ProbabilityBins {
    static let most = 200

    /// By bin, from the highest probability: how many thresholds are at or below it.
    private var thresholdsBelow: [Int] = []
    private var mean: [Double] = []
    /// The curve of the whole: by bin that has a place on it, row by row.
    private var onCurve: [Int] = []
    private var design: [Double] = []
    private var columns = 0
    private var coefficients: [Double] = []

    var count: Int { mean.count }

    /// - Parameters:
    ///   - ranking: By probability.
    ///   - probability: By row.
    ///   - logits: The same as logits.
    ///   - hasCurve: Whether the rows carry a curve of calibration.
    ///   - put: Called with each row and its bin.
    init(
        _ ranking: Ranking, _ probability: [Double], logits: [Double], hasCurve: Bool,
        put: (Int, UInt16) -> Void
    ) {
        let thresholds = AcceptanceMargins.thresholds
        let least = max(ranking.count / Self.most, 1)
        var below = thresholds.count
        var rows = 0
        for (position, row) in ranking.rows.enumerated() {
            let own = ranking.score[position]
            let previous = position > 0 ? ranking.score[position - 1] : .infinity
            if own != previous {
                let before = below
                while below > 0, thresholds[below - 1] > own { below -= 1 }
                let isApart = previous >= 1 || own <= 0
                if rows >= least || below != before || isApart || position == 0 {
                    if rows > 0 { mean[mean.count - 1] /= Double(rows) }
                    thresholdsBelow.append(below)
                    mean.append(0)
                    rows = 0
                }
            }
            rows += 1
            mean[mean.count - 1] += own
            put(row, UInt16(mean.count - 1))
        }
        if rows > 0 { mean[mean.count - 1] /= Double(rows) }
        guard hasCurve else { return }
        let kept = ranking.only { probability[$0] > 0 && probability[$0] < 1 }
        guard let spline = CalibrationCurve.spline(kept, logits: logits) else { return }
        columns = spline.columns
        for bin in mean.indices where mean[bin] > 0 && mean[bin] < 1 {
            onCurve.append(bin)
            design.append(contentsOf: spline.row(Logistic.logit(mean[bin])))
        }
    }

    /// How many rows each threshold flags, and how many of them had the event.
    func flagged(_ sums: [UInt64]) -> [(rows: Int, events: Int)] {
        var flagged = [(rows: Int, events: Int)](
            repeating: (0, 0), count: AcceptanceMargins.thresholds.count)
        var (rows, events, bin) = (0, 0, 0)
        for threshold in flagged.indices.reversed() {
            while bin < count, thresholdsBelow[bin] > threshold {
                rows += Int(sums[bin] >> 32)
                events += Int(sums[bin] & 0xffff_ffff)
                bin += 1
            }
            flagged[threshold] = (rows, events)
        }
        return flagged
    }

    /// The mean distance between the curve of a draw and its probabilities; `nil` where the draw
    /// carries no curve.
    mutating func integratedIndex(_ sums: [UInt64]) -> Double? {
        guard columns > 0 else { return nil }
        let rows = onCurve.map { Double(sums[$0] >> 32) }
        let events = onCurve.map { Double(sums[$0] & 0xffff_ffff) }
        guard
            let fit = SmallLogisticFit.fit(
                design, columns: columns, outcome: events, trials: rows,
                from: coefficients.isEmpty ? nil : coefficients)
        else { return nil }
        // The first is the curve of the whole, near which those of the draws are.
        if coefficients.isEmpty { coefficients = fit.coefficients }
        var (sum, all) = (0.0, 0.0)
        for (place, bin) in onCurve.enumerated() {
            var linear = 0.0
            for column in 0..<columns {
                linear += design[place * columns + column] * fit.coefficients[column]
            }
            sum += rows[place] * (Logistic.probability(linear) - mean[bin]).magnitude
            all += rows[place]
        }
        return all > 0 ? sum / all : nil
    }
}
