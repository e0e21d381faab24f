import Linkage
import PipelineModel

/// Reads the level of each subject by declared payload columns.
struct LinkageGroups {
    let clock: Clock
    /// The day as of which ages are.
    let today: Day

    /// The most values that a column without bands may have.
    static let mostLevels = 40

    /// - Parameters:
    ///   - groups: The columns.
    ///   - facts: The facts of an extract; `nil` where nothing of it has arrived.
    /// - Throws: `StileError` with code `configuration` where a group names a column that there
    ///   is not, or whose values are too many to be groups.
    func levels(
        _ groups: [LinkageReportGroup], facts: (String) throws -> FactTable?
    ) throws -> [SubjectLevels] {
        var tables: [String: FactTable] = [:]
        return try groups.map { group in
            let source = String(group.extract.prefix { $0 != "." })
            if tables[group.extract] == nil { tables[group.extract] = try facts(group.extract) }
            guard let table = tables[group.extract] else {
                return SubjectLevels(group.name, source: source, levels: [], level: [:])
            }
            let (levels, level) = try reader(group, table)
            let places = Self.newest(table).map { row in
                (table.subject[row], level(row) ?? levels.count)
            }
            return SubjectLevels(
                group.name, source: source, levels: levels + ["not known"],
                level: Dictionary(places) { first, _ in first })
        }
    }

    /// The newest fact of each subject that still stands.
    private static func newest(_ table: FactTable) -> [Int] {
        var newest: [SubjectPseudonym: Int] = [:]
        for row in 0..<table.count where table.knownTo[row] == .open {
            if let held = newest[table.subject[row]],
                (table.happened[held], held) > (table.happened[row], row)
            {
                continue
            }
            newest[table.subject[row]] = row
        }
        return newest.values.sorted()
    }

    /// The levels in order, and the level of a row; `nil` where it is not known.
    private func reader(
        _ group: LinkageReportGroup, _ table: FactTable
    ) throws -> (levels: [String], level: (Int) -> Int?) {
        switch table[group.column] {
        case .code(let vocabulary, let codes)? where group.bands.isEmpty:
            return (vocabulary, { codes[$0] == ColumnValues.missingCode ? nil : Int(codes[$0]) })
        case .number(let values)? where group.bands.isEmpty:
            let levels = Set(values.filter(\.isFinite)).sorted()
            guard levels.count <= Self.mostLevels else {
                throw fault(
                    group,
                    "The column “\(group.column)” has \(levels.count) values, too many for groups.",
                    "Say where bands begin: “bands: [1, 4, 8]”.")
            }
            let place = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
            return (levels.map(group.band), { place[values[$0]] })
        case .number(let values)?:
            return banded(group) { values[$0] }
        case .day(let days)? where !group.bands.isEmpty:
            return banded(group) { row in
                days[row] == .missing ? .nan : years(since: days[row])
            }
        case nil:
            let names = table.payload.map(\.name).joined(separator: ", ")
            throw fault(
                group, "The facts of \(group.extract) have no column “\(group.column)”.",
                "Name one of: \(names).")
        default:
            throw fault(
                group,
                "The column “\(group.column)” of \(group.extract) cannot be grouped like that.",
                "Give bands to numbers and days, and none to codes.")
        }
    }

    private func banded(
        _ group: LinkageReportGroup, _ value: @escaping (Int) -> Double
    ) -> (levels: [String], level: (Int) -> Int?) {
        (
            group.bandNames,
            { row in
                let value = value(row)
                guard value.isFinite else { return nil }
                return group.bands.lastIndex { $0 <= value }.map { $0 + 1 } ?? 0
            }
        )
    }

    /// Whole years on the calendar; on an ordinal clock, its days over 365.25.
    private func years(since day: Day) -> Double {
        guard clock == .calendar else { return Double(today - day) / 365.25 }
        let (now, then) = (today.civil, day.civil)
        let before = (now.month, now.day) < (then.month, then.day)
        return Double(now.year - then.year - (before ? 1 : 0))
    }

    private func fault(_ group: LinkageReportGroup, _ what: String, _ remedy: String) -> StileError
    {
        StileError(.configuration, what, at: group.place, remedy: remedy)
    }
}
