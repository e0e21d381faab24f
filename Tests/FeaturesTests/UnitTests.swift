import PipelineModel
import Testing

@testable import Features

/// Households and settings, against the definition read aloud.
@Suite struct UnitTests {
    private static let ofMany = """
          - {name: c1, title: t, from: care.events, aggregate: count}
          - {name: c2, title: t, from: care.events, aggregate: count, within_days: 180, where: [{column: kind, in: [a, b]}]}
          - {name: any1, title: t, from: care.events, aggregate: any, within_days: 90, where: [{column: amount, at_least: 2, below: 5}]}
          - {name: sum1, title: t, from: care.events, aggregate: sum, of: amount, within_days: 365}
          - {name: mean1, title: t, from: care.events, aggregate: mean, of: amount, missing: -99}
          - {name: kinds, title: t, from: care.events, aggregate: distinct, of: kind, within_days: 300}
          - {name: p1, title: t, from: care.events, aggregate: count, within_days: 400, per_person: true}
          - {name: p2, title: t, from: care.events, aggregate: any, within_days: 400, per_person: true}
          - {name: p3, title: t, from: care.events, aggregate: sum, of: amount, per_person: true}
        """
    private static let ofOne = """
          - {name: min1, title: t, from: care.events, aggregate: minimum, of: amount, missing: -99}
          - {name: max1, title: t, from: care.events, aggregate: maximum, of: amount, within_days: 200, missing: -99}
          - {name: last1, title: t, from: care.events, aggregate: latest, of: amount, missing: -99}
          - {name: since1, title: t, from: care.events, aggregate: days_since_latest, missing: -99}
          - {name: since2, title: t, from: care.events, aggregate: days_since_latest, of: day, missing: -99}
          - {name: years1, title: t, from: care.people, aggregate: years_since, of: day, missing: -99}
        """

    /// The rows of the engine are the units of the plain reference, and so are their values,
    /// outcomes, groups and members.
    private func compare(
        _ specification: ModelSpecification, _ world: GeneratedWorld,
        plain units: (PlainReference, Day) -> [UnitPseudonym: PlainReference.Unit]
    ) throws {
        var specification = specification
        specification.cohort.without = [
            .init(table: "care.gone", conditions: [], place: specification.place)
        ]
        let stage = try FeatureStage(
            specification, tables: world.tables, spine: world.spine, night: world.night,
            exclusions: world.exclusions)
        let set = try stage.build(.development, withEvidence: true)
        let plain = PlainReference(specification, world)
        let dates = Set(set.matrix.rows.map(\.asOf))
        #expect(dates.count == 5)
        #expect(set.matrix.unitKind == specification.unit)
        #expect(set.matrix.rows == set.matrix.rows.sorted())
        for asOf in dates {
            let expected = units(plain, asOf)
            let rows = set.matrix.rows.indices.filter { set.matrix.rows[$0].asOf == asOf }
            #expect(rows.map { set.matrix.rows[$0].unit } == expected.keys.sorted())
            for row in rows {
                let key = set.matrix.rows[row]
                let unit = try #require(expected[key.unit])
                #expect(key.person == .none && key.about == key.unit)
                for (column, feature) in specification.features.enumerated() {
                    let value = plain.value(feature, of: unit.members, asOf: asOf) ?? -99
                    #expect(
                        abs(set.matrix[row, column] - value) < 1e-9, "\(feature.name) of \(row)")
                }
                #expect(set.outcomes.values[row] == plain.outcome(unit, asOf: asOf))
                let group = set.groups[0]
                let level = group.codes[row] == .max ? nil : group.levels[Int(group.codes[row])]
                #expect(level == plain.group(unit.inCohort, asOf: asOf))
                guard specification.unit == .household else { continue }
                let members = set.members.row.indices.filter { set.members.row[$0] == row }
                #expect(Set(members.map { set.members.person[$0] }) == unit.members)
                #expect(
                    Set(
                        members.filter { set.members.isReferred[$0] }
                            .map { set.members.person[$0] }) == unit.referred)
            }
        }
        let rows = set.matrix.rows.count
        #expect(set.outcomes.values.contains(0) && set.outcomes.values.contains(1), "\(rows) rows")
    }

    @Test(
        arguments: [11, 12, 13] as [UInt64],
        ["members", "cohort", "{from: care.people, where: [{column: kind, in: [b]}]}"])
    func householdsAgreeWithThePlainReference(seed: UInt64, refer: String) throws {
        let world = GeneratedWorld(seed: seed, persons: 60, facts: 300)
        let specification = try unitModel(
            "household", "features:\n" + Self.ofMany + "\n" + Self.ofOne,
            outcome: "of: \(seed == 11 ? "cohort" : "members")",
            extra: "largest_household: 4\nrefer: \(refer)")
        try compare(specification, world) { plain, asOf in
            Dictionary(
                uniqueKeysWithValues: plain.households(asOf: asOf).map { ($0.key.cast(), $0.value) }
            )
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func settingsAgreeWithThePlainReference(seed: UInt64) throws {
        let world = GeneratedWorld(seed: seed, persons: 90, facts: 400)
        let specification = try unitModel(
            "setting", "features:\n" + Self.ofMany, cohort: ", setting: kind, within_days: 700",
            outcome: "people: 2", extra: "smallest_setting: 12")
        try compare(specification, world) { plain, asOf in
            Dictionary(
                uniqueKeysWithValues: plain.settings(asOf: asOf).map {
                    (specification.setting($0.key), $0.value)
                })
        }
    }
}
