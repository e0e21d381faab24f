/// The area under the ROC curve: the chance that a row with the event has a
/// higher score than one without, ties counting half.
enum Discrimination {
    /// The area with DeLong's standard error.
    ///
    /// Source: X. Sun and W. Xu, "Fast implementation of DeLong's algorithm",
    /// IEEE Signal Processing Letters 21 (2014), by mid-ranks.
    ///
    /// - Precondition: At least two rows of either outcome.
    static func area(score: [Double], outcome: [Double]) -> Interval {
        let positive = outcome.indices.filter { outcome[$0] == 1 }
        let negative = outcome.indices.filter { outcome[$0] == 0 }
        let all = midranks(score)
        let amongPositive = midranks(positive.map { score[$0] })
        let amongNegative = midranks(negative.map { score[$0] })
        let (events, others) = (Double(positive.count), Double(negative.count))
        let shareBelow = positive.indices.map { (all[positive[$0]] - amongPositive[$0]) / others }
        let shareAbove = negative.indices.map {
            1 - (all[negative[$0]] - amongNegative[$0]) / events
        }
        let area = shareBelow.reduce(0, +) / events
        let variance =
            sampleVariance(shareBelow, mean: area) / events
            + sampleVariance(shareAbove, mean: area) / others
        return Interval(estimate: area, standardError: variance.squareRoot(), bounds: 0...1)
    }

    /// The rank of each value in ascending order, equal values sharing the mean rank.
    static func midranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var ranks = [Double](repeating: 0, count: values.count)
        var first = 0
        while first < order.count {
            var last = first
            while last + 1 < order.count, values[order[last + 1]] == values[order[first]] {
                last += 1
            }
            for position in first...last { ranks[order[position]] = Double(first + last) / 2 + 1 }
            first = last + 1
        }
        return ranks
    }

    private static func sampleVariance(_ values: [Double], mean: Double) -> Double {
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}
