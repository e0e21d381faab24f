import Evaluation
import Foundation
import Modelling
import PipelineModel
import Scoring
import StrictYAML
import Testing

/// Agreement with established tools on public data that the repository does not
/// hold; run where `STILE_DATA` names the folder.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["STILE_DATA"] != nil))
struct PublishedDataTests {
    private let folder = ProcessInfo.processInfo.environment["STILE_DATA"] ?? ""

    /// The lines of a CSV file, gzipped or not, without newlines in quotes.
    private func read(_ name: String) throws -> (header: [String], rows: [[String]]) {
        var data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        if name.hasSuffix(".gz") {
            let process = Process()
            let pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gzip", "-dc", "\(folder)/\(name)"]
            process.standardOutput = pipe
            try process.run()
            data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
        }
        let lines = data.split(separator: UInt8(ascii: "\n")).map { line in
            var isQuoted = false
            var fields: [[UInt8]] = [[]]
            for byte in line where byte != UInt8(ascii: "\r") {
                if byte == UInt8(ascii: "\"") {
                    isQuoted.toggle()
                } else if byte == UInt8(ascii: ","), !isQuoted {
                    fields.append([])
                } else {
                    fields[fields.count - 1].append(byte)
                }
            }
            return fields.map { String(decoding: $0, as: UTF8.self) }
        }
        return (lines[0], Array(lines.dropFirst()))
    }

