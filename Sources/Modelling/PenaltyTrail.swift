extension PenaltyPath {
    /// The path with how many terms a fit on all rows keeps at each λ.
    ///
    /// Each fit begins where the one before it ended, so that the whole path costs about one more
    /// fold. Where a fit does not converge, as the least λ on separated outcomes may not, its count
    /// and those after it are absent.
    ///
    /// - Parameters:
    ///   - steps: The path, in descending λ.
    ///   - problem: All rows.
    ///   - start: The null model.
    ///   - weight: The sum of the weights.
    /// - Throws: `StileError` where the rows cannot be read.
    func counted(
        _ steps: [FittedPenalty.Step], _ problem: LogisticProblem, from start: [Double],
        weight: Double
    ) throws -> [FittedPenalty.Step] {
        var counted = steps
        var parameters = start
        for index in steps.indices {
            do {
                parameters = try PenalisedIteration(
                    mixing: mixing, strength: steps[index].strength, weight: weight,
                    tolerance: tolerance, maximumIterations: maximumIterations
                ).run(problem, from: parameters).parameters
            } catch is NewtonIteration.Failure {
                break
            }
            counted[index].terms = parameters.dropFirst().count { $0 != 0 }
        }
        return counted
    }
}
