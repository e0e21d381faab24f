import PipelineModel
import Testing

@testable import Features

@Suite struct FeatureStageTests {
    /// Every aggregate, window and filter, for the person and for the household.
    static let features = """
        features:
          - {name: c1, title: t, from: care.events, aggregate: count}
          - {name: c2, title: t, from: care.events, aggregate: count, within_days: 180, where: [{column: kind, in: [a, b]}]}
          - {name: c3, title: t, from: care.events, aggregate: count, within_days: 365, until_days: 30, where: [{column: kind, not_in: [a]}]}
          - {name: any1, title: t, from: care.events, aggregate: any, within_days: 90, where: [{column: amount, at_least: 2, below: 5}]}
          - {name: any2, title: t, from: care.events, aggregate: any, within_days: 90, where: [{column: kind, missing: true}]}
          - {name: sum1, title: t, from: care.events, aggregate: sum, of: amount, within_days: 365}
          - {name: mean1, title: t, from: care.events, aggregate: mean, of: amount, missing: -99}
          - {name: min1, title: t, from: care.events, aggregate: minimum, of: amount, missing: -99}
          - {name: max1, title: t, from: care.events, aggregate: maximum, of: amount, within_days: 200, missing: -99}
          - {name: last1, title: t, from: care.events, aggregate: latest, of: amount, missing: -99}
          - {name: kinds, title: t, from: care.events, aggregate: distinct, of: kind, within_days: 300}
          - {name: since1, title: t, from: care.events, aggregate: days_since_latest, missing: -99}
          - {name: since2, title: t, from: care.events, aggregate: days_since_latest, of: day, missing: -99}
          - {name: years1, title: t, from: care.people, aggregate: years_since, of: day, missing: -99}
          - {name: h1, title: t, from: care.events, about: household, aggregate: count, within_days: 400, missing: -99}
          - {name: h2, title: t, from: care.events, about: household, aggregate: latest, of: amount, missing: -99}
          - {name: h3, title: t, from: care.events, about: household, aggregate: distinct, of: kind, missing: -99}
        """

