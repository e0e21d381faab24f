import PipelineModel

/// How often two records at random agree on each level of each comparison.
///
/// For the equality of tokens and filters this is exact: the sum over the values of the product
/// of their shares. Other levels come from pairs made by stepping through the records in the
/// order of a hash of their subjects, which is the same whatever the order of the input. Where
/// sources know a person once, the pairs are of one source, and so of two people. Comparisons of
/// salted filters are counted on ``SaltedPairs``.
struct RandomAgreement {
    /// About how many pairs are made.
    private static let wanted = 320_000
    private static let sample = 40_000
    /// About how many pairs are made under each salt.
    private static let salted = 120_000

    /// Whole columns that are looked at side by side: each takes some forty bytes a row.
    private static let columnsAtOnce = 2

    /// P(level | random), the disagreement last, for each comparison.
    private(set) var shares: [[Double]] = []
    /// Whether pairs of one person may be among them, as in a source with duplicates.
    private(set) var holdsMatches: Bool
    /// For each comparison, how much commoner matches are among the pairs that it was counted on
    /// than among all pairs; 0 where there are none.
    private(set) var matches: [Double] = []
    /// Comparisons of which too few pairs at random can be made to count.
    private(set) var unknown: [Bool] = []
    /// The patterns of the pairs at random.
    private(set) var patterns = CountedPatterns()
    /// For each comparison that was counted on pairs under a salt among which are matches, the
    /// patterns of these, with how many pairs of records each stands for.
    private(set) var underSalts: [Int: CountedPatterns] = [:]

    init(
        _ store: FieldStore, _ comparisons: [LinkageSpecification.Comparison],
        _ comparison: PairComparison, mayRepeat: [Bool], threads: Int = Linker.threads
    ) {
        holdsMatches = mayRepeat.contains(true)
        let unique = mayRepeat.contains(false) && !holdsMatches
        var counts = comparisons.map { [Double](repeating: 0, count: $0.levels.count + 1) }
        let (left, right) = Self.pairs(store, withinSource: unique)
        var table = PatternTable()
        var times: [Double] = []
        for pattern in comparison.patterns(left, right, threads: threads) {
            let number = table.number(pattern)
            if number == times.count { times.append(0) }
            times[number] += 1
        }
        patterns = CountedPatterns(table.patterns, times, comparison.layout)
        for (row, count) in patterns.counts.enumerated() {
            for index in comparisons.indices {
                let digit = patterns.digit(index, of: row)
                if digit > 0 { counts[index][digit - 1] += count }
            }
        }
        matches = comparisons.map { _ in mayRepeat.contains(true) ? 1 : 0 }
        countSalted(
            &counts, store, comparisons, comparison, mayRepeat: mayRepeat, threads: threads)
        unknown = counts.map { $0.reduce(0, +) < 1_000 }
        let whole = Self.whole(store, comparisons, left, right, threads: threads)
        // Nothing that was not seen is impossible.
        shares = counts.map { counts in
            let total = counts.reduce(0, +) + 0.5 * Double(counts.count)
            return counts.map { ($0 + 0.5) / total }
        }
        let unknown = unknown
        let few = min(threads, Self.columnsAtOnce)
        let exactly = CandidatePairs.concurrently(comparisons.count, threads: few) { index in
            let comparison = comparisons[index]
            return comparison.levels.indices.map { level in
                unknown[index] || level >= comparison.exact
                    ? nil : Self.exactly(comparison.levels[level], store, unique: unique)
            }
        }
        for index in comparisons.indices where !unknown[index] {
            let comparison = comparisons[index]
            var known = exactly[index].map { exact in
                exact.map { min(max($0 * whole[index], 1e-9), 0.999) }
            }
            // A set of former values holds the current one too, which the level before takes.
            for level in known.indices.dropFirst() {
                if case .shares = comparison.levels[level], let exact = known[level] {
                    known[level] = max(exact - (known[level - 1] ?? 0), 1e-9)
                }
            }
            known.append(nil)
            let sum = min(known.reduce(0) { $0 + ($1 ?? 0) }, 0.999)
            let rest = zip(known, shares[index]).reduce(0) { $0 + ($1.0 == nil ? $1.1 : 0) }
            shares[index] = zip(known, shares[index]).map { $0 ?? $1 / rest * (1 - sum) }
        }
    }

