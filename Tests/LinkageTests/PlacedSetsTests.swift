import CBitKernels
import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Token sets of rows that are compared")
struct PlacedSetsTests {
    /// Records with one of some token sets each, in two pieces, and what each has.
    private static func store(
        rows: Int, different: Int, _ generator: inout SeededGenerator
    ) throws -> (store: FieldStore, sets: [[UInt64]]) {
        // Several tokens agree in the sixteen bits that are looked at first.
        let tokens = (1..<40).map { UInt64($0 / 2) << 16 | UInt64($0) << 40 }
        let values = (0..<different).map { number in
            number == 0 ? [] : (0..<generator.below(12)).map { _ in tokens[generator.below(39)] }
        }
        let chosen = (0..<rows).map { $0 < different ? $0 : generator.below(different) }
        func piece(_ name: String, _ range: Range<Int>) -> Encodings {
            let own = range.map { values[chosen[$0]] }
            var offsets = [0]
            for set in own { offsets.append(offsets[offsets.count - 1] + set.count) }
            return Encodings(
                source: name, keyEpoch: 1, specification: ContentDigest.sha256("s"),
                subject: range.map { SyntheticEncodings.subject("s", UInt64($0)) },
                record: range.map { RecordPseudonym(high: 1, low: UInt64($0)) },
                operation: Array(repeating: .open, count: range.count),
                happened: Array(repeating: Day(1), count: range.count),
                known: Array(repeating: Day(1), count: range.count),
                fields: [.init("near", .tokenSet(offsets: offsets, tokens: own.flatMap { $0 }))])
        }
        let pieces = [piece("a", 0..<(rows / 3)), piece("b", (rows / 3)..<rows)]
        let store = try FieldStore(pieces, firstNew: [0, 0])
        let sets = (0..<rows).map { row -> [UInt64] in
            let place = store.place(of: row)
            return values[chosen[Int(place.row) + (place.source == 0 ? 0 : rows / 3)]]
        }
        return (store, sets)
    }

    @Test(
        "Two share a token where their sets meet, whether sets repeat or not",
        arguments: [20, 400], [1, 3])
    func sharing(different: Int, threads: Int) throws {
        var generator = SeededGenerator(seed: UInt64(different), label: "sets")
        let (store, sets) = try Self.store(rows: 500, different: different, &generator)
        let order = RowOrder(store)
        let field = try #require(store.sets["near"])
        let distinct = DistinctSets(
            field, order.rowsAsHeld(store), order, threads: threads)
        #expect((distinct != nil) == (different == 20))
        let placed = PlacedSets(field, store, order, threads: threads)
        let left = (0..<6_000).map { _ in UInt32(generator.below(500)) }
        let right = (0..<6_000).map { _ in UInt32(generator.below(500)) }
        let chosen = left.indices.filter { _ in generator.below(4) > 0 }.map { UInt32($0) }
        let nonempty = chosen.filter {
            !sets[Int(order.rows[Int(left[Int($0)])])].isEmpty
                && !sets[Int(order.rows[Int(right[Int($0)])])].isEmpty
        }
        for asked in [chosen, nonempty, []] {
            var found: [Int] = []
            asked.withUnsafeBufferPointer {
                placed.forEachSharing(left, right, $0) { found.append($0) }
            }
            let expected = asked.map { Int($0) }.filter { pair in
                !Set(sets[Int(order.rows[Int(left[pair])])]).isDisjoint(
                    with: sets[Int(order.rows[Int(right[pair])])])
            }
            #expect(found == expected)
            #expect(asked.isEmpty || (!found.isEmpty && found.count < asked.count))
        }
    }

    @Test("Each different set is held once, under the number of all places that have it")
    func once() throws {
        var generator = SeededGenerator(seed: 2, label: "sets")
        let (store, sets) = try Self.store(rows: 40_000, different: 30, &generator)
        let order = RowOrder(store)
        let field = try #require(store.sets["near"])
        let distinct = try #require(
            DistinctSets(field, order.rowsAsHeld(store), order, threads: 2))
        #expect(distinct.count == Set(sets).count)
        for place in order.rows.indices {
            let tokens = distinct[Int(distinct.numbers[place])]
            #expect(Array(tokens) == sets[Int(order.rows[place])])
        }
    }
}
