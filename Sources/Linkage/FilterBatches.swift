import CBitKernels
import PipelineModel

/// Batches of pairs that need the filters of few rows.
///
/// Filters are most of what encodings hold, and stay in the files that hold them. Two of them can
/// be compared only where their salts are equal. So pairs are dealt out by the salt that they
/// share, whether they share others too, and by its value: the rows of one batch are then in no other
/// batch of that kind, and their filters are read once for all that are dealt out together, and are
/// in the cache instead of being waited for pair by pair.
struct FilterBatches: Sendable {
    /// Into how many buckets the pairs that share one salt are dealt, by its value.
    private static let fineness = 1 << 10

    /// When it pays to bring filters together.
    struct Limits: Sendable {
        /// From so many rows on.
        var rows = 1 << 17
        /// About the most that the filters of a batch take.
        var bytes = 1 << 26
    }

    /// A salt, by the column of the records that holds it.
    private struct Salt: Sendable {
        var column: Int
        /// Of all filters that it salts.
        var words: Int
    }

    /// Buckets whose filters are in memory at one time.
    struct Batch {
        var buckets: Range<Int>
        /// The columns of the records whose salts the pairs share.
        var salts: [Int]
    }

    /// Pairs in the order of their buckets.
    struct Dealt: Sendable {
        /// For each bucket where its pairs begin, and the end of the last.
        var starts: [UInt32]
        /// Of the pairs dealt out by each salt, how many share each other one.
        fileprivate var sharing: [Int]
    }

    private let salts: [Salt]
    private let records: RowRecords
    private let rows: Int
    private let limits: Limits
    /// How many rows have a value of each bucket, salt by salt.
    private let rowsOfBucket: [Int]

    /// How many buckets there are.
    ///
    /// The first are of pairs that share no salt, by their left rows. Then come, salt by salt, those
    /// of pairs that share it alone, and those of pairs that share others too: the first need no other
    /// filters than those that it salts.
    var buckets: Int { (2 * salts.count + 1) * Self.fineness }

