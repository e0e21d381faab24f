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
        /// How many pairs beside these were left out, since they cannot weigh enough.
        var leftOut = 0
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

    /// Hands over all candidate pairs, about `most` at a time and at the most half as many more.
    ///
    /// - Parameters:
    ///   - most: About how many.
    ///   - order: Where rows lie; pairs are of rows where `nil`.
    ///   - screen: Leaves pairs out, unless they have been kept.
    ///   - body: Takes them; those that were kept have their patterns.
    func forEachSegment(
        most: Int, _ order: RowOrder?, screen: PairScreen? = nil, _ body: (inout [Held]) -> Void
    ) {
        if var held { return body(&held) }
        var segment: [Held] = []
        var count = 0
        forEachBlocks(shards: Self.shards, most: most / (2 * max(threads, 1))) { shards in
            for first in stride(from: 0, to: shards.count, by: max(threads, 1)) {
                let more = pairs(
                    of: shards[first..<min(first + max(threads, 1), shards.count)], order, screen)
                count += more.reduce(0) { $0 + $1.pairs.count }
                segment += more
                if count >= most {
                    body(&segment)
                    (segment, count) = ([], 0)
                }
            }
            return true
        }
        if !segment.isEmpty { body(&segment) }
    }

    /// The pairs of shards that a screen does not leave out.
    private func pairs(
        of shards: ArraySlice<Shard>, _ order: RowOrder?, _ screen: PairScreen?
    ) -> [Held] {
        let shards = Array(shards)
        return Self.concurrently(shards.count, threads: threads) { index in
            var found = Held(key: shards[index].key, pairs: [])
            guard let order else {
                forEachPair(in: shards[index], oneIn: 1) { found.append($0, $1) }
                return found
            }
            guard let screen else {
                forEachPair(in: shards[index], oneIn: 1) { left, right in
                    order.withPlaces(of: left, right) { found.append($0, $1) }
                }
                return found
            }
            screen.memories.with { memory in
                forEachPair(in: shards[index], oneIn: 1) { left, right in
                    order.withPlaces(of: left, right) {
                        screen.append($0, $1, &memory, to: &found)
                    }
                }
            }
            return found
        }
    }

    /// The pairs of shards, and of about one left row in so many the keys that they share.
    private func pairs(
        of shards: [Shard], _ order: RowOrder, keysOfOneIn oneIn: UInt64
    ) -> [Held] {
        Self.concurrently(shards.count, threads: threads) { index in
            var found = Held(key: shards[index].key, pairs: [])
            forEachPair(in: shards[index], oneIn: 1) { left, right in
                let first = found.pairs.count
                order.withPlaces(of: left, right) { found.append($0, $1) }
                var (row, isSampled) = (UInt32.max, false)
                for pair in left.indices {
                    // Mostly that of the pair before.
                    if left[pair] != row {
                        row = left[pair]
                        isSampled = Self.isSampled(row, oneIn: oneIn)
                    }
                    guard isSampled else { continue }
                    // While what they share is in the cache.
                    let keys = sharedKeys(Int(row), Int(right[pair]))
                    found.sample.append(SharedKeys(pair: found.pairs[first + pair], keys: keys))
                }
            }
            found.sample.sort { $0.pair < $1.pair }
            // Kept for long: without the room in which it grew.
            found.sample = found.sample.withUnsafeBufferPointer { Array($0) }
            return found
        }
    }
}

extension CandidatePairs.Held {
    /// Adds pairs.
    fileprivate mutating func append(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>
    ) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: left.count + 1) { both in
            for pair in left.indices {
                both.initializeElement(
                    at: pair, to: UInt64(left[pair]) << 32 | UInt64(right[pair]))
            }
            pairs.append(contentsOf: UnsafeMutableBufferPointer(rebasing: both[..<left.count]))
        }
    }
}
