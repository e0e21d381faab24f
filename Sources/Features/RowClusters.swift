import PipelineModel

/// Which rows of people depend on each other: those of all who lived together.
extension FeatureStage {
    /// Whom or what rows of a person are kept together with: the household on the as-of date of the
    /// person's first row, else the person.
    ///
    /// Of one day, so that each person is in one cluster with all their rows: by the household of
    /// each row people who move would join household to household. An address with more people than
    /// `largest_household` is no household here either.
    func cluster(of person: Int32, asOf: Day) -> UnitPseudonym {
        let alone: UnitPseudonym = index.persons[Int(person)].cast()
        guard specification.cluster == .household,
            let household = households.household(of: person, asOf: asOf)
        else { return alone }
        if let largest = specification.largestHousehold {
            var present: [Int32] = []
            households.members(of: household, asOf: asOf, into: &present, isPresent: { _ in true })
            guard present.count <= largest else { return alone }
        }
        return households.pseudonym(of: household).cast()
    }

    /// Gives the rows of each person the cluster of the person's first row.
    ///
    /// - Parameter rows: Ascending by as-of date; rows with a cluster keep it.
    func putTogether(_ rows: inout [PlannedRow]) {
        guard specification.unit == .person || specification.unit == .spell else { return }
        var found: [Int32: UnitPseudonym] = [:]
        for place in rows.indices where rows[place].person >= 0 {
            let person = rows[place].person
            let cluster =
                rows[place].together ?? found[person]
                ?? cluster(of: person, asOf: rows[place].key.asOf)
            found[person] = cluster
            rows[place].together = cluster
        }
    }
}
