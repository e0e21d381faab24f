import PipelineModel
import StrictYAML
import Testing

@testable import Features

/// Households worked out by hand.
@Suite struct HouseholdTests {
    private static let features = """
        features:
          - {name: stays, title: Stays, from: care.events, aggregate: count}
          - {name: each, title: Stays each, from: care.events, aggregate: count, per_person: true}
          - {name: share, title: Share with a stay, from: care.events, aggregate: any, per_person: true}
          - {name: amount, title: Newest amount, from: care.events, aggregate: latest, of: amount, missing: 0}
        """
    private static let model = try? unitModel(
        "household", features, cohort: ", age: {of: day, below: 18}", outcome: "of: members",
        extra: "refer: cohort")

    private static func day(_ text: String) -> Day { Day(iso: text) ?? Day(0) }

    /// A mother (1), her child (2) and a lodger (3) in one home; the child of another (4) next
    /// door, who moves in with them in June.
    private static func stage(
        night: String, excluded: Set<PersonPseudonym> = []
    ) throws -> FeatureStage {
        func residence(_ number: Int, _ home: UInt64, _ from: String) -> Spine.Residence {
            .init(
                person: person(number), household: .init(high: 9, low: home), from: day(from),
                knownFrom: day(from), knownTo: .open)
        }
        let spine = Spine(
            subject: (1...4).map { .init(high: 5, low: $0) }, person: (1...4).map(person),
            source: [0, 0, 0, 0], sources: ["care"],
            residences: [
                residence(1, 1, "2020-01-01"), residence(2, 1, "2020-01-01"),
                residence(3, 1, "2022-01-01"), residence(4, 2, "2020-01-01"),
                residence(4, 1, "2023-06-01"),
            ])
        func table(_ name: String, _ rows: [(UInt64, String, String, Double)]) -> FactTable {
            FactTable(
                name: name, subject: rows.map { .init(high: 5, low: $0.0) },
                record: rows.indices.map { .init(high: 6, low: UInt64($0)) },
                happened: rows.map { day($0.1) }, knownFrom: rows.map { day($0.1) },
                knownTo: rows.map { _ in .open },
                payload: [
                    Column(
                        "kind",
                        .code(vocabulary: ["a"], codes: rows.map { _ in 0 })),
                    Column("amount", .number(rows.map(\.3))),
                    Column("day", .day(rows.map { day($0.2) })),
                ])
        }
        return try FeatureStage(
            #require(model),
            tables: [
                table(
                    "care.people",
                    [
                        (1, "2020-01-01", "1985-05-05", 0), (2, "2020-01-01", "2015-05-05", 0),
                        (3, "2022-01-01", "1950-05-05", 0), (4, "2020-01-01", "2010-05-05", 0),
                    ]),
                table(
                    "care.events",
                    [
                        (1, "2022-02-01", "", 5), (1, "2022-03-01", "", 7),
                        (3, "2022-04-01", "", 9), (4, "2022-05-01", "", 2),
                    ]),
            ], spine: spine, night: day(night),
            exclusions: .init(fromRows: excluded, asRelatives: excluded))
    }

    private func rows(_ set: FeatureSet) -> [[Double]] {
        set.matrix.rows.indices.map { row in
            set.matrix.columns.indices.map { set.matrix[row, $0] }
        }
    }

    @Test func theMembersOfTheDayMakeTheValues() throws {
        let before = try Self.stage(night: "2023-03-01").build(.scoring, withEvidence: true)
        #expect(before.matrix.rows.map(\.unit) == [.init(high: 9, low: 1), .init(high: 9, low: 2)])
        #expect(rows(before) == [[3, 1, 2.0 / 3, 9], [1, 1, 1, 2]])
        #expect(before.members.person == [1, 2, 3, 4].map(person))
        #expect(before.members.isReferred == [false, true, false, true])
        #expect(before.columns.allSatisfy { $0.isThirdParty })
        #expect(before.report.persons == 4)
        // The child next door has moved in, and brings what is known of them.
        let after = try Self.stage(night: "2023-07-01").build(.scoring, withEvidence: true)
        #expect(after.matrix.rows.map(\.unit) == [.init(high: 9, low: 1)])
        #expect(rows(after) == [[4, 1, 0.75, 2]])
        #expect(after.members.isReferred == [false, true, false, true])
    }

