import PipelineModel

/// DeLong's interval and test on the markers of aSAH beside pROC, stored and run.
enum DeLong {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        let file = try oracles.data.columns("calibration/aSAH.csv")
        let stored = try oracles.data.reference("calibration/reference_r.json")
        func values(_ name: String) throws -> [Double] {
            guard let column = file.header.firstIndex(of: name) else {
                throw StileError(
                    .input, "aSAH has no column “\(name)”.", remedy: "Restore the published data.")
            }
            return file.rows.map { Double($0[column]) ?? .nan }
        }
        let outcome = try values("y")
        for marker in ["s100b", "ndka", "wfns", "age"] {
            let area = try report(try values(marker), outcome).figures([
                "discrimination.estimate", "discrimination.standard_error",
                "discrimination.lower", "discrimination.upper",
            ])
            let got = [area[0], area[1] * area[1], area[2], area[3]]
            let reference = stored["aSAH"][marker]
            let interval = reference["ci"].numbers ?? []
            table.compare(
                "aSAH", "\(marker): AUC, variance, interval", with: "reference_r.json", got,
                reference.figures(["auc", "var"])
                    + [interval.first, interval.last].map { $0 ?? .nan }, within: 1e-9)
            table.compare(
                "aSAH", "\(marker): AUC, variance, interval", with: "pROC", got,
                oracles.r["aSAH", marker], within: 1e-9)
        }
        for (first, second) in [("s100b", "wfns"), ("s100b", "ndka"), ("wfns", "ndka")] {
            let name = "\(first)_vs_\(second)"
            // The report compares a score with a rank, whose first is highest.
            let test = try report(
                try values(first), outcome, rank: try values(second).map { -$0 })
            let got = test.figures(["against_baseline.z", "against_baseline.p_value"])
            table.compare(
                "aSAH", "\(first) against \(second): z, p", with: "reference_r.json", got,
                stored["paired_delong"][name].figures(["z", "p"]), within: 1e-9)
            table.compare(
                "aSAH", "\(first) against \(second): z, p", with: "pROC", got,
                oracles.r["aSAH", name], within: 1e-9)
        }
    }

    /// A marker is no probability, so every row is given the same.
    private static func report(
        _ score: [Double], _ outcome: [Double], rank: [Double] = []
    ) throws -> EvaluationFile {
        let share = outcome.reduce(0, +) / Double(outcome.count)
        return try EvaluationFile(
            ScoredTable(
                score: score, probability: score.map { _ in share }, outcome: outcome,
                baselineRank: rank), listSize: 1)
    }
}
