import Evaluation
import PipelineModel

/// DeLong's interval on the markers of aSAH beside pROC, stored and run.
enum DeLong {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        let file = try oracles.data.columns("calibration/aSAH.csv")
        let stored = try oracles.data.reference("calibration/reference_r.json")["aSAH"]
        for marker in ["s100b", "ndka", "wfns", "age"] {
            guard let column = file.header.firstIndex(of: marker),
                let outcome = file.header.firstIndex(of: "y")
            else {
                table.fault("aSAH", marker, with: "pROC", "no such column")
                continue
            }
            let area = try area(
                file.rows.map { Double($0[column]) ?? .nan },
                file.rows.map { Double($0[outcome]) ?? .nan })
            let got = [
                area.estimate, area.standardError * area.standardError, area.lower, area.upper,
            ]
            let reference = stored[marker]
            let interval = reference["ci"].numbers ?? []
            table.compare(
                "aSAH", "\(marker): AUC, variance, interval", with: "reference_r.json", got,
                [reference["auc"].number, reference["var"].number, interval.first, interval.last]
                    .map { $0 ?? .nan }, within: 1e-9)
            table.compare(
                "aSAH", "\(marker): AUC, variance, interval", with: "pROC", got,
                oracles.r["aSAH", marker], within: 1e-9)
        }
    }

    /// A marker is no probability, so every row is given the same.
    private static func area(_ score: [Double], _ outcome: [Double]) throws -> Interval {
        let share = outcome.reduce(0, +) / Double(outcome.count)
        let report = try Evaluation.evaluate(
            ScoredTable(score: score, probability: score.map { _ in share }, outcome: outcome),
            listSize: 1)
        guard let area = report.discrimination.value else {
            throw StileError(
                .input, "The area under the curve of aSAH cannot be told.",
                remedy: "Restore the published data.")
        }
        return area
    }
}