    /// `nil` where some filter has no salt, so that any two can be compared, or where it does not pay.
    ///
    /// - Parameters:
    ///   - records: The records of the rows that are compared.
    ///   - rows: How many these are.
    ///   - salts: For each filter, the column of the records that salts it and how many words it has.
    ///   - limits: When it pays.
    init?(
        _ records: RowRecords, rows: Int, salts: [(column: Int?, words: Int)], limits: Limits
    ) {
        guard rows >= limits.rows, !salts.isEmpty else { return nil }
        var words: [Int: Int] = [:]
        for salt in salts {
            guard let column = salt.column else { return nil }
            words[column, default: 0] += salt.words
        }
        // A bucket's number has sixteen bits.
        guard words.count < 32 else { return nil }
        // The salt of most filters first: where it is shared, the others seldom matter.
        self.salts = words.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            Salt(column: $0.key, words: $0.value)
        }
        self.records = records
        self.rows = rows
        self.limits = limits
        rowsOfBucket = Self.rows(of: self.salts.map(\.column), records, rows)
    }

    /// How many rows have a value of each bucket, salt by salt.
    private static func rows(of columns: [Int], _ records: RowRecords, _ rows: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: columns.count * fineness)
        _ = records.withWords { words in
            for row in 0..<rows {
                for (number, column) in columns.enumerated() {
                    let value = words[row * records.width + column]
                    if value != 0 { counts[number * fineness + part(of: value)] += 1 }
                }
            }
        }
        return counts
    }

    /// The bucket of a salt's value, among those of the salt.
    @inline(__always)
    private static func part(of value: UInt64) -> Int {
        Int(BlockingColumns.mixed(value).multipliedFullWidth(by: UInt64(fineness)).high)
    }

    /// Puts pairs in the order of their buckets.
    func deal(_ part: inout CandidatePairs.Held) -> Dealt {
        var sharing = [Int](repeating: 0, count: salts.count * salts.count)
        let buckets = buckets(of: part.pairs, &sharing)
        var ends = [UInt32](repeating: 0, count: self.buckets + 1)
        for bucket in buckets { ends[Int(bucket) + 1] += 1 }
        for bucket in 0..<self.buckets { ends[bucket + 1] += ends[bucket] }
        let starts = ends
        var (pairs, numbers) = (part.pairs, part.numbers)
        for (index, bucket) in buckets.enumerated() {
            let place = Int(ends[Int(bucket)])
            ends[Int(bucket)] += 1
            pairs[place] = part.pairs[index]
            if !numbers.isEmpty { numbers[place] = part.numbers[index] }
        }
        (part.pairs, part.numbers) = (pairs, numbers)
        return Dealt(starts: starts, sharing: sharing)
    }

    /// How many pairs are in each bucket.
    func pairs(_ dealt: [Dealt]) -> [Int] {
        var counts = [Int](repeating: 0, count: buckets)
        for part in dealt {
            for bucket in 0..<buckets {
                counts[bucket] += Int(part.starts[bucket + 1] - part.starts[bucket])
            }
        }
        return counts
    }

    /// The buckets that are worked on together.
    ///
    /// - Parameters:
    ///   - dealt: How the pairs of each part were dealt out.
    ///   - pairs: How many pairs are in each bucket.
    func batches(_ dealt: [Dealt], _ pairs: [Int]) -> [Batch] {
        let most = limits.bytes
        var batches = [Batch(buckets: 0..<Self.fineness, salts: [])]
        let all = 2 * pairs.dropFirst(Self.fineness).reduce(0, +)
        guard all * salts.reduce(0, { $0 + $1.words }) * MemoryLayout<UInt64>.size > most
        else {
            batches.append(
                Batch(buckets: Self.fineness..<buckets, salts: salts.map(\.column)))
            return batches
        }
        for group in 0..<(2 * salts.count) {
            let (number, isAlone) = (group / 2, group % 2 == 0)
            let all = ((group + 1) * Self.fineness)..<((group + 2) * Self.fineness)
            // What few of them share is not worth bringing together for all.
            let many = pairs[all].reduce(0, +) / 16
            let shared = salts.indices.filter { other in
                other == number
                    || !isAlone
                        && dealt.reduce(0) { $0 + $1.sharing[number * salts.count + other] } > many
            }
            let words = shared.reduce(0) { $0 + salts[$1].words }
            let columns = shared.map { salts[$0].column }
            var first = all.lowerBound
            var held = 0
            for bucket in all {
                let rows = rowsOfBucket[number * Self.fineness + bucket - all.lowerBound]
                let needed = min(2 * pairs[bucket], rows) * words * MemoryLayout<UInt64>.size
                if held + needed > most, first < bucket {
                    batches.append(Batch(buckets: first..<bucket, salts: columns))
                    (first, held) = (bucket, 0)
                }
                held += needed
            }
            batches.append(Batch(buckets: first..<all.upperBound, salts: columns))
        }
        return batches
    }

    private func buckets(of pairs: [UInt64], _ sharing: inout [Int]) -> [UInt16] {
        let (width, rows) = (records.width, rows)
        let columns = salts.map(\.column)
        let buckets = records.withWords { words in
            pairs.indices.map { index -> UInt16 in
                if index + 16 < pairs.count {
                    let next = pairs[index + 16]
                    stile_prefetch(words + Int(next >> 32) * width, width * 8)
                    stile_prefetch(words + Int(next & 0xffff_ffff) * width, width * 8)
                }
                let place = Int(pairs[index] >> 32)
                let left = words + place * width
                let right = words + Int(pairs[index] & 0xffff_ffff) * width
                for number in columns.indices {
                    let value = left[columns[number]]
                    guard value != 0, value == right[columns[number]] else { continue }
                    var others = 0
                    for other in (number + 1)..<columns.count {
                        let value = left[columns[other]]
                        if value != 0, value == right[columns[other]] {
                            sharing[number * columns.count + other] += 1
                            others = 1
                        }
                    }
                    return UInt16(
                        truncatingIfNeeded: (2 * number + 1 + others) * Self.fineness
                            + Self.part(of: value))
                }
                return UInt16(truncatingIfNeeded: place * Self.fineness / rows)
            }
        }
        return buckets ?? []
    }
}