    /// For each comparison, how many of the pairs that can be compared have both values whole:
    /// where a date lacks its day, its month and year are compared.
    private static func whole(
        _ store: FieldStore, _ comparisons: [LinkageSpecification.Comparison], _ left: [UInt32],
        _ right: [UInt32], threads: Int
    ) -> [Double] {
        // Each row is in many of the pairs; its tokens are read once, in the order of the rows.
        var number = [UInt32](repeating: .max, count: store.rowCount)
        for row in left + right { number[Int(row)] = 0 }
        var rows: [UInt32] = []
        for row in number.indices where number[row] == 0 {
            number[row] = UInt32(rows.count)
            rows.append(UInt32(row))
        }
        let pairs = zip(left, right).map { (Int(number[Int($0)]), Int(number[Int($1)])) }
        let some = rows
        return CandidatePairs.concurrently(comparisons.count, threads: threads) { index in
            let comparison = comparisons[index]
            func isThere(_ field: String) -> [Bool]? {
                store.tokens[field].map { $0.values(of: some).map { $0 != 0 } }
            }
            guard case .equal(let field)? = comparison.levels.first else { return 1 }
            let parts = comparison.partFields.compactMap(isThere)
            guard !parts.isEmpty, let whole = isThere(field) else { return 1 }
            var (both, comparable) = (0.0, 0.0)
            for (left, right) in pairs {
                if whole[left], whole[right] {
                    both += 1
                    comparable += 1
                } else if parts.contains(where: { $0[left] && $0[right] }) {
                    comparable += 1
                }
            }
            return comparable > 0 ? both / comparable : 1
        }
    }

    /// Counts anew the comparisons of which salts decide whether they can be made.
    private mutating func countSalted(
        _ counts: inout [[Double]], _ store: FieldStore,
        _ comparisons: [LinkageSpecification.Comparison], _ comparison: PairComparison,
        mayRepeat: [Bool], threads: Int
    ) {
        let salts = comparisons.map { $0.salts(store) }
        let all = Set(salts.flatMap { $0 }).sorted()
        guard !all.isEmpty else { return }
        let places = salts.map { $0.compactMap { all.firstIndex(of: $0) } }
        // Two records of a source that knows a person once are of two people.
        let unique = mayRepeat.contains(false)
        let isEligible = unique ? mayRepeat.map { !$0 } : mayRepeat
        let tokens = CandidatePairs.concurrently(all.count, threads: threads) {
            store.tokens[all[$0]]?.values ?? []
        }
        let subjects = SaltedPairs.Subjects(store, bySource: unique, threads: threads)
        let made = CandidatePairs.concurrently(all.count, threads: min(threads, Self.columnsAtOnce))
        {
            SaltedPairs(
                all[$0], store, subjects, isEligible: isEligible, withinSource: unique,
                count: Self.salted)
        }
        // All at once: each batch of pairs looks through the files that hold the filters.
        let together = comparison.patterns(
            made.flatMap(\.left), made.flatMap(\.right), threads: threads)
        var end = 0
        let patterns = made.map { pairs in
            defer { end += pairs.left.count }
            return together[end..<(end + pairs.left.count)]
        }
        let layout = comparison.layout
        let levels = counts.map(\.count)
        let counted = CandidatePairs.concurrently(comparisons.count, threads: threads) { index in
            var count = SaltedCount(found: [Double](repeating: 0, count: levels[index]))
            var table = PatternTable()
            var times: [Double] = []
            for (salt, (pairs, patterns)) in zip(all, zip(made, patterns))
            where salts[index].contains(salt) {
                count.sharing += pairs.each * Double(pairs.left.count)
                for (pair, pattern) in patterns.enumerated() {
                    let digit = layout.digit(index, of: pattern)
                    guard digit > 0 else { continue }
                    let (left, right) = (Int(pairs.left[pair]), Int(pairs.right[pair]))
                    // A pair that shares several salts is made under each of them.
                    let shared = places[index].count { other in
                        let tokens = tokens[other]
                        return !tokens.isEmpty && tokens[left] != 0
                            && tokens[left] == tokens[right]
                    }
                    let each = pairs.each / Double(max(shared, 1))
                    count.seen += 1
                    count.found[digit - 1] += each
                    guard !unique else { continue }
                    let number = table.number(pattern)
                    if number == times.count { times.append(0) }
                    times[number] += each
                }
            }
            count.patterns = CountedPatterns(table.patterns, times, layout)
            return count
        }
        let rows = Double(store.rowCount)
        for (index, count) in counted.enumerated() where count.seen > 0 {
            let total = count.found.reduce(0, +)
            counts[index] = count.found.map { $0 / total * count.seen }
            matches[index] = unique ? 0 : max(1, rows * (rows - 1) / 2 / count.sharing)
            if !unique { underSalts[index] = count.patterns }
        }
    }

    /// What pairs that share a salt say of one comparison.
    private struct SaltedCount: Sendable {
        /// By level, for how many pairs.
        var found: [Double]
        /// How many pairs were made that could be compared.
        var seen = 0.0
        /// How many pairs of records share the salts.
        var sharing = 0.0
        var patterns = CountedPatterns()
    }

