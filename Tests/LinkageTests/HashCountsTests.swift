import PipelineModel
import Testing

@testable import Linkage

@Suite("Counts of hashes")
struct HashCountsTests {
    @Test("are those of a dictionary", arguments: [0, 1, 63, 64, 5_000])
    func plain(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count), label: "hashes")
        // Few values, of which many share their last bits, and some none.
        let hashes = (0..<count).map { _ in UInt64(generator.below(count / 3 + 2)) << 20 }
        let counts = HashCounts(hashes)
        let expected = Dictionary(grouping: hashes.filter { $0 != 0 }) { $0 }.mapValues(\.count)
        #expect(counts.distinct == expected.count)
        #expect(counts.total == expected.values.reduce(0, +))
        for hash in Set(hashes) { #expect(counts[hash] == expected[hash] ?? 0) }
        #expect(counts[7] == 0 && counts[0] == 0)
    }

    @Test("hardly repeat where fewer than one in twenty comes again, of more than a hundred")
    func noise() {
        func repeats(_ count: Int, again: Int) -> Bool {
            HashCounts((1...UInt64(count)).map { $0 <= UInt64(again) ? 1 : $0 }).hardlyRepeat
        }
        #expect(repeats(1_000, again: 40) && !repeats(1_000, again: 60))
        #expect(!repeats(100, again: 0) && repeats(101, again: 0))
    }
}
