import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Pairs of a delta")
struct RowsBesideNewTests {
    /// Two sources of random rows; the last `new` of each came with the delta.
    private func store(_ count: Int, new: Int, seed: UInt64) throws -> FieldStore {
        var generator = SeededGenerator(seed: seed, label: "rows")
        func tokens(_ values: Int) -> Encodings.Values {
            .token(WordColumn((0..<count).map { _ in UInt64(generator.below(values)) }))
        }
        func sets() -> Encodings.Values {
            var (offsets, all): ([Int], [UInt64]) = ([0], [])
            for _ in 0..<count {
                all += Set((0..<generator.below(4)).map { _ in UInt64(generator.below(40)) + 1 })
                    .sorted()
                offsets.append(all.count)
            }
            return .tokenSet(offsets: offsets, tokens: WordColumn(all))
        }
        let sources = ["a", "b"].enumerated().map { number, source in
            Encodings(
                source: source, keyEpoch: 1, specification: ContentDigest.sha256("specification"),
                // Out of order, as rows are in encodings.
                subject: (0..<count).map {
                    SyntheticEncodings.subject(source, UInt64(($0 * 7 + number) % count))
                },
                record: (0..<count).map { RecordPseudonym(high: 1, low: UInt64($0)) },
                operation: (0..<count).map { $0 % 11 == 3 ? .close : .open },
                happened: Array(repeating: Day(1), count: count),
                known: Array(repeating: Day(1), count: count),
                fields: [
                    .init("rare", tokens(60)), .init("common", tokens(4)),
                    .init("place", tokens(25)), .init("near", sets()),
                    .init(
                        "name",
                        .filter(
                            bits: 64,
                            words: WordColumn(
                                (0..<count).map { _ in
                                    1 << UInt64(generator.below(9)) | UInt64(generator.below(2))
                                }))),
                ])
        }
        return try FieldStore(sources, firstNew: [count - new, count - new])
    }

    private static let keys = [
        ["near*", "common"], ["rare"], ["place", "common"], ["near*"], ["name~", "place"],
    ]

