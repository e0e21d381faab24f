import PipelineModel

/// Whether the figures of a model may be published: not where they would tell a count of few people.
///
/// Leaving such counts out is not enough. Of a fit by maximum likelihood the sum of the
/// probabilities is the number of events, so that the intercept with the means, the covariance, the
/// deviance, and the rows that the prevalence would need each tell it.
enum PublishableFit {
    /// - Parameters:
    ///   - fit: `coefficients.json`.
    ///   - evaluation: `evaluation.json`; `nil` where there is none.
    /// - Throws: `StileError` with code `policy` where a count of rows, people, events or of those
    ///   without one is above none and below ten.
    static func check(_ fit: [UInt8], evaluation: [UInt8]?) throws {
        let counts: [(what: String, part: String, tree: JSONTree?)] = [
            ("fitted", "", JSONTree(fit)), ("fitted", "sample_size.", JSONTree(fit)),
            ("to be tested", "test_precision.", JSONTree(fit)),
            ("tested", "", evaluation.flatMap { JSONTree($0) }),
        ]
        for (what, part, tree) in counts {
            guard let tree else { continue }
            let isSmall =
                ["rows", "events", "clusters"].contains { few(tree, part + $0) }
                || few(tree, part + "rows", less: part + "events")
            guard isSmall else { continue }
            throw StileError(
                .policy,
                "The model was \(what) on rows, people, events or others of which there are fewer than \(ColumnRange.smallestCount), and its figures would let them be counted.",
                remedy:
                    "Show the whole folder to the reviewers; publish the model when more people have been followed up."
            )
        }
    }

    /// Whether a count, or what is left of it without another, is of few but not of none.
    private static func few(_ tree: JSONTree, _ path: String, less other: String? = nil) -> Bool {
        guard let count = tree.number(at: path) else { return false }
        let left = count - (other.map { tree.number(at: $0) ?? 0 } ?? 0)
        return left > 0 && left < Double(ColumnRange.smallestCount)
    }
}
