import PipelineModel

extension FeatureStage {
    /// 1, 0, or NaN where the horizon has not passed or the outcome is not told.
    func outcomes(_ rows: [PlannedRow]) -> [Double] {
        guard let outcome = specification.outcome else {
            return [Double](repeating: .nan, count: rows.count)
        }
        switch outcome.kind {
        case .facts(let table, let horizon, let settle):
            guard let facts = facts[table] else { break }
            let mask = facts.mask(outcome.conditions)
            return rows.map { row in
                guard row.key.asOf + (horizon + settle) <= night else { return .nan }
                let hasEvent = { (person: Int32) in
                    let range = facts.facts(of: person)
                    let first = facts.happened.lowerBound(in: range, row.key.asOf)
                    let last = facts.happened.lowerBound(in: range, row.key.asOf + horizon)
                    return (first..<last).contains { mask[$0] && facts.isKnown($0, night) }
                }
                switch specification.unit {
                case .person, .spell: return hasEvent(row.person) ? 1 : 0
                case .household, .setting:
                    let whose = outcome.whose == .members ? row.members : row.inCohort
                    return whose.count(where: hasEvent) >= outcome.people ? 1 : 0
                }
            }
        case .index:
            guard let facts = facts[specification.cohort.table] else { break }
            let mask = facts.mask(outcome.conditions)
            let told = facts.mask(
                outcome.conditions.map {
                    Condition(column: $0.column, tests: [.missing(false)], place: $0.place)
                })
            return rows.map { row in
                for fact in facts.facts(of: row.person)
                where facts.record(fact).cast() == row.key.unit && facts.isKnown(fact, night) {
                    return told[fact] ? (mask[fact] ? 1 : 0) : .nan
                }
                return .nan
            }
        }
        return [Double](repeating: .nan, count: rows.count)
    }
}
