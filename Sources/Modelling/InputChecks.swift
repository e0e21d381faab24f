import PipelineModel

/// What a fit refuses before it begins.
enum InputChecks {
    /// - Parameters:
    ///   - matrix: The design.
    ///   - outcomes: By row.
    ///   - weights: By row; `nil` for 1.
    ///   - offsets: By row; `nil` for 0.
    ///   - clusters: By row; `nil` where each stands alone.
    ///   - terms: How many columns have a coefficient to be estimated.
    ///   - isPenalised: Whether there is an answer with more terms than rows.
    /// - Throws: `StileError` with a sentence on what cannot be fitted.
    static func check(
        _ matrix: any DesignRows, _ outcomes: [Double], weights: [Double]?, offsets: [Double]?,
        clusters: [UInt32]?, terms: Int, isPenalised: Bool
    ) throws {
        let rows = matrix.rowCount
        func refuse(_ message: String, _ remedy: String) -> StileError {
            StileError(.input, message, remedy: remedy)
        }
        var seen: Set<String> = []
        for name in matrix.columns where !seen.insert(name).inserted {
            throw StileError(
                .configuration, "Two columns of the matrix are called “\(name)”.",
                remedy: "Give each feature a name of its own.")
        }
        guard outcomes.count == rows, weights?.count ?? rows == rows,
            offsets?.count ?? rows == rows, clusters?.count ?? rows == rows
        else {
            throw refuse(
                "Outcomes, weights, offsets or clusters are not one for each of the \(rows) rows.",
                "Build them from the same rows as the matrix.")
        }
        guard rows > 0 else {
            throw refuse(
                "There is no row to fit on.", "Check the cohort and its as-of dates.")
        }
        let unknown = outcomes.count { $0 != 0 && $0 != 1 }
        guard unknown == 0 else {
            throw refuse(
                "\(unknown) rows have an outcome that is neither 0 nor 1.",
                "Fit on rows whose horizon has passed only.")
        }
        if let weights, let bad = count(weights, where: { !$0.isFinite || $0 < 0 }) {
            throw refuse(
                "\(bad) rows have a weight that is negative or not finite.",
                "Give every row a weight of at least 0.")
        }
        if let offsets, let bad = count(offsets, where: { !$0.isFinite }) {
            throw refuse(
                "\(bad) rows have an offset that is not finite.", "Give every row a finite one.")
        }
        let counted = outcomes.indices.filter { weights?[$0] ?? 1 > 0 }
        guard !counted.isEmpty else {
            throw refuse(
                "Every row has a weight of 0, so there is nothing to fit on.",
                "Give the rows that are to count a weight above 0.")
        }
        let events = counted.count { outcomes[$0] == 1 }
        guard events > 0, events < counted.count else {
            throw refuse(
                (counted.count == 1 ? "The only row has" : "All \(counted.count) rows have")
                    + " the outcome \(events > 0 ? 1 : 0), so there is nothing to tell apart.",
                "Check the definition of the outcome, or fit on a longer period.")
        }
        // A penalty has an answer with more terms than rows too.
        guard isPenalised || counted.count > terms + 1 else {
            throw refuse(
                "The model has \(terms) terms and an intercept, but only "
                    + "\(counted.count) rows.",
                "Fit on more rows or with fewer terms.")
        }
    }

    /// How many values fail; `nil` for none.
    private static func count(_ values: [Double], where fails: (Double) -> Bool) -> Int? {
        let number = values.count(where: fails)
        return number == 0 ? nil : number
    }
}
