/// Rows for which the outcome cannot happen, by the levels of a grouping: who died in hospital
/// cannot be readmitted.
public struct Impossibility: Sendable, Equatable {
    /// The name of the grouping.
    public var group: String
    public var levels: [String]
    /// The reason in a sentence, as it is shown and published.
    public var why: String

    public init(group: String, levels: [String], why: String) {
        self.group = group
        self.levels = levels
        self.why = why
    }

    /// Whether it holds of each row of a table with these groupings; of none where no grouping
    /// has the name.
    public func holds(_ groups: [ScoredTable.Group], rows: Int) -> [Bool] {
        guard let group = groups.first(where: { $0.name == self.group }) else {
            return [Bool](repeating: false, count: rows)
        }
        let of = group.levels.map(levels.contains)
        return group.codes.map { Int($0) < of.count && of[Int($0)] }
    }
}