    private func reference(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func design(
        _ terms: [String], _ header: [String], _ rows: [[String]]
    ) throws -> (DesignMatrix, Outcomes) {
        func column(_ name: String) throws -> [Double] {
            let index = try #require(header.firstIndex(of: name))
            return try rows.map { try #require(Double($0[index])) }
        }
        let matrix = Designs.matrix(
            try terms.filter { $0 != "(Intercept)" }.map { ($0, try column($0)) })
        return (matrix, Outcomes(values: try column("y")))
    }

    /// The largest relative differences of coefficients and standard errors.
    private func differences(
        _ model: FittedModel, _ reference: [String: Any]
    ) throws -> (coefficients: Double, errors: Double, deviance: Double) {
        let newton = try #require(reference["longdouble_newton"] as? [String: Any])
        func numbers(_ key: String) throws -> [Double] {
            try #require(newton[key] as? [String]).map { try #require(Double($0)) }
        }
        func furthest(_ found: [Double], _ expected: [Double]) -> Double {
            zip(found, expected).map { ($0 - $1).magnitude / $1.magnitude }.max() ?? .infinity
        }
        let deviance = try #require(Double(newton["deviance"] as? String ?? ""))
        return (
            furthest(model.estimates, try numbers("coef")),
            furthest(model.standardErrors, try numbers("se")),
            (model.deviance - deviance).magnitude / deviance
        )
    }

    @Test func diabetes() throws {
        let (header, rows) = try read("diabetes130/design.csv.gz")
        let reference = try self.reference("diabetes130/reference.json")
        let terms = try #require(reference["terms"] as? [String])
        let split = try #require(header.firstIndex(of: "split"))
        let (train, outcomes) = try design(terms, header, rows.filter { $0[split] == "train" })
        let model = try LogisticRegression.fit(
            train, outcomes: outcomes, provenance: .init(model: "readmission"), threads: 2)
        let found = try differences(model, reference)
        print("diabetes130", found, model.iterations, model.blas)
        #expect(found.coefficients < 1e-8 && found.errors < 1e-8 && found.deviance < 1e-12)

        let (test, happened) = try design(terms, header, rows.filter { $0[split] == "test" })
        let scored = try Scorer(model: model.equation).score(test)
        let report = try Evaluation.evaluate(
            ScoredTable(
                score: scored.linearPredictor, probability: scored.probability,
                outcome: happened.values), listSize: 509)
        print(report.text)
        #expect(agree(report.discrimination.value?.estimate, 0.633375246378443, to: 1e-9))
        #expect(agree(report.discrimination.value?.standardError, 0.003978729376223268, to: 1e-8))
        #expect(agree(report.brier.value, 0.09452344636607693, to: 1e-9))
        #expect(agree(report.scaledBrier.value, 0.02188523564366207, to: 1e-7))
        let calibration = report.calibration.value
        #expect(agree(calibration?.inTheLarge.estimate, -0.17556847973925788, to: 1e-8))
        #expect(agree(calibration?.slope.value?.estimate, 0.8620814924244375, to: 1e-8))
        #expect(agree(calibration?.slope.value?.standardError, 0.02447250204482976, to: 1e-8))
        #expect(report.list.events.listed == 203)
    }

    @Test func textbooks() throws {
        let references = try reference("classics/reference.json")
        for name in references.keys.sorted() {
            let (header, rows) = try read("classics/models/\(name).csv")
            let reference = try #require(references[name] as? [String: Any])
            let (matrix, outcomes) = try design(
                try #require(reference["terms"] as? [String]), header, rows)
            let model = try LogisticRegression.fit(
                matrix, outcomes: outcomes, provenance: .init(model: name))
            let found = try differences(model, reference)
            print(name, found, model.factorisation)
            #expect(found.coefficients < 1e-8 && found.errors < 1e-8, "\(name)")
            #expect(found.deviance < 1e-12, "\(name)")
        }
    }

    @Test(arguments: ["sex2", "endometrial"])
    func separatedTextbooksAreRefused(name: String) throws {
        let (header, rows) = try read("classics/models/\(name).csv")
        let (matrix, outcomes) = try design(
            header.filter { !["id", "split", "y"].contains($0) }, header, rows)
        let error = #expect(throws: StileError.self) {
            try LogisticRegression.fit(
                matrix, outcomes: outcomes, provenance: .init(model: name))
        }
        print(name, error?.message ?? "")
        #expect(error?.message.contains("The outcomes are separated by") == true)
    }

    @Test func discriminationAgreesWithPROC() throws {
        let (header, rows) = try read("calibration/aSAH.csv")
        let outcome = try #require(header.firstIndex(of: "y"))
        let score = try #require(header.firstIndex(of: "ndka"))
        let report = try Evaluation.evaluate(
            ScoredTable(
                score: rows.map { Double($0[score]) ?? .nan },
                probability: rows.map { _ in 0.5 },
                outcome: rows.map { Double($0[outcome]) ?? .nan }),
            listSize: 10)
        let area = report.discrimination.value
        #expect(agree(area?.estimate, 0.611957994579946, to: 1e-12))
        #expect(agree(area?.lower, 0.501244999271703, to: 1e-12))
        #expect(agree(area?.upper, 0.722670989888189, to: 1e-12))
    }

    @Test func parr30() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appendingPathComponent("Models/parr30/model.yaml").path
        var faults = FaultList()
        var reader = MappingReader(
            try YAMLDocument.read(fileAt: file), what: "model", faults: &faults)
        let node = try #require(reader.required("coefficients", &faults))
        let frozen = FrozenModel.parse(node, faults: &faults)
        try faults.check()

        let (header, rows) = try read("parr30/parr30_sample.csv")
        let trusts = Dictionary(
            uniqueKeysWithValues: try read("parr30/trusts.csv").rows.map {
                ($0[1], Double($0[2]) ?? .nan)
            })
        func column(_ name: String) throws -> [String] {
            let index = try #require(header.firstIndex(of: name))
            return rows.map { $0[index] }
        }
        func numbers(_ name: String) throws -> [Double] {
            try column(name).map { try #require(Double($0)) }
        }
        let deprivation = try column("imd_score")
        // The names of the published terms against those of the artificial sample.
        let others = [
            "emergency_admissions_last_year": "emerg_last_year",
            "admitted_last_30_days": "emerg_last_30_days",
            "emergency_admission": "admission_method",
            "diabetes_with_complications": "diabetes_with_chronic_complications",
            "metastatic_cancer": "metastatic_cancer_with_solid_tumor",
        ]
        let bands = [
            "imd_10_15": "(10,15]", "imd_15_25": "(15,25]", "imd_25_40": "(25,40]",
            "imd_40_50": "(40,50]", "imd_50_plus": "(50,",
        ]
        let matrix = Designs.matrix(
            try frozen.terms.map { term -> (String, [Double]) in
                if let band = bands[term.name] {
                    return (term.name, deprivation.map { $0.hasPrefix(band) ? 1 : 0 })
                }
                switch term.name {
                case "age_squared":
                    return (term.name, try numbers("age_at_discharge").map { $0 * $0 })
                case "trust_term":
                    return (term.name, try column("trust_code").map { trusts[$0] ?? 0 })
                default:
                    return (term.name, try numbers(others[term.name] ?? term.name))
                }
            })
        let scored = try Scorer(model: frozen.equation(name: "parr30")).score(matrix)
        let report = try Evaluation.evaluate(
            ScoredTable(
                score: scored.linearPredictor, probability: scored.probability,
                outcome: try numbers("readmitted")), listSize: 100)
        print(report.text)
        #expect(agree(report.discrimination.value?.estimate, 0.671824, to: 1e-6))
        #expect(agree(report.discrimination.value?.lower, 0.661158, to: 1e-6))
        #expect(agree(report.discrimination.value?.upper, 0.682490, to: 1e-6))
        #expect(agree(report.brier.value, 0.224477, to: 3e-6))
        #expect(agree(report.calibration.value?.inTheLarge.estimate, -0.351920, to: 3e-6))
        #expect(agree(report.calibration.value?.slope.value?.estimate, 0.741273, to: 1e-6))
    }
}
