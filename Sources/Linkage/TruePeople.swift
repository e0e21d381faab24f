/// What became of the people of a truth: found whole, split, or mixed with others.
public struct TruePeople: Sendable, Equatable, Codable {
    /// People with at least one subject.
    public var people = 0
    /// Of them, people with several subjects: only they can be split.
    public var ofSeveral = 0
    /// All their subjects are one person, in whom is nobody else; of people with several subjects.
    public var whole = Proportion(0, of: 0)
    /// Their subjects are several people; of people with several subjects.
    public var split = Proportion(0, of: 0)
    /// One of their subjects is in a person with a subject of somebody else; of all people.
    public var merged = Proportion(0, of: 0)

    init(_ table: TruthTable) {
        var (whole, split, merged) = (0, 0, 0)
        for cluster in table.clusters {
            var found: [Int32: Set<Int32>] = [:]
            var truth: [Int32: Set<Int32>] = [:]
            var sizes: [Int32: Int] = [:]
            for index in cluster {
                found[table.found[index], default: []].insert(table.truth[index])
                truth[table.truth[index], default: []].insert(table.found[index])
                sizes[table.truth[index], default: 0] += 1
            }
            for (person, parts) in truth {
                people += 1
                let isMerged = parts.contains { (found[$0]?.count ?? 0) > 1 }
                if isMerged { merged += 1 }
                guard sizes[person, default: 0] > 1 else { continue }
                ofSeveral += 1
                if parts.count > 1 { split += 1 } else if !isMerged { whole += 1 }
            }
        }
        self.whole = Proportion(whole, of: ofSeveral)
        self.split = Proportion(split, of: ofSeveral)
        self.merged = Proportion(merged, of: people)
    }
}
