import PipelineModel

/// A row before it has values.
struct PlannedRow {
    var key: RowKey
    /// -1 where the unit is a household or a setting.
    var person: Int32
    /// The spell's own fact among the facts of the cohort's table; -1 for every other unit.
    var indexFact: Int32
    var fold: Int32
    /// Whose facts make a household or a setting, in ascending order; nobody who is excluded.
    var members: [Int32] = []
    /// Those of them who are in the cohort themselves.
    var inCohort: [Int32] = []
    /// Those of them whom a list would name.
    var referred: [Int32] = []
    /// The code of a setting.
    var code = ""
    /// What the row is kept together with.
    var together: UnitPseudonym?
}

/// The facts that take a person out of the cohort.
struct Absences {
    private let tables: [(facts: PersonFacts, mask: [Bool])]

    init(_ stage: FeatureStage) {
        tables = stage.specification.cohort.without.compactMap { absence in
            stage.facts[absence.table].map { ($0, $0.mask(absence.conditions)) }
        }
    }

    /// Whether the person was known on `asOf` to be gone.
    func isGone(_ person: Int32, _ asOf: Day) -> Bool {
        tables.contains { facts, mask in
            facts.facts(of: person).contains { fact in
                mask[fact] && facts.happened[fact] < asOf && facts.isKnown(fact, asOf)
            }
        }
    }
}

extension FeatureStage {
    /// The rows in ascending order of their keys.
    func plan(_ rows: Rows, _ report: inout FeatureReport) -> [PlannedRow] {
        var planned = rowsWithoutClusters(rows, &report)
        if rows == .development { putTogether(&planned) }
        return planned
    }

    private func rowsWithoutClusters(_ rows: Rows, _ report: inout FeatureReport) -> [PlannedRow] {
        guard let facts = facts[specification.cohort.table] else { return [] }
        let cohort = CohortScan(specification.cohort, facts, Absences(self))
        switch specification.timing {
        case .dates(let train, let test):
            let referral = ReferralScan(self)
            var dates = train.map { ($0, Int32(0)) }
            dates += test.enumerated().map { ($1, Int32($0 + 1)) }
            if rows == .scoring { dates = [(night, -1)] }
            return dates.sorted { $0 < $1 }.filter { $0.0 <= night }
                .flatMap { asOf, fold in
                    switch specification.unit {
                    case .person, .spell: plan(cohort, asOf: asOf, fold: fold, &report)
                    case .household:
                        households(cohort, referral, asOf: asOf, fold: fold, &report)
                    case .setting: settings(cohort, asOf: asOf, fold: fold, &report)
                    }
                }
        case .records(let daysAfter, let split, let scoring):
            return spells(cohort, daysAfter: daysAfter, rows, split, scoring, &report)
                .sorted { $0.key < $1.key }
                .map { row in
                    var row = row
                    if rows == .scoring { row.fold = -1 }
                    return row
                }
        }
    }

    private func plan(
        _ cohort: CohortScan, asOf: Day, fold: Int32, _ report: inout FeatureReport
    ) -> [PlannedRow] {
        var planned: [PlannedRow] = []
        for person in 0..<Int32(index.count) {
            guard cohort.holds(person, asOf) else { continue }
            guard !isOutOfRows[Int(person)] else {
                report.excludedUnits += 1
                continue
            }
            let pseudonym = index.persons[Int(person)]
            planned.append(
                PlannedRow(
                    key: RowKey(unit: pseudonym.cast(), asOf: asOf, person: pseudonym),
                    person: person, indexFact: -1, fold: fold))
        }
        return planned
    }

