import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Agreement patterns")
struct PairComparisonTests {
    static let width = 2

    /// Rows of two sources with every kind of field, many values missing or shared; the second
    /// source lacks some fields.
    static func sources(_ count: Int, seed: UInt64) -> [Encodings] {
        var generator = SeededGenerator(seed: seed, label: "rows")
        func tokens(_ values: Int) -> [UInt64] {
            (0..<count).map { _ in UInt64(generator.below(values)) }
        }
        func filters() -> WordColumn {
            let kinds = (0..<6).map { _ in
                (0..<width).map { _ in generator.next() & generator.next() }
            }
            return WordColumn(
                (0..<count).flatMap { _ -> [UInt64] in
                    let kind = generator.below(8)
                    guard kind < kinds.count else { return [0, 0] }
                    // Some differ by a bit.
                    return [kinds[kind][0] ^ UInt64(generator.below(2)), kinds[kind][1]]
                })
        }
        func sets() -> Encodings.Values {
            var (offsets, all): ([Int], [UInt64]) = ([0], [])
            for _ in 0..<count {
                all += (0..<generator.below(4)).map { _ in UInt64(generator.below(9)) << 60 | 5 }
                offsets.append(all.count)
            }
            return .tokenSet(offsets: offsets, tokens: all)
        }
        return ["a", "b"].map { source in
            let fields: [Encodings.Field] = [
                .init("date_of_birth", .token(tokens(6))),
                .init("date_of_birth.swapped", .token(tokens(6))),
                .init("date_of_birth.year_month", .token(tokens(4))),
                .init("date_of_birth.year", .token(tokens(3))),
                .init("postcode", .token(tokens(5))), .init("postcode.near", sets()),
                .init("upn", .token(tokens(5))), .init("upn.any", sets()),
                .init("sex", .token(tokens(3))),
                .init("given_name.band", .token(tokens(4))),
                .init("given_name", .filter(bits: 128, words: filters()), salt: "date_of_birth"),
                .init("surname", .filter(bits: 128, words: filters())),
                .init(
                    "names.year_month", .filter(bits: 128, words: filters()),
                    salt: "date_of_birth.year_month"),
                .init("town", .filter(bits: 128, words: filters())),
                .init("block.names", .token(tokens(9)), salt: "postcode"),
            ]
            return Encodings(
                source: source, keyEpoch: 1, specification: ContentDigest.sha256("s"),
                subject: (0..<count).map { SyntheticEncodings.subject(source, UInt64($0)) },
                record: (0..<count).map { RecordPseudonym(high: 1, low: UInt64($0)) },
                operation: Array(repeating: .open, count: count),
                happened: Array(repeating: Day(1), count: count),
                known: Array(repeating: Day(1), count: count),
                fields: source == "a"
                    ? fields
                    : fields.filter { $0.name != "town" && !$0.name.hasPrefix("names") })
        }
    }

    /// The plain definition of a pattern, from one pair's values.
    private struct Plain {
        let store: FieldStore

        func token(_ field: String, _ row: Int) -> UInt64 { store.tokens[field]?[row] ?? 0 }

        func set(_ field: String, _ row: Int) -> Set<UInt64> {
            var found: Set<UInt64> = []
            store.sets[field]?.forEach([row]) { found.formUnion($1) }
            return found
        }

        /// `nil` where the two cannot be compared.
        func dice(_ field: String, _ left: Int, _ right: Int) -> Float? {
            guard let filters = store.filters[field] else { return nil }
            if let salt = filters.salt {
                let token = token(salt, left)
                guard token != 0, token == self.token(salt, right) else { return nil }
            }
            func bits(_ row: Int) -> Set<Int> {
                filters.withWords { words in
                    Set(
                        (0..<(PairComparisonTests.width * 64)).filter { bit in
                            words(row).map { $0[bit / 64] >> UInt64(bit % 64) & 1 == 1 } ?? false
                        })
                }
            }
            let (one, two) = (bits(left), bits(right))
            guard !one.isEmpty, !two.isEmpty else { return nil }
            return 2 * Float(one.intersection(two).count) / Float(one.count + two.count)
        }

        func canCompare(_ level: LinkageSpecification.Level, _ l: Int, _ r: Int) -> Bool {
            switch level {
            case .equal(let field): token(field, l) != 0 && token(field, r) != 0
            case .equalUnder(let field, let salt):
                token(field, l) != 0 && token(field, r) != 0 && token(salt, l) != 0
                    && token(salt, l) == token(salt, r)
            case .crossed(let one, _): token(one, l) != 0 && token(one, r) != 0
            case .anyEqual(let fields):
                fields.contains { token($0, l) != 0 } && fields.contains { token($0, r) != 0 }
            case .shares(let field): !set(field, l).isEmpty && !set(field, r).isEmpty
            case .similar(let field, _), .inBand(let field, _): dice(field, l, r) != nil
            case .anySimilar(let fields, _): fields.contains { dice($0, l, r) != nil }
            }
        }

