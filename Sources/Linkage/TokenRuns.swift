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

    /// The chance that two different records share a token: Σ n(n−1) / N(N−1).
    ///
    /// - Parameter records: The records that the pairs are of; those with a token where `nil`.
    func coincidence(of records: Int? = nil) -> Double {
        guard rows.count > 1 else { return 0 }
        let records = Double(records ?? rows.count)
        var sum = 0.0
        for run in 0..<count {
            let size = Double(starts[run + 1] - starts[run])
            sum += size * (size - 1)
        }
        return sum / (records * (records - 1))
    }

    /// The same among records of one source: the mean over the sources, each with the weight of
    /// its pairs.
    ///
    /// - Parameters:
    ///   - source: The source of each row.
    ///   - records: For each source, the records that the pairs are of.
    func coincidence(source: [Int32], of records: [Int]) -> Double {
        var shared = [Double](repeating: 0, count: records.count)
        var sizes = [Int](repeating: 0, count: records.count)
        for run in 0..<count {
            let range = starts[run]..<starts[run + 1]
            guard range.count > 1 else { continue }
            for place in range { sizes[Int(source[Int(rows[place])])] += 1 }
            for index in sizes.indices where sizes[index] > 0 {
                shared[index] += Double(sizes[index]) * Double(sizes[index] - 1)
                sizes[index] = 0
            }
        }
        var (sum, weight) = (0.0, 0.0)
        for (index, count) in records.enumerated() where count > 1 {
            let count = Double(count)
            sum += shared[index] / (count * (count - 1)) * count * count
            weight += count * count
        }
        return weight > 0 ? sum / weight : 0
    }
}
