import CBitKernels
import EncodedExtract

extension FieldStore {
    /// The filters of one field of all rows.
    ///
    /// They stay where the encodings hold them, which may be a mapped file.
    struct Filters {
        let wordsPerRow: Int
        /// The token field that salts the filters: two are comparable only where its tokens are
        /// equal; `nil` where nothing salts them.
        var salt: String?
        /// The tokens of ``salt``; `nil` where nothing salts them.
        var salts: Tokens?
        /// By source; empty where the source has no such field.
        private let columns: [WordColumn]
        let places: [Origin]
        /// What tells from hardened filters how alike they were; `nil` where they are as drawn.
        private let drawn: DrawnSimilarity?

        /// - Parameters:
        ///   - columns: By source; empty where the source has no such field.
        ///   - places: Where each row lies.
        ///   - wordsPerRow: The width of a filter.
        ///   - drawn: What tells from hardened filters how alike they were.
        init(
            columns: [WordColumn], places: [Origin], wordsPerRow: Int, drawn: DrawnSimilarity? = nil
        ) {
            self.columns = columns
            self.places = places
            self.wordsPerRow = wordsPerRow
            self.drawn = drawn
        }

        /// The filters in an order of their own, for comparing alone.
        ///
        /// - Parameter places: Where each filter lies.
        func placed(_ places: [Origin]) -> Filters {
            Filters(
                columns: columns, places: places, wordsPerRow: wordsPerRow, drawn: drawn)
        }

        /// The same with one more column of filters.
        ///
        /// - Parameters:
        ///   - words: The filters of the column.
        ///   - places: Where each row's filter lies then.
        func adding(_ words: [UInt64], places: [Origin]) -> Filters {
            Filters(
                columns: columns + [WordColumn(words)], places: places, wordsPerRow: wordsPerRow,
                drawn: drawn)
        }

        /// Some filters side by side, read from one end of each column to the other.
        ///
        /// - Parameters:
        ///   - entries: In ascending order: where a filter lies, as the number of its row among those
        ///     of all pieces, in the upper half, and its place among the result in the lower.
        ///   - firstOfPiece: Of each piece, how many rows lie in those before it.
        ///   - threads: How many processors to use: each reads a part of the columns.
        func words(at entries: [UInt64], firstOfPiece: [Int], threads: Int) -> [UInt64] {
            let all = entries.count * wordsPerRow
            return [UInt64](unsafeUninitializedCapacity: all) { buffer, count in
                count = all
                guard let target = buffer.baseAddress else { return }
                stile_prefer_large_pages(target, all * MemoryLayout<UInt64>.size)
                nonisolated(unsafe) let words = target
                let part = max(Self.readAhead, entries.count / (2 * max(threads, 1)) + 1)
                _ = CandidatePairs.concurrently(
                    (entries.count + part - 1) / part, threads: threads
                ) { number in
                    let end = min((number + 1) * part, entries.count)
                    for first in stride(from: number * part, to: end, by: Self.readAhead) {
                        read(
                            entries[first..<min(first + Self.readAhead, end)], firstOfPiece,
                            to: words)
                    }
                }
                letGo()
            }
        }

        /// Reads filters where they lie, and lets go of what was read of mapped columns.
        private func read(
            _ entries: ArraySlice<UInt64>, _ firstOfPiece: [Int],
            to words: UnsafeMutablePointer<UInt64>
        ) {
            let width = wordsPerRow
            columns.withPointers { pointers in
                var start = entries.startIndex
                while start < entries.endIndex {
                    let row = Int(entries[start] >> 32)
                    let piece = firstOfPiece.lastIndex { $0 <= row } ?? 0
                    let next = piece + 1 < firstOfPiece.count ? firstOfPiece[piece + 1] : .max
                    let end =
                        entries[start...].firstIndex { Int($0 >> 32) >= next } ?? entries.endIndex
                    Self.copy(
                        entries[start..<end], from: pointers[piece], firstOfPiece[piece], width,
                        to: words)
                    if !columns[piece].isEmpty {
                        let first = (row - firstOfPiece[piece]) * width
                        let last = (Int(entries[end - 1] >> 32) + 1 - firstOfPiece[piece]) * width
                        columns[piece].letGo(first..<last)
                    }
                    start = end
                }
            }
        }

