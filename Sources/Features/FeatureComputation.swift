import PipelineModel

/// Works out one feature after the other over the same rows.
struct FeatureComputation {
    private let stage: FeatureStage
    private let rows: [PlannedRow]
    private let absences: Absences
    private var relatives: [Int32] = []
    private var different: [Double] = []

    init(stage: FeatureStage, rows: [PlannedRow]) {
        self.stage = stage
        self.rows = rows
        absences = Absences(stage)
    }

    /// The value of each row, NaN where there is none, and the day of the newest fact behind it.
    ///
    /// - Parameter isGroup: Whether the rows are grouped by it: a household or a setting by its
    ///   members in the cohort.
    mutating func raw(_ feature: FeatureDeclaration, isGroup: Bool = false) -> RawColumn {
        var column = RawColumn()
        column.values.reserveCapacity(rows.count)
        column.newest.reserveCapacity(rows.count)
        guard let facts = stage.facts[feature.table] else {
            column.values = [Double](repeating: .nan, count: rows.count)
            column.newest = [Day](repeating: .missing, count: rows.count)
            return column
        }
        let scan = FactScan(feature, facts)
        column.vocabulary = scan.vocabulary
        for row in rows {
            var gathered = Gathered()
            different.removeAll(keepingCapacity: true)
            switch stage.specification.unit {
            case .person, .spell:
                column.values.append(ofPerson(feature, scan, row, &gathered))
            case .household, .setting:
                let whose = isGroup ? row.inCohort : row.members
                column.values.append(
                    feature.isPerPerson
                        ? perPerson(whose, scan, row, &gathered)
                        : together(whose, scan, row, &gathered))
            }
            column.newest.append(gathered.newest)
        }
        column.dropUndeclared(feature)
        return column
    }

    /// The value of a person or a spell; NaN too where nobody knows with whom the person lives.
    private mutating func ofPerson(
        _ feature: FeatureDeclaration, _ scan: FactScan, _ row: PlannedRow,
        _ gathered: inout Gathered
    ) -> Double {
        switch (feature.about, feature.records) {
        case (.person, .index): scan.gather(Int(row.indexFact), row, &gathered, &different)
        case (.person, _): scan.gather(person: row.person, row, &gathered, &different)
        case (.household, _), (.setting, _):
            guard gatherRelatives(scan, row, &gathered) else { return .nan }
        }
        return scan.value(of: gathered, row.key.asOf, &different)
    }

    /// The aggregate over the facts of all members.
    private mutating func together(
        _ members: [Int32], _ scan: FactScan, _ row: PlannedRow, _ gathered: inout Gathered
    ) -> Double {
        for member in members { scan.gather(person: member, row, &gathered, &different) }
        return scan.value(of: gathered, row.key.asOf, &different)
    }

    /// The sum over the members of what each has, divided by their number.
    private mutating func perPerson(
        _ members: [Int32], _ scan: FactScan, _ row: PlannedRow, _ whole: inout Gathered
    ) -> Double {
        var sum = 0.0
        for member in members {
            var gathered = Gathered()
            sum += together([member], scan, row, &gathered)
            whole.newest = max(whole.newest, gathered.newest)
        }
        return sum / Double(members.count)
    }

    private mutating func gatherRelatives(
        _ scan: FactScan, _ row: PlannedRow, _ gathered: inout Gathered
    ) -> Bool {
        let asOf = row.key.asOf
        guard
            stage.households.others(
                than: row.person, asOf: asOf, into: &relatives,
                isPresent: { !absences.isGone($0, asOf) })
        else { return false }
        if let largest = stage.specification.largestHousehold, relatives.count >= largest {
            return false
        }
        for relative in relatives where !stage.isNoRelative[Int(relative)] {
            scan.gather(person: relative, row, &gathered, &different)
        }
        return true
    }
}

/// What has been gathered of the facts of one row.
struct Gathered {
    var count = 0
    var sum = 0.0
    var minimum = Double.infinity
    var maximum = -Double.infinity
    var latest = Double.nan
    var latestFact = -1
    var newest = Day.missing
}

/// One pass over the facts of a person, for one feature.
struct FactScan {
    private let facts: PersonFacts
    private let aggregate: FeatureDeclaration.Aggregate
    private let isHistory: Bool
    private let withinDays: Int?
    private let untilDays: Int
    private let mask: [Bool]
    /// The value of each fact; empty where the aggregate reads no column.
    private let values: [Double]
    /// The codes that the values stand for; empty where they are numbers.
    let vocabulary: [String]

