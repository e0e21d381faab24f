import PipelineModel
import Testing

@testable import Features

@Suite struct ModelFoldersTests {
    @Test(arguments: ["emergency_admission", "diabetes130", "parr30"])
    func theHandWrittenPeopleHaveTheirValues(model: String) throws {
        let folder = ModelFolders.folder(model)
        let specification = try ModelSpecification.read(folder: folder)
        let results = try DefinitionTests.read(folder: folder, for: specification).run()
        #expect(results.count > 10)
        for result in results {
            #expect(
                result.passed,
                "\(result.place): \(result.column) of \(result.person): expected \(result.expected), computed \(String(describing: result.computed))"
            )
        }
    }

    @Test func theColumnsOfTheConformanceModelsAreThoseOfTheirReferences() throws {
        // `terms` of the reference result for the UCI set, in its order.
        let diabetes = try ModelSpecification.read(folder: ModelFolders.folder("diabetes130"))
        #expect(
            diabetes.columns.map(\.name) == [
                "age_mid", "time_in_hospital", "num_lab_procedures", "num_procedures",
                "num_medications", "number_outpatient", "number_emergency", "number_inpatient",
                "number_diagnoses", "female", "race_AfricanAmerican", "race_Asian",
                "race_Hispanic", "race_Other", "race_missing", "emergency_admission", "not_home",
                "a1c_gt7", "a1c_gt8", "a1c_norm", "insulin_any", "med_change", "diabetes_med",
                "dx1_circulatory", "dx1_respiratory", "dx1_digestive", "dx1_diabetes",
                "dx1_injury", "dx1_musculoskeletal", "dx1_genitourinary", "dx1_neoplasms",
                "prior_encounters",
            ])
        let parr = try ModelSpecification.read(folder: ModelFolders.folder("parr30"))
        #expect(parr.columns.count == 21)
        #expect(parr.fit == nil && parr.coefficients != nil)
    }

    @Test func aThirdPartyFeatureIsMarkedInItsColumn() throws {
        let model = try ModelSpecification.read(folder: ModelFolders.folder("emergency_admission"))
        #expect(
            model.columns.filter(\.isThirdParty).map(\.name) == ["household_care_package"])
        #expect(model.columns.first?.source == "gp")
    }

    @Test func theDigestFollowsTheContentNotTheComments() throws {
        let plain = "features:\n  - {name: a, title: t, from: care.events, aggregate: count}"
        let commented = "# why\n\(plain)   # because"
        let other = plain.replacing("count", with: "any")
        #expect(try personModel(plain).digest == personModel(commented).digest)
        #expect(try personModel(plain).digest != personModel(other).digest)
    }

    @Test func whatATestPersonCannotExpectIsRefused() throws {
        let model = try personModel(
            "features:\n  - {name: a, title: t, from: care.events, aggregate: count}")
        let error = #expect(throws: StileError.self) {
            try DefinitionTests(
                yaml(
                    """
                    people:
                      - name: x
                        as_of: 2024-01-01
                        facts: {care.evnts: [{happened: 2023-01-01}]}
                        expect: {b: 1}
                    """, "tests.yaml"), for: model)
        }
        #expect(
            error.map { [$0.message] + $0.others.map(\.message) } == [
                "The model does not read the table “care.evnts”.",
                "The model has no column “b”.",
            ])
    }

    @Test func aWrongExpectationFailsAndSaysWhatWasComputed() throws {
        let model = try personModel(
            "features:\n  - {name: a, title: t, from: care.events, aggregate: count}")
        let results = try DefinitionTests(
            yaml(
                """
                people:
                  - name: x
                    as_of: 2024-01-01
                    facts:
                      care.people: [{happened: 2020-01-01}]
                      care.events: [{happened: 2023-01-01}, {happened: 2024-01-01}]
                    expect: {a: 2}
                  - name: y
                    as_of: 2024-01-01
                    expect: {a: 0}
                """, "tests.yaml"), for: model
        ).run()
        #expect(results.map(\.passed) == [true, false, false, false])
        #expect(results.map(\.computed) == [1, 1, 0, nil])
    }
}
