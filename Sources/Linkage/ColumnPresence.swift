/// Which of some columns (``BlockingColumns``, at most 64) each of some records has a value of.
///
/// The records are few beside all: each column is read once for all of them and its pages are let
/// go.
struct ColumnPresence: Sendable {
    /// For each record that was asked for, a bit for each column.
    private let masks: [UInt32: UInt64]

    /// - Parameters:
    ///   - names: The columns.
    ///   - store: All rows.
    ///   - rows: Those that are asked for; some may be there several times.
    init(_ names: [String], _ store: FieldStore, of rows: [UInt32]) {
        let rows = Set(rows).sorted()
        var masks = [UInt64](repeating: 0, count: rows.count)
        for (column, name) in names.prefix(64).enumerated() {
            let bit = UInt64(1) << UInt64(column)
            switch BlockingColumns.Kind(name) {
            case .token(let field):
                guard let tokens = store.tokens[field] else { continue }
                for (place, token) in tokens.values(of: rows).enumerated() where token != 0 {
                    masks[place] |= bit
                }
            case .filter(let field):
                guard let filters = store.filters[field] else { continue }
                for (place, row) in rows.enumerated() where filters.isPresent(Int(row)) {
                    masks[place] |= bit
                }
                filters.letGo()
            case .set(let field):
                guard let sets = store.sets[field] else { continue }
                for (place, row) in rows.enumerated() where sets.count(Int(row)) > 0 {
                    masks[place] |= bit
                }
            }
        }
        self.masks = Dictionary(uniqueKeysWithValues: zip(rows, masks))
    }

    /// The columns that both records have a value of: a bit for each.
    func both(_ left: Int, _ right: Int) -> UInt64 {
        (masks[UInt32(left)] ?? 0) & (masks[UInt32(right)] ?? 0)
    }
}
