import PipelineModel

@testable import Features

/// Who belongs to what, read aloud.
extension PlainReference {
    struct Unit: Equatable {
        var members: Set<PersonPseudonym>
        var inCohort: Set<PersonPseudonym>
        var referred: Set<PersonPseudonym> = []
    }

    private var excluded: Set<PersonPseudonym> {
        world.exclusions.fromRows.union(world.exclusions.asRelatives)
    }

    /// Whom a cohort without an age band holds.
    private func holds(_ cohort: ModelSpecification.Cohort, asOf: Day) -> Set<PersonPseudonym> {
        Set(
            facts(cohort.table, asOf: asOf).filter { fact in
                cohort.conditions.allSatisfy { condition in
                    condition.tests.allSatisfy { test in
                        guard case .among(let list) = test else { return false }
                        return fact.kind.map(list.contains) ?? false
                    }
                }
            }.map(\.person)
        ).filter { !isGone($0, asOf: asOf) }
    }

    func households(asOf: Day) -> [HouseholdPseudonym: Unit] {
        let cohort = holds(specification.cohort, asOf: asOf)
        var found: [HouseholdPseudonym: Unit] = [:]
        for home in Set(world.spine.residences.map(\.household)) {
            let present = Set(world.spine.person).filter {
                self.home($0, asOf: asOf) == home && !isGone($0, asOf: asOf)
            }
            let inCohort = present.intersection(cohort)
            guard !inCohort.isEmpty, inCohort.isDisjoint(with: excluded),
                present.count <= specification.largestHousehold ?? .max
            else { continue }
            let members = present.subtracting(excluded)
            var unit = Unit(members: members, inCohort: inCohort)
            switch specification.referral {
            case .members: unit.referred = members
            case .cohort: unit.referred = inCohort
            case .those(let those):
                unit.referred = members.intersection(holds(those, asOf: asOf))
            case nil: break
            }
            found[home] = unit
        }
        return found
    }

    func settings(asOf: Day) -> [String: Unit] {
        var newest: [PersonPseudonym: Fact] = [:]
        for fact in facts(specification.cohort.table, asOf: asOf) {
            guard let held = newest[fact.person] else {
                newest[fact.person] = fact
                continue
            }
            if (held.happened, held.known, held.record) < (fact.happened, fact.known, fact.record) {
                newest[fact.person] = fact
            }
        }
        var found: [String: Unit] = [:]
        for (person, fact) in newest where !excluded.contains(person) {
            guard let code = fact.kind, !isGone(person, asOf: asOf),
                fact.happened >= asOf - (specification.cohort.withinDays ?? 100_000)
            else { continue }
            found[code, default: Unit(members: [], inCohort: [])].members.insert(person)
            found[code]?.inCohort.insert(person)
        }
        return found.filter { $0.value.members.count >= specification.smallestSetting }
    }

    /// The outcome over the facts of these people.
    func outcome(_ unit: Unit, asOf: Day) -> Double {
        let whose = specification.outcome?.whose == .cohort ? unit.inCohort : unit.members
        let end = asOf + 60
        let those = Set(
            facts("care.events", asOf: world.night).filter {
                $0.kind == "a" && $0.happened >= asOf && $0.happened < end
            }.map(\.person)
        ).intersection(whose)
        return those.count >= specification.outcome?.people ?? 1 ? 1 : 0
    }

    /// The newest kind that is told of these people.
    func group(_ whose: Set<PersonPseudonym>, asOf: Day) -> String? {
        facts("care.people", asOf: asOf).filter { whose.contains($0.person) && $0.kind != nil }
            .max {
                ($0.happened, $0.known, $0.record) < ($1.happened, $1.known, $1.record)
            }?.kind
    }
}
