import PipelineModel
import Testing

@testable import Features

/// Which rows are kept together with which.
struct RowClustersTests {
    private static let features =
        "features:\n  - {name: a, title: t, from: care.events, aggregate: count}"

    private func set(_ world: GeneratedWorld, _ extra: String = "") throws -> FeatureSet {
        try FeatureStage(
            personModel(Self.features, extra: extra), tables: world.tables, spine: world.spine,
            night: world.night
        ).build(.development)
    }

    /// The household of the newest stay that was believed on a day, looked up without an index.
    private func household(
        _ spine: Spine, _ person: PersonPseudonym, _ asOf: Day
    ) -> UnitPseudonym? {
        spine.residences.filter {
            $0.person == person && $0.from < asOf && $0.knownFrom < asOf && $0.knownTo >= asOf
        }.max {
            ($0.from, $0.knownFrom, $0.household) < ($1.from, $1.knownFrom, $1.household)
        }?.household.cast()
    }

    @Test(arguments: 1...4) func rowsAreOfTheHouseholdOfTheFirstRow(seed: UInt64) throws {
        let world = GeneratedWorld(seed: seed, persons: 60, facts: 900)
        let set = try set(world)
        try #require(set.together.count == set.matrix.rows.count)
        var first: [PersonPseudonym: Day] = [:]
        for row in set.matrix.rows {
            first[row.person] = min(first[row.person] ?? row.asOf, row.asOf)
        }
        for (row, together) in zip(set.matrix.rows, set.together) {
            let day = try #require(first[row.person])
            #expect(together == household(world.spine, row.person, day) ?? row.about)
        }
        // Fewer than people: some of them lived together.
        #expect(Set(set.together).count < Set(set.matrix.rows.map(\.about)).count)
        #expect(try self.set(world, "cluster: household").together == set.together)
    }

    @Test func byPersonThereIsNothingToSay() throws {
        let world = GeneratedWorld(seed: 1, persons: 60, facts: 900)
        #expect(try set(world, "cluster: person").together.isEmpty)
        #expect(throws: StileError.self) { try set(world, "cluster: street") }
        for unit in ["household", "setting"] {
            let error = #expect(throws: StileError.self) {
                try unitModel(unit, Self.features, extra: "cluster: person")
            }
            #expect(
                error?.description.contains("“cluster” does nothing in a model of \(unit)s") == true
            )
        }
        // Rows to score are kept together with nothing.
        let stage = try FeatureStage(
            personModel(Self.features), tables: world.tables, spine: world.spine,
            night: world.night)
        #expect(try stage.build(.scoring).together.isEmpty)
    }

    @Test func manyAtOneAddressAreNoHousehold() throws {
        let world = GeneratedWorld(seed: 2, persons: 60, facts: 900)
        let few = try set(world, "largest_household: 2")
        let all = try set(world)
        let apart = { (set: FeatureSet) in
            zip(set.matrix.rows, set.together).count { $0.about == $1 }
        }
        #expect(apart(few) > apart(all))
    }

    @Test func householdsModelsAreClustersOfTheirOwn() throws {
        let world = GeneratedWorld(seed: 3, persons: 60, facts: 900)
        let set = try FeatureStage(
            unitModel("household", Self.features, outcome: "of: members", extra: "refer: cohort"),
            tables: world.tables,
            spine: world.spine,
            night: world.night
        ).build(.development)
        #expect(set.together.isEmpty)
    }

    @Test func aSplitByPersonKeepsHouseholdsTogether() throws {
        // Forty patients with two spells each, of whom four always live together.
        let people = (0..<40).map(person)
        var table = FactTable(name: "ward.spells")
        for spell in 0..<80 {
            table.subject.append(.init(high: 1, low: UInt64(spell / 2)))
            table.record.append(.init(high: 2, low: UInt64(spell)))
            table.happened.append(Day(Int32(10 + spell)))
            table.knownFrom.append(Day(Int32(10 + spell)))
            table.knownTo.append(.open)
        }
        table.payload = [
            Column("days", .number((0..<80).map(Double.init))),
            Column(
                "ward", .code(vocabulary: ["A", "B"], codes: (0..<80).map { UInt32($0 % 2) })),
            Column(
                "back", .code(vocabulary: ["N", "Y"], codes: (0..<80).map { UInt32($0 % 2) })),
        ]
        func folds(_ extra: String, living: Bool) throws -> FeatureSet {
            let model = try SpellTests.model(
                "  - {name: before, title: t, from: ward.spells, records: history, aggregate: count}",
                fit: "fit: {method: irls}\n\(extra)", split: "{test_share_of_persons: 0.4}")
            let spine = Spine(
                subject: (0..<40).map { .init(high: 1, low: UInt64($0)) }, person: people,
                source: people.map { _ in 0 }, sources: ["ward"],
                residences: !living
                    ? []
                    : people.enumerated().map { number, person in
                        .init(
                            person: person, household: .init(high: 9, low: UInt64(number / 4)),
                            from: Day(1), knownFrom: Day(1), knownTo: .open)
                    })
            return try FeatureStage(
                model, tables: [table], spine: spine,
                night: FeatureStage.dayAfterNewest(of: [table])
            ).build(.development)
        }
        func sides(_ set: FeatureSet, _ key: (RowKey) -> UInt64) -> [Int] {
            Dictionary(grouping: zip(set.matrix.rows, set.fold)) { key($0.0) }
                .values.map { Set($0.map(\.1)).count }
        }
        let together = try folds("", living: true)
        #expect(Set(sides(together) { $0.person.low / 4 }) == [1])
        #expect(Set(together.fold) == [0, 1] && Set(together.together).count == 10)
        let apart = try folds("cluster: person", living: true)
        #expect(Set(sides(apart) { $0.person.low }) == [1])
        #expect(Set(sides(apart) { $0.person.low / 4 }) == [1, 2])
        // Where nobody is known to live with anybody, the split is that of people.
        #expect(try folds("", living: false).fold == apart.fold)
    }
}
