import PipelineModel

/// The groups that two groupings make together.
///
/// What is right for each sex and each area can be wrong for one sex in one area.
public struct GroupIntersections: Codable, Sendable, Equatable {
    /// The two groupings.
    public var groupings: [String]
    /// Those with the least count of rows with and without the event, in the order of levels.
    public var groups: [GroupFairness]
    /// Others that have rows, but too few of them to say anything.
    public var tooSmall: Int
    /// The rows of those others.
    public var rowsInTooSmall: Int

    /// One entry for each pair of groupings, in their order.
    static func all(_ table: RankedTable) -> [GroupIntersections] {
        let groupings = table.table.groups
        return groupings.indices.flatMap { first in
            groupings.indices.dropFirst(first + 1).map { second in
                pair(groupings[first], groupings[second], table)
            }
        }
    }

    private static func pair(
        _ first: ScoredTable.Group, _ second: ScoredTable.Group, _ table: RankedTable
    ) -> GroupIntersections {
        let width = second.levels.count + 1
        func cell(_ row: Int) -> Int {
            GroupFairness.part(first, row: row) * width + GroupFairness.part(second, row: row)
        }
        // Of groupings with many levels most cells are empty: only those that are not are made.
        let cells = Set(table.ranking.rows.map(cell)).sorted()
        let places = Dictionary(
            uniqueKeysWithValues: cells.enumerated().map { ($0.element, $0.offset) })
        let parts = table.ranking.parted(into: cells.count) { places[cell($0)] }
        let names = (
            first.levels + [GroupFairness.notKnown], second.levels + [GroupFairness.notKnown]
        )
        var found = GroupIntersections(
            groupings: [first.name, second.name], groups: [], tooSmall: 0, rowsInTooSmall: 0)
        for (index, part) in zip(cells, parts) {
            if min(part.clustersWithEvent, part.clustersWithout) < table.minimumCount {
                found.tooSmall += 1
                found.rowsInTooSmall += part.count
                continue
            }
            let (left, right) = (names.0[index / width], names.1[index % width])
            found.groups.append(
                GroupFairness.entry(
                    "\(first.name) × \(second.name)", "\(left) × \(right)", part, table))
        }
        return found
    }
}
