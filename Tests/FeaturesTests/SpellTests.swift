import PipelineModel
import Testing

@testable import Features

@Suite struct SpellTests {
    static func model(
        _ features: String, fit: String = "fit: {method: irls}",
        split: String = "{train_through: 20}"
    ) throws -> ModelSpecification {
        try ModelSpecification(
            model: yaml(
                """
                model: spells
                title: t
                purpose: testing
                version: 1
                unit: spell
                cohort: {from: ward.spells}
                as_of: {each: record, score: test}
                split: \(split)
                outcome: {from: index, where: [{column: back, in: [Y]}]}
                groups:
                  - {name: ward, from: ward.spells, of: ward}
                  - {name: length, from: ward.spells, of: days, bands: [2, 5]}
                \(features.contains("name: days") ? "baseline: days" : "")
                list: {size: 2}
                \(fit)
                """, "model.yaml"),
            features: yaml("features:\n" + features))
    }

    static let features = """
          - {name: days, title: t, from: ward.spells, records: index, aggregate: latest, of: days, missing: flag}
          - {name: stay, title: t, from: ward.spells, records: index, aggregate: latest, of: days, bands: [2, 5], reference: 2_5, missing: reference}
          - {name: ward, title: t, from: ward.spells, records: index, aggregate: latest, of: ward, levels: [A, B], reference: A, other_level: true, missing: flag}
          - {name: before, title: t, from: ward.spells, records: history, aggregate: count}
          - {name: days_before, title: t, from: ward.spells, records: history, aggregate: sum, of: days, cap: 10, transform: square, divide_by: 2}
        """

    /// Five spells of two patients on an ordinal clock; the fourth is corrected later.
    static let table = FactTable(
        name: "ward.spells",
        subject: [1, 1, 2, 1, 1, 2].map { .init(high: 1, low: $0) },
        record: [1, 2, 3, 4, 4, 5].map { .init(high: 2, low: $0) },
        happened: [10, 20, 15, 30, 30, 40].map(Day.init),
        knownFrom: [10, 20, 15, 30, 35, 45].map(Day.init),
        knownTo: [.open, .open, .open, Day(35), .open, .open],
        payload: [
            Column("days", .number([1, 4, .nan, 7, 8, 3])),
            Column(
                "ward",
                .code(
                    vocabulary: ["A", "B", "C"], codes: [0, 1, ColumnValues.missingCode, 2, 2, 0])),
            Column(
                "back",
                .code(
                    vocabulary: ["N", "Y"],
                    codes: [1, 0, 1, ColumnValues.missingCode, 1, 0])),
        ])

    static let spine = Spine(
        subject: [1, 2].map { .init(high: 1, low: $0) }, person: [person(1), person(2)],
        source: [0, 0], sources: ["ward"])

    @Test func aSpellHasItsOwnValuesAndThoseOfEarlierSpells() throws {
        let model = try Self.model(Self.features)
        try model.check(against: [TableSchema(Self.table)], clock: .ordinal)
        let stage = try FeatureStage(
            model, tables: [Self.table], spine: Self.spine,
            night: FeatureStage.dayAfterNewest(of: [Self.table]))
        let set = try stage.build(.development, withEvidence: true)
        #expect(
            set.matrix.columns == [
                "days", "days_missing", "stay_below_2", "stay_5_plus", "ward_B", "ward_other",
                "ward_missing", "before", "days_before",
            ])
        let rows = set.matrix.rows.indices.map { row in
            set.matrix.columns.indices.map { set.matrix[row, $0] }
        }
        #expect(set.matrix.rows.map(\.asOf) == [11, 16, 21, 31].map(Day.init))
        #expect(
            rows == [
                [1, 0, 1, 0, 0, 0, 0, 0, 0],
                [0, 1, 0, 0, 0, 0, 1, 0, 0],
                [4, 0, 0, 0, 1, 0, 0, 1, 0.5],
                [7, 0, 0, 1, 0, 1, 0, 2, 12.5],
            ])
        #expect(set.outcomes.values == [1, 1, 0, 1])
        #expect(set.fold == [0, 0, 0, 1])
        #expect(set.report.spellsUnknownAtAsOf == 1)
        #expect(set.report.events == 3)
        #expect(set.report.persons == 2)
        #expect(set.report.features[0] == .init(name: "days", missingShare: 0.25))
        #expect(set.groups[0].levels == ["A", "B", "C"])
        #expect(set.groups[0].codes == [0, .max, 1, 2])
        #expect(set.groups[1].levels == ["below_2", "2_5", "5_plus"])
        #expect(set.groups[1].codes == [0, .max, 1, 2])
        #expect(set.baselineRank == [2, 3, 1, 1])
        #expect(set.evidence.newestFact(ofRow: 3)?.day == Day(30))
        #expect(set.evidence.newestFact(ofRow: 3)?.table == "ward.spells")
        #expect(try stage.build(.scoring).matrix.rows.map(\.asOf) == [Day(31)])
    }

    @Test func aSpellTableMustSayWhichRecords() {
        let error = #expect(throws: StileError.self) {
            try Self.model("  - {name: a, title: t, from: ward.spells, aggregate: count}")
        }
        #expect(
            error?.message
                == "The feature “a” reads the table of the spell without saying which records.")
    }

    @Test func aCodeOutsideADeclaredListOfLevelsIsMissingNotTheReference() throws {
        let model = try Self.model(
            "  - {name: ward, title: t, from: ward.spells, records: index, aggregate: latest, of: ward, levels: [A, B], reference: A, missing: flag}"
        )
        let set = try FeatureStage(
            model, tables: [Self.table], spine: Self.spine, night: Day(50)
        ).build(.development)
        #expect(set.matrix.columns == ["ward_B", "ward_missing"])
        #expect([0, 1, 2, 3].map { set.matrix[$0, 1] } == [0, 1, 0, 1])
    }

    @Test func aSplitByPersonKeepsAPersonTogether() throws {
        var model = try Self.model(Self.features)
        model.timing = .records(daysAfter: 1, split: .person(testShare: 0.5), scoring: .all)
        let set = try FeatureStage(
            model, tables: [Self.table], spine: Self.spine, night: Day(50)
        ).build(.development)
        for (row, key) in set.matrix.rows.enumerated() {
            let first = set.matrix.rows.firstIndex { $0.person == key.person } ?? row
            #expect(set.fold[row] == set.fold[first])
        }
    }
}
