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
        let names = Array(names.prefix(64))
        let present = CandidatePairs.concurrently(names.count, threads: Linker.threads) {
            Self.isPresent(names[$0], store, rows)
        }
        var masks = [UInt64](repeating: 0, count: rows.count)
        for (column, isPresent) in present.enumerated() {
            for place in isPresent.indices where isPresent[place] {
                masks[place] |= 1 << UInt64(column)
            }
        }
        self.masks = Dictionary(uniqueKeysWithValues: zip(rows, masks))
    }

    /// Whether each of some records has a value of a column; empty where there is no such column.
    private static func isPresent(_ name: String, _ store: FieldStore, _ rows: [UInt32]) -> [Bool] {
        switch BlockingColumns.Kind(name) {
        case .token(let field):
            return store.tokens[field]?.values(of: rows).map { $0 != 0 } ?? []
        case .filter(let field):
            guard let filters = store.filters[field] else { return [] }
            defer { filters.letGo() }
            return rows.map { filters.isPresent(Int($0)) }
        case .set(let field):
            guard let sets = store.sets[field] else { return [] }
            return rows.map { sets.count(Int($0)) > 0 }
        }
    }

    /// The columns that both records have a value of: a bit for each.
    func both(_ left: Int, _ right: Int) -> UInt64 {
        (masks[UInt32(left)] ?? 0) & (masks[UInt32(right)] ?? 0)
    }
}