    /// The chance that a level of equality holds, exactly; `nil` where it is no such level.
    private static func exactly(
        _ level: LinkageSpecification.Level, _ store: FieldStore, unique: Bool
    ) -> Double? {
        switch level {
        case .equal(let field):
            guard let tokens = store.tokens[field]?.values else { return nil }
            return coincidence(tokens, store, unique: unique) { tokens[$0] != 0 }
        case .shares(let field):
            guard let sets = store.sets[field] else { return nil }
            return coincidence(sets, store, unique: unique)
        case .similar(let field, 1):
            // In bands, what is left is a value of no band.
            guard let filters = store.filters[field], filters.salts == nil, !filters.isNoisy
            else { return nil }
            var hashes = filters.hashes
            if let bands = store.tokens["\(field).band"]?.values {
                for row in hashes.indices where bands[row] != 0 { hashes[row] = 0 }
            }
            let presence = filters.presence
            return coincidence(hashes, store, unique: unique) { presence[$0] }
        case .inBand(let field, let band):
            guard let filters = store.filters[field], filters.salts == nil, !filters.isNoisy,
                let bands = store.tokens["\(field).band"]?.values
            else { return nil }
            var hashes = filters.hashes
            for row in hashes.indices where bands[row] != UInt64(band) { hashes[row] = 0 }
            let presence = filters.presence
            return coincidence(hashes, store, unique: unique) { presence[$0] }
        default: return nil
        }
    }

    /// - Parameter present: For each row, whether it is one of the records that the pairs are of.
    private static func coincidence(
        _ tokens: [UInt64], _ store: FieldStore, unique: Bool, present: (Int) -> Bool
    ) -> Double {
        guard unique else {
            return TokenCoincidence.share(tokens, of: tokens.indices.count(where: present))
        }
        let source = store.rowSource
        var bySource = [[UInt64]](repeating: [], count: Int(source.max() ?? -1) + 1)
        var records = [Int](repeating: 0, count: bySource.count)
        for row in tokens.indices where present(row) {
            records[Int(source[row])] += 1
            bySource[Int(source[row])].append(tokens[row])
        }
        return TokenCoincidence.share(bySource, of: records)
    }

    /// The chance that two records share a token of their sets: of one source each where sources
    /// know a person once, since a person's two records share what they should.
    private static func coincidence(
        _ sets: FieldStore.TokenSets, _ store: FieldStore, unique: Bool
    ) -> Double {
        var bySource: [Int32: (tokens: [UInt64], records: Int)] = [:]
        sets.forEach(0..<store.rowCount) { row, tokens in
            guard !tokens.isEmpty else { return }
            let source = unique ? store.subjectSource[Int(store.rowSubject[row])] : 0
            bySource[source, default: ([], 0)].tokens += tokens
            bySource[source]?.records += 1
        }
        sets.letGo()
        let sorted = bySource.sorted { $0.key < $1.key }.map(\.value)
        return TokenCoincidence.share(sorted.map(\.tokens), of: sorted.map(\.records))
    }

    private static func pairs(
        _ store: FieldStore, withinSource: Bool
    ) -> ([UInt32], [UInt32]) {
        func hash(_ row: Int) -> UInt64 {
            let subject = store.subjects[Int(store.rowSubject[row])]
            return BlockingColumns.mixed(subject.high ^ BlockingColumns.mixed(subject.low))
        }
        let every = max(1, store.rowCount / (2 * sample))
        var hashed: [(UInt64, UInt32)] = []
        for row in 0..<store.rowCount {
            let hash = hash(row)
            if hash % UInt64(every) == 0 { hashed.append((hash, UInt32(row))) }
        }
        hashed.sort { $0 < $1 }
        let order: [UInt32] = hashed.prefix(sample).map { $0.1 }
        func source(_ row: UInt32) -> Int32 { store.subjectSource[Int(store.rowSubject[Int(row)])] }
        let groups =
            withinSource
            ? Dictionary(grouping: order, by: source).sorted { $0.key < $1.key }.map(\.value)
            : [order]
        var left: [UInt32] = []
        var right: [UInt32] = []
        for group in groups {
            let count = min(group.count / 2, max(8, wanted / group.count))
            for number in 0..<count {
                let step = 1 + number * (group.count / 2) / count
                for index in group.indices {
                    let (a, b) = (group[index], group[(index + step) % group.count])
                    guard store.rowSubject[Int(a)] != store.rowSubject[Int(b)] else { continue }
                    left.append(a)
                    right.append(b)
                }
            }
        }
        return (left, right)
    }
}

extension LinkageSpecification.Comparison {
    /// The token fields of which one at least must agree, or the comparison cannot be made; empty
    /// where no salt decides.
    fileprivate func salts(_ store: FieldStore) -> [String] {
        guard let first = levels.first else { return [] }
        if case .equalUnder(_, let salt) = first { return [salt] }
        let filters = first.needs.filter { $0.kind == .filter }.map(\.field)
        let salts = filters.compactMap { store.filters[$0]?.salt }
        return salts.count == filters.count ? Set(salts).sorted() : []
    }
}
