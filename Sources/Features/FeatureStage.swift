public import PipelineModel

/// Facts and the spine in; a point-in-time design matrix out.
///
/// ```swift
/// let stage = FeatureStage(specification, tables: tables, spine: spine, night: night)
/// let set = try stage.build(.development)
/// ```
///
/// A value as of day *t* uses facts that happened before *t*, became known before *t* and were
/// not closed before *t*. The order of the facts never shows in a result.
public struct FeatureStage: Sendable {
    /// Which rows are made.
    public enum Rows: Sendable, Equatable {
        /// The training and test rows, with outcomes.
        case development
        /// The rows of the night.
        case scoring
    }

    let specification: ModelSpecification
    let index: PersonIndex
    let facts: [String: PersonFacts]
    let households: Households
    /// By the number of the person.
    let isOutOfRows: [Bool]
    let isNoRelative: [Bool]
    let night: Day

    /// - Parameters:
    ///   - specification: The model whose features are made.
    ///   - tables: At least those that ``ModelSpecification/tables`` names; others are not
    ///     read.
    ///   - spine: Which subjects are one person, and who lives with whom.
    ///   - night: The night's date; only facts known strictly before it are used, for outcomes
    ///     too.
    ///   - exclusions: Who may not be scored, and whose facts may not be used for others.
    /// - Throws: `StileError` with code `input` where a table is missing.
    public init(
        _ specification: ModelSpecification, tables: [FactTable], spine: Spine, night: Day,
        exclusions: Exclusions = .none
    ) throws {
        self.specification = specification
        self.night = night
        let index = PersonIndex(spine)
        self.index = index
        var facts: [String: PersonFacts] = [:]
        let uses = specification.columnUses
        for name in specification.tables {
            guard let table = tables.first(where: { $0.name == name }) else {
                throw StileError(
                    .input,
                    "The model “\(specification.name)” reads “\(name)”, of which nothing has arrived.",
                    at: specification.place,
                    remedy: "Deliver the extract, or remove what reads it from the model.")
            }
            facts[name] = PersonFacts(
                table, columns: Set((uses[name] ?? [:]).keys), index: index)
        }
        self.facts = facts
        households = Households(spine.residences, index: index)
        isOutOfRows = index.persons.map(exclusions.fromRows.contains)
        isNoRelative = index.persons.map(exclusions.asRelatives.contains)
    }

    /// The day after the newest fact: the night of a deployment whose clock is ordinal.
    public static func dayAfterNewest(of tables: [FactTable]) -> Day {
        var newest = Day.missing
        for table in tables {
            for day in table.knownFrom where day > newest { newest = day }
            for day in table.happened where day > newest { newest = day }
        }
        return newest == .missing ? Day(0) : newest + 1
    }

    /// Makes the rows and all that belongs to them.
    ///
    /// - Parameters:
    ///   - rows: The rows of the night, or those of training and test dates.
    ///   - withEvidence: Whether to keep, for each value, the day of its newest fact.
    ///   - withMissing: Whether to keep which values were missing.
    /// - Throws: `StileError` with code `input` where no unit is in the cohort.
    public func build(
        _ rows: Rows, withEvidence: Bool = false, withMissing: Bool = false
    ) throws -> FeatureSet {
        var report = FeatureReport()
        let planned = plan(rows, &report)
        guard !planned.isEmpty else {
            throw StileError(
                .input, "Nobody is in the cohort of the model “\(specification.name)”.",
                at: specification.cohort.place,
                remedy: "Check the cohort, the as-of dates and that the extracts have arrived.")
        }
        var computation = FeatureComputation(stage: self, rows: planned)
        var values: [Double] = []
        values.reserveCapacity(specification.columns.count * planned.count)
        var evidence = FeatureEvidence(
            features: specification.features.map(\.name),
            tables: specification.features.map(\.table), rows: planned.count, newest: [],
            isMissing: [])
        var flags: [ScoredTable.Flag] = []
        for feature in specification.features {
            let raw = computation.raw(feature)
            raw.append(feature, to: &values)
            let missing = raw.values.reduce(into: 0) { $0 += $1.isNaN ? 1 : 0 }
            report.features.append(
                .init(
                    name: feature.name, missingShare: Double(missing) / Double(planned.count)))
            if withMissing, feature.missing.isPossible {
                flags.append(.init(name: feature.name, holds: raw.values.map(\.isNaN)))
            }
            if withEvidence {
                evidence.newest.append(contentsOf: raw.newest)
                evidence.isMissing.append(contentsOf: raw.values.lazy.map(\.isNaN))
            }
        }
        let outcomes = outcomes(planned)
        report.rows = planned.count
        report.persons = Set(planned.flatMap { $0.person < 0 ? $0.members : [$0.person] }).count
        for value in outcomes where !value.isNaN {
            report.outcomesKnown += 1
            report.events += value == 1 ? 1 : 0
        }
        report.factsWithoutPerson = specification.tables.compactMap { name in
            facts[name].map { .init(table: name, facts: $0.strangers) }
        }
        let matrix = DesignMatrix(
            unitKind: specification.unit, rows: planned.map(\.key),
            columns: specification.columns.map(\.name), values: values)
        let fold = planned.map(\.fold)
        return FeatureSet(
            matrix: matrix, columns: specification.columns, outcomes: Outcomes(values: outcomes),
            fold: fold, together: rows == .development ? together(planned) : [],
            groups: specification.groups.map {
                computation.raw($0.feature, isGroup: true).group($0.feature)
            },
            baselineRank: baselineRank(matrix, fold), evidence: evidence,
            missing: flags, members: withEvidence ? members(planned) : .init(), report: report)
    }

    private func together(_ rows: [PlannedRow]) -> [UnitPseudonym] {
        guard rows.contains(where: { $0.together ?? $0.key.about != $0.key.about }) else {
            return []
        }
        return rows.map { $0.together ?? $0.key.about }
    }

    private func members(_ rows: [PlannedRow]) -> RowMembers {
        var members = RowMembers()
        for (number, row) in rows.enumerated() {
            switch specification.unit {
            case .person, .spell: break
            case .household:
                let referred = Set(row.referred)
                for person in row.members {
                    members.row.append(number)
                    members.person.append(index.persons[Int(person)])
                    members.isReferred.append(referred.contains(person))
                }
            case .setting: members.setting.append(row.code)
            }
        }
        return members
    }

    /// Ranks by the baseline column within each fold, largest first.
    private func baselineRank(_ matrix: DesignMatrix, _ fold: [Int32]) -> [Double] {
        guard let name = specification.baselineColumn,
            let column = matrix.columns.firstIndex(of: name)
        else { return [] }
        let count = matrix.rows.count
        let order = (0..<count).sorted {
            (fold[$0], -matrix[$0, column], $0) < (fold[$1], -matrix[$1, column], $1)
        }
        var ranks = [Double](repeating: 0, count: count)
        var first = 0
        for position in 0..<count {
            let row = order[position]
            let isNewFold = position == 0 || fold[order[position - 1]] != fold[row]
            if isNewFold { first = position }
            if !isNewFold, matrix[order[position - 1], column] == matrix[row, column] {
                ranks[row] = ranks[order[position - 1]]
            } else {
                ranks[row] = Double(position - first + 1)
            }
        }
        return ranks
    }
}
