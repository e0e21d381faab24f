import CBitKernels
import EncodedExtract

/// The filters of one field in the order of ``RowOrder``, for comparing alone: where the encodings
/// hold them, some of them brought together in memory.
///
/// One reference, since a comparison is looked at for every few pairs: what is in it never changes.
final class PlacedFilters: Sendable {
    let wordsPerRow: Int
    /// Where the filter of each place lies.
    let places: [FieldStore.Origin]
    /// By piece, empty where the piece has no such field; the last may be of filters that were
    /// brought together.
    private let columns: [WordColumn]
    /// The words of the last column that are before this field's.
    private let skipped: Int
    /// What tells from hardened filters how alike they were; `nil` where they are as drawn.
    private let drawn: DrawnSimilarity?

    /// - Parameters:
    ///   - columns: By piece; empty where the piece has no such field.
    ///   - places: Where the filter of each place lies.
    ///   - wordsPerRow: The width of a filter.
    ///   - drawn: What tells from hardened filters how alike they were.
    ///   - skipped: The words of the last column that are before this field's.
    init(
        columns: [WordColumn], places: [FieldStore.Origin], wordsPerRow: Int,
        drawn: DrawnSimilarity?, skipped: Int = 0
    ) {
        self.columns = columns
        self.places = places
        self.wordsPerRow = wordsPerRow
        self.drawn = drawn
        self.skipped = skipped
    }

    /// The same with one more column of filters.
    ///
    /// - Parameters:
    ///   - words: The filters of the column, those of other fields too.
    ///   - skipped: How many words come before those of this field.
    ///   - places: Where the filter of each place lies then.
    func adding(
        _ words: [UInt64], after skipped: Int, places: [FieldStore.Origin]
    ) -> PlacedFilters {
        PlacedFilters(
            columns: columns + [WordColumn(words)], places: places, wordsPerRow: wordsPerRow,
            drawn: drawn, skipped: skipped)
    }

    /// Reads filters where the encodings hold them, and lets go of what was read of mapped columns.
    ///
    /// - Parameters:
    ///   - entries: In ascending order: where a filter lies, as the number of its row among those
    ///     of all pieces, in the upper half, and its place among `words` in the lower.
    ///   - firstOfPiece: Of each piece, how many rows lie in those before it.
    ///   - words: Where filters go; zeros where a piece has none.
    func read(
        _ entries: ArraySlice<UInt64>, _ firstOfPiece: [Int],
        to words: UnsafeMutablePointer<UInt64>
    ) {
        var start = entries.startIndex
        while start < entries.endIndex {
            let row = Int(entries[start] >> 32)
            let piece = firstOfPiece.lastIndex { $0 <= row } ?? 0
            let next = piece + 1 < firstOfPiece.count ? firstOfPiece[piece + 1] : .max
            // Entries are in ascending order: most slices are of one piece.
            let end =
                Int(entries[entries.endIndex - 1] >> 32) < next
                ? entries.endIndex
                : entries[start...].firstIndex { Int($0 >> 32) >= next } ?? entries.endIndex
            read(entries[start..<end], piece, firstOfPiece[piece], to: words)
            start = end
        }
    }

    /// Reads filters of one piece.
    private func read(
        _ entries: ArraySlice<UInt64>, _ piece: Int, _ firstRow: Int,
        to words: UnsafeMutablePointer<UInt64>
    ) {
        guard let first = entries.first, let last = entries.last else { return }
        let column = columns[piece]
        guard !column.isEmpty else {
            for entry in entries {
                (words + Int(entry & 0xffff_ffff) * wordsPerRow).initialize(
                    repeating: 0, count: wordsPerRow)
            }
            return
        }
        column.withUnsafeBufferPointer { column in
            entries.withUnsafeBufferPointer { entries in
                stile_gather(
                    column.baseAddress, wordsPerRow, firstRow, entries.baseAddress, entries.count,
                    words)
            }
        }
        column.letGo(
            ((Int(first >> 32) - firstRow) * wordsPerRow)..<((Int(last >> 32) + 1 - firstRow)
                * wordsPerRow))
    }

    /// Lets go of the pages of mapped columns.
    func letGo() { for column in columns { column.letGo() } }

    /// Writes how alike the filters of pairs are (Dice's coefficient, that of the filters as they
    /// were drawn).
    ///
    /// - Parameters:
    ///   - left: The left places of pairs.
    ///   - right: The right places of pairs.
    ///   - chosen: Which of the pairs are looked at.
    ///   - count: How many there are.
    ///   - dice: Where to write, at the numbers of the pairs; -1 where a filter is missing.
    func dice(
        _ left: UnsafePointer<UInt32>, _ right: UnsafePointer<UInt32>,
        _ chosen: UnsafePointer<UInt32>, _ count: Int,
        _ dice: UnsafeMutablePointer<Float>
    ) {
        guard count > 0 else { return }
        columns.withPointers(skipping: skipped) { pointers in
            stile_dice_pairs(
                pointers, places, wordsPerRow, drawn?.ofCount, drawn?.ofDifference, left, right,
                chosen, count, dice)
        }
    }
}
