import PipelineModel

/// Made-up matches for ``BlockingPlan``: which columns agree where two records are of one person.
///
/// The fields of an identity err on their own; the columns of one field go together, since a
/// postcode that is equal has an equal sector.
enum MatchGuess {
    /// Matches as they are in most registers.
    static func matches(_ plan: BlockingPlan, _ store: FieldStore) -> [BlockingPlan.Match] {
        let families = families(plan.columns, store)
        let agreement = plan.columns.map { name -> Double in
            if name.hasSuffix("~") || name.hasSuffix("*") { return 0.9 }
            switch name.split(separator: ".").dropFirst().last {
            case "year_month", "year_day", "month_day": return 0.93
            case "year", "district": return 0.95
            case "sector": return 0.9
            default: return 0.85
            }
        }
        let present = plan.columns.map { presence($0, store) }
        var generator = SeededGenerator(seed: 1, label: "made-up matches")
        return (0..<BlockingPlan.matches).map { _ in
            var agreeing: UInt64 = 0
            for family in families {
                let (held, draw) = (generator.uniform(), generator.uniform())
                for column in family
                where held < present[column] * present[column] && draw < agreement[column] {
                    agreeing |= 1 << UInt64(column)
                }
            }
            return BlockingPlan.Match(agreeing: agreeing)
        }
    }

    /// Matches put together from likely ones: each field's columns as in a pair that a key
    /// without that field found.
    static func matches(
        _ plan: BlockingPlan, _ store: FieldStore, likely: [TrainingSample.Pair],
        touching: [[Bool]]
    ) -> [BlockingPlan.Match] {
        let columns = plan.columns
        let families = families(columns, store)
        let agreement = agreement(columns, store, likely)
        var generator = SeededGenerator(seed: 2, label: "made-up matches")
        let pools = families.map { family -> [UInt64] in
            var wanted: UInt64 = 0
            for column in family { wanted |= 1 << UInt64(column) }
            return likely.indices.filter { index in
                var keys = likely[index].keys
                while keys != 0 {
                    let key = keys.trailingZeroBitCount
                    keys &= keys - 1
                    if !family.contains(where: { touching[key][$0] }) { return true }
                }
                return false
            }.map { agreement[$0] & wanted }
        }
        return (0..<BlockingPlan.matches).map { _ in
            var agreeing: UInt64 = 0
            for pool in pools where !pool.isEmpty {
                agreeing |= pool[generator.below(pool.count)]
            }
            return BlockingPlan.Match(agreeing: agreeing)
        }
    }

    /// The columns that share an identity field.
    private static func families(_ columns: [String], _ store: FieldStore) -> [[Int]] {
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

    private static func presence(_ name: String, _ store: FieldStore) -> Double {
        guard store.rowCount > 0 else { return 0 }
        let count =
            switch BlockingColumns.Kind(name) {
            case .token(let field): store.tokens[field]?.count { $0 != 0 } ?? 0
            case .filter(let field): store.filters[field]?.presence.count { $0 } ?? 0
            case .set(let field):
                store.sets[field].map { sets in
                    zip(sets.offsets, sets.offsets.dropFirst()).count { $0 < $1 }
                } ?? 0
            }
        return Double(count) / Double(store.rowCount)
    }

    /// For each pair, a bit for each column on which it agrees.
    private static func agreement(
        _ columns: [String], _ store: FieldStore, _ pairs: [TrainingSample.Pair]
    ) -> [UInt64] {
        var found = [UInt64](repeating: 0, count: pairs.count)
        for (column, name) in columns.enumerated() {
            let agrees: (Int, Int, Int) -> Bool
            switch BlockingColumns.Kind(name) {
            case .token(let field):
                let tokens = store.tokens[field] ?? []
                agrees = { _, left, right in tokens[left] != 0 && tokens[left] == tokens[right] }
            case .set(let field):
                let sets = store.sets[field]
                agrees = { _, left, right in sets?.share(left, right) == true }
            case .filter(let field):
                guard let filters = store.filters[field] else { continue }
                let left = BlockingColumns.bands(of: filters, rows: pairs.map { Int($0.left) })
                let right = BlockingColumns.bands(of: filters, rows: pairs.map { Int($0.right) })
                agrees = { index, _, _ in
                    (0..<BlockingColumns.bands).contains {
                        let place = index * BlockingColumns.bands + $0
                        return left[place] != 0 && left[place] == right[place]
                    }
                }
            }
            for (index, pair) in pairs.enumerated()
            where agrees(index, Int(pair.left), Int(pair.right)) {
                found[index] |= 1 << UInt64(column)
            }
        }
        return found
    }
}
