import Modelling
import PipelineModel

/// Ridge, LASSO and elastic net beside the stored ridges and glmnet.
enum Penalties {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        try stored(oracles, &table)
        for set in oracles.r.sets(with: "glmnet:") {
            for (mixing, name) in [("0", "ridge"), ("0.5", "elastic net"), ("1", "LASSO")] {
                try glmnet(set, mixing, name, oracles, &table)
            }
        }
    }

    /// The objective there is −ℓ + λ/2 Σ b² over standardised columns, so λ is that of all rows.
    private static func stored(_ oracles: Oracles, _ table: inout OracleTable) throws {
        let reference = try oracles.data.reference("classics/reference_ridge.json")
        for set in reference.keys {
            let design = try oracles.design(set)
            let rows = design.train
            for strength in reference[set]["fits"].keys {
                guard let total = Double(strength) else { continue }
                let model = try fit(
                    design, rows, .ridge,
                    Penalty(strength: .fixed(total / Double(rows.count))))
                table.compare(
                    set, "ridge, λ \(strength) for all rows: coefficients",
                    with: "reference_ridge.json", model.estimates,
                    reference[set]["fits"][strength]["raw"].numbers, within: 1e-6)
            }
        }
    }

    private static func glmnet(
        _ set: String, _ mixing: String, _ name: String, _ oracles: Oracles,
        _ table: inout OracleTable
    ) throws {
        let design = try oracles.design(set)
        let rows = design.train
        var found: [Double] = []
        var expected: [Double] = []
        var strengths: [String] = []
        for quantity in oracles.r.quantities(set, beginning: "glmnet:\(mixing):") {
            let strength = String(quantity.dropFirst("glmnet:\(mixing):".count))
            guard let share = Double(mixing), let value = Double(strength),
                let wanted = oracles.r[set, quantity]
            else { continue }
            let method: FitSpecification.Method =
                share == 0 ? .ridge : share == 1 ? .lasso : .elasticNet
            let model = try fit(
                design, rows, method, Penalty(mixing: share, strength: .fixed(value)))
            found += model.estimates
            expected += wanted
            strengths.append(strength)
        }
        table.compare(
            set, "\(name), λ \(strengths.joined(separator: ", ")): coefficients",
            with: "glmnet", found, expected, within: 1e-6)
    }

    private static func fit(
        _ design: Design, _ rows: [Int], _ method: FitSpecification.Method, _ penalty: Penalty
    ) throws -> FittedModel {
        try LogisticRegression.fit(
            design.matrix(rows), outcomes: design.outcomes(rows),
            specification: FitSpecification(method: method, penalty: penalty),
            provenance: ModelProvenance(model: design.name))
    }
}
