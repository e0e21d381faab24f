import Modelling
import PipelineModel

/// Standard errors by clusters of rows beside sandwich::vcovCL, where a student has several
/// registrations and a patient several encounters.
enum Clusters {
    static func compare(_ oracles: Oracles, _ table: inout OracleTable) throws {
        for (set, whom) in [("oulad", "students"), ("diabetes130", "patients")] {
            let design = try oracles.design(set)
            let rows = design.train
            guard let people = oracles.r[set, "clusters"], people.count == rows.count else {
                table.fault(set, "clusters", with: "sandwich vcovCL", "R named no \(whom)")
                continue
            }
            var places: [Double: UInt32] = [:]
            let clusters = people.map { person in
                let next = UInt32(places.count)
                return places[person]
                    ?? {
                        places[person] = next
                        return next
                    }()
            }
            let model = try LogisticRegression.fit(
                design.matrix(rows), outcomes: design.outcomes(rows), clusters: clusters,
                provenance: ModelProvenance(model: set))
            table.compare(
                set, "standard errors by \(places.count) \(whom)", with: "sandwich vcovCL",
                model.clusteredStandardErrors, oracles.r[set, "clustered:errors"], within: 1e-6)
        }
    }
}
