/// Many pairs in the order of their places, so that memory is waited for once a row and not once a
/// pair.
extension PairComparison {
    /// The pairs that are compared in one go.
    private static let shard = 1 << 15

    typealias Chunk = (
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        _ patterns: UnsafeBufferPointer<UInt64>
    ) -> Void

    /// What `work` makes of each shard of the pairs, in order.
    ///
    /// - Parameters:
    ///   - pairs: Of places, the left one in the upper half, by which they are in ascending order.
    ///   - threads: How many processors to use.
    ///   - work: Takes a function that hands over the shard's pairs and their patterns in chunks.
    func map<Partial: Sendable>(
        placed pairs: [UInt64], threads: Int,
        _ work: @Sendable (_ forEachChunk: (Chunk) -> Void) -> Partial
    ) -> [Partial] {
        CandidatePairs.concurrently(
            (pairs.count + Self.shard - 1) / Self.shard, threads: threads
        ) { shard in
            let start = shard * Self.shard
            let range = start..<min(start + Self.shard, pairs.count)
            return work { forEachChunk(pairs, range, $0) }
        }
    }

    private func forEachChunk(_ pairs: [UInt64], _ range: Range<Int>, _ body: Chunk) {
        let chunk = CandidatePairs.chunk
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * chunk) { places in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: chunk) { patterns in
                places.initialize(repeating: 0)
                patterns.initialize(repeating: 0)
                for first in stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
                    let count = min(chunk, range.upperBound - first)
                    for index in 0..<count {
                        places[index] = UInt32(truncatingIfNeeded: pairs[first + index] >> 32)
                        places[chunk + index] = UInt32(truncatingIfNeeded: pairs[first + index])
                    }
                    let left = UnsafeBufferPointer(rebasing: places[..<count])
                    let right = UnsafeBufferPointer(rebasing: places[chunk..<(chunk + count)])
                    let patterns = UnsafeMutableBufferPointer(rebasing: patterns[..<count])
                    compare(places: left, right, into: patterns)
                    body(left, right, UnsafeBufferPointer(patterns))
                }
            }
        }
    }

    /// The patterns of many pairs of rows.
    ///
    /// - Parameter pairs: In lists; the left row in the upper half.
    func patterns(of pairs: [[UInt64]], threads: Int) -> [[UInt64]] {
        let all = pairs.count == 1 ? pairs[0] : Array(pairs.joined())
        // By the left places, with the number of the pair instead of the right one.
        var byPlace = all.enumerated().map { index, pair in
            UInt64(order.places[Int(pair >> 32)]) << 32 | UInt64(index)
        }
        RadixSort.sortByHighWord(&byPlace)
        let sorted = byPlace
        let shards = (sorted.count + Self.shard - 1) / Self.shard
        var patterns = [UInt64](repeating: 0, count: all.count)
        patterns.withUnsafeMutableBufferPointer { patterns in
            nonisolated(unsafe) let patterns = patterns
            _ = CandidatePairs.concurrently(shards, threads: threads) { shard in
                let start = shard * Self.shard
                let range = start..<min(start + Self.shard, sorted.count)
                var placed: [UInt64] = []
                placed.reserveCapacity(range.count)
                for entry in sorted[range] {
                    let right = Int(all[Int(entry & 0xffff_ffff)] & 0xffff_ffff)
                    placed.append(entry & ~0xffff_ffff | UInt64(order.places[right]))
                }
                var next = start
                forEachChunk(placed, placed.indices) { _, _, found in
                    for pattern in found {
                        patterns[Int(sorted[next] & 0xffff_ffff)] = pattern
                        next += 1
                    }
                }
            }
        }
        var first = 0
        return pairs.map { list in
            defer { first += list.count }
            return Array(patterns[first..<(first + list.count)])
        }
    }
}