    static func stage(_ world: GeneratedWorld, night: Day? = nil) throws -> FeatureStage {
        var specification = try personModel(features, extra: "largest_household: 4")
        specification.cohort.without = [
            .init(table: "care.gone", conditions: [], place: specification.place)
        ]
        return try FeatureStage(
            specification, tables: world.tables, spine: world.spine, night: night ?? world.night,
            exclusions: world.exclusions)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func theEngineAgreesWithThePlainReference(seed: UInt64) throws {
        let world = GeneratedWorld(seed: seed, persons: 24, facts: 160)
        let stage = try Self.stage(world)
        let set = try stage.build(.development, withEvidence: true)
        let plain = PlainReference(stage.specification, world)
        for (row, key) in set.matrix.rows.enumerated() {
            for (column, feature) in stage.specification.features.enumerated() {
                let expected = plain.value(feature, key.person, asOf: key.asOf)
                #expect(
                    set.matrix[row, column] == expected ?? -99,
                    "\(feature.name) of row \(row), seed \(seed)")
                #expect(
                    set.evidence.isMissing[column * set.matrix.rows.count + row]
                        == (expected == nil))
            }
            let age = plain.facts("care.people", asOf: key.asOf)
            #expect(age.contains { $0.person == key.person })
            #expect(!plain.isGone(key.person, asOf: key.asOf))
            #expect(!world.exclusions.fromRows.contains(key.person))
            let end = key.asOf + 60
            let events = plain.facts("care.events", asOf: world.night).filter {
                $0.person == key.person && $0.kind == "a" && $0.happened >= key.asOf
                    && $0.happened < end
            }
            #expect(set.outcomes.values[row] == (events.isEmpty ? 0 : 1))
        }
        #expect(set.matrix.rows == set.matrix.rows.sorted())
        #expect(set.report.excludedUnits > 0)
    }

    @Test func theOrderOfTheFactsChangesNothing() throws {
        var world = GeneratedWorld(seed: 4, persons: 30, facts: 200)
        let before = try Self.stage(world).build(.development)
        var random = SeededGenerator(seed: 4, label: "order")
        world.tables = world.tables.map { table in
            table.picking(Array(0..<table.count).shuffled(using: &random))
        }
        world.spine.residences.shuffle(using: &random)
        let after = try Self.stage(world).build(.development)
        #expect(before.matrix == after.matrix)
        #expect(before.outcomes == after.outcomes)
    }

    @Test func whatIsKnownOnTheAsOfDateOrLaterNeverShows() throws {
        var world = GeneratedWorld(seed: 5, persons: 30, facts: 200)
        let asOf = world.night
        let before = try Self.stage(world).build(.scoring)
        // Take away what became known on the day or later, and the closings of those days.
        world.tables = world.tables.map { table in
            var early = table.picking((0..<table.count).filter { table.knownFrom[$0] < asOf })
            early.knownTo = early.knownTo.map { $0 >= asOf ? .open : $0 }
            return early
        }
        #expect(try Self.stage(world).build(.scoring).matrix == before.matrix)
        // And put in any number of facts of those days.
        var random = SeededGenerator(seed: 5, label: "later")
        let later = GeneratedWorld(seed: 6, persons: 30, facts: 400)
        world.tables = zip(world.tables, later.tables).map { table, other in
            var more = other.picking(Array(0..<other.count))
            more.knownFrom = more.knownFrom.map { _ in asOf + random.below(30) }
            more.knownTo = more.knownTo.map { _ in .open }
            return FactTable(
                name: table.name, subject: table.subject + more.subject,
                record: table.record + more.record.map { .init(high: 8, low: $0.low) },
                happened: table.happened + more.happened,
                knownFrom: table.knownFrom + more.knownFrom,
                knownTo: table.knownTo + more.knownTo,
                payload: zip(table.payload, more.payload).map {
                    Column($0.name, $0.values.appending($1.values))
                })
        }
        #expect(try Self.stage(world).build(.scoring).matrix == before.matrix)
    }

    @Test func anOutcomeWhoseHorizonHasNotPassedIsNotKnown() throws {
        let world = GeneratedWorld(seed: 7, persons: 10, facts: 100)
        let night = Day(year: 2023, month: 11, day: 29) ?? Day(0)
        let set = try Self.stage(world, night: night).build(.development)
        let lastKnown = night - 60
        for (row, key) in set.matrix.rows.enumerated() {
            #expect(set.outcomes.values[row].isNaN == (key.asOf > lastKnown))
        }
        #expect(set.matrix.rows.contains { $0.asOf > lastKnown })
    }

    @Test func aMissingTableStopsTheModel() throws {
        let world = GeneratedWorld(seed: 8, persons: 3, facts: 10)
        let error = #expect(throws: StileError.self) {
            try FeatureStage(
                personModel(Self.features), tables: Array(world.tables.prefix(1)),
                spine: world.spine, night: world.night)
        }
        #expect(
            error?.message == "The model “test” reads “care.events”, of which nothing has arrived.")
    }

    @Test func anEmptyCohortIsRefused() throws {
        let world = GeneratedWorld(seed: 8, persons: 3, facts: 10)
        let error = #expect(throws: StileError.self) {
            try Self.stage(world, night: Day(0)).build(.scoring)
        }
        #expect(error?.message == "Nobody is in the cohort of the model “test”.")
    }
}

extension ColumnValues {
    fileprivate func appending(_ other: ColumnValues) -> ColumnValues {
        switch (self, other) {
        case (.number(let left), .number(let right)): .number(left + right)
        case (.code(let words, let left), .code(_, let right)):
            .code(vocabulary: words, codes: left + right)
        case (.day(let left), .day(let right)): .day(left + right)
        default: self
        }
    }
}
