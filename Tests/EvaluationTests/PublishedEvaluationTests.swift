import Evaluation
import Foundation
import PipelineModel
import Testing

/// Agreement on public data that the repository does not hold.
///
/// Run where `STILE_DATA` names the folder. The references are those of `calibration/reference_r.json` (pROC 1.18.0) and
/// `calibration/reference_netbenefit.json` (dcurves 1.1.7).
@Suite(.enabled(if: ProcessInfo.processInfo.environment["STILE_DATA"] != nil))
struct PublishedEvaluationTests {
    private let folder = ProcessInfo.processInfo.environment["STILE_DATA"] ?? ""

    private func columns(_ name: String, _ wanted: [String]) throws -> [[Double]] {
        let text = try String(contentsOfFile: "\(folder)/calibration/\(name)", encoding: .utf8)
        let lines = text.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: ["\"", "\r"])
            }
        }
        return try wanted.map { name in
            let index = try #require(lines[0].firstIndex(of: name))
            return try lines.dropFirst().map { fields in
                let field = fields[index]
                return field == "TRUE" ? 1 : field == "FALSE" ? 0 : try #require(Double(field))
            }
        }
    }

    private func reference(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/calibration/\(name)"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func near(_ left: Double?, _ right: Double?, _ tolerance: Double = 1e-9) -> Bool {
        guard let left, let right else { return false }
        return (left - right).magnitude <= tolerance
    }

    @Test func subarachnoidHaemorrhage() throws {
        let data = try columns("aSAH.csv", ["y", "s100b", "ndka", "wfns"])
        let reference = try self.reference("reference_r.json")
        let areas = try #require(reference["aSAH"] as? [String: [String: Any]])
        let names = ["s100b", "ndka", "wfns"]
        for (index, name) in names.enumerated() {
            let report = try Evaluation.evaluate(
                ScoredTable(score: data[index + 1], probability: [], outcome: data[0]),
                listSize: 10, resamples: 0)
            let bounds = try #require(areas[name]?["ci"] as? [Double])
            let area = report.discrimination.value
            #expect(near(area?.lower, bounds[0]) && near(area?.upper, bounds[2]))
            #expect(near(area?.estimate, bounds[1]))
        }
        let tests = try #require(reference["paired_delong"] as? [String: [String: Double]])
        for (left, right) in [(1, 3), (1, 2), (3, 2)] {
            let name = "\(names[left - 1])_vs_\(names[right - 1])"
            let test = try Evaluation.compare(data[left], data[right], outcome: data[0]).value
            let expected = try #require(tests[name])
            print(name, test?.z ?? .nan, expected["z"] ?? .nan)
            #expect(near(test?.z, expected["z"]))
            #expect(near(test?.pValue, expected["p"]))
            #expect(near(test?.covariance, expected["cov"], 1e-12))
        }
    }

    @Test func netBenefit() throws {
        let data = try columns(
            "dcurves_df_binary.csv", ["cancer", "cancerpredmarker", "famhistory"])
        let reference = try self.reference("reference_netbenefit.json")
        let thresholds = try #require(reference["thresholds"] as? [Double])
        let benefits = try #require(reference["net_benefit"] as? [String: [Double]])
        for (column, name) in [(1, "cancerpredmarker"), (2, "famhistory")] {
            let report = try Evaluation.evaluate(
                ScoredTable(score: data[column], probability: data[column], outcome: data[0]),
                listSize: 10, resamples: 0)
            let curve = try #require(report.decisionCurve.value)
            var furthest = 0.0
            for (index, threshold) in thresholds.enumerated() {
                let point = try #require(curve.points.first { $0.threshold == threshold })
                furthest = max(furthest, (point.model - (benefits[name]?[index] ?? .nan)).magnitude)
                #expect(near(point.model, benefits[name]?[index]))
                #expect(near(point.everyone, benefits["all"]?[index]))
            }
            print("net benefit", name, furthest)
        }
    }

    /// The top-fraction tables of the same file.
    @Test func lists() throws {
        let data = try columns("dcurves_df_binary.csv", ["cancer", "cancerpredmarker"])
        let reference = try self.reference("reference_netbenefit.json")
        let model = try #require(reference["cancerpredmarker"] as? [String: Any])
        let top = try #require(model["top"] as? [[String: Double]])
        let report = try Evaluation.evaluate(
            ScoredTable(score: data[1], probability: data[1], outcome: data[0]), listSize: 10,
            resamples: 0)
        for entry in top {
            let list = try #require(report.lists.first { $0.share == entry["fraction"] }?.model)
            #expect(Double(list.size) == entry["k"])
            #expect(near(list.precision.listed, entry["ppv"]))
            #expect(near(list.sensitivity.value?.listed, entry["sensitivity"]))
            #expect(near(list.specificity.value?.listed, entry["specificity"]))
            #expect(near(list.events.expected, entry["expected_tp_random_ties"]))
        }
        #expect(near(report.discrimination.value?.standardError, model["auc_se_delong"] as? Double))
        #expect(near(report.brier.value, model["brier"] as? Double))
    }
}
