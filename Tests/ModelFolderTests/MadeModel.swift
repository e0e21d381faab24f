import Foundation
import Hashing
import ModelFolder
import PipelineModel
import TestSupport

/// A small model with made-up rows, for the tests of its folder.
enum MadeModel {
    static let equation = ScoringEquation(
        name: "made", intercept: -2.25,
        terms: [
            .init(name: "age_decades", coefficient: 0.1875, mean: 5.1),
            .init(name: "visits<1 & \"more\"", coefficient: 0.7, mean: 0.4),
            .init(name: "carer", coefficient: -0.3, mean: 0.25),
        ])

    static let words = [
        PublishedModel.Term(
            name: "age_decades", title: "Age, in tens of years", scale: "days divided by 3652.5",
            source: "gp.patients"),
        PublishedModel.Term(
            name: "visits<1 & \"more\"", title: "Visits | <b>", scale: "the number of facts",
            source: "hospital.visits"),
        PublishedModel.Term(
            name: "carer", title: "Someone at home cares", scale: "1 if so, else 0",
            source: "care.packages", isThirdParty: true),
    ]

    static func coefficients(_ equation: ScoringEquation = equation, errors: Bool = true) -> [UInt8]
    {
        let terms = equation.terms.map { term in
            let name = term.name.replacing("\"", with: "\\\"")
            let error = errors ? ",\"standard_error\":0.05" : ""
            return
                "{\"coefficient\":\(term.coefficient),\"mean\":\(term.mean),\"name\":\"\(name)\"\(error)}"
        }.joined(separator: ",")
        let error = errors ? ",\"intercept_standard_error\":0.1" : ""
        let names = ["(intercept)"] + equation.terms.map(\.name)
        let parameters = names.map { "\"\($0.replacing("\"", with: "\\\""))\"" }
            .joined(separator: ",")
        let covariance = names.indices.map { row in
            names.indices.map { $0 != row ? "0" : row == 0 ? "0.01" : "0.0025" }
                .joined(separator: ",")
        }.joined(separator: ",")
        let matrix =
            errors ? "\"covariance\":[\(covariance)],\"parameters\":[\(parameters)]," : ""
        return Array(
            "{\"aliased\":[],\(matrix)\"events\":700,\"format\":1,\"intercept\":\(equation.intercept)\(error),\"method\":\"irls\",\"rows\":4000,\"terms\":[\(terms)]}\n"
                .utf8)
    }

    static let evaluation = Array(
        """
        {"brier":0.11,"calibration":{"slope":{"estimate":0.97,"lower":0.9,"upper":1.04}},\
        "discrimination":{"estimate":0.71,"lower":0.69,"upper":0.73},"acceptance":{"verdict":"not_assessable"},\
        "events":210,"format":9,"openings":{"count":3,"equations":2},\
        "list":{"precision":{"expected":0.4}},"rows":1000,\
        "scaled_brier":{"not_assessable":"for the test"}}
        """.utf8)

    /// 2,000 rows of 500 people, the last fifth of them to test.
    static func development() -> PublishedModel.Development {
        var generator = SeededGenerator(seed: 5, label: "made")
        let count = 2_000
        let rows = (0..<count).map { (row: Int) -> RowKey in
            RowKey(
                unit: .init(high: 7, low: UInt64(row / 4)), asOf: Day(20_000 + Int32(row % 4)),
                person: .init(high: 7, low: UInt64(row / 4)))
        }
        var values = [Double](repeating: 0, count: count * 3)
        for row in 0..<count {
            values[row] = 2 + generator.uniform() * 7.0123
            values[count + row] = (generator.uniform() * 4).rounded(.down)
            values[2 * count + row] = row < 12 ? 1 : 0
        }
        // One person's value, far beyond the others.
        values[17] = 11.987654321
        let outcome: [Double] = rows.map { _ in generator.chance(0.2) ? 1 : 0 }
        let fold: [Int32] = (0..<count).map { $0 < 1_600 ? 0 : 1 }
        return PublishedModel.Development(
            matrix: DesignMatrix(
                unitKind: .person, rows: rows, columns: equation.terms.map(\.name), values: values),
            outcome: outcome, fold: fold,
            dayText: \.iso,
            snapshot: [
                .init(name: "facts gp.patients", digest: ContentDigest.sha256("patients")),
                .init(name: "development rows", digest: ContentDigest.sha256("rows")),
            ])
    }

    static func model(
        _ equation: ScoringEquation = equation, isFitted: Bool = true, errors: Bool = true,
        development: PublishedModel.Development? = development()
    ) -> PublishedModel {
        PublishedModel(
            name: "made", title: "A made model", purpose: "help", version: 3, unit: .person,
            isFitted: isFitted, specification: ContentDigest.sha256("specification"),
            specificationFiles: [FolderFile("model.yaml", text: "model: made\n")],
            equation: equation, terms: words, outcome: development == nil ? nil : "an admission",
            listSize: 50, baseline: "visits", groupings: ["sex"],
            sources: [
                .init(
                    extract: "gp.patients", purpose: "help", legalBasis: "article 6 e",
                    legalBasisExpires: "2031-03-31")
            ], coefficients: isFitted ? coefficients(equation, errors: errors) : nil,
            evaluation: development == nil ? nil : evaluation, development: development,
            stile: "0.0")
    }

    /// Writes the folder of a model below a temporary one.
    static func write(_ model: PublishedModel, to folder: TemporaryFolder, as name: String) throws
        -> String
    {
        for file in try model.files() { try folder.write(file.bytes, to: "\(name)/\(file.name)") }
        return "\(folder.path)/\(name)"
    }

    static func text(_ name: String, of model: PublishedModel) throws -> String {
        let file = try model.files().first { $0.name == name }
        return String(decoding: file?.bytes ?? [], as: UTF8.self)
    }
}
