import PipelineModel

/// Chooses the keys by which records are brought together: the most true pairs for the fewest
/// comparisons.
///
/// A key is one to three columns (``BlockingColumns``) that must all agree. What a key finds is
/// judged on made-up matches, each an answer to "which columns agree?"; what it costs is the
/// chance that two records at random share it. Keys are taken greedily by new matches found per
/// pair compared (the set-cover heuristic of M. Michelson and C. Knoblock, "Learning blocking
/// schemes for record linkage", AAAI 2006, without labels), until nothing new is found or the
/// budget is spent.
struct BlockingPlan {
    /// Which columns agree in one made-up match: a bit for each column.
    struct Match {
        var agreeing: UInt64
        /// The given keys that find it beside those of columns: a bit for each.
        var given: UInt64 = 0
    }

    static let matches = 2_048
    /// Records from which costs are estimated.
    static let sample = 16_384

    let columns: [String]
    private let store: FieldStore
    private let eligiblePairs: Double
    /// For each column, the identity fields behind it.
    private let parts: [Set<String>]
    /// For each column, the chance that two records at random share a value of it.
    private let coincidence: [Double]
    /// The values of each column in the records of the sample; empty for sets.
    private let samples: [String: [UInt64]]

    /// - Parameters:
    ///   - columns: At most 64.
    ///   - eligiblePairs: The pairs of rows that could be one person at all.
    ///   - threads: How many processors to use.
    init(_ store: FieldStore, columns: [String], eligiblePairs: Double, threads: Int) {
        self.store = store
        self.columns = Array(columns.prefix(64))
        self.eligiblePairs = eligiblePairs
        parts = self.columns.map { name in
            let field =
                switch BlockingColumns.Kind(name) {
                case .token(let field), .set(let field), .filter(let field): field
                }
            return Set(store.parts[field] ?? [field])
        }
        let names = self.columns
        let rows = Self.rows(store.rowCount)
        let known = CandidatePairs.concurrently(names.count, threads: threads) {
            (Self.coincidence(names[$0], store), Self.values(names[$0], store, rows: rows))
        }
        coincidence = known.map(\.0)
        samples = Dictionary(uniqueKeysWithValues: zip(names, known.map(\.1)))
    }

    /// Keys in the order in which they were taken, and the pairs that they bring together, those
    /// of several keys counted for each.
    ///
    /// - Parameters:
    ///   - given: Keys that are taken whatever they find.
    ///   - matches: Made-up matches over ``columns``.
    ///   - budget: The pairs that may be compared.
    func keys(
        given: [[String]], matches: [Match], budget: Double
    ) -> (keys: [[String]], pairs: Double) {
        let index = Dictionary(
            uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
        var times = [UInt8](repeating: 0, count: matches.count)
        func covered(_ wanted: UInt64) -> [UInt16] {
            matches.indices.filter { matches[$0].agreeing & wanted == wanted }.map { UInt16($0) }
        }
        func take(_ found: [UInt16]) {
            for match in found { times[Int(match)] = min(times[Int(match)] + 1, 7) }
        }
        var chosen = given
        var spent = 0.0
        for (place, key) in given.enumerated() {
            var wanted: UInt64 = 0
            for name in key { if let bit = index[name] { wanted |= 1 << UInt64(bit) } }
            if wanted.nonzeroBitCount == key.count {
                take(covered(wanted))
            } else if place < 64 {
                take(
                    matches.indices.filter { matches[$0].given >> UInt64(place) & 1 == 1 }
                        .map { UInt16($0) })
            }
            spent += measuredCost(key)
        }
        let taken = Set(given)
        var candidates = candidateKeys(budget).filter { key in
            !taken.contains(key.map { columns[$0] })
        }.map { key in
            Candidate(
                key: key, cost: cost(key), isMeasured: false,
                found: covered(key.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }))
        }
        // Sorting the records by a key costs about as much as comparing this many pairs.
        let overhead = Double(store.rowCount) * 0.2
        while chosen.count < Self.mostKeys {
            var best = -1
            var bestValue = 0.0
            for (position, candidate) in candidates.enumerated() {
                guard spent + candidate.cost <= budget else { continue }
                let gain = candidate.found.reduce(0.0) { $0 + Self.worth[Int(times[Int($1)])] }
                let value = gain / (candidate.cost + overhead)
                if value > bestValue { (best, bestValue) = (position, value) }
            }
            // Less than one match in ten thousand that nothing else finds.
            guard best >= 0, bestValue * (candidates[best].cost + overhead) > 0.2 else { break }
            guard candidates[best].isMeasured else {
                candidates[best].cost = max(
                    candidates[best].cost,
                    measuredCost(candidates[best].key.map { columns[$0] }))
                candidates[best].isMeasured = true
                continue
            }
            let next = candidates.remove(at: best)
            chosen.append(next.key.map { columns[$0] })
            spent += next.cost
            take(next.found)
        }
        return (chosen, spent)
    }

