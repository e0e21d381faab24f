/// Some of the places of ``RowOrder``.
struct PlaceSet: Sendable {
    /// A bit for each place.
    private var words: [UInt64]

    /// The places of some pairs.
    ///
    /// - Parameters:
    ///   - count: How many places there are.
    ///   - pairs: Pairs of places, the left one in the upper half.
    ///   - ranges: Of each of `pairs` those that count.
    ///   - threads: How many processors to use.
    init(_ count: Int, of pairs: [[UInt64]], _ ranges: [Range<Int>], threads: Int) {
        let size = count / 64 + 1
        let found = CandidatePairs.concurrently(max(threads, 1), threads: threads) { thread in
            var words = [UInt64](repeating: 0, count: size)
            words.withUnsafeMutableBufferPointer { words in
                for part in stride(from: thread, to: pairs.count, by: max(threads, 1)) {
                    for pair in pairs[part][ranges[part]] {
                        words[Int(pair >> 38)] |= 1 << (pair >> 32 & 63)
                        words[Int(pair & 0xffff_ffff) >> 6] |= 1 << (pair & 63)
                    }
                }
            }
            return words
        }
        words = found[0]
        for other in found.dropFirst() {
            for index in words.indices { words[index] |= other[index] }
        }
    }

    /// The places, in ascending order.
    var places: [UInt32] {
        var places: [UInt32] = []
        places.reserveCapacity(words.reduce(0) { $0 + $1.nonzeroBitCount })
        for (index, word) in words.enumerated() {
            var word = word
            while word != 0 {
                places.append(UInt32(index * 64 + word.trailingZeroBitCount))
                word &= word - 1
            }
        }
        return places
    }

    /// The rows that have one of the places, in ascending order: the number of the row in the upper
    /// half, and which of the places it has in the lower.
    ///
    /// - Parameters:
    ///   - held: The place of each row.
    ///   - threads: How many processors to use.
    func entries(_ held: [UInt32], threads: Int) -> [UInt64] {
        var before: [UInt32] = []
        before.reserveCapacity(words.count)
        var count: UInt32 = 0
        for word in words {
            before.append(count)
            count += UInt32(word.nonzeroBitCount)
        }
        let (part, ranks) = (1 << 16, before)
        return CandidatePairs.concurrently((held.count + part - 1) / part, threads: threads) {
            number in
            var entries: [UInt64] = []
            for row in (number * part)..<min((number + 1) * part, held.count) {
                let place = held[row]
                guard place != RowOrder.none else { continue }
                let (index, bit) = (Int(place >> 6), UInt64(1) << UInt64(place & 63))
                guard words[index] & bit != 0 else { continue }
                let rank = ranks[index] + UInt32((words[index] & (bit - 1)).nonzeroBitCount)
                entries.append(UInt64(row) << 32 | UInt64(rank))
            }
            return entries
        }.flatMap { $0 }
    }
}
