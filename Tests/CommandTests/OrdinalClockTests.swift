import Foundation
import TestSupport
import Testing

/// Sources without dates, names or fitting: the deployment of the published equation, on
/// spells made up here.
@Suite struct OrdinalClockTests {
    private static let columns = [
        "admission_method", "age_at_discharge", "emerg_last_year", "emerg_last_30_days",
        "congestive_heart_failure", "peripheral_vascular_disease", "chronic_pulmonary_disease",
        "diabetes_with_chronic_complications", "renal_disease",
        "metastatic_cancer_with_solid_tumor", "other_malignant_cancer",
        "moderate_severe_liver_disease", "other_liver_disease", "hemiplegia_or_paraplegia",
        "dementia", "trust_term",
    ]

    private static func repository(_ path: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOfFile: root.appendingPathComponent(path).path, encoding: .utf8)
    }

    private func parr30(expires: String) throws -> Deployment {
        var configuration: [String: String] = [:]
        for name in ["source.yaml", "linking.yaml", "release.yaml"] {
            configuration[name] = try Self.repository("Conformance/parr30/\(name)")
                .replacing("expires: 2099-12-31", with: "expires: \(expires)")
        }
        var models: [String: String] = [:]
        for name in ["model.yaml", "features.yaml", "tests.yaml"] {
            models["parr30/\(name)"] = try Self.repository("Models/parr30/\(name)")
        }
        let deployment = try Deployment.make(from: configuration, models: models)
        let header = ["spell_id", "row_number", "imd_score", "readmitted"] + Self.columns
        var text = header.joined(separator: ",") + "\n"
        for row in 1...8 {
            let values = Self.columns.indices.map { $0 == 1 ? 40 + 5 * row : (row + $0) % 2 }
            text += "s\(row),\(row),\"(15,25]\",\(row % 3 == 0 ? 1 : 0),"
            text += values.map(String.init).joined(separator: ",") + "\n"
        }
        try deployment.drop(text, as: "hospital/parr30_spells.csv")
        try Deployment.expectSuccess(Command.run(deployment.sourceArguments("9")))
        return deployment
    }

    @Test func aPublishedEquationIsScoredAndWaits() throws {
        let deployment = try parr30(expires: "2099-12-31")
        try Deployment.expectSuccess(Command.run(deployment.linkingArguments("9")))
        #expect(deployment.lists().count == 1)
        let list = String(decoding: try deployment.newestList(), as: UTF8.self)
        #expect(list.split(separator: "\"person\"").count == 9)
        let evidence = try String(
            contentsOfFile:
                "\(deployment.path)/linking/lists/\(try #require(deployment.lists().last))/evidence.json",
            encoding: .utf8)
        #expect(evidence.contains("2099-12-31"))
    }

    @Test func aLegalBasisEndsByTheCalendar() throws {
        let deployment = try parr30(expires: "2020-01-31")
        let finished = try Command.run(deployment.linkingArguments("9"))
        #expect(finished.status == 4)
        #expect(finished.err.contains("The legal basis of hospital expired on 2020-01-31."))
        #expect(deployment.lists().isEmpty)
    }
}
