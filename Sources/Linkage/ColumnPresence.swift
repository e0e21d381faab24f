/// Which records have a value of each of some columns (``BlockingColumns``).
struct ColumnPresence: Sendable {
    private enum Column: Sendable {
        case token(FieldStore.Tokens)
        case filter(FieldStore.Filters)
        case set(FieldStore.TokenSets)
        /// That the store does not have.
        case absent
    }

    private let columns: [Column]

    init(_ names: [String], _ store: FieldStore) {
        columns = names.map { name in
            switch BlockingColumns.Kind(name) {
            case .token(let field): store.tokens[field].map { .token($0) } ?? .absent
            case .filter(let field): store.filters[field].map { .filter($0) } ?? .absent
            case .set(let field): store.sets[field].map { .set($0) } ?? .absent
            }
        }
    }

    /// Whether a row has a value of a column, by its number.
    func holds(_ column: Int, _ row: Int) -> Bool {
        switch columns[column] {
        case .token(let tokens): tokens[row] != 0
        case .filter(let filters): filters.isPresent(row)
        case .set(let sets): sets.count(row) > 0
        case .absent: false
        }
    }
}
