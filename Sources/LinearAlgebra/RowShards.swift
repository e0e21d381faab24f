import Dispatch

/// Fixed shards of the rows of a matrix, so that a sum over rows has one order.
///
/// The boundaries follow from the number of rows alone. Each shard is summed
/// block by block in ascending order and the partial sums are returned in shard
/// order, so a result has the same bits for any number of threads.
public struct RowShards: Sendable {
    /// The rows of one block: what stands in the processor's cache at one time.
    public static let blockRows = 512
    /// The rows of one shard: what one thread sums at one time.
    public static let shardRows = 64 * blockRows

    /// The shards in ascending order; together they are all rows.
    public let ranges: [Range<Int>]

    public init(rows: Int) {
        ranges = stride(from: 0, to: rows, by: RowShards.shardRows).map {
            $0..<min($0 + RowShards.shardRows, rows)
        }
    }

    /// The blocks of one shard in ascending order.
    public static func blocks(of shard: Range<Int>) -> [Range<Int>] {
        stride(from: shard.lowerBound, to: shard.upperBound, by: blockRows).map {
            $0..<min($0 + blockRows, shard.upperBound)
        }
    }

    /// What `work` makes of each shard, in shard order.
    ///
    /// - Parameters:
    ///   - threads: How many shards are worked on at one time.
    ///   - work: Makes a partial result from the rows of one shard.
    public func map<Partial: Sendable>(
        threads: Int, _ work: @Sendable (Range<Int>) -> Partial
    ) -> [Partial] {
        Self.map(count: ranges.count, threads: threads) { work(ranges[$0]) }
    }

    /// What `work` makes of each of `count` parts of a problem, in their order.
    ///
    /// - Parameters:
    ///   - count: How many parts there are.
    ///   - threads: How many are worked on at one time.
    ///   - work: Makes a result of one part.
    public static func map<Partial: Sendable>(
        count: Int, threads: Int, _ work: @Sendable (Int) -> Partial
    ) -> [Partial] {
        _ = BLASIdentity.isHeldToOneThread
        let workers = max(1, min(threads, count))
        guard workers > 1 else { return (0..<count).map(work) }
        return [Partial](unsafeUninitializedCapacity: count) { buffer, initialised in
            nonisolated(unsafe) let slots = buffer
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                for part in stride(from: worker, to: count, by: workers) {
                    slots.initializeElement(at: part, to: work(part))
                }
            }
            initialised = count
        }
    }

    /// The sum of what `work` makes of each shard, added in shard order.
    ///
    /// - Parameters:
    ///   - threads: How many shards are worked on at one time.
    ///   - count: The number of elements of every partial sum.
    ///   - work: Makes a partial sum from the rows of one shard.
    public func sum(
        threads: Int, count: Int, _ work: @Sendable (Range<Int>) -> [Double]
    ) -> [Double] {
        var total = [Double](repeating: 0, count: count)
        for partial in map(threads: threads, work) {
            for index in 0..<count { total[index] += partial[index] }
        }
        return total
    }
}
