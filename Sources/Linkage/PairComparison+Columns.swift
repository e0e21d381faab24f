extension PairComparison {
    /// What the comparisons look at.
    static func columns(
        _ comparisons: [LinkageSpecification.Comparison], _ store: FieldStore
    ) -> Set<RowRecords.Column> {
        var columns: Set<RowRecords.Column> = []
        func insert(filter field: String) {
            if let salt = store.filters[field]?.salt { columns.insert(.token(salt)) }
        }
        for level in comparisons.flatMap(\.levels) {
            switch level {
            case .equal(let field): columns.insert(.token(field))
            case .equalUnder(let field, let salt):
                columns.formUnion([.token(field), .token(salt)])
            case .crossed(let left, let right):
                columns.formUnion([.token(left), .token(right)])
            case .anyEqual(let fields): columns.formUnion(fields.map { .token($0) })
            case .shares(let field): columns.insert(.signature(field))
            case .similar(let field, _): insert(filter: field)
            case .inBand(let field, _):
                insert(filter: field)
                columns.insert(.token("\(field).band"))
            case .anySimilar(let fields, _): for field in fields { insert(filter: field) }
            }
        }
        return columns
    }
}

extension LinkageSpecification.Comparison {
    /// The identity fields that are compared; those of what must agree before are not.
    func parts(_ store: FieldStore) -> Set<String> {
        levels.reduce(into: []) { parts, level in
            if case .equalUnder(let field, let salt) = level {
                parts.formUnion(
                    Set(store.parts[field] ?? []).subtracting(store.parts[salt] ?? []))
            } else {
                for need in level.needs { parts.formUnion(store.parts[need.field] ?? []) }
            }
        }
    }

    /// The token fields of parts of the value whose equality is the first level: two records of
    /// which one has not the whole value can be compared where both have one of them.
    var partFields: [String] {
        guard case .equal(let whole)? = levels.first else { return [] }
        return levels.dropFirst().flatMap { level -> [String] in
            switch level {
            case .equal(let field): return [field]
            case .anyEqual(let fields): return fields
            default: return []
            }
        }.filter { $0.hasPrefix("\(whole).") }
    }
}

extension LinkageSpecification.Level {
    /// The filter that the level compares, where it is one alone.
    var oneFilter: String? {
        switch self {
        case .similar(let field, _), .inBand(let field, _): field
        default: nil
        }
    }
}
