/// Whether a model met the margins that were set before its test labels were read.
public enum MarginVerdict: String, Codable, Sendable, CaseIterable {
    case met
    case notMet = "not_met"
    /// The interval holds figures within the margin and others outside: the rows cannot tell.
    case undecided
    /// There is no figure, or one of too few rows.
    case notAssessable = "not_assessable"

    /// The verdict in words.
    public var words: String { rawValue.split(separator: "_").joined(separator: " ") }

    /// What several verdicts come to: not met where one is not, then not assessable, then undecided.
    ///
    /// - Returns: `nil` of none.
    public static func whole(_ verdicts: [MarginVerdict]) -> MarginVerdict? {
        [.notMet, .notAssessable, .undecided, .met].first(where: verdicts.contains)
    }
}
