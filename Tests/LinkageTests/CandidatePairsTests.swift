import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Pairs that share a key")
struct CandidatePairsTests {
    /// Sources of `people` each; row i of one is row i of the other.
    private func store(
        _ people: Int, sources: [String] = ["a", "b"], firstNew: Int = 0,
        _ fields: (Int) -> [Encodings.Field]
    ) throws -> FieldStore {
        let sources = sources.map { source in
            Encodings(
                source: source, keyEpoch: 1, specification: ContentDigest.sha256("specification"),
                subject: (0..<people).map {
                    SyntheticEncodings.subject(source, UInt64($0))
                },
                record: (0..<people).map { RecordPseudonym(high: 1, low: UInt64($0)) },
                operation: Array(repeating: .open, count: people),
                happened: Array(repeating: Day(1), count: people),
                known: Array(repeating: Day(1), count: people), fields: fields(people))
        }
        return try FieldStore(sources, firstNew: sources.map { _ in firstNew })
    }

    private func pairs(_ candidates: CandidatePairs, _ store: FieldStore) -> [[UInt64]] {
        candidates.map { _, forEachChunk in
            var found: [[UInt64]] = []
            forEachChunk { left, right in
                for index in left.indices {
                    found.append(
                        [left[index], right[index]].map {
                            store.subjects[Int(store.rowSubject[Int($0)])].low
                        })
                }
            }
            return found
        }.flatMap { $0 }.sorted { $0[0] < $1[0] }
    }

    private let own = (0..<40).map { [UInt64($0), UInt64($0)] }

    @Test("A pair in a block that is too large is still found by a later key")
    func largeBlock() throws {
        let store = try store(40) { count in
            [
                .init("everybody", .token(Array(repeating: 7, count: count))),
                .init("own", .token((0..<count).map { UInt64($0) + 100 })),
            ]
        }
        let candidates = CandidatePairs(
            store, keys: [["everybody"], ["own"]], largestBlock: 50,
            mayRepeat: [false, false], threads: 2)
        #expect(pairs(candidates, store) == own)
        #expect(candidates.skipped == [.init(field: "everybody", blocks: 1, records: 80)])
        #expect(candidates.sharedKeys(0, 0) == 0b10)
    }

    @Test("So is one that shares a token too common to be looked at, and a rarer one")
    func largeBlockOfASet() throws {
        let store = try store(40) { count in
            [
                .init(
                    "near",
                    .tokenSet(
                        offsets: (0...count).map { 2 * $0 },
                        tokens: (0..<count).flatMap { [1, UInt64($0) + 100] })),
                .init("own", .token((0..<count).map { UInt64($0) + 100 })),
            ]
        }
        for keys in [[["near*"]], [["near*"], ["own"]], [["own"], ["near*"]]] {
            let candidates = CandidatePairs(
                store, keys: keys, largestBlock: 50, mayRepeat: [false, false], threads: 2)
            #expect(pairs(candidates, store) == own)
            #expect(candidates.skipped == [.init(field: "near*", blocks: 1, records: 80)])
        }
    }

    @Test("Segments of any size hold the same pairs, and so do those that are kept")
    func segments() throws {
        let store = try store(40) { count in
            [
                .init("tens", .token((0..<count).map { UInt64($0 / 10) + 1 })),
                .init("own", .token((0..<count).map { UInt64($0) + 100 })),
            ]
        }
        var candidates = CandidatePairs(
            store, keys: [["own"], ["tens"]], largestBlock: 50, mayRepeat: [false, false],
            threads: 2)
        let all = pairs(candidates, store)
        #expect(all.count == 400)
        for most in [8, 100, 1_000] {
            var found: [UInt64] = []
            var segments = 0
            candidates.forEachSegment(most: most, RowOrder(store)) { segment in
                found += segment.flatMap(\.pairs)
                segments += 1
            }
            #expect(Set(found).count == 400 && found.count == 400)
            #expect(segments > 1 || most == 1_000)
        }
        let comparison = try PairComparison([.init("own", [.equal("own")])], over: store)
        candidates.hold(most: 399, comparison)
        #expect(candidates.held == nil)
        let before = candidates
        candidates.hold(most: 400, comparison)
        let held = try #require(candidates.held)
        #expect(held.flatMap(\.patterns).count { $0 == 1 } == 40)
        #expect(held.reduce(0) { $0 + $1.pairs.count } == all.count)
        // What keys pairs share is known though the fingerprints have been let go.
        let rows = comparison.order.rows
        for part in held {
            for pair in part.pairs {
                let (left, right) = (rows[Int(pair >> 32)], rows[Int(pair & 0xffff_ffff)])
                #expect(part.keys(of: pair) == before.sharedKeys(Int(left), Int(right)))
                #expect(part.keys(of: pair) != 0)
            }
            #expect(part.keys(of: 0) == 0)
        }
        candidates.letGoOfSample()
        #expect(candidates.held?.allSatisfy(\.sample.isEmpty) == true)
    }

