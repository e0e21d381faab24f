import Modelling
import PipelineModel

/// The deviance along a path of λ, and the λ that is chosen, beside cv.glmnet with the same folds.
enum CrossValidation {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for set in oracles.r.sets(with: "cv:") {
            for (mixing, name) in [("0", "ridge"), ("0.5", "elastic net"), ("1", "LASSO")] {
                try compare(set, mixing, name, oracles, &table)
            }
        }
    }

    private static func compare(
        _ set: String, _ mixing: String, _ name: String, _ oracles: Oracles,
        _ table: inout OracleTable
    ) throws {
        func figure(_ quantity: String) -> [Double]? { oracles.r[set, "cv:\(mixing):\(quantity)"] }
        guard let folds = figure("fold"), let strengths = figure("path"),
            let share = Double(mixing)
        else { return table.fault(set, "\(name), folds", with: "cv.glmnet", "no figure") }
        let design = try oracles.design(set)
        let rows = Array(design.outcomes.indices)
        let curve = try LogisticRegression.penaltyCurve(
            design.matrix(rows), outcomes: design.outcomes(rows), mixing: share,
            fold: folds.map { UInt8($0) - 1 }, strengths: strengths)
        table.compare(
            set, "\(name), \(strengths.count) λ, 10 folds: mean deviance", with: "cv.glmnet",
            curve.map(\.deviance), figure("deviance"), within: 1e-6)
        table.compare(
            set, "\(name), \(strengths.count) λ, 10 folds: standard error", with: "cv.glmnet",
            curve.map(\.standardError), figure("error"), within: 1e-6)
        table.compare(
            set, "\(name): λ of the least deviance, and within a standard error",
            with: "cv.glmnet",
            Penalty.CrossValidation.Rule.allCases.map { $0.choice(of: curve) },
            figure("chosen"), within: 1e-12)
    }
}
