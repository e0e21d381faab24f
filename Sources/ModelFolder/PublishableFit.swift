import PipelineModel

/// Whether the figures of a model may be published: not where they would tell a count of few people.
///
/// Leaving such counts out is not enough. Of a fit by maximum likelihood, and of a recalibration,
/// the sum of the probabilities is the number of events, so that the intercept with the means, the
/// covariance, the deviance, and the rows that the prevalence would need each tell it. The
/// evaluation stays behind, but the documents state its chief figures: of rows, share with the event
/// and precision of the list each count follows.
enum PublishableFit {
    /// - Parameters:
    ///   - fit: `coefficients.json`; `nil` where nothing was fitted here.
    ///   - evaluation: `evaluation.json`; `nil` where there is none.
    ///   - recalibration: `recalibration.json`; `nil` where nothing was recalibrated.
    /// - Throws: `StileError` with code `policy` where a count of rows, people, events, of those
    ///   without one, or of rows for which the outcome cannot happen is above none and below ten;
    ///   `integrity` where a file cannot be read.
    static func check(fit: [UInt8]?, evaluation: [UInt8]?, recalibration: [UInt8]?) throws {
        try check(
            fit, FolderFile.Name.coefficients,
            [
                ("fitted on", ["rows", "events", "clusters"], less: ("rows", "events"))
            ] + size(fit))
        try check(
            recalibration, FolderFile.Name.recalibration,
            [("recalibrated on", ["rows", "events", "clusters"], less: ("rows", "events"))])
        try check(
            evaluation, FolderFile.Name.evaluation,
            [
                ("tested on", ["rows", "events", "people"], less: ("rows", "events")),
                (
                    "tested by a list of", ["list.events.expected"],
                    less: ("list.size", "list.events.expected")
                ),
                ("tested by a list without", [], less: ("events", "list.events.expected")),
                (
                    "tested on", ["cannot_happen.rows", "cannot_happen.listed"],
                    less: ("rows", "cannot_happen.rows")
                ),
                ("tested on", [], less: ("cannot_happen.rows", "cannot_happen.listed")),
                (
                    "tested by a list of", [],
                    less: ("cannot_happen.list_size", "cannot_happen.listed")
                ),
            ])
    }

    /// The counts that the sizes of the fit and of the test are worked out from.
    ///
    /// Independent rows that others stand for are no count of anybody, and of the test only the share
    /// of events of the fit is in them.
    private static func size(_ fit: [UInt8]?) -> [Counts] {
        let tree = fit.flatMap(JSONTree.init)
        func paths(_ part: String) -> [String] {
            let clustering = ["\(part).clustering.rows", "\(part).clustering.clusters"]
            let isClustered = clustering.contains { tree?.number(at: $0) != nil }
            return isClustered ? clustering : ["\(part).rows"]
        }
        return [
            ("fitted on", paths("sample_size"), less: ("rows", "events")),
            ("to be tested on", paths("test_precision"), less: ("rows", "events")),
        ]
    }

    /// Counts that must not be few, nor what is left of the first of two without the other.
    private typealias Counts = (
        what: String, paths: [String], less: (of: String, without: String)
    )

    private static func check(_ bytes: [UInt8]?, _ file: String, _ counts: [Counts]) throws {
        guard let bytes else { return }
        guard let tree = JSONTree(bytes) else {
            throw StileError(
                .integrity, "The file \(file) of the model's folder cannot be read.",
                remedy: "Run the night again; it writes the folder anew.")
        }
        for (what, paths, less) in counts {
            let left = tree.number(at: less.of).flatMap { all in
                tree.number(at: less.without).map { all - $0 }
            }
            guard (paths.map(tree.number(at:)) + [left]).compactMap(\.self).contains(where: isFew)
            else { continue }
            throw StileError(
                .policy,
                "The model was \(what) rows, people, events or others of which there are fewer than \(ColumnRange.smallestCount), and its figures would let them be counted.",
                remedy:
                    "Show the whole folder to the reviewers; publish the model when more people have been followed up, or its list is longer."
            )
        }
    }

    /// Whether a count is of few, but not of none.
    private static func isFew(_ count: Double) -> Bool {
        // A mean over ties is not whole, and what is left of it neither.
        count > 1e-6 && count < Double(ColumnRange.smallestCount)
    }
}