    @Test func whoObjectsIsNoMemberAndTheChildWithholdsTheHome() throws {
        // The lodger objects: the offer to the child stands, without the lodger's facts.
        let lodger = try Self.stage(night: "2023-03-01", excluded: [person(3)])
            .build(.scoring, withEvidence: true)
        #expect(rows(lodger) == [[2, 1, 0.5, 7], [1, 1, 1, 2]])
        #expect(!lodger.members.person.contains(person(3)))
        #expect(lodger.report.excludedUnits == 0)
        // The child objects: nobody is scored on the child's behalf.
        let child = try Self.stage(night: "2023-03-01", excluded: [person(2)])
            .build(.scoring, withEvidence: true)
        #expect(child.matrix.rows.map(\.unit) == [.init(high: 9, low: 2)])
        #expect(child.report.excludedUnits == 1)
    }

    @Test func aShareIsSaidInFigures() throws {
        let model = try #require(Self.model)
        let words = ValueWords(
            model, equation: ScoringEquation(name: "m", intercept: 0, terms: []))
        let column = try #require(model.columns.first { $0.name == "share" })
        #expect(words.words(column, value: 0.5, hasFact: true) == "Share with a stay: 0.5")
        #expect(words.words(column, value: 0, hasFact: false) == "Share with a stay: none known")
    }

    private func results(_ tests: String) throws -> [DefinitionTests.Result] {
        try DefinitionTests(yaml(tests, "tests.yaml"), for: #require(Self.model)).run()
    }

    @Test func definitionsAreTestedWithHandWrittenHouseholds() throws {
        let results = try results(
            """
            households:
              - name: a child, two adults and a lodger who objects
                as_of: 2024-01-01
                members:
                  - {facts: {care.people: [{happened: 2020-01-01, day: 2015-01-01}]}}
                  - people: 2
                    facts:
                      care.people: [{happened: 2020-01-01, day: 1980-01-01}]
                      care.events: [{happened: 2023-01-01, amount: 4}, {happened: 2023-02-01, known: 2024-01-01, amount: 5}]
                  - objects: true
                    facts: {care.events: [{happened: 2023-03-01, amount: 9}]}
                refers: 1
                expect: {stays: 2, each: 0.6666666667, share: 0.6666666667, amount: 4}
              - name: adults alone
                as_of: 2024-01-01
                members:
                  - {facts: {care.people: [{happened: 2020-01-01, day: 1980-01-01}]}}
                in_cohort: false
              - name: the child moves in on the day itself
                as_of: 2024-01-01
                members:
                  - {moved_in: 2024-01-01, facts: {care.people: [{happened: 2020-01-01, day: 2015-01-01}]}}
                in_cohort: false
              - name: a child who objects
                as_of: 2024-01-01
                members:
                  - {objects: true, facts: {care.people: [{happened: 2020-01-01, day: 2015-01-01}]}}
                  - {facts: {care.people: [{happened: 2020-01-01, day: 2016-01-01}]}}
                in_cohort: false
            """)
        #expect(results.filter { !$0.passed } == [])
        #expect(results.count == 9)
    }

    @Test func anExpectationThatDoesNotHoldIsTold() throws {
        let results = try results(
            """
            households:
              - name: a child
                as_of: 2024-01-01
                members:
                  - {facts: {care.people: [{happened: 2020-01-01, day: 2015-01-01}]}}
                refers: 2
                expect: {stays: 1}
            """)
        #expect(results.filter { !$0.passed }.map(\.column) == ["refers", "stays"])
        #expect(results.map(\.computed) == [1, 1, 0])
    }

    @Test(arguments: [
        (
            "  - {name: a, title: t, from: care.events, aggregate: count, about: person}",
            "refer: cohort", "of: members",
            "The feature “a” of a household cannot be about a person."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: mean, of: amount, missing: 0, per_person: true}",
            "refer: cohort", "of: members",
            "The feature “a” is divided by the number of people, but is no count, any or sum."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count}", "", "of: members",
            "The model has no “refer”."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count}", "refer: everyone",
            "of: members",
            "“refer” cannot be read."
        ),
        (
            "  - {name: a, title: t, from: care.events, aggregate: count}", "refer: members", "",
            "The outcome has no “of”."
        ),
    ])
    func whatAHouseholdMustSay(
        _ features: String, _ extra: String, _ outcome: String, _ message: String
    ) {
        let error = #expect(throws: StileError.self) {
            try unitModel("household", "features:\n" + features, outcome: outcome, extra: extra)
        }
        #expect(error?.message == message)
    }
}
