import PipelineModel
import Testing

@testable import Linkage

@Suite("Places of pairs")
struct PlaceSetTests {
    /// Parts of pairs of some of so many places, and which of them count.
    private static func pairs(of count: Int, _ number: Int) -> [(all: [UInt64], some: Range<Int>)] {
        var generator = SeededGenerator(seed: UInt64(count), label: "places")
        return (0..<5).map { part in
            // One part has none.
            let pairs = (0..<(part == 3 ? 0 : number)).map { _ in
                UInt64(generator.below(count)) << 32 | UInt64(generator.below(count))
            }
            return (pairs, (pairs.count / 4)..<(pairs.count - pairs.count / 4))
        }
    }

    @Test("They are those of the pairs that count, in ascending order", arguments: [1, 2, 7])
    func places(threads: Int) {
        for (count, number) in [(1, 3), (64, 9), (1_000, 100), (70_000, 500)] {
            let parts = Self.pairs(of: count, number)
            let found = PlaceSet(count, of: parts.map(\.all), parts.map(\.some), threads: threads)
            let expected = Set(
                parts.flatMap { part in
                    part.all[part.some].flatMap { [UInt32($0 >> 32), UInt32($0 & 0xffff_ffff)] }
                })
            #expect(found.places == expected.sorted() && !expected.isEmpty)
        }
        #expect(PlaceSet(10, of: [], [], threads: threads).places.isEmpty)
    }

    @Test("Rows that have them are found in the order in which they are held", arguments: [1, 3])
    func entries(threads: Int) {
        // More rows than are looked through at once, every tenth without a place.
        let count = 150_000
        var generator = SeededGenerator(seed: 1, label: "rows")
        var held = (0..<UInt32(count)).map { $0 }
        held.shuffle(using: &generator)
        held = held.enumerated().flatMap { $0 % 9 == 8 ? [$1, RowOrder.none] : [$1] }
        let parts = Self.pairs(of: count, 20_000)
        let set = PlaceSet(count, of: parts.map(\.all), parts.map(\.some), threads: threads)
        let places = set.places
        let slots = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
        let expected = held.enumerated().compactMap { row, place in
            slots[place].map { UInt64(row) << 32 | UInt64($0) }
        }
        #expect(set.entries(held, threads: threads) == expected && expected.count == places.count)
    }
}
