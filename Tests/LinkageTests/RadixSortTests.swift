import PipelineModel
import Testing

@testable import Linkage

@Suite("Sorting by the upper half")
struct RadixSortTests {
    @Test(
        "As a stable sort would, whatever the spread",
        arguments: [0, 1, 200, 300, 20_000], [1, 3, 900, 70_000, 1 << 32])
    func stable(_ count: Int, _ values: Int) {
        var generator = SeededGenerator(seed: UInt64(count), label: "words")
        var words = (0..<count).map { _ in
            UInt64(generator.below(values)) << 32 | UInt64(generator.below(1_000))
        }
        let expected = words.enumerated().sorted {
            ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset)
        }.map(\.element)
        RadixSort.sortByHighWord(&words)
        #expect(words == expected)
    }

    @Test("Buckets of any size, up to those that are as large as small ones may be and beyond")
    func buckets() {
        var generator = SeededGenerator(seed: 6, label: "words")
        for size in [24, 25, 2_047, 2_048, 4_095, 4_096, 4_097] {
            var words = (0..<(4 * size)).map { index in
                UInt64(index % 4) << 62 | generator.next() >> 2
            }
            let expected = words.enumerated().sorted {
                ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset)
            }.map(\.element)
            RadixSort.sortByHighWord(&words)
            #expect(words == expected)
        }
    }

    @Test("One value that nearly all have, among many")
    func skewed() {
        var generator = SeededGenerator(seed: 5, label: "words")
        var words = (0..<30_000).map { index in
            index % 10 == 0 ? generator.next() : 7 << 60 | UInt64(index)
        }
        let expected = words.enumerated().sorted {
            ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset)
        }.map(\.element)
        RadixSort.sortByHighWord(&words)
        #expect(words == expected)
    }
}