    @Test("Each pair once, whatever keys it shares, for any number of threads")
    func once() throws {
        let store = try store(40) { count in
            [
                .init("tens", .token((0..<count).map { UInt64($0 / 10) + 1 })),
                .init("own", .token((0..<count).map { UInt64($0) + 100 })),
                .init(
                    "near",
                    .tokenSet(
                        offsets: (0...count).map { 2 * $0 },
                        tokens: (0..<count).flatMap { [UInt64($0 / 2) + 1, UInt64($0) + 100] })),
            ]
        }
        for threads in [1, 2, 3] {
            let candidates = CandidatePairs(
                store, keys: [["near*"], ["own"], ["tens"]], largestBlock: 50,
                mayRepeat: [false, false], threads: threads)
            let found = pairs(candidates, store)
            // Ten in one source with ten in the other, four times.
            #expect(found.count == 400)
            #expect(Set(found).count == 400)
        }
    }

    @Test("Keys with and without token sets bring together who shares one, and nobody else")
    func byEverything() throws {
        var generator = SeededGenerator(seed: 9, label: "keys with sets")
        for round in 0..<8 {
            let count = 60
            func tokens(_ values: Int) -> [UInt64] {
                (0..<count).map { _ in UInt64(generator.below(values)) }
            }
            func sets(_ values: Int) -> [[UInt64]] {
                (0..<count).map { _ in
                    Array(
                        Set(
                            (0..<generator.below(4)).map { _ in UInt64(generator.below(values) + 1)
                            }))
                }
            }
            let (street, town) = (tokens(40), tokens(6))
            let (near, far) = (sets(60), sets(25))
            func column(_ sets: [[UInt64]]) -> Encodings.Values {
                .tokenSet(
                    offsets: sets.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) },
                    tokens: WordColumn(sets.flatMap { $0 }))
            }
            // A first night, and one with ten new rows.
            let firstNew = round % 4 < 2 ? 0 : 50
            let store = try store(count, sources: ["a"], firstNew: firstNew) { _ in
                [
                    .init("street", .token(WordColumn(street))),
                    .init("town", .token(WordColumn(town))), .init("near", column(near)),
                    .init("far", column(far)),
                ]
            }
            let keys = [["near*"], ["street"], ["far*", "town"], ["near*", "town"]]
            let candidates = CandidatePairs(
                store, keys: round % 2 == 0 ? keys : keys.reversed(), largestBlock: 1_000,
                mayRepeat: [true], threads: 2)
            var expected: [[UInt64]] = []
            for left in 0..<count {
                for right in max(left + 1, firstNew)..<count {
                    func share(_ sets: [[UInt64]]) -> Bool {
                        !Set(sets[left]).isDisjoint(with: sets[right])
                    }
                    let town = town[left] != 0 && town[left] == town[right]
                    let street = street[left] != 0 && street[left] == street[right]
                    if street || share(near) || (town && share(far)) {
                        expected.append([UInt64(left), UInt64(right)])
                    }
                }
            }
            let found = pairs(candidates, store).map { $0.sorted() }
            #expect(found.sorted { $0.lexicographicallyPrecedes($1) } == expected)
            #expect(!expected.isEmpty)
        }
    }
}
