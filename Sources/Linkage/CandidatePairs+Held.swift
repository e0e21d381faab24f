/// Candidate pairs that are kept, all of them or a segment at a time.
extension CandidatePairs {
    /// Candidate pairs of one key.
    struct Held: Sendable {
        var key: Int
        /// By the places of their rows (``RowOrder``), or by their rows where there is no order; the
        /// left one in the upper half.
        var pairs: [UInt64]
        /// What goes along with the pairs when they are put in another order; mostly empty.
        var numbers: [UInt32] = []
        /// Their agreement patterns, once they have been compared; else empty.
        var patterns: [UInt64] = []
    }

    /// Works all candidate pairs and their patterns out and keeps them for later passes, where they
    /// are not more than `most`.
    mutating func hold(most: Int, _ comparison: PairComparison) {
        guard held == nil else { return }
        var found: [Held] = []
        var count = 0
        forEachBlocks(shards: Self.shards) { shards in
            let more = pairs(of: shards, comparison.order)
            count += more.reduce(0) { $0 + $1.pairs.count }
            found += more
            return count <= most
        }
        guard count <= most else { return }
        comparison.fill(&found, threads: threads)
        held = found
    }

    /// Hands over all candidate pairs, not many more than `most` at a time.
    ///
    /// - Parameters:
    ///   - most: About how many.
    ///   - order: Where rows lie; pairs are of rows where `nil`.
    ///   - body: Takes them; those that were kept have their patterns.
    func forEachSegment(most: Int, _ order: RowOrder?, _ body: (inout [Held]) -> Void) {
        if var held { return body(&held) }
        var segment: [Held] = []
        var count = 0
        forEachBlocks(shards: Self.shards, most: most / (2 * max(threads, 1))) { shards in
            for first in stride(from: 0, to: shards.count, by: max(threads, 1)) {
                let more = pairs(
                    of: shards[first..<min(first + max(threads, 1), shards.count)], order)
                count += more.reduce(0) { $0 + $1.pairs.count }
                segment += more
                if count >= most / 2 {
                    body(&segment)
                    (segment, count) = ([], 0)
                }
            }
            return true
        }
        if count > 0 { body(&segment) }
    }

    private func pairs(
        of shards: some RandomAccessCollection<Shard>, _ order: RowOrder?
    ) -> [Held] {
        let shards = Array(shards)
        return Self.concurrently(shards.count, threads: threads) { index in
            var pairs: [UInt64] = []
            guard let order else {
                forEachPair(in: shards[index], oneIn: 1) { left, right in
                    for pair in left.indices {
                        pairs.append(UInt64(left[pair]) << 32 | UInt64(right[pair]))
                    }
                }
                return Held(key: shards[index].key, pairs: pairs)
            }
            order.places.withUnsafeBufferPointer { places in
                forEachPair(in: shards[index], oneIn: 1) { left, right in
                    for pair in left.indices {
                        pairs.append(
                            UInt64(places[Int(left[pair])]) << 32
                                | UInt64(places[Int(right[pair])]))
                    }
                }
            }
            return Held(key: shards[index].key, pairs: pairs)
        }
    }
}