        /// Copies filters of one piece; zeros where it has none.
        private static func copy(
            _ entries: ArraySlice<UInt64>, from column: UnsafePointer<UInt64>?, _ first: Int,
            _ width: Int, to words: UnsafeMutablePointer<UInt64>
        ) {
            for entry in entries {
                let target = words + Int(entry & 0xffff_ffff) * width
                guard let column else {
                    target.initialize(repeating: 0, count: width)
                    continue
                }
                let filter = column + (Int(entry >> 32) - first) * width
                for word in 0..<width { (target + word).initialize(to: filter[word]) }
            }
        }

        /// Filters that are read before the pages of mapped files are let go.
        private static let readAhead = 1 << 12

        /// Lets go of the pages of mapped columns.
        func letGo() { for column in columns { column.letGo() } }

        /// Whether each row has a filter: one without a set bit is missing.
        var presence: [Bool] {
            withWords { words in
                places.indices.map { row in
                    words(row).map { filter in
                        (0..<wordsPerRow).contains { filter[$0] != 0 }
                    } ?? false
                }
            }
        }

        /// Hands over the words of filters by row; `nil` where the row's source has none.
        func withWords<Result>(
            _ body: ((Int) -> UnsafePointer<UInt64>?) -> Result
        ) -> Result {
            columns.withPointers { pointers in
                body { row in
                    pointers[Int(places[row].source)].map {
                        $0 + Int(places[row].row) * wordsPerRow
                    }
                }
            }
        }

        /// Whether one row has a filter.
        func isPresent(_ row: Int) -> Bool {
            withWords { words in
                words(row).map { filter in (0..<wordsPerRow).contains { filter[$0] != 0 } } ?? false
            }
        }

        /// The number of set bits of each filter.
        var populations: [UInt32] {
            withWords { words in
                places.indices.map { row in
                    words(row).map { stile_popcount($0, wordsPerRow) } ?? 0
                }
            }
        }

        /// A hash of each filter; 0 where it is empty.
        var hashes: [UInt64] {
            withWords { words in
                places.indices.map { row in
                    guard let filter = words(row) else { return 0 }
                    let isThere = (0..<wordsPerRow).contains { filter[$0] != 0 }
                    return isThere
                        ? (0..<wordsPerRow).reduce(1) {
                            BlockingColumns.joined($0, filter[$1] &+ 0x9e37_79b9)
                        } : 0
                }
            }
        }

        /// Hands over what a row's salt is: 1 for all rows where nothing salts them.
        func withComparableSalt<Result>(_ body: ((Int) -> UInt64) -> Result) -> Result {
            guard let salts else { return body { _ in 1 } }
            return body { salts[$0] }
        }

        /// Writes how alike the filters of pairs are (Dice's coefficient, that of the filters as they
        /// were drawn).
        ///
        /// - Parameters:
        ///   - left: The left rows of pairs.
        ///   - right: The right rows of pairs.
        ///   - chosen: The places of the pairs that are looked at.
        ///   - count: How many there are.
        ///   - dice: Where to write, at the places of the pairs; -1 where one is missing.
        func dice(
            _ left: UnsafePointer<UInt32>, _ right: UnsafePointer<UInt32>,
            _ chosen: UnsafePointer<UInt32>, _ count: Int,
            _ dice: UnsafeMutablePointer<Float>
        ) {
            guard count > 0 else { return }
            columns.withPointers { pointers in
                stile_dice_pairs(
                    pointers, places, wordsPerRow, drawn?.ofCount, drawn?.ofDifference, left,
                    right, chosen, count, dice)
            }
        }
    }
}

extension [WordColumn] {
    /// Hands over where the words of each column begin; `nil` for one without words.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<UInt64>?>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(
            of: UnsafePointer<UInt64>?.self, capacity: count + 1
        ) { pointers in
            pointers.initialize(repeating: nil)
            func hold(_ index: Int) -> Result {
                guard index < count else {
                    // There is room for one more than there are columns, so never for none.
                    return body(UnsafePointer(pointers.baseAddress.unsafelyUnwrapped))
                }
                return self[index].withUnsafeBufferPointer {
                    if !$0.isEmpty { pointers[index] = $0.baseAddress }
                    return hold(index + 1)
                }
            }
            return hold(0)
        }
    }
}
