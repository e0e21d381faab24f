import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Filters that are compared")
struct PlacedFiltersTests {
    @Test("Filters are brought together from any pieces, in parts", arguments: [1, 2, 5])
    func together(parts: Int) throws {
        var generator = SeededGenerator(seed: 5, label: "filters")
        // Pieces with rows, without rows, without the field.
        let counts = [7_000, 0, 300, 9_000, 50]
        let pieces = counts.enumerated().map { number, count in
            Encodings(
                source: "s\(number)", keyEpoch: 1, specification: ContentDigest.sha256("s"),
                subject: (0..<count).map { SyntheticEncodings.subject("s\(number)", UInt64($0)) },
                record: (0..<count).map { RecordPseudonym(high: 1, low: UInt64($0)) },
                operation: Array(repeating: .open, count: count),
                happened: Array(repeating: Day(1), count: count),
                known: Array(repeating: Day(1), count: count),
                fields: number == 2
                    ? []
                    : [
                        .init(
                            "name",
                            .filter(
                                bits: 128,
                                words: WordColumn((0..<(2 * count)).map { _ in generator.next() })))
                    ])
        }
        let store = try FieldStore(pieces, firstNew: counts)
        let filters = try #require(store.filters["name"])
        for oneIn in [1, 3, 4_000] {
            var rows: [Int] = []
            for row in 0..<counts.reduce(0, +) where generator.below(oneIn) == 0 {
                rows.append(row)
            }
            // Each to another place.
            let entries = rows.enumerated().map { index, row in
                UInt64(row) << 32 | UInt64(rows.count - 1 - index)
            }
            let placed = filters.placed(filters.places)
            var words = [UInt64](repeating: 7, count: 2 * rows.count)
            words.withUnsafeMutableBufferPointer { words in
                guard let target = words.baseAddress else { return }
                let size = (entries.count + parts - 1) / parts
                for first in stride(from: 0, to: entries.count, by: size) {
                    placed.read(
                        entries[first..<min(first + size, entries.count)], store.firstOfPiece,
                        to: target)
                }
            }
            var expected: [UInt64] = []
            for row in rows.reversed() {
                let piece = store.firstOfPiece.lastIndex { $0 <= row } ?? 0
                let place = row - store.firstOfPiece[piece]
                if case .filter(_, let all)? = pieces[piece]["name"] {
                    expected += [all[2 * place], all[2 * place + 1]]
                } else {
                    expected += [0, 0]
                }
            }
            #expect(words == expected && !words.isEmpty)
        }
    }

    @Test("Filters of any width are as alike as their bits say", arguments: [1, 3, 8, 16, 17])
    func dice(width: Int) throws {
        var generator = SeededGenerator(seed: UInt64(width), label: "widths")
        let count = 60
        let words = (0..<(count * width)).map { _ in generator.next() & generator.next() }
        // A row without a bit, and one with all.
        let filled = words.enumerated().map { index, word in
            index / width == 7 ? 0 : index / width == 9 ? .max : word
        }
        let piece = Encodings(
            source: "s", keyEpoch: 1, specification: ContentDigest.sha256("s"),
            subject: (0..<count).map { SyntheticEncodings.subject("s", UInt64($0)) },
            record: (0..<count).map { RecordPseudonym(high: 1, low: UInt64($0)) },
            operation: Array(repeating: .open, count: count),
            happened: Array(repeating: Day(1), count: count),
            known: Array(repeating: Day(1), count: count),
            fields: [.init("name", .filter(bits: 64 * width, words: WordColumn(filled)))])
        let store = try FieldStore([piece], firstNew: [0])
        let filters = try #require(store.filters["name"])
        func bits(_ row: UInt32) -> Set<Int> {
            filters.withWords { words in
                Set(
                    (0..<(64 * width)).filter { bit in
                        words(Int(row)).map { $0[bit / 64] >> UInt64(bit % 64) & 1 == 1 } ?? false
                    })
            }
        }
        let left = (0..<400).map { _ in UInt32(generator.below(count)) }
        let right = (0..<400).map { _ in UInt32(generator.below(count)) }
        // Every third pair is not looked at.
        let chosen = (0..<400).filter { $0 % 3 != 0 }.map { UInt32($0) }
        var dice = [Float](repeating: 7, count: 400)
        dice.withUnsafeMutableBufferPointer { dice in
            guard let dice = dice.baseAddress else { return }
            filters.placed(filters.places).dice(left, right, chosen, chosen.count, dice)
        }
        for pair in 0..<400 {
            let (one, two) = (bits(left[pair]), bits(right[pair]))
            let expected: Float =
                pair % 3 == 0
                ? 7
                : one.isEmpty || two.isEmpty
                    ? -1 : 2 * Float(one.intersection(two).count) / Float(one.count + two.count)
            #expect(dice[pair] == expected)
        }
        #expect(dice.contains(-1) && dice.contains(1))
    }
}
