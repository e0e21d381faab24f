import PipelineModel
import StrictYAML
import Testing

@testable import Features

/// Settings worked out by hand.
@Suite struct SettingTests {
    private static let features = """
        features:
          - {name: stays, title: Stays, from: care.events, aggregate: count}
          - {name: share, title: Share with a stay, from: care.events, aggregate: any, per_person: true}
          - {name: amount, title: Mean amount, from: care.events, aggregate: mean, of: amount, missing: 0}
        """

    private func model(_ extra: String = "", cohort: String = ", setting: kind") throws
        -> ModelSpecification
    {
        try unitModel("setting", Self.features, cohort: cohort, extra: extra)
    }

    private func results(_ tests: String, cohort: String = ", setting: kind") throws
        -> [DefinitionTests.Result]
    {
        try DefinitionTests(yaml(tests, "tests.yaml"), for: model(cohort: cohort)).run()
    }

    @Test func definitionsAreTestedWithHandWrittenSettings() throws {
        let results = try results(
            """
            settings:
              - name: nine who stay, one who came from elsewhere, one who has left, one who objects
                as_of: 2024-01-01
                setting: north
                members:
                  - people: 9
                    facts:
                      care.people: [{happened: 2023-01-01, kind: north}]
                  - facts:
                      care.people: [{happened: 2022-01-01, kind: south}, {happened: 2023-01-01, kind: north}]
                      care.events: [{happened: 2022-06-01, amount: 4}, {happened: 2023-06-01, amount: 6}]
                  - facts:
                      care.people: [{happened: 2023-01-01, kind: north}, {happened: 2023-09-01, kind: south}]
                      care.events: [{happened: 2023-06-01, amount: 50}]
                  - objects: true
                    facts:
                      care.people: [{happened: 2023-01-01, kind: north}]
                      care.events: [{happened: 2023-06-01, amount: 50}]
                expect: {stays: 2, share: 0.1, amount: 5}
              - name: a move that is known on the day itself
                as_of: 2024-01-01
                setting: north
                members:
                  - people: 10
                    facts:
                      care.people: [{happened: 2022-01-01, kind: north}, {happened: 2023-01-01, known: 2024-01-01, kind: south}]
                expect: {stays: 0, share: 0, amount: 0}
              - name: nobody is there any more
                as_of: 2024-01-01
                setting: north
                members:
                  - people: 12
                    facts:
                      care.people: [{happened: 2022-01-01, kind: north}, {happened: 2023-01-01, kind: south}]
                in_cohort: false
            """)
        #expect(results.filter { !$0.passed } == [])
        #expect(results.count == 9)
    }

    @Test(arguments: [(9, false), (10, true)])
    func fewPeopleMakeNoSetting(_ people: Int, _ isIn: Bool) throws {
        let results = try results(
            """
            settings:
              - name: few
                as_of: 2024-01-01
                setting: north
                members:
                  - {people: \(people), facts: {care.people: [{happened: 2023-01-01, kind: north}]}}
                  - {objects: true, facts: {care.people: [{happened: 2023-01-01, kind: north}]}}
                in_cohort: false
            """)
        #expect(results.map(\.computed) == [isIn ? 1 : 0])
    }

    @Test(arguments: [(100, false), (101, true)])
    func anOldFactPutsNobodyThere(_ within: Int, _ isIn: Bool) throws {
        let results = try results(
            """
            settings:
              - name: a hundred and one days ago
                as_of: 2024-01-01
                setting: north
                members:
                  - {people: 10, facts: {care.people: [{happened: 2023-09-22, kind: north}]}}
                in_cohort: false
            """, cohort: ", setting: kind, within_days: \(within)")
        #expect(results.map(\.computed) == [isIn ? 1 : 0])
    }

    @Test func aReasonOfASettingShowsNoFigure() throws {
        let model = try model()
        let words = ValueWords(
            model,
            equation: ScoringEquation(
                name: "m", intercept: 0,
                terms: [.init(name: "stays", coefficient: 1, mean: 4)]))
        let column = try #require(model.columns.first)
        #expect(words.words(column, value: 1, hasFact: true) == "Stays: below average")
        #expect(words.words(column, value: 9, hasFact: true) == "Stays: above average")
        #expect(!column.isThirdParty)
    }

    @Test(arguments: [
        (
            "aggregate: latest, of: amount, missing: 0",
            "The feature “a” of a setting would be the value of one of its people."
        ),
        (
            "aggregate: days_since_latest, missing: 0",
            "The feature “a” of a setting would be the value of one of its people."
        ),
        (
            "aggregate: count, bands: [5], reference: below_5",
            "The feature “a” has levels, which a number of a setting or per person cannot have."
        ),
        (
            "aggregate: count, about: household",
            "The feature “a” of a setting cannot be about a household."
        ),
    ])
    func whatASettingCannotHave(_ feature: String, _ message: String) {
        let error = #expect(throws: StileError.self) {
            try unitModel(
                "setting", "features:\n  - {name: a, title: t, from: care.events, \(feature)}",
                cohort: ", setting: kind")
        }
        #expect(error?.message == message)
    }

    @Test func aSettingOfFewerThanTenCannotBeAskedFor() {
        let error = #expect(throws: StileError.self) { try model("smallest_setting: 9") }
        #expect(error?.message.contains("smallest_setting") == true)
        let other = #expect(throws: StileError.self) { try model(cohort: "") }
        #expect(other?.message == "The cohort has no “setting”.")
    }

    @Test func theColumnOfTheSettingHoldsCodes() throws {
        let world = GeneratedWorld(seed: 3, persons: 5, facts: 10)
        let schemas = world.tables.map { TableSchema($0) }
        try model().check(against: schemas, clock: .calendar)
        let error = #expect(throws: StileError.self) {
            try model(cohort: ", setting: amount").check(against: schemas, clock: .calendar)
        }
        #expect(error?.message == "The cohort needs the column “amount” to be a code.")
    }
}
