import Modelling
import PipelineModel

/// Maximum likelihood beside the 80-bit Newton references and R's glm.
enum Likelihood {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for design in oracles.designs where !Separated.sets.contains(design.name) {
            let rows = design.train
            let model: FittedModel
            do {
                model = try LogisticRegression.fit(
                    design.matrix(rows), outcomes: design.outcomes(rows),
                    provenance: ModelProvenance(model: design.name))
            } catch {
                table.fault(design.name, "coefficients", with: "80-bit Newton", "\(error)")
                continue
            }
            stored(design, model, &table)
            glm(design.name, model, oracles.r, &table)
        }
        try weighted(oracles, &table)
    }

    private static func stored(
        _ design: Design, _ model: FittedModel, _ table: inout OracleTable
    ) {
        let reference = design.reference["longdouble_newton"]
        let named = design.reference["terms"].strings
        if !named.isEmpty, Array(named.dropFirst()) != design.terms {
            table.fault(design.name, "terms", with: "80-bit Newton", "in another order")
        }
        table.compare(
            design.name, "\(model.estimates.count) coefficients", with: "80-bit Newton",
            model.estimates, reference["coef"].numbers, within: 1e-8)
        table.compare(
            design.name, "standard errors", with: "80-bit Newton", model.standardErrors,
            reference["se"].numbers, within: 1e-8)
        table.compare(
            design.name, "log-likelihood", with: "80-bit Newton", [model.logLikelihood],
            reference["loglik"].number.map { [$0] }, within: 1e-12)
    }

    private static func glm(
        _ set: String, _ model: FittedModel, _ r: RFigures, _ table: inout OracleTable
    ) {
        table.compare(
            set, "coefficients", with: "R glm", model.estimates, r[set, "glm:coefficients"],
            within: 1e-8)
        table.compare(
            set, "standard errors", with: "R glm", model.standardErrors, r[set, "glm:errors"],
            within: 5e-7)
        table.compare(
            set, "deviance, null deviance", with: "R glm", [model.deviance, model.nullDeviance],
            r[set, "glm:deviance"], within: 1e-10)
    }

    /// A weight of 1, 2 or 3 and an offset by the number of the row, which R counts from 1.
    private static func weighted(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for set in ["birthwt", "glow500"] {
            let design = try oracles.design(set)
            let rows = design.train
            let model = try LogisticRegression.fit(
                design.matrix(rows), outcomes: design.outcomes(rows),
                weights: rows.map { Double(1 + ($0 + 1) % 3) },
                offsets: rows.map { Double(($0 + 1) % 5) / 10 },
                provenance: ModelProvenance(model: set))
            table.compare(
                set, "coefficients with weights and offsets", with: "R glm", model.estimates,
                oracles.r[set, "weighted:coefficients"], within: 1e-8)
            table.compare(
                set, "standard errors with weights and offsets", with: "R glm",
                model.standardErrors, oracles.r[set, "weighted:errors"], within: 5e-7)
            table.compare(
                set, "deviance with weights and offsets", with: "R glm", [model.deviance],
                oracles.r[set, "weighted:deviance"], within: 1e-10)
        }
    }
}
