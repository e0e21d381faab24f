import LinearAlgebra
import PipelineModel

/// The columns of a design that are mostly zero, row by row, as they are.
///
/// Held once for all passes of a fit, and for all folds of one that chooses a penalty: it depends
/// on no mean, scale or weight. Twelve bytes for each number that is not zero.
struct SparseRows: Sendable {
    /// Which columns of the design; ascending.
    let columns: [Int]
    private let shards: [CompressedRows]

    /// Takes in the mostly zero ones among some columns, or `nil` where it would not pay.
    ///
    /// - Throws: `StileError` where the rows cannot be read.
    init?(
        _ design: any DesignRows, among used: [Int], _ standardisation: Standardisation,
        threads: Int
    ) throws {
        let most = Double(design.rowCount) * SparseColumn.largestShare
        // With weights a column of few numbers may lie far from zero: its sums would lose digits.
        let columns = used.filter {
            Double(standardisation.nonzero[$0]) <= most
                && abs(standardisation.means[$0]) <= standardisation.scales[$0]
        }
        guard design.rowCount >= RowShards.shardRows, 2 * columns.count > used.count,
            columns.count <= CompressedRows.mostColumns
        else { return nil }
        self.columns = columns
        shards = try RowShards(rows: design.rowCount).map(threads: threads) { range in
            Result {
                var shard = CompressedRows()
                try design.withRows(range, of: columns) { lent in
                    shard = CompressedRows(lent, rows: range.count)
                }
                return shard
            }
        }.map { try $0.get() }
    }

    /// The shard that begins at or holds a row.
    func shard(of row: Int) -> CompressedRows { shards[row / RowShards.shardRows] }
}
