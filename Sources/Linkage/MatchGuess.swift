import PipelineModel

/// Made-up matches for ``BlockingPlan``: which columns agree where two records are of one person.
///
/// The fields of an identity err on their own; the columns of one field go together, since a
/// postcode that is equal has an equal sector.
enum MatchGuess {
    /// Matches as they are in most registers.
    static func matches(
        _ plan: BlockingPlan, _ store: FieldStore, mayRepeat: [Bool]
    ) -> [BlockingPlan.Match] {
        let families = families(plan.columns, store)
        let agreement = plan.columns.map { name -> Double in
            if name.hasSuffix("~~") { return 0.8 }
            if name.hasSuffix("~") || name.hasSuffix("*") { return 0.9 }
            switch name.split(separator: ".").dropFirst().last {
            case "year_month", "year_day", "month_day": return 0.93
            case "year", "district": return 0.95
            case "sector": return 0.9
            default: return 0.85
            }
        }
        var generator = SeededGenerator(seed: 1, label: "made-up matches")
        let drawn = (0..<BlockingPlan.matches).map { _ in
            // Values are missing together: two records say which are there.
            let records = records(store, mayRepeat, &generator)
            return (records, families.map { _ in generator.uniform() })
        }
        let presence = ColumnPresence(
            plan.columns, store, of: drawn.flatMap { [UInt32($0.0.0), UInt32($0.0.1)] })
        return drawn.map { records, draws in
            let both = presence.both(records.0, records.1)
            var agreeing: UInt64 = 0
            for (family, draw) in zip(families, draws) {
                for column in family where draw < agreement[column] {
                    agreeing |= both & 1 << UInt64(column)
                }
            }
            return BlockingPlan.Match(agreeing: agreeing)
        }
    }

    /// Two records that could be of one person.
    static func records(
        _ store: FieldStore, _ mayRepeat: [Bool], _ generator: inout SeededGenerator
    ) -> (Int, Int) {
        func source(_ row: Int) -> Int {
            Int(store.subjectSource[Int(store.rowSubject[row])])
        }
        var pair = (0, 0)
        for _ in 0..<64 {
            pair = (generator.below(store.rowCount), generator.below(store.rowCount))
            guard store.rowSubject[pair.0] != store.rowSubject[pair.1] else { continue }
            if source(pair.0) != source(pair.1) || mayRepeat[source(pair.0)] { break }
        }
        return pair
    }

    /// The columns that share an identity field.
    static func families(_ columns: [String], _ store: FieldStore) -> [[Int]] {
        var groups: [(parts: Set<String>, columns: [Int])] = []
        for (index, name) in columns.enumerated() {
            var merged = (parts: BlockingColumns.parts(of: [name], store), columns: [index])
            groups.removeAll { group in
                guard !group.parts.isDisjoint(with: merged.parts) else { return false }
                merged.parts.formUnion(group.parts)
                merged.columns = group.columns + merged.columns
                return true
            }
            groups.append(merged)
        }
        return groups.map(\.columns)
    }

    /// For each pair, a bit for each column on which it agrees.
    static func agreement(
        _ columns: [String], _ store: FieldStore, _ pairs: [TrainingSample.Pair]
    ) -> [UInt64] {
        var found = [UInt64](repeating: 0, count: pairs.count)
        // The rows that there are, each once: they are few beside all, and bands take time.
        var place = [Int32](repeating: -1, count: store.rowCount)
        var rows: [UInt32] = []
        for pair in pairs {
            for row in [pair.left, pair.right] where place[Int(row)] < 0 {
                place[Int(row)] = Int32(rows.count)
                rows.append(row)
            }
        }
        let (some, places) = (rows, place)
        let agreeing = CandidatePairs.concurrently(columns.count, threads: Linker.threads) {
            agreement(columns[$0], store, pairs, some, places)
        }
        for (column, agrees) in agreeing.enumerated() {
            for pair in agrees.indices where agrees[pair] {
                found[pair] |= 1 << UInt64(column)
            }
        }
        return found
    }

    /// Whether each pair agrees on a column; empty where there is no such column.
    ///
    /// - Parameters:
    ///   - name: The column.
    ///   - store: All rows.
    ///   - pairs: Of the rows.
    ///   - rows: Each once.
    ///   - place: For each row its place among those.
    private static func agreement(
        _ name: String, _ store: FieldStore, _ pairs: [TrainingSample.Pair], _ rows: [UInt32],
        _ place: [Int32]
    ) -> [Bool] {
        func agree(_ agrees: (Int, Int) -> Bool) -> [Bool] {
            pairs.map { agrees(Int($0.left), Int($0.right)) }
        }
        switch BlockingColumns.Kind(name) {
        case .token(let field):
            guard let tokens = store.tokens[field]?.values(of: rows) else { return [] }
            return agree { left, right in
                let (one, other) = (tokens[Int(place[left])], tokens[Int(place[right])])
                return one != 0 && one == other
            }
        case .set(let field):
            guard let sets = store.sets[field] else { return [] }
            return agree { sets.share($0, $1) }
        case .filter(let field):
            guard let filters = store.filters[field] else { return [] }
            let bands = BlockingColumns.bands(
                of: filters, rows: rows.map { Int($0) }, column: name)
            return agree { left, right in
                (0..<BlockingColumns.bands).contains {
                    let one = bands[Int(place[left]) * BlockingColumns.bands + $0]
                    return one != 0
                        && one == bands[Int(place[right]) * BlockingColumns.bands + $0]
                }
            }
        }
    }
}
