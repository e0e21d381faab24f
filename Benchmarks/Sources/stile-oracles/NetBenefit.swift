import PipelineModel

/// Decision curves of the dcurves sets beside the stored net benefits.
enum NetBenefit {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        let file = try oracles.data.columns("calibration/dcurves_df_binary.csv")
        let stored = try oracles.data.reference("calibration/reference_netbenefit.json")
        let thresholds = stored["thresholds"].numbers ?? []
        guard let cancer = file.header.firstIndex(of: "cancer") else {
            return table.fault("dcurves", "net benefit", with: "dcurves", "no such column")
        }
        let outcome = file.rows.map { $0[cancer].uppercased() == "TRUE" ? 1.0 : 0.0 }
        for marker in ["cancerpredmarker", "famhistory"] {
            guard let column = file.header.firstIndex(of: marker) else {
                table.fault("dcurves", marker, with: "dcurves", "no such column")
                continue
            }
            let probability = file.rows.map { Double($0[column]) ?? .nan }
            let report = try EvaluationFile(
                ScoredTable(score: probability, probability: probability, outcome: outcome),
                listSize: 75)
            let points = report.contents["decision_curve"]["points"].elements
            func curve(_ name: String) -> [Double] {
                thresholds.map { threshold in
                    points.first { $0["threshold"].number == threshold }?
                        .figures([name])[0] ?? .nan
                }
            }
            table.compare(
                "dcurves", "net benefit of \(marker) at \(thresholds.count) thresholds",
                with: "dcurves", curve("model"), stored["net_benefit"][marker].numbers,
                within: 1e-9, .absolute)
            table.compare(
                "dcurves", "net benefit of everyone", with: "dcurves", curve("everyone"),
                stored["net_benefit"]["all"].numbers, within: 1e-9, .absolute)
        }
    }
}