    init(_ feature: FeatureDeclaration, _ facts: PersonFacts) {
        self.facts = facts
        aggregate = feature.aggregate
        isHistory = feature.records == .history
        withinDays = feature.withinDays
        untilDays = feature.untilDays
        mask = facts.mask(feature.conditions)
        var values: [Double] = []
        var vocabulary: [String] = []
        switch feature.column.flatMap({ facts[$0] }) {
        case .number(let numbers):
            values = numbers
        case .day(let days):
            values = days.map { $0 == .missing ? .nan : Double($0.number) }
        case .code(let words, let codes):
            var meaning = words.indices.map(Double.init)
            if feature.values.isEmpty {
                vocabulary = words
            } else {
                meaning = words.map { feature.values[$0] ?? .nan }
            }
            values = codes.map {
                $0 == ColumnValues.missingCode ? .nan : meaning[Int($0)]
            }
        default:
            if feature.column != nil {
                values = [Double](repeating: .nan, count: facts.happened.count)
            }
        }
        self.values = values
        self.vocabulary = vocabulary
    }

    /// Gathers the facts of a person that happened in the window and were known.
    func gather(
        person: Int32, _ row: PlannedRow, _ gathered: inout Gathered, _ different: inout [Double]
    ) {
        let asOf = row.key.asOf
        let range = facts.facts(of: person)
        let first =
            withinDays.map { facts.happened.lowerBound(in: range, asOf - $0) } ?? range.lowerBound
        let last = facts.happened.lowerBound(in: range, asOf - untilDays)
        guard first < last else { return }
        for fact in first..<last where mask[fact] && facts.isKnown(fact, asOf) {
            if isHistory, facts.record(fact).cast() == row.key.unit { continue }
            add(fact, asOf, &gathered, &different)
        }
    }

    /// Gathers one fact, known already, where it passes the filters.
    func gather(
        _ fact: Int, _ row: PlannedRow, _ gathered: inout Gathered, _ different: inout [Double]
    ) {
        if mask[fact] { add(fact, row.key.asOf, &gathered, &different) }
    }

    private func add(
        _ fact: Int, _ asOf: Day, _ gathered: inout Gathered, _ different: inout [Double]
    ) {
        if !values.isEmpty {
            let value = values[fact]
            guard !value.isNaN else { return }
            switch aggregate {
            case .daysSinceLatest, .yearsSince:
                // A day that is yet to come is a plan, not a fact.
                guard value < Double(asOf.number) else { return }
            default: break
            }
            gathered.sum += value
            gathered.minimum = min(gathered.minimum, value)
            gathered.maximum = max(gathered.maximum, value)
            if aggregate == .distinct { different.append(value) }
            if isNewer(fact, than: gathered.latestFact) {
                gathered.latest = value
                gathered.latestFact = fact
            }
        }
        gathered.count += 1
        gathered.newest = max(gathered.newest, facts.happened[fact])
    }

    /// Ties between the facts of relatives are broken as those of one person are.
    private func isNewer(_ fact: Int, than held: Int) -> Bool {
        guard held >= 0 else { return true }
        return (facts.happened[held], facts.knownFrom[held], facts.record(held))
            < (facts.happened[fact], facts.knownFrom[fact], facts.record(fact))
    }

    /// The aggregate; NaN where there is none.
    func value(of gathered: Gathered, _ asOf: Day, _ different: inout [Double]) -> Double {
        switch aggregate {
        case .count: return Double(gathered.count)
        case .any: return gathered.count > 0 ? 1 : 0
        case .sum: return gathered.sum
        case .distinct:
            different.sort()
            var count = 0
            for (position, value) in different.enumerated()
            where position == 0 || different[position - 1] != value { count += 1 }
            return Double(count)
        default: break
        }
        guard gathered.count > 0 else { return .nan }
        switch aggregate {
        case .mean: return gathered.sum / Double(gathered.count)
        case .minimum: return gathered.minimum
        case .maximum: return gathered.maximum
        case .daysSinceLatest:
            let newest = values.isEmpty ? Double(gathered.newest.number) : gathered.maximum
            return Double(asOf.number) - newest
        case .yearsSince:
            return Double(asOf.completedYears(since: Day(Int32(gathered.latest))))
        default: return gathered.latest
        }
    }
}
