import Modelling
import PipelineModel

/// The data sets whose likelihood has no maximum: refused, and the column named.
enum Separated {
    static let sets = ["sex2", "endometrial"]

    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for (set, column) in [("sex2", "dia"), ("endometrial", "NV")] {
            let design = try oracles.design(set)
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
}
