import PipelineModel

extension ModelSpecification {
    /// The kind that each column must have for what the model does with it, by table.
    ///
    /// A column of which only codes are listed is a code; where numbers are made or compared it
    /// is a number.
    var columnUses: [String: [String: TableSchema.Kind]] {
        var uses: [String: [String: TableSchema.Kind]] = [:]
        for table in tables { uses[table] = [:] }
        func note(_ table: String, _ column: String, _ kind: TableSchema.Kind) {
            let rank: [TableSchema.Kind] = [.code, .number, .day]
            let held = uses[table]?[column].flatMap(rank.firstIndex(of:)) ?? -1
            if (rank.firstIndex(of: kind) ?? 0) > held { uses[table]?[column] = kind }
        }
        func note(_ table: String, _ conditions: [Condition]) {
            for condition in conditions {
                let isNumeric = condition.tests.contains(where: \.isNumeric)
                note(table, condition.column, isNumeric ? .number : .code)
            }
        }
        note(cohort.table, cohort.conditions)
        if let age = cohort.age { note(cohort.table, age.column, .day) }
        if let setting = cohort.setting { note(cohort.table, setting, .code) }
        if case .those(let cohort) = referral {
            note(cohort.table, cohort.conditions)
            if let age = cohort.age { note(cohort.table, age.column, .day) }
        }
        for absence in cohort.without { note(absence.table, absence.conditions) }
        if let outcome {
            if case .facts(let table, _, _) = outcome.kind {
                note(table, outcome.conditions)
            } else {
                note(cohort.table, outcome.conditions)
            }
        }
        for feature in features {
            note(feature.table, feature.conditions)
            if let column = feature.column { note(feature.table, column, feature.columnKind) }
        }
        for group in groups {
            guard let column = group.feature.column else { continue }
            let isRaw = group.feature.levels.isEmpty && group.feature.aggregate == .latest
            note(group.feature.table, column, isRaw ? .code : group.feature.columnKind)
        }
        return uses
    }
}

extension FeatureDeclaration {
    /// The kind that the column of the aggregate must have.
    fileprivate var columnKind: TableSchema.Kind {
        switch aggregate {
        case .yearsSince, .daysSinceLatest: return .day
        case .distinct: return .code
        default: break
        }
        if !values.isEmpty { return .code }
        let isNumericLevel = levels.contains { $0.tests.contains(where: \.isNumeric) }
        return levels.isEmpty || isNumericLevel ? .number : .code
    }
}
