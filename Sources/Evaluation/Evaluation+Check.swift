import PipelineModel

extension Evaluation {
    /// Refuses a table that cannot be evaluated, with a sentence for each fault.
    static func check(_ table: ScoredTable, listSize: Int, minimumCount: Int) throws {
        let count = table.score.count
        func refuse(_ message: String, _ remedy: String) -> StileError {
            StileError(.input, message, remedy: remedy)
        }
        guard count > 0 else {
            throw refuse("There is no row to evaluate.", "Check the cohort and its as-of dates.")
        }
        let optional = [
            table.probability.count, table.fold.count, table.about.count,
            table.baselineRank.count, table.missing.count, table.together.count,
        ]
        guard table.outcome.count == count, optional.allSatisfy({ $0 == 0 || $0 == count }),
            table.groups.allSatisfy({ $0.codes.count == count }),
            (table.missingInputs + table.linkedSources).allSatisfy({ $0.holds.count == count })
        else {
            throw refuse(
                "The columns of the scored table differ in length.",
                "Build them from the same rows.")
        }
        guard listSize > 0, minimumCount > 1 else {
            throw StileError(
                .configuration, "The list size must be above 0 and the least count above 1.",
                remedy: "Correct them in the model's specification.")
        }
        let faults = [
            ("an outcome that is neither 0 nor 1", table.outcome.count { $0 != 0 && $0 != 1 }),
            ("a score that is not finite", table.score.count { !$0.isFinite }),
            ("a probability outside 0 to 1", table.probability.count { !(0...1).contains($0) }),
            ("a baseline rank that is not finite", table.baselineRank.count { !$0.isFinite }),
        ].filter { $0.1 > 0 }.map {
            refuse("\($0.1) rows have \($0.0).", "Evaluate rows with known outcomes only.")
        }
        if let error = StileError.all(faults) { throw error }
    }
}