    private func spells(
        _ cohort: CohortScan, daysAfter: Int, _ rows: Rows, _ split: ModelSpecification.Split?,
        _ scoring: ModelSpecification.SpellScoring, _ report: inout FeatureReport
    ) -> [PlannedRow] {
        let facts = cohort.facts
        var planned: [PlannedRow] = []
        for person in 0..<Int32(index.count) {
            let first = planned.count
            var unknown: Set<RecordPseudonym> = []
            for fact in facts.facts(of: person) where cohort.mask[fact] {
                let happened = facts.happened[fact]
                guard happened != .missing, happened + daysAfter <= night else { continue }
                let asOf = happened + daysAfter
                let record = facts.record(fact)
                guard facts.isKnown(fact, asOf) else {
                    unknown.insert(record)
                    continue
                }
                // A correction may move the day: the version that was known first makes the row.
                let unit: UnitPseudonym = record.cast()
                let row = PlannedRow(
                    key: RowKey(unit: unit, asOf: asOf, person: index.persons[Int(person)]),
                    person: person, indexFact: Int32(fact), fold: 0)
                if let twin = planned[first...].firstIndex(where: { $0.key.unit == unit }) {
                    let held = Int(planned[twin].indexFact)
                    if facts.knownFrom[fact] < facts.knownFrom[held] { planned[twin] = row }
                } else {
                    planned.append(row)
                }
            }
            if let earliest = planned[first...].map(\.key.asOf).min() {
                let together = cluster(of: person, asOf: earliest)
                for place in planned[first...].indices {
                    let happened = facts.happened[Int(planned[place].indexFact)]
                    planned[place].together = together
                    planned[place].fold = fold(of: together, happened, split)
                }
            }
            for row in planned[first...] { unknown.remove(row.key.unit.cast()) }
            report.spellsUnknownAtAsOf += unknown.count
            let isOut = isOutOfRows[Int(person)]
            let kept = planned[first...].filter { row in
                guard cohort.isOfAge(person, row.key.asOf), !cohort.isGone(person, row.key.asOf)
                else { return false }
                guard rows == .scoring else { return true }
                return switch scoring {
                case .all: true
                case .test: row.fold > 0
                case .within(let days): row.key.asOf > night - days
                }
            }
            planned.removeSubrange(first...)
            if isOut {
                report.excludedUnits += kept.count
            } else {
                planned.append(contentsOf: kept)
            }
        }
        return planned
    }

    private func fold(
        of person: UnitPseudonym, _ happened: Day, _ split: ModelSpecification.Split?
    ) -> Int32 {
        switch split {
        case nil: return 0
        case .day(let last): return happened <= last ? 0 : 1
        case .person(let share):
            // SplitMix64's finaliser; the share is taken from the top 53 bits.
            var word = person.high ^ (person.low &* 0x9e37_79b9_7f4a_7c15)
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            word ^= word >> 31
            return Double(word >> 11) * 0x1p-53 < share ? 1 : 0
        }
    }
}

/// Who is in the cohort on a day.
struct CohortScan {
    let facts: PersonFacts
    let mask: [Bool]
    private let setting: String?
    private let withinDays: Int?
    private let age: ModelSpecification.AgeRange?
    private let absences: Absences

    init(_ cohort: ModelSpecification.Cohort, _ facts: PersonFacts, _ absences: Absences) {
        self.facts = facts
        self.absences = absences
        mask = facts.mask(cohort.conditions)
        age = cohort.age
        setting = cohort.setting
        withinDays = cohort.withinDays
    }

    func isGone(_ person: Int32, _ asOf: Day) -> Bool { absences.isGone(person, asOf) }

    /// Whether the person has a believed fact, is of age and is not gone.
    func holds(_ person: Int32, _ asOf: Day) -> Bool {
        let isThere = facts.facts(of: person).contains { fact in
            mask[fact] && facts.happened[fact] < asOf && facts.isKnown(fact, asOf)
        }
        return isThere && isOfAge(person, asOf) && !isGone(person, asOf)
    }

    /// The codes of the settings that the table names.
    var settings: [String] {
        guard let setting, case .code(let vocabulary, _) = facts[setting] else { return [] }
        return vocabulary
    }

    /// Where the person's newest believed fact puts them, as an index into ``settings``; `nil`
    /// where it is too old or names none.
    func setting(of person: Int32, _ asOf: Day) -> Int? {
        guard let setting, case .code(_, let codes) = facts[setting] else { return nil }
        for fact in facts.facts(of: person).reversed()
        where mask[fact] && facts.happened[fact] < asOf && facts.isKnown(fact, asOf) {
            if let withinDays, facts.happened[fact] < asOf - withinDays { return nil }
            return codes[fact] == ColumnValues.missingCode ? nil : Int(codes[fact])
        }
        return nil
    }

    /// Whether the newest known day of birth puts the person in the age band.
    func isOfAge(_ person: Int32, _ asOf: Day) -> Bool {
        guard let age else { return true }
        guard case .day(let days) = facts[age.column] else { return false }
        for fact in facts.facts(of: person).reversed()
        where mask[fact] && facts.happened[fact] < asOf && facts.isKnown(fact, asOf) {
            let born = days[fact]
            guard born != .missing, born < asOf else { continue }
            let years = Double(asOf.completedYears(since: born))
            return years >= age.atLeast && years < age.below
        }
        return false
    }
}

extension Day {
    /// Completed calendar years from `birth` to this day; on 29 February counts from 1 March.
    func completedYears(since birth: Day) -> Int {
        let now = civil
        let then = birth.civil
        let isBefore = (now.month, now.day) < (then.month, then.day)
        return now.year - then.year - (isBefore ? 1 : 0)
    }
}
