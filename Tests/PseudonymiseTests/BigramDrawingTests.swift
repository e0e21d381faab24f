import PipelineModel
import Testing

@testable import Pseudonymise

/// Bigrams drawn together, and masks kept, against the plain way.
@Suite("Bigrams drawn together")
struct BigramDrawingTests {
    /// One bigram, one value of the function and one position after the other.
    private static func plain(
        _ text: [UInt8], _ function: SipHash, bits: Int, positions: Int
    ) -> [UInt64] {
        var filter = [UInt64](repeating: 0, count: bits / 64)
        guard !text.isEmpty else { return filter }
        let width = bits.trailingZeroBitCount
        let fits = 64 / width
        let padded =
            [0] + String(decoding: text, as: UTF8.self).unicodeScalars.map { UInt64($0.value) }
            + [0]
        for (first, second) in zip(padded, padded.dropFirst()) {
            for number in 0..<positions {
                let block = UInt64(number / fits)
                let value = function([block << 42 | first << 21 | second])
                let position = Int(value >> UInt64(number % fits * width) & UInt64(bits - 1))
                filter[position / 64] |= 1 << UInt64(position % 64)
            }
        }
        return filter
    }

    /// Letters, digits, spaces, gaps between words, and characters outside the alphabet of one to
    /// four bytes.
    private static let characters = Array("aabcdeilmnorst xyz089\0-A~ßжя李\u{1F600}").map {
        Array(String($0).utf8)
    }

    private static func text(_ generator: inout SeededGenerator, longest: Int) -> [UInt8] {
        (0..<generator.below(longest + 1)).flatMap { _ in
            characters[generator.below(characters.count)]
        }
    }

    private static func function(_ generator: inout SeededGenerator) -> SipHash {
        func word() -> UInt64 {
            UInt64(generator.below(1 << 32)) << 32 | UInt64(generator.below(1 << 32))
        }
        return SipHash(word(), word())
    }

    @Test(
        "Every length of filter and number of positions, whatever bigrams are drawn together",
        arguments: [256, 512, 1024, 2048, 4096, 8192])
    func queue(bits: Int) {
        var generator = SeededGenerator(seed: UInt64(bits), label: "drawn together")
        let width = bits / 64
        var queue = BigramQueue()
        for positions in 1...32 {
            // From none on; the last is longer than all bigrams that a queue begins with.
            let texts =
                (0..<generator.below(30)).map { _ in Self.text(&generator, longest: 20) }
                + (positions == 32 ? [Self.text(&generator, longest: 4000)] : [])
            let functions = texts.map { _ in Self.function(&generator) }
            var filters = [UInt64](repeating: 0, count: texts.count * width)
            filters.withUnsafeMutableBufferPointer { filters in
                for (place, text) in texts.enumerated() where !text.isEmpty {
                    text.withUnsafeBufferPointer {
                        queue.add($0, functions[place], filter: place)
                    }
                }
                queue.draw(into: filters, bits: bits, positions: positions)
            }
            // What was drawn is gone.
            var none = [UInt64](repeating: 0, count: filters.count)
            none.withUnsafeMutableBufferPointer {
                queue.draw(into: $0, bits: bits, positions: positions)
            }
            #expect(none.allSatisfy { $0 == 0 })
            let expected = zip(texts, functions).flatMap {
                Self.plain($0, $1, bits: bits, positions: positions)
            }
            #expect(filters == expected, "\(positions) positions")
        }
    }

    @Test(
        "Masks that are kept give the same filters, function after function",
        arguments: [(256, 7), (512, 10), (1024, 10), (8192, 32)])
    func masks(bits: Int, positions: Int) {
        var generator = SeededGenerator(seed: UInt64(bits), label: "masks")
        var column = NormalColumn(emptyRows: 1)
        var texts: [[UInt8]] = [[]]
        for row in 1..<300 {
            let text = Self.text(&generator, longest: row % 50 == 0 ? 900 : 14)
            column.append(words: [text])
            texts.append(text)
        }
        let width = bits / 64
        var masks = BigramMasks(bits: bits, positions: positions)
        for _ in 0..<3 {
            let function = Self.function(&generator)
            masks.begin(function)
            // Rows in any order, some twice, in pieces of any length.
            let rows = (0..<400).map { _ in Int32(generator.below(300)) }
            var made = [UInt64](repeating: .max, count: 300 * width)
            var finished: [Int] = []
            made.withUnsafeMutableBufferPointer { made in
                NormalColumn.withViews(of: [column]) { views in
                    rows.withUnsafeBufferPointer { rows in
                        var start = 0
                        while start < rows.count {
                            let end = min(
                                start + generator.below(BigramMasks.textsTogether + 1), rows.count)
                            masks.make(
                                views[0], rows: UnsafeBufferPointer(rebasing: rows[start..<end]),
                                place: {
                                    UnsafeMutableBufferPointer(
                                        rebasing: made[($0 * width)..<(($0 + 1) * width)])
                                }, finish: { finished.append($0) })
                            start = end
                        }
                    }
                }
            }
            #expect(finished == rows.map(Int.init).filter { !texts[$0].isEmpty })
            for row in Set(rows.map(Int.init)).sorted() {
                let filter = Array(made[(row * width)..<((row + 1) * width)])
                let expected =
                    texts[row].isEmpty
                    ? [UInt64](repeating: .max, count: width)
                    : Self.plain(texts[row], function, bits: bits, positions: positions)
                #expect(filter == expected)
            }
        }
    }

    /// Below and above the number of rows from which on those of one salt are drawn together.
    @Test(
        "Filters of a column are those of the plain way, salted or not",
        arguments: [nil, 1, 3, 40])
    func column(saltsPerHundred: Int?) throws {
        let salt = saltsPerHundred == nil ? nil : "date_of_birth"
        let specification = try Fixtures.specification(
            """
            hardening: {salt: \(salt ?? "none"), diffusion: 0}
            fields:
              surname: {kind: name}
              date_of_birth: {kind: date_of_birth}
            """)
        let hasher = try KeySchedule(Fixtures.keyring()).filterHasher("surname", salt: salt)
        let filter = BigramFilter(hasher: hasher, specification: specification, salt: salt)
        var generator = SeededGenerator(seed: 6, label: "columns")
        var column = NormalColumn(emptyRows: 0)
        var texts: [[UInt8]] = []
        var tokens: [UInt64] = []
        for _ in 0..<500 {
            texts.append(Self.text(&generator, longest: 12))
            column.append(words: [texts[texts.count - 1]])
            tokens.append(UInt64(generator.below(5 * (saltsPerHundred ?? 1) + 1)))
        }
        let words = filter.words(
            column, salts: salt == nil ? .unsalted : Salts(tokens), subjects: [])
        let expected = texts.indices.flatMap { row -> [UInt64] in
            if salt != nil, tokens[row] == 0 { return [UInt64](repeating: 0, count: 8) }
            let message =
                salt == nil ? [] : withUnsafeBytes(of: tokens[row].bigEndian) { Array($0) }
            return Self.plain(texts[row], SipHash(hasher, message), bits: 512, positions: 10)
        }
        #expect(words == expected)
    }
}
