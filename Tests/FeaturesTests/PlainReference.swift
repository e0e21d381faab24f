import PipelineModel

@testable import Features

/// The definition read aloud, without an index or a sort: the oracle of the fast engine.
struct PlainReference {
    let specification: ModelSpecification
    let world: GeneratedWorld

    struct Fact {
        var person: PersonPseudonym
        var record: RecordPseudonym
        var happened: Day
        var known: Day
        var kind: String?
        var amount: Double?
        var day: Day?
    }

    private let personOf: [SubjectPseudonym: PersonPseudonym]

    init(_ specification: ModelSpecification, _ world: GeneratedWorld) {
        self.specification = specification
        self.world = world
        personOf = Dictionary(uniqueKeysWithValues: zip(world.spine.subject, world.spine.person))
    }

    /// The facts of a table that were believed on a day and had happened by then.
    func facts(_ name: String, asOf: Day) -> [Fact] {
        guard let table = world.tables.first(where: { $0.name == name }),
            case .code(let words, let kinds)? = table["kind"],
            case .number(let amounts)? = table["amount"], case .day(let days)? = table["day"]
        else { return [] }
        return (0..<table.count).compactMap { row in
            guard let person = personOf[table.subject[row]],
                table.isKnown(row, strictlyBefore: asOf),
                table.happened[row] < asOf
            else { return nil }
            return Fact(
                person: person, record: table.record[row], happened: table.happened[row],
                known: table.knownFrom[row],
                kind: kinds[row] == ColumnValues.missingCode ? nil : words[Int(kinds[row])],
                amount: amounts[row].isNaN ? nil : amounts[row],
                day: days[row] == .missing ? nil : days[row])
        }
    }

    func home(_ person: PersonPseudonym, asOf: Day) -> HouseholdPseudonym? {
        world.spine.residences
            .filter {
                $0.person == person && $0.from < asOf && $0.knownFrom < asOf && $0.knownTo >= asOf
            }
            .max {
                ($0.from, $0.knownFrom, $0.household) < ($1.from, $1.knownFrom, $1.household)
            }?.household
    }

    func isGone(_ person: PersonPseudonym, asOf: Day) -> Bool {
        facts("care.gone", asOf: asOf).contains { $0.person == person }
    }

    /// The value of a feature without levels, before its transform; `nil` where it is missing.
    func value(_ feature: FeatureDeclaration, _ person: PersonPseudonym, asOf: Day) -> Double? {
        var whose: Set<PersonPseudonym> = [person]
        if feature.about == .household {
            guard let here = home(person, asOf: asOf) else { return nil }
            let others = Set(world.spine.person).filter {
                $0 != person && home($0, asOf: asOf) == here && !isGone($0, asOf: asOf)
            }
            if let largest = specification.largestHousehold, others.count + 1 > largest {
                return nil
            }
            whose = others.subtracting(world.exclusions.asRelatives)
        }
        return value(feature, of: whose, asOf: asOf)
    }

    /// The value of a feature over the facts of these people.
    func value(_ feature: FeatureDeclaration, of whose: Set<PersonPseudonym>, asOf: Day) -> Double?
    {
        if feature.isPerPerson {
            var whole = feature
            whole.isPerPerson = false
            let parts = whose.compactMap { value(whole, of: [$0], asOf: asOf) }
            return parts.reduce(0, +) / Double(whose.count)
        }
        let from = feature.withinDays.map { asOf - $0 } ?? Day(Int32.min)
        let facts = facts(feature.table, asOf: asOf)
            .filter { whose.contains($0.person) }
            .filter { $0.happened >= from && $0.happened < asOf - feature.untilDays }
            .filter { fact in
                feature.conditions.allSatisfy { condition in
                    condition.tests.allSatisfy { test in
                        switch (condition.column, test) {
                        case ("kind", .among(let list)): fact.kind.map(list.contains) ?? false
                        case ("kind", .notAmong(let list)):
                            fact.kind.map { !list.contains($0) } ?? false
                        case ("amount", .atLeast(let bound)):
                            fact.amount.map { $0 >= bound } ?? false
                        case ("amount", .below(let bound)): fact.amount.map { $0 < bound } ?? false
                        case (_, .missing(let wanted)): (fact.kind == nil) == wanted
                        default: false
                        }
                    }
                }
            }
            .sorted { ($0.happened, $0.known, $0.record) < ($1.happened, $1.known, $1.record) }
        let amounts = facts.compactMap(\.amount)
        let past = facts.filter { ($0.day ?? asOf) < asOf }
        switch feature.aggregate {
        case .count: return Double(facts.count)
        case .any: return facts.isEmpty ? 0 : 1
        case .sum: return amounts.reduce(0, +)
        case .mean: return amounts.isEmpty ? nil : amounts.reduce(0, +) / Double(amounts.count)
        case .minimum: return amounts.min()
        case .maximum: return amounts.max()
        case .latest: return amounts.last
        case .distinct: return Double(Set(facts.compactMap(\.kind)).count)
        case .daysSinceLatest:
            if feature.column == nil { return facts.last.map { Double(asOf - $0.happened) } }
            return past.compactMap(\.day).max().map { Double(asOf - $0) }
        case .yearsSince:
            guard let birth = past.last?.day?.civil else { return nil }
            var years = 0
            while true {
                let later = (birth.year + years + 1, birth.month, birth.day)
                let now = asOf.civil
                guard later <= (now.year, now.month, now.day) else { return Double(years) }
                years += 1
            }
        }
    }
}