    private func pairs(_ candidates: CandidatePairs) -> [[UInt32]] {
        candidates.map { key, forEachChunk in
            var found: [[UInt32]] = []
            forEachChunk { left, right in
                for (left, right) in zip(left, right) { found.append([UInt32(key), left, right]) }
            }
            return found
        }.flatMap { $0 }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test("are those of all rows of which one is new", arguments: 0..<3, [1, 3])
    func sameAsAll(seed: UInt64, threads: Int) throws {
        let few = try store(200, new: 5, seed: seed)
        #expect(few.isNew.count { $0 } * 8 < few.rowCount)
        var all = few
        all.markAllNew()
        func candidates(_ store: FieldStore) -> CandidatePairs {
            CandidatePairs(
                store, keys: Self.keys, largestBlock: 1_000, mayRepeat: [true, false],
                threads: threads)
        }
        let expected = pairs(candidates(all)).filter { pair in
            few.isNew[Int(pair[1])] || few.isNew[Int(pair[2])]
        }
        #expect(pairs(candidates(few)) == expected)
        #expect(expected.count > 100)
        #expect(Set(expected.map { $0[0] }).count == Self.keys.count)
        #expect(Set(expected.map { [$0[1], $0[2]] }).count == expected.count)
    }

    @Test("leave blocks out that are too large, whichever rows are new", arguments: 0..<4)
    func largeBlocks(seed: UInt64) throws {
        // Among many new rows, among few, and the same counted for both.
        for new in [5, 200] {
            let some = try store(400, new: new, seed: seed)
            let candidates = CandidatePairs(
                some, keys: [["common"], ["rare"]], largestBlock: 30, mayRepeat: [true, true],
                threads: 2)
            let tokens = try #require(some.tokens["common"]).values
            // Three values that are there, each of far more than thirty rows, if a new row has them.
            let values = Set(some.isNew.indices.filter { some.isNew[$0] }.map { tokens[$0] })
                .subtracting([0])
            #expect(
                candidates.skipped == [
                    .init(
                        field: "common", blocks: values.count,
                        records: tokens.count { values.contains($0) })
                ])
            #expect(values.count > 1)
            #expect(pairs(candidates).allSatisfy { $0[0] == 1 })
            // A key of a set alone has no columns beside it.
            let sets = CandidatePairs(
                some, keys: [["near*"]], largestBlock: 1_000, mayRepeat: [true, true],
                threads: 2)
            var all = some
            all.markAllNew()
            let expected = CandidatePairs(
                all, keys: [["near*"]], largestBlock: 1_000, mayRepeat: [true, true],
                threads: 2)
            #expect(
                pairs(sets)
                    == pairs(expected).filter {
                        some.isNew[Int($0[1])] || some.isNew[Int($0[2])]
                    })
            #expect(!pairs(sets).isEmpty)
            #expect(!pairs(candidates).isEmpty)
        }
    }

    @Test("are found among few rows only where few are new")
    func few() throws {
        // More rows than are worked on together.
        for (new, isFew) in [(5, true), (100, true), (200, false), (1_500, false)] {
            let store = try store(1_500, new: new, seed: 1)
            let prints = KeyPrints([[("rare", 0)]], BlockingColumns(store))
            let beside = RowsBesideNew(prints, [nil], store, threads: 2)
            #expect((beside != nil) == isFew)
            let new = store.isNew.indices.filter { store.isNew[$0] }.map { UInt32($0) }
            #expect(Set(new).isSubset(of: beside?.rows ?? new))
            let tokens = try #require(store.tokens["rare"]).values
            let shared = Set(new.map { tokens[Int($0)] }).subtracting([0])
            let expected = tokens.indices.filter { shared.contains(tokens[$0]) || store.isNew[$0] }
            if isFew { #expect(beside?.rows == expected.map { UInt32($0) }) }
        }
    }

    @Test("are compared alike among few rows and among all")
    func compared() throws {
        let (first, second) = SyntheticEncodings.county(300)
        let sources = [
            SyntheticEncodings.encode("a", first), SyntheticEncodings.encode("b", second),
        ]
        let counts = sources.map(\.count)
        let store = try FieldStore(sources, firstNew: [counts[0], counts[1] - 9])
        let resolved = try LinkageSpecification().resolved(over: sources)
        let comparisons = try #require(resolved.comparisons)
        let trained = try Linker.link(
            state: LinkState(), delta: sources, specification: LinkageSpecification(),
            mint: Minter(seed: [UInt8](repeating: 7, count: 32)))
        let parameters = try #require(trained.state.parameters)
        func scoring(_ isOfFew: Bool) throws -> PairScoring {
            PairScoring(
                store, resolved, parameters,
                comparison: try PairComparison(comparisons, over: store, of: isOfFew ? [] : nil),
                isOfFew: isOfFew, mayRepeat: [false, false], threads: 2)
        }
        func scored(_ scoring: inout PairScoring) -> [[Double]] {
            scoring.score(floor: -100).map {
                [Double($0.left), Double($0.right), $0.weight, $0.conflict ? 1 : 0]
            }.sorted { $0.lexicographicallyPrecedes($1) }
        }
        var (few, all) = try (scoring(true), scoring(false))
        let found = scored(&few)
        #expect(found == scored(&all))
        #expect(found.count > 9)
        #expect(few.pairsByKey == all.pairsByKey)
        // Subjects that were asked for, some of them, and others.
        let near = few.holding([3, 5, 8])
        var (one, other, third) = (near.weights, all.weights, few.weights)
        for (left, right) in [(3, 5), (5, 8), (3, 200), (190, 201)] as [(Int32, Int32)] {
            let rows = [left, right].map { UInt32(store.rows(of: $0).lowerBound) }
            let expected = all.weigh([rows[0]], [rows[1]], &other)[0]
            #expect(near.weigh([rows[0]], [rows[1]], &one)[0] == expected)
            #expect(few.weigh([rows[0]], [rows[1]], &third)[0] == expected)
        }
    }
}