        /// Whether both rows have one part of the value that the first level wants whole.
        func canCompareParts(
            _ comparison: LinkageSpecification.Comparison, _ l: Int, _ r: Int
        ) -> Bool {
            guard case .equal(let whole) = comparison.levels[0] else { return false }
            return comparison.levels.dropFirst().contains { level in
                let fields: [String] =
                    switch level {
                    case .equal(let field): [field]
                    case .anyEqual(let fields): fields
                    default: []
                    }
                return fields.contains {
                    $0.hasPrefix(whole + ".") && token($0, l) != 0 && token($0, r) != 0
                }
            }
        }

        func holds(_ level: LinkageSpecification.Level, _ l: Int, _ r: Int) -> Bool {
            func equal(_ one: UInt64, _ two: UInt64) -> Bool { one != 0 && one == two }
            switch level {
            case .equal(let field): return equal(token(field, l), token(field, r))
            case .equalUnder(let field, _): return equal(token(field, l), token(field, r))
            case .crossed(let one, let two):
                return equal(token(one, l), token(two, r)) || equal(token(two, l), token(one, r))
            case .anyEqual(let fields):
                return fields.contains { equal(token($0, l), token($0, r)) }
            case .shares(let field): return !set(field, l).isDisjoint(with: set(field, r))
            case .similar(let field, let least):
                return dice(field, l, r).map { $0 >= Float(least) - 1e-6 } ?? false
            case .inBand(let field, let band):
                return dice(field, l, r).map { $0 >= Float(LinkageSpecification.sameness) }
                    ?? false
                    && token("\(field).band", l) == UInt64(band)
            case .anySimilar(let fields, let least):
                return fields.contains {
                    dice($0, l, r).map { $0 >= Float(least) - 1e-6 } ?? false
                }
            }
        }

        func digit(
            _ comparison: LinkageSpecification.Comparison, _ l: Int, _ r: Int, known: Set<String>
        ) -> Int {
            let former = comparison.levels.firstIndex {
                if case .shares(let field) = $0 { field.hasSuffix(".any") } else { false }
            }
            guard canCompare(comparison.levels[0], l, r) || canCompareParts(comparison, l, r),
                known.isDisjoint(with: comparison.unless)
            else {
                if let former, holds(comparison.levels[former], l, r) { return former + 1 }
                return 0
            }
            return 1
                + (comparison.levels.firstIndex { holds($0, l, r) } ?? comparison.levels.count)
        }
    }

    /// Rows of dates, written year, month, day, with a hyphen for a part that cannot be used.
    private static func dates(_ dates: [String]) -> Encodings {
        let parts = dates.map { $0.split(separator: " ").map(String.init) }
        func tokens(_ places: [Int]) -> Encodings.Values {
            .token(
                parts.map { date in
                    let text = places.map { date[$0] }.joined()
                    return text.contains("-") ? 0 : UInt64(text) ?? 0
                })
        }
        return Encodings(
            source: "a", keyEpoch: 1, specification: ContentDigest.sha256("s"),
            subject: dates.indices.map { SyntheticEncodings.subject("a", UInt64($0)) },
            record: dates.indices.map { RecordPseudonym(high: 1, low: UInt64($0)) },
            operation: dates.map { _ in .open }, happened: dates.map { _ in Day(1) },
            known: dates.map { _ in Day(1) },
            fields: [
                .init("date_of_birth", tokens([0, 1, 2])),
                .init("date_of_birth.swapped", tokens([0, 2, 1])),
                .init("date_of_birth.year_month", tokens([0, 1])),
                .init("date_of_birth.year_day", tokens([0, 2])),
                .init("date_of_birth.month_day", tokens([1, 2])),
            ])
    }

