import Modelling
import PipelineModel
import Scoring

/// The data sets whose likelihood has no maximum: refused, and the column named; then Firth's
/// penalised likelihood beside brglm2 and the stored values.
enum Separated {
    static let sets = ["sex2", "endometrial"]

    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        let stored = try oracles.data.reference("classics/reference_firth.json")
        for (set, column) in [("sex2", "dia"), ("endometrial", "NV")] {
            let design = try oracles.design(set)
            try firth(design, stored[set]["firth_mpmath_50_digits"], oracles.r, &table)
            let rows = design.train
            let found: String
            do {
                let model = try LogisticRegression.fit(
                    design.matrix(rows), outcomes: design.outcomes(rows),
                    provenance: ModelProvenance(model: set))
                found = "fitted in \(model.iterations) steps"
            } catch let error as StileError {
                let named = design.terms.filter { error.description.contains("“\($0)”") }
                found = "refused, names " + named.joined(separator: ", ")
            }
            table.state(
                set, "maximum likelihood", with: "separated outcomes", found,
                wanted: "names \(column)", found == "refused, names \(column)")
        }
    }

    private static func firth(
        _ design: Design, _ stored: Reference, _ r: RFigures, _ table: inout OracleTable
    ) throws {
        let rows = design.train
        func fit(correcting: Bool) throws -> FittedModel {
            try LogisticRegression.fit(
                design.matrix(rows), outcomes: design.outcomes(rows),
                specification: FitSpecification(
                    method: .firth, correctsIntercept: correcting, profilesIntervals: !correcting),
                provenance: ModelProvenance(model: design.name))
        }
        let model = try fit(correcting: false)
        let likelihood = [model.penalisedLogLikelihood ?? .nan]
        for (name, coefficients, errors, penalised) in [
            (
                "50 digits", stored["coef"].numbers, stored["se"].numbers,
                stored["penalized_loglik"].number.map { [$0] }
            ),
            (
                "brglm2", r[design.name, "firth:coefficients"], r[design.name, "firth:errors"],
                r[design.name, "firth:penalised"]
            ),
        ] {
            table.compare(
                design.name, "Firth: coefficients", with: name, model.estimates, coefficients,
                within: 1e-6)
            table.compare(
                design.name, "Firth: standard errors", with: name, model.standardErrors, errors,
                within: 1e-6)
            table.compare(
                design.name, "Firth: penalised log-likelihood", with: name, likelihood,
                penalised, within: 1e-6)
        }
        table.compare(
            design.name, "Firth: 95 % intervals by the profile", with: "R's optim, uniroot",
            model.terms.flatMap {
                [$0.profileInterval?.lower ?? .nan, $0.profileInterval?.upper ?? .nan]
            }, r[design.name, "firth:profiles"], within: 1e-6)
        let corrected = try fit(correcting: true)
        table.compare(
            design.name, "FLIC: intercept", with: "brglm2, then glm", [corrected.intercept],
            r[design.name, "flic:intercept"], within: 1e-6)
        let score = try Scorer(model: corrected.equation).score(design.matrix(rows))
        table.compare(
            design.name, "FLIC: mean probability", with: "share of events",
            [score.probability.reduce(0, +) / Double(rows.count)],
            [rows.reduce(0) { $0 + design.outcomes[$1] } / Double(rows.count)], within: 1e-9)
    }
}
