import Dispatch

/// Fixed pieces of the rows of a matrix, worked on by all processors.
///
/// Each row is worked out by itself, so that how the pieces fall among threads changes nothing.
enum ScoringShards {
    /// The rows of one block: what stands in the processor's cache at one time.
    static let blockRows = 512
    /// The rows of one shard: what one thread does at one time.
    static let shardRows = 32 * blockRows

    /// Does `work` on every block of `rows` rows.
    ///
    /// - Parameters:
    ///   - rows: The number of rows.
    ///   - work: Is called with the rows of one block, from several threads at once.
    static func forEachBlock(of rows: Int, _ work: @Sendable (Range<Int>) -> Void) {
        let shards = (rows + shardRows - 1) / shardRows
        @Sendable func perform(_ shard: Int) {
            let end = min((shard + 1) * shardRows, rows)
            for start in stride(from: shard * shardRows, to: end, by: blockRows) {
                work(start..<min(start + blockRows, end))
            }
        }
        guard shards > 1 else {
            if shards == 1 { perform(0) }
            return
        }
        DispatchQueue.concurrentPerform(iterations: shards) { perform($0) }
    }
}