    /// The levels are 1 equal, 2 exchanged, 3 two of three parts, 4 none of these.
    @Test(
        "A date without a part agrees in what both have, or does not; without both it says nothing",
        arguments: [
            ("1990 05 12", 1), ("1990 12 05", 2), ("1990 05 -", 3), ("1990 - 12", 3),
            ("- 05 12", 3), ("1990 06 -", 4), ("1991 - 12", 4), ("1990 - -", 0), ("- - -", 0),
        ])
    func partialDates(date: String, digit: Int) throws {
        let encodings = Self.dates(["1990 05 12", date])
        let store = try FieldStore([encodings], firstNew: [0])
        let comparisons = try #require(
            try LinkageSpecification().resolved(over: [encodings]).comparisons)
        let comparison = try PairComparison(comparisons, over: store, threads: 1)
        for pattern in comparison.patterns([0, 1], [1, 0], threads: 2) {
            #expect(comparison.layout.digit(0, of: pattern) == digit)
        }
    }

    @Test(
        "are the same however few filters are brought together at a time",
        arguments: [64, 256, 1 << 20], [false, true])
    func batches(bytes: Int, withUnsalted: Bool) throws {
        let sources = Self.sources(60, seed: 9)
        let store = try FieldStore(sources, firstNew: [0, 0])
        let comparisons = try #require(
            try LinkageSpecification().resolved(over: sources).comparisons
        ).filter { withUnsalted || !["surname", "town"].contains($0.name) }
        func comparison(_ limits: FilterBatches.Limits) throws -> PairComparison {
            try PairComparison(comparisons, over: store, threads: 2, batching: limits)
        }
        let plain = try comparison(.init())
        let batched = try comparison(.init(rows: 1, bytes: bytes))
        #expect(plain.batches == nil && batched.batches != nil)
        var generator = SeededGenerator(seed: 3, label: "pairs")
        let left = (0..<4_000).map { _ in UInt32(generator.below(store.rowCount)) }
        let right = (0..<4_000).map { _ in UInt32(generator.below(store.rowCount)) }
        let expected = plain.patterns(ofFew: left, right)
        #expect(plain.patterns(left, right, threads: 2) == expected)
        #expect(batched.patterns(left, right, threads: 1) == expected)
        #expect(batched.patterns(left, right, threads: 2) == expected)
        #expect(Set(expected).count > 100)
        // Parts of many pairs, one of them empty, for any number of threads.
        let order = plain.order
        let many = (0..<30_000).map { _ in
            UInt64(generator.below(store.rowCount)) << 32
                | UInt64(generator.below(store.rowCount))
        }
        for threads in [1, 2, 5] {
            var parts = [many[..<9_000], [], many[9_000..<9_001], many[9_001...]].map {
                CandidatePairs.Held(key: 0, pairs: Array($0))
            }
            batched.fill(&parts, threads: threads)
            #expect(parts.map(\.patterns.count) == [9_000, 0, 1, 20_999])
            for part in parts {
                let rows = part.pairs.map {
                    (order.rows[Int($0 >> 32)], order.rows[Int($0 & 0xffff_ffff)])
                }
                #expect(part.patterns == plain.patterns(ofFew: rows.map(\.0), rows.map(\.1)))
            }
            #expect(parts.flatMap(\.pairs).sorted() == many.sorted())
        }
        // Filters that were brought together are those of their rows.
        let near = batched.holding([3, 5, 8], threads: 2)
        #expect(near.patterns(ofFew: left, right) == expected)
    }

    @Test("are what their plain definition says, for every kind of level", arguments: 0..<6)
    func plainDefinition(_ seed: UInt64) throws {
        let sources = Self.sources(30, seed: seed)
        let store = try FieldStore(sources, firstNew: [0, 0])
        let comparisons =
            try #require(try LinkageSpecification().resolved(over: sources).comparisons) + [
                .init("names_key", [.equalUnder("block.names", under: "postcode")], unless: ["upn"])
            ]
        let comparison = try PairComparison(comparisons, over: store, threads: 2)
        var (left, right): ([UInt32], [UInt32]) = ([], [])
        for one in 0..<store.rowCount {
            for two in (one + 1)..<store.rowCount {
                left.append(UInt32(one))
                right.append(UInt32(two))
            }
        }
        let plain = Plain(store: store)
        var seen = comparisons.map { _ in Set<Int>() }
        for (index, pattern) in comparison.patterns(left, right, threads: 2).enumerated() {
            var known: Set<String> = []
            for (place, one) in comparisons.enumerated() {
                let digit = plain.digit(one, Int(left[index]), Int(right[index]), known: known)
                if digit > 0 { known.insert(one.name) }
                seen[place].insert(digit)
                #expect(
                    comparison.layout.digit(place, of: pattern) == digit,
                    "\(one.name) of rows \(left[index]) and \(right[index])")
            }
        }
        // The rows are such that every comparison is made and misses somewhere.
        #expect(seen.allSatisfy { $0.contains(0) && $0.count > 2 })
    }
}
