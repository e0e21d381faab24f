import PipelineModel

/// How often something holds, of all and by group: that an input was missing, that a person was
/// found in a source.
///
/// Shares have Wilson's intervals, by clusters where rows are of one person, household or setting;
/// one of fewer than the least count is not assessable.
public struct SharesByGroup: Codable, Sendable, Equatable {
    public struct Level: Codable, Sendable, Equatable {
        public var grouping: String
        public var level: String
        public var share: Assessed<Share>
    }

    /// The input or the source.
    public var name: String
    public var all: Share
    /// By grouping and level, in the order of the table, then `not known` where a row has none.
    public var groups: [Level]

    /// By row; `nil` where there is nothing to look at.
    static func ofRows(_ flags: [ScoredTable.Flag], _ table: RankedTable) -> [SharesByGroup]? {
        flags.isEmpty ? nil : flags.map { assess($0, table, counted: { $0 }) }
    }

    /// By person, household or setting, each by its first row of a level: further rows of one
    /// person say nothing new of what holds of the person.
    static func ofPeople(_ flags: [ScoredTable.Flag], _ table: RankedTable) -> [SharesByGroup]? {
        let about = table.table.about
        guard !flags.isEmpty, !about.isEmpty else { return ofRows(flags, table) }
        return flags.map { flag in
            assess(flag, table) { rows in
                var seen: Set<UnitPseudonym> = []
                return rows.filter { seen.insert(about[$0]).inserted }
            }
        }
    }

    /// - Parameter counted: Those of some rows, ascending, that are counted.
    private static func assess(
        _ flag: ScoredTable.Flag, _ table: RankedTable, counted: ([Int]) -> [Int]
    ) -> SharesByGroup {
        let clusters = table.clusterOfRow
        func count(_ rows: [Int]) -> ClusterCount {
            rows.reduce(into: ClusterCount()) {
                $0.add(clusters.isEmpty ? nil : clusters[$1], flag.holds[$1])
            }
        }
        let all = counted(Array(table.table.outcome.indices))
        return SharesByGroup(
            name: flag.name, all: count(all).share,
            groups: table.table.groups.flatMap { group in
                var parts = [[Int]](repeating: [], count: group.levels.count + 1)
                for row in table.table.outcome.indices {
                    parts[GroupFairness.part(group, row: row)].append(row)
                }
                if parts[group.levels.count].isEmpty { parts.removeLast() }
                return zip(group.levels + [GroupFairness.notKnown], parts).map { level, rows in
                    Level(
                        grouping: group.name, level: level,
                        share: count(counted(rows)).assess(minimum: table.minimumCount))
                }
            })
    }
}
