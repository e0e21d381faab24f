import Foundation
import Modelling
import PipelineModel
import StrictYAML
import TestSupport
import Testing

struct StoredModelTests {
    private func node(_ text: String) throws -> YAMLNode {
        try YAMLDocument.parse(Array(text.utf8), file: "model.yaml")
    }

    @Test func aModelReadsBackToTheSameBits() throws {
        let (matrix, outcomes) = Designs.spector
        let model = try LogisticRegression.fit(
            matrix, outcomes: outcomes,
            provenance: ModelProvenance(
                model: "grades", specification: "ab12",
                data: ["school_census": "00", "gpExtract": "11"]))
        let data = try model.canonicalJSON()
        let again = try FittedModel(canonicalJSON: data, file: "coefficients.json")
        #expect(again == model)
        #expect(again.covariance.map(\.bitPattern) == model.covariance.map(\.bitPattern))
        #expect(again.provenance.data["gpExtract"] == "11")
        #expect(try again.canonicalJSON() == data)
        #expect(again.equation == model.equation)
        #expect(
            again.equation.terms.map(\.mean) == matrix.columns.indices.map { again.terms[$0].mean })
    }

    @Test func aDamagedOrNewerModelIsRefused() throws {
        let (matrix, outcomes) = Designs.spector
        let model = try LogisticRegression.fit(
            matrix, outcomes: outcomes, provenance: ModelProvenance(model: "grades"))
        let text = String(decoding: try model.canonicalJSON(), as: UTF8.self)
        for (damaged, message) in [
            (String(text.dropLast(40)), "This is not a stored model."),
            (text.replacingOccurrences(of: "\"format\":3", with: "\"format\":9"), "has format 9"),
            (
                text.replacingOccurrences(of: "\"(intercept)\"", with: "\"intercept\""),
                "does not fit its terms"
            ),
        ] {
            let error = #expect(throws: StileError.self) {
                try FittedModel(canonicalJSON: Data(damaged.utf8), file: "coefficients.json")
            }
            #expect(error?.message.contains(message) == true)
            #expect(error?.code == .integrity)
        }
    }

    @Test func aFitIsReadFromItsSpecification() throws {
        var faults = FaultList()
        let fit = FitSpecification.parse(
            try node("method: irls\nmaximum_iterations: 30\n"), faults: &faults)
        try faults.check()
        #expect(fit == FitSpecification(maximumIterations: 30))
    }

    @Test func everyFaultOfAFitIsReported() throws {
        var faults = FaultList()
        _ = FitSpecification.parse(
            try node("method: magic\ntolerance: big\nridge: 2\n"), faults: &faults)
        let text = faults.faults.map(\.description).joined(separator: "\n")
        #expect(text.contains("model.yaml:1:9: “method” cannot be “magic”"))
        #expect(text.contains("“tolerance” must be a number"))
        #expect(text.contains("A fit has no key “ridge”"))
    }

    @Test func aPublishedEquationIsReadInItsOrder() throws {
        var faults = FaultList()
        let frozen = FrozenModel.parse(
            try node("intercept: -2.5\nterms:\n  b: 1\n  a: 0.25\nreference:\n  a: 40\n"),
            faults: &faults)
        try faults.check()
        #expect(
            frozen.equation(name: "m")
                == ScoringEquation(
                    name: "m", intercept: -2.5,
                    terms: [
                        .init(name: "b", coefficient: 1, mean: 0),
                        .init(name: "a", coefficient: 0.25, mean: 40),
                    ]))
    }

    @Test func everyFaultOfAPublishedEquationIsReported() throws {
        var faults = FaultList()
        _ = FrozenModel.parse(
            try node("terms:\n  a: much\nreference:\n  c: 4\nslope: 1\n"), faults: &faults)
        let text = faults.faults.map(\.description).joined(separator: "\n")
        #expect(text.contains("The published equation has no “intercept”"))
        #expect(text.contains("model.yaml:2:6: The value of “a” must be a number"))
        #expect(text.contains("“c” has a reference value but no coefficient"))
        #expect(text.contains("has no key “slope”"))
    }
}
