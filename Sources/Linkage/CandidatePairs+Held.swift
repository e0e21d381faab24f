import CBitKernels

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
        /// Which keys the pairs of a sample share, in ascending order of the pairs.
        var sample: [SharedKeys] = []

        /// The keys that a pair of the sample shares: a bit for each.
        func keys(of pair: UInt64) -> UInt64 {
            var (low, high) = (0, sample.count)
            while low < high {
                let middle = (low + high) / 2
                if sample[middle].pair < pair { low = middle + 1 } else { high = middle }
            }
            return low < sample.count && sample[low].pair == pair ? sample[low].keys : 0
        }
    }

    /// A candidate pair, as in ``Held``, and the keys that it shares.
    struct SharedKeys: Sendable {
        var pair: UInt64
        var keys: UInt64
    }

    /// Whether the pairs of a left row are in a sample of about one row in so many.
    static func isSampled(_ left: UInt32, oneIn: UInt64) -> Bool {
        oneIn == 1 || BlockingColumns.mixed(UInt64(left)) % oneIn == 0
    }

    /// Works all candidate pairs and their patterns out and keeps them for later passes, where they
    /// are not more than `most`; the fingerprints of keys are let go then.
    ///
    /// - Parameters:
    ///   - most: The most pairs that are kept.
    ///   - comparison: Makes the patterns.
    ///   - oneIn: Of which sample the keys that a pair shares are kept.
    mutating func hold(most: Int, _ comparison: PairComparison, keysOfOneIn oneIn: UInt64 = 1) {
        guard held == nil else { return }
        var found: [Held] = []
        var count = 0
        forEachBlocks(shards: Self.shards) { shards in
            let more = pairs(of: shards, comparison.order, keysOfOneIn: oneIn)
            count += more.reduce(0) { $0 + $1.pairs.count }
            found += more
            return count <= most
        }
        guard count <= most else { return }
        letGo()
        stile_return_memory()
        comparison.fill(&found, threads: threads)
        held = found
    }

    /// Lets go of the keys that the pairs of the sample share.
    mutating func letGoOfSample() {
        for index in (held ?? []).indices { held?[index].sample = [] }
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

    /// The pairs of shards, and of about one left row in so many the keys that they share.
    private func pairs(
        of shards: some RandomAccessCollection<Shard>, _ order: RowOrder?,
        keysOfOneIn oneIn: UInt64? = nil
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
            var sample: [SharedKeys] = []
            order.places.withUnsafeBufferPointer { places in
                forEachPair(in: shards[index], oneIn: 1) { left, right in
                    for pair in left.indices {
                        let placed =
                            UInt64(places[Int(left[pair])]) << 32
                            | UInt64(places[Int(right[pair])])
                        pairs.append(placed)
                        // While what they share is in the cache.
                        guard let oneIn, Self.isSampled(left[pair], oneIn: oneIn) else { continue }
                        let keys = sharedKeys(Int(left[pair]), Int(right[pair]))
                        sample.append(SharedKeys(pair: placed, keys: keys))
                    }
                }
            }
            sample.sort { $0.pair < $1.pair }
            // Kept for long: without the room in which it grew.
            let kept = sample.withUnsafeBufferPointer { Array($0) }
            return Held(key: shards[index].key, pairs: pairs, sample: kept)
        }
    }
}
