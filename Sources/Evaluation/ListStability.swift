/// How far the list stays the same when the model is fitted anew on resampled rows.
///
/// Whoever refits gives the scores of the same rows by each refit; the list of the fixed score
/// does not change with the test rows. An unstable list is a matter of chance for those near its
/// end, however good it is on the whole (R. D. Riley and G. S. Collins, "Stability of clinical
/// prediction models developed using statistical or machine learning methods", 2023).
public struct ListStability: Codable, Sendable, Equatable {
    /// How often rows are on the lists of the refits.
    public struct Frequency: Codable, Sendable, Equatable {
        /// At least this share of the refits lists the row, and below the next share.
        public var atLeast: Double
        /// Rows of the model's list, and other rows.
        public var listed: Int
        public var others: Int
    }

    public var size: Int
    public var refits: Int
    /// Of the model's list, the share that is also on a refit's list: mean, least and most.
    public var overlap: Estimate
    /// Rows on both lists ÷ rows on either: mean, least and most.
    public var jaccard: Estimate
    /// Of rows that any list holds, by how many refits they are listed.
    public var frequencies: [Frequency]

    /// - Parameters:
    ///   - score: The model's scores, by row.
    ///   - refits: The scores of the same rows by each refit.
    ///   - size: The size of the list.
    public static func assess(
        score: [Double], refits: [[Double]], size: Int
    ) -> Assessed<ListStability> {
        guard !refits.isEmpty else { return .notAssessable("there is no refit") }
        guard size > 0, size < score.count else {
            return .notAssessable("the list holds every row or none")
        }
        guard refits.allSatisfy({ $0.count == score.count && $0.allSatisfy(\.isFinite) }),
            score.allSatisfy(\.isFinite)
        else { return .notAssessable("a refit lacks a score of a row") }
        let none = [Double](repeating: 0, count: score.count)
        func top(_ score: [Double]) -> [Int] {
            Array(Ranking(score: score, outcome: none).rows.prefix(size))
        }
        var isListed = [Bool](repeating: false, count: score.count)
        for row in top(score) { isListed[row] = true }
        var times = [Int](repeating: 0, count: score.count)
        var both: [Int] = []
        for refit in refits {
            let list = top(refit)
            for row in list { times[row] += 1 }
            both.append(list.count { isListed[$0] })
        }
        func summary(_ values: [Double]) -> Estimate {
            Estimate(
                values.reduce(0, +) / Double(values.count), lower: values.min() ?? 0,
                upper: values.max() ?? 0)
        }
        let shares = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]
        let frequencies = shares.indices.map { index in
            let next = index + 1 < shares.count ? shares[index + 1] : 2
            let rows = times.indices.filter { row in
                let share = Double(times[row]) / Double(refits.count)
                return share >= shares[index] && share < next && (times[row] > 0 || isListed[row])
            }
            return Frequency(
                atLeast: shares[index], listed: rows.count { isListed[$0] },
                others: rows.count { !isListed[$0] })
        }
        return .value(
            ListStability(
                size: size, refits: refits.count,
                overlap: summary(both.map { Double($0) / Double(size) }),
                jaccard: summary(both.map { Double($0) / Double(2 * size - $0) }),
                frequencies: frequencies))
    }
}