    /// The share of made-up matches that none of the keys finds.
    func missed(_ keys: [[String]], given: [[String]], _ matches: [Match]) -> Double {
        let index = Dictionary(
            uniqueKeysWithValues: columns.enumerated().map { ($1, UInt64(1) << UInt64($0)) })
        let wanted = keys.compactMap { key -> UInt64? in
            let bits = key.compactMap { index[$0] }
            return bits.count == key.count ? bits.reduce(0, |) : nil
        }
        let byGiven = given.enumerated().reduce(UInt64(0)) { bits, entry in
            entry.offset < 64 && keys.contains(entry.element)
                ? bits | 1 << UInt64(entry.offset) : bits
        }
        let missed = matches.count { match in
            match.given & byGiven == 0 && !wanted.contains { match.agreeing & $0 == $0 }
        }
        return matches.isEmpty ? 0 : Double(missed) / Double(matches.count)
    }

    static let mostKeys = 48
    /// Up to so many records, keys are chosen twice and may use filters and token sets.
    static let small = 200_000
    /// What it is worth to find a match that so many keys find already: real matches agree on
    /// less than made-up ones, so that a match must be found more than once.
    private static let worth = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0]

    private struct Candidate {
        var key: [Int]
        var cost: Double
        var isMeasured: Bool
        /// The made-up matches that it finds.
        var found: [UInt16]
    }

    /// All keys of one to three columns of different identity fields, at most one of them a set,
    /// at most two filters.
    private func candidateKeys(_ budget: Double) -> [[Int]] {
        func fits(_ key: [Int]) -> Bool {
            var seen: Set<String> = []
            var filters = 0
            var sets = 0
            for column in key {
                guard seen.isDisjoint(with: parts[column]) else { return false }
                seen.formUnion(parts[column])
                switch BlockingColumns.Kind(columns[column]) {
                case .filter: filters += 1
                case .set: sets += 1
                case .token: break
                }
            }
            return filters <= 2 && sets <= 1
        }
        var keys: [[Int]] = columns.indices.map { [$0] }
        for first in columns.indices {
            for second in (first + 1)..<max(columns.count, first + 1)
            where fits([first, second]) {
                keys.append([first, second])
                // A third column is for pairs of columns that are too costly by themselves.
                guard cost([first, second]) > budget / 16 else { continue }
                for third in (second + 1)..<max(columns.count, second + 1)
                where fits([first, second, third]) {
                    keys.append([first, second, third])
                }
            }
        }
        return keys.filter { cost($0) <= budget / 3 }
    }

    /// The pairs that a key brings together, columns taken as independent.
    private func cost(_ key: [Int]) -> Double {
        var variants = 1.0
        for column in key { variants *= Double(BlockingColumns.variants(columns[column])) }
        return key.reduce(eligiblePairs * variants) { $0 * coincidence[$1] }
    }

    /// The pairs that a key brings together, from the records of a sample; columns that go
    /// together (a suburb and its postcode) cost more than their product.
    private func measuredCost(_ names: [String]) -> Double {
        guard !names.contains(where: { $0.hasSuffix("*") }) else { return 0 }
        let rows = Self.rows(store.rowCount)
        guard rows.count > 1 else { return 0 }
        var hashes = [UInt64](repeating: 1, count: rows.count)
        var variants = 1.0
        for name in names {
            variants *= Double(BlockingColumns.variants(name))
            let values = samples[name] ?? Self.values(name, store, rows: rows)
            for index in hashes.indices {
                hashes[index] = BlockingColumns.joined(hashes[index], values[index])
            }
        }
        let share = TokenCoincidence.share(hashes, of: rows.count)
        return share * eligiblePairs * variants
    }

    /// Rows spread over all.
    private static func rows(_ count: Int) -> [Int] {
        guard count > sample else { return Array(0..<count) }
        return (0..<sample).map { $0 * count / sample }
    }

    private static func values(_ name: String, _ store: FieldStore, rows: [Int]) -> [UInt64] {
        switch BlockingColumns.Kind(name) {
        case .token(let field):
            return store.tokens[field].map { tokens in rows.map { tokens[$0] } } ?? []
        case .filter(let field):
            return store.filters[field].map {
                BlockingColumns.firstBand(of: $0, rows: rows, column: name)
            } ?? []
        case .set: return []
        }
    }

    /// The chance that two records at random share a value of the column.
    private static func coincidence(_ name: String, _ store: FieldStore) -> Double {
        switch BlockingColumns.Kind(name) {
        case .token(let field):
            guard let tokens = store.tokens[field]?.values else { return 0 }
            return TokenCoincidence.share(tokens, of: tokens.count)
        case .filter:
            let rows = rows(store.rowCount)
            return TokenCoincidence.share(values(name, store, rows: rows), of: rows.count)
        case .set(let field):
            guard let sets = store.sets[field] else { return 0 }
            return TokenCoincidence.share(sets.tokens, of: store.rowCount)
        }
    }
}
