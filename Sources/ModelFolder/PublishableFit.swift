/// `coefficients.json` for publication: without the counts of fewer than ten, and without what
/// they could be worked out from.
enum PublishableFit {
    /// What follows from the number of events, given the number of rows.
    private static let followsFromEvents = [
        "deviance", "events", "log_likelihood", "null_deviance", "sample_size", "test_precision",
    ]
    /// What gives the number of rows, and of people, away.
    private static let followsFromRows = ["clusters", "rows", "total_weight"]

    /// The bytes as they are where every count is 0 or ten or more; else without those fields,
    /// which `withheld` then names.
    ///
    /// - Throws: `StileError` with code `integrity` where a number is not finite.
    static func bytes(_ bytes: [UInt8]) throws -> [UInt8] {
        guard case .object(var members)? = JSONTree(bytes) else { return bytes }
        let tree = JSONTree.object(members)
        let fewRows = ["rows", "clusters", "total_weight"].contains { isSmall(tree, $0) }
        let fewEvents = ["", "sample_size.", "test_precision."].contains { part in
            isSmall(tree, part + "rows") || isSmall(tree, part + "events")
                || isSmall(tree, part + "rows", less: part + "events")
        }
        guard fewRows || fewEvents else { return bytes }
        let fields = (followsFromEvents + (fewRows ? followsFromRows : [])).sorted()
            .filter { members[$0] != nil }
        for field in fields { members[field] = nil }
        members["withheld"] = .object([
            "fewer_than": .number(Double(ColumnRange.smallestCount)),
            "fields": .array(fields.map(JSONTree.string)),
        ])
        return try CanonicalForm.bytes(JSONTree.object(members), of: FolderFile.Name.coefficients)
    }

    /// Whether a count, or what is left of it without another, is of few but not of none.
    private static func isSmall(_ tree: JSONTree, _ path: String, less other: String? = nil) -> Bool
    {
        guard let count = tree.number(at: path) else { return false }
        let left = count - (other.map { tree.number(at: $0) ?? 0 } ?? 0)
        return left > 0 && left < Double(ColumnRange.smallestCount)
    }
}
