/// Candidate pairs that are kept, all of them or a segment at a time.
extension CandidatePairs {
    /// Candidate pairs of one key.
    struct Held: Sendable {
        var key: Int
        /// The left row in the upper half, the right row in the lower half.
        var pairs: [UInt64]
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
            let more = pairs(of: shards)
            count += more.reduce(0) { $0 + $1.pairs.count }
            found += more
            return count <= most
        }
        guard count <= most else { return }
        Phase.mark("pairs found")
        let patterns = comparison.patterns(of: found.map(\.pairs), threads: threads)
        for index in found.indices { found[index].patterns = patterns[index] }
        held = found
    }

    /// Hands over all candidate pairs, not many more than `most` at a time.
    func forEachSegment(most: Int, _ body: (inout [Held]) -> Void) {
        if var held { return body(&held) }
        var segment: [Held] = []
        var count = 0
        forEachBlocks(shards: Self.shards, most: most / (2 * max(threads, 1))) { shards in
            for first in stride(from: 0, to: shards.count, by: max(threads, 1)) {
                let more = pairs(of: shards[first..<min(first + max(threads, 1), shards.count)])
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

    private func pairs(of shards: some RandomAccessCollection<Shard>) -> [Held] {
        let shards = Array(shards)
        return Self.concurrently(shards.count, threads: threads) { index in
            var pairs: [UInt64] = []
            forEachPair(in: shards[index], oneIn: 1) { left, right in
                for pair in left.indices {
                    pairs.append(UInt64(left[pair]) << 32 | UInt64(right[pair]))
                }
            }
            return Held(key: shards[index].key, pairs: pairs)
        }
    }
}

extension CandidatePairs.Held {
    /// Hands over the pairs in chunks.
    ///
    /// - Parameters:
    ///   - oneIn: About one first row in so many, chosen by its hash.
    ///   - body: Takes left and right rows.
    func forEachChunk(
        oneIn: UInt64,
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        let chunk = CandidatePairs.chunk
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * chunk) { both in
            both.initialize(repeating: 0)
            let left = UnsafeMutableBufferPointer(rebasing: both[..<chunk])
            let right = UnsafeMutableBufferPointer(rebasing: both[chunk...])
            var held = 0
            func flush() {
                body(
                    UnsafeBufferPointer(rebasing: left[..<held]),
                    UnsafeBufferPointer(rebasing: right[..<held]))
                held = 0
            }
            for pair in pairs {
                let row = pair >> 32
                if oneIn > 1, BlockingColumns.mixed(row) % oneIn != 0 { continue }
                left[held] = UInt32(truncatingIfNeeded: row)
                right[held] = UInt32(truncatingIfNeeded: pair)
                held += 1
                if held == chunk { flush() }
            }
            if held > 0 { flush() }
        }
    }
}
