import ColumnFiles
import Features
import Modelling
import PipelineModel
import TestSupport
import Testing

@testable import LinkingZone

/// Whether rows are enough, where people live together.
struct DevelopmentSizeTests {
    private let folder = TemporaryFolder("development size")

    private func specification() throws -> ModelSpecification {
        try .made(
            model:
                """
                model: sized
                title: Sized
                purpose: testing
                version: 1
                unit: person
                cohort: {from: care.people}
                as_of:
                  train: {from: 2023-01-01, to: 2023-01-01, every_months: 3}
                outcome: {from: care.events, horizon_days: 120}
                list: {size: 20}
                fit: {method: ridge, strength: 0.1}
                """,
            features:
                """
                features:
                  - {name: before, title: t, from: care.events, aggregate: count}
                """)
    }

    /// The last quarter of the rows is the test.
    private func size(
        rows: Int, households: Int, events: Int, weights: [Double]? = nil
    ) throws -> (size: DevelopmentSize, fit: FitSpecification) {
        let keys = (0..<rows).map { number in
            let person = PersonPseudonym(high: 1, low: UInt64(number + 1))
            return RowKey(unit: person.cast(), asOf: Day(20_000), person: person)
        }
        let test = rows * 3 / 4
        var made = try DevelopmentTable(
            table(keys, outcome: (0..<rows).map { $0 < events ? 1 : 0 }, test: test),
            file: "made up")
        made.together = (0..<rows).map { UnitPseudonym(high: 2, low: UInt64($0 % households)) }
        let store = try ColumnStore(directory: folder.path)
        let stored = try DevelopmentRows(try store.write(made.table), in: store)
        let fit = FitSpecification(method: .ridge, penalty: Penalty(strength: .fixed(0.1)))
        let sampled = try weights.map { weights in
            try SamplingWeights(
                "stands_for",
                of: DesignMatrix(
                    unitKind: .person, rows: Array(keys[..<test]), columns: ["stands_for"],
                    values: Array(weights[..<test])))
        }
        return (DevelopmentSize(stored, Array(0..<test), fit, weights: sampled), fit)
    }

    private func table(_ keys: [RowKey], outcome: [Double], test: Int) -> ColumnTable {
        let matrix = DesignMatrix(
            unitKind: .person, rows: keys, columns: ["before"],
            values: keys.indices.map { Double($0 % 7) }
        ).table
        return ColumnTable(
            schema: matrix.schema, version: matrix.version, attributes: matrix.attributes,
            columns: matrix.columns + [
                Column("outcome", .number(outcome)),
                Column("fold", .integer(keys.indices.map { $0 < test ? 0 : 1 })),
            ])
    }

    /// Less than half an event by the households: rounded there would be none, and nothing asked.
    @Test func fewEventsAmongManyRowsOfFewHouseholdsAreRefused() throws {
        let (size, fit) = try size(rows: 12_800, households: 400, events: 4)
        #expect(size.training.clustering?.rows == 9_600 && size.training.rows == 400)
        #expect(size.training.prevalence == 4.0 / 9_600)
        #expect(size.training.events < 0.5)
        let specification = try specification()
        let error = #expect(throws: StileError.self) { try size.check(specification, fit) }
        #expect(error?.code == .policy)
        #expect(error?.message.contains("independent ones (9600 rows of 400 who") == true)
        var trial = fit
        trial.exploratory = true
        #expect(throws: Never.self) { try size.check(specification, trial) }
    }

    /// Half of the rows of the fit stand for nine people each, half for one; those with the event among
    /// the former: 300 rows tell as much as 182, with 0.72 events in each.
    @Test func weightedRowsAreFewer() throws {
        let weights = (0..<400).map { $0 < 150 ? 9.0 : 1 }
        let (size, fit) = try size(rows: 400, households: 400, events: 120, weights: weights)
        let effect = 300.0 * (150 * 81 + 150) / (1_500.0 * 1_500)
        #expect(size.training.rows == Int(300 / effect) && size.training.rows == 182)
        #expect((size.training.prevalence - 120.0 * 9 / 1_500).magnitude < 1e-12)
        #expect(size.training.clustering?.rows == 300 && size.training.clustering?.clusters == 300)
        // A test row counts once, at the share of events that the rows have.
        #expect(size.test?.rows == 100 && size.test?.clustering == nil)
        #expect((size.test?.events ?? 0) == 40)
        let specification = try specification()
        let error = #expect(throws: StileError.self) { try size.check(specification, fit) }
        #expect(
            error?.message.contains(
                "as many rows as 182 that count alike (of 300; their weights make 1.64 rows")
                == true,
            "\(error?.message ?? "")")
        let homes = try self.size(rows: 400, households: 100, events: 120, weights: weights)
        #expect(homes.size.training.rows < 100 && homes.size.training.clustering?.clusters == 100)
        let again = #expect(throws: StileError.self) {
            try homes.size.check(specification, homes.fit)
        }
        #expect(again?.message.contains("their design effect and their weights") == true)
    }

    @Test func oneHouseholdIsRefused() throws {
        let (size, fit) = try size(rows: 400, households: 1, events: 120)
        #expect(size.training.rows == 1 && size.training.clustering?.clusters == 1)
        #expect(size.test?.rows == 1 && size.test?.clustering?.rows == 100)
        let specification = try specification()
        let error = #expect(throws: StileError.self) { try size.check(specification, fit) }
        #expect(error?.code == .policy, "\(error?.message ?? "")")
    }

    /// Outcomes of one kind are refused by the fit, in words of their own.
    @Test(arguments: [0, 12_800]) func outcomesOfOneKindAreLeftToTheFit(events: Int) throws {
        let (size, fit) = try size(rows: 12_800, households: 400, events: events)
        #expect(throws: Never.self) { try size.check(specification(), fit) }
    }

    @Test func peopleWhoStandAloneAreCountedAsTheyAre() throws {
        let (size, _) = try size(rows: 400, households: 400, events: 120)
        #expect(size.training.rows == 300 && size.training.events == 120)
        #expect(size.training.clustering == nil && size.test?.clustering == nil)
        #expect(size.test?.rows == 100)
    }
}
