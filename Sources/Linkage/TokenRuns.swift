/// The rows of a column of tokens, those with one token after each other.
///
/// A missing token (0) has no row here. The order of the tokens is that of their hashes, which is
/// the same in every run; rows of one token stand in their own order.
struct TokenRuns {
    /// The rows, run by run.
    let rows: [UInt32]
    /// `starts[i]..<starts[i + 1]` of ``rows`` share a token.
    let starts: [Int]

    init(_ tokens: [UInt64]) {
        var entries: [UInt64] = []
        entries.reserveCapacity(tokens.count)
        for (row, token) in tokens.enumerated() where token != 0 {
            entries.append(BlockingColumns.mixed(token) & ~0xffff_ffff | UInt64(row))
        }
        RadixSort.sortByHighWord(&entries)
        var rows = entries.map { UInt32(truncatingIfNeeded: $0) }
        var starts = [0]
        var start = 0
        while start < entries.count {
            var end = start + 1
            let first = tokens[Int(rows[start])]
            var isOne = true
            while end < entries.count, entries[end] >> 32 == entries[start] >> 32 {
                if tokens[Int(rows[end])] != first { isOne = false }
                end += 1
            }
            if !isOne {
                // Tokens whose hashes begin alike are few.
                rows[start..<end].sort { (tokens[Int($0)], $0) < (tokens[Int($1)], $1) }
                for place in (start + 1)..<end
                where tokens[Int(rows[place])] != tokens[Int(rows[place - 1])] {
                    starts.append(place)
                }
            }
            starts.append(end)
            start = end
        }
        self.rows = rows
        self.starts = starts
    }

    /// The number of different tokens.
    var count: Int { starts.count - 1 }
}
