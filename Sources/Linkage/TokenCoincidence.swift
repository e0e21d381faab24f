/// The chance that two different records share a token: Σ n(n−1) / N(N−1) over the tokens.
///
/// Only how often each token comes up counts, so that the tokens themselves are sorted, without the
/// rows that have them (``TokenRuns``).
enum TokenCoincidence {
    /// - Parameters:
    ///   - tokens: Of the records; 0 is missing.
    ///   - records: The records that the pairs are of.
    static func share(_ tokens: [UInt64], of records: Int) -> Double {
        guard records > 1 else { return 0 }
        return pairs(tokens) / (Double(records) * Double(records - 1))
    }

    /// The same among records of one source: the mean over the sources, each with the weight of its
    /// pairs.
    ///
    /// - Parameters:
    ///   - tokens: By source.
    ///   - records: For each source, the records that the pairs are of.
    static func share(_ tokens: [[UInt64]], of records: [Int]) -> Double {
        var (sum, weight) = (0.0, 0.0)
        for (tokens, records) in zip(tokens, records) where records > 1 {
            let count = Double(records)
            sum += pairs(tokens) / (count * (count - 1)) * count * count
            weight += count * count
        }
        return weight > 0 ? sum / weight : 0
    }

    /// Twice the pairs of equal tokens.
    private static func pairs(_ tokens: [UInt64]) -> Double {
        var words: [UInt64] = []
        words.reserveCapacity(tokens.count)
        // Different tokens have different hashes.
        for token in tokens where token != 0 { words.append(BlockingColumns.mixed(token)) }
        RadixSort.sortByHighWord(&words)
        var sum = 0.0
        words.withUnsafeMutableBufferPointer { words in
            var start = 0
            while start < words.count {
                var end = start + 1
                var isOne = true
                while end < words.count, words[end] >> 32 == words[start] >> 32 {
                    if words[end] != words[start] { isOne = false }
                    end += 1
                }
                if isOne {
                    sum += Double(end - start) * Double(end - start - 1)
                } else {
                    // Hashes that begin alike are few.
                    words[start..<end].sort()
                    var first = start
                    for place in start..<end
                    where place + 1 == end || words[place + 1] != words[first] {
                        sum += Double(place + 1 - first) * Double(place - first)
                        first = place + 1
                    }
                }
                start = end
            }
        }
        return sum
    }
}
