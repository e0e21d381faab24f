public import PipelineModel

/// How much better a model looks on the rows that it was fitted on than it is.
///
/// Harrell's bootstrap: everything that made the model, with its tuning and selection, is done
/// again on each resample; the optimism is the mean of the figure on the resample less the
/// figure of the same refit on the original rows, and is taken off the apparent figure. Source:
/// F. E. Harrell, K. L. Lee and D. B. Mark, Statistics in Medicine 15 (1996).
public struct Optimism: Codable, Sendable, Equatable {
    /// What a fit says of rows.
    public struct Prediction: Sendable {
        public var score: [Double]
        public var probability: [Double]

        public init(score: [Double], probability: [Double]) {
            self.score = score
            self.probability = probability
        }
    }

    /// One figure before and after.
    public struct Figure: Codable, Sendable, Equatable {
        public var name: String
        public var apparent: Double
        public var optimism: Double
        /// The apparent figure less the optimism.
        public var corrected: Double
    }

    public var resamples: Int
    public var seed: UInt64
    /// Resamples on which nothing could be fitted, or a figure not be worked out.
    public var failed: Int
    /// AUROC, Brier score and calibration slope.
    public var figures: [Figure]

    /// Applies a fit to rows of the original table, by their indices.
    public typealias Apply = ([Int]) throws -> Prediction

    /// The optimism of whatever `fit` does.
    ///
    /// - Parameters:
    ///   - outcome: 0 or 1 by row.
    ///   - about: Whom or what each row is about; drawn whole. Empty where rows stand alone.
    ///   - resamples: How many.
    ///   - seed: The same seed gives the same resamples.
    ///   - fit: Fits on rows, by their indices, of which some stand several times; the result
    ///     says what it makes of any rows. It throws a `StileError` where nothing can be fitted.
    /// - Returns: Not assessable where the apparent figures are not, or where more than a tenth of
    ///   the resamples failed.
    public static func bootstrap(
        outcome: [Double], about: [UnitPseudonym], resamples: Int, seed: UInt64,
        fit: ([Int]) throws -> Apply
    ) throws -> Assessed<Optimism> {
        let all = Array(outcome.indices)
        guard let apparent = try figures(fit(all), on: all, outcome) else {
            return .notAssessable("the figures of the fit itself cannot be worked out")
        }
        let members = members(about, rows: outcome.count)
        var generator = SeededGenerator(seed: seed, label: "optimism")
        var sums = [Double](repeating: 0, count: apparent.count)
        var failed = 0
        for _ in 0..<resamples {
            // Drawn before the fit, so that one that fails does not shift the next.
            let rows = members.indices.flatMap { _ in members[generator.below(members.count)] }
            guard let difference = try difference(rows, all, outcome, fit) else {
                failed += 1
                continue
            }
            for index in sums.indices { sums[index] += difference[index] }
        }
        guard failed * 10 <= resamples, resamples > failed else {
            return .notAssessable("\(failed) of \(resamples) resamples could not be fitted")
        }
        let names = ["auroc", "brier", "calibration_slope"]
        return .value(
            Optimism(
                resamples: resamples, seed: seed, failed: failed,
                figures: names.indices.map { index in
                    let optimism = sums[index] / Double(resamples - failed)
                    return Figure(
                        name: names[index], apparent: apparent[index], optimism: optimism,
                        corrected: apparent[index] - optimism)
                }))
    }

    private static func difference(
        _ rows: [Int], _ all: [Int], _ outcome: [Double], _ fit: ([Int]) throws -> Apply
    ) throws -> [Double]? {
        do {
            let apply = try fit(rows)
            guard let there = try figures(apply, on: rows, outcome),
                let here = try figures(apply, on: all, outcome)
            else { return nil }
            return zip(there, here).map { $0 - $1 }
        } catch is StileError {
            return nil
        }
    }

    private static func figures(
        _ apply: Apply, on rows: [Int], _ outcome: [Double]
    ) throws -> [Double]? {
        let prediction = try apply(rows)
        let table = ScoredTable(
            score: prediction.score, probability: prediction.probability,
            outcome: rows.map { outcome[$0] })
        try Evaluation.check(table, listSize: 1, minimumCount: 2)
        let ranked = RankedTable(table, listSize: 1, minimumCount: 2)
        guard let area = Discrimination.area(ranked.ranking).value,
            let brier = ranked.brier(ranked.ranking).value,
            let slope = ranked.calibration(ranked.ranking).value?.slope.value
        else { return nil }
        return [area.estimate, brier, slope.estimate]
    }

    /// The rows of each cluster, in the order in which they first appear.
    private static func members(_ about: [UnitPseudonym], rows: Int) -> [[Int]] {
        guard !about.isEmpty else { return (0..<rows).map { [$0] } }
        var places: [UnitPseudonym: Int] = [:]
        var members: [[Int]] = []
        for (row, unit) in about.enumerated() {
            if let place = places[unit] {
                members[place].append(row)
            } else {
                places[unit] = members.count
                members.append([row])
            }
        }
        return members
    }
}
