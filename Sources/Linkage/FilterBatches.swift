import CBitKernels
import PipelineModel

/// Batches of pairs that need the filters of few rows.
///
/// Filters are most of what encodings hold, and stay in the files that hold them. Two of them can
/// be compared only where their salts are equal, or where they have none. So pairs are dealt out by the salt that they
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
        /// Whether there are filters that the pairs need.
        var needsFilters = true
    }

    /// Pairs in the order of their buckets.
    struct Dealt: Sendable {
        /// For each bucket where its pairs begin, and the end of the last.
        var starts: [UInt32]
        /// Of the pairs dealt out by each salt, how many share each other one.
        fileprivate var sharing: [Int]
    }

    private let salts: [Salt]
    /// Of all filters that nothing salts, which any pair may need.
    private let unsaltedWords: Int
    private let records: RowRecords
    private let rows: Int
    private let limits: Limits
    /// How many rows have a value of each bucket, salt by salt.
    private let rowsOfBucket: [Int]

    /// How many buckets there are.
    ///
    /// The first are of pairs that share no salt, by their left rows: they need only filters that
    /// nothing salts. Then come, salt by salt, those
    /// of pairs that share it alone, and those of pairs that share others too: the first need no other
    /// salted filters than those that it salts.
    var buckets: Int { (2 * salts.count + 1) * Self.fineness }

    /// `nil` where no filter has a salt, or where it does not pay.
    ///
    /// - Parameters:
    ///   - records: The records of the rows that are compared.
    ///   - rows: How many these are.
    ///   - salts: For each filter, the column of the records that salts it, `nil` for none, and how many words it has.
    ///   - limits: When it pays.
    init?(
        _ records: RowRecords, rows: Int, salts: [(column: Int?, words: Int)], limits: Limits
    ) {
        guard rows >= limits.rows else { return nil }
        var (words, unsalted) = ([Int: Int](), 0)
        for salt in salts {
            if let column = salt.column {
                words[column, default: 0] += salt.words
            } else {
                unsalted += salt.words
            }
        }
        // A bucket's number has sixteen bits.
        guard !words.isEmpty, words.count < 32 else { return nil }
        unsaltedWords = unsalted
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
        let ofNoSalt = 0..<Self.fineness
        let salted = pairs.dropFirst(Self.fineness).reduce(0, +)
        let needing = unsaltedWords > 0 ? salted + pairs[ofNoSalt].reduce(0, +) : salted
        let words = unsaltedWords + salts.reduce(0) { $0 + $1.words }
        guard 2 * needing * words * MemoryLayout<UInt64>.size > limits.bytes else {
            let columns = salts.map(\.column)
            guard unsaltedWords == 0 else { return [Batch(buckets: 0..<buckets, salts: columns)] }
            return [
                Batch(buckets: ofNoSalt, salts: [], needsFilters: false),
                Batch(buckets: Self.fineness..<buckets, salts: columns),
            ]
        }
        var batches =
            unsaltedWords > 0
            ? cut(ofNoSalt, pairs, words: unsaltedWords, salts: []) { _ in rows }
            : [Batch(buckets: ofNoSalt, salts: [], needsFilters: false)]
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
            batches += cut(
                all, pairs, words: unsaltedWords + shared.reduce(0) { $0 + salts[$1].words },
                salts: shared.map { salts[$0].column }
            ) { rowsOfBucket[number * Self.fineness + $0 - all.lowerBound] }
        }
        return batches
    }

    /// Cuts buckets of one kind where their filters take as much as is allowed.
    ///
    /// - Parameters:
    ///   - all: The buckets.
    ///   - pairs: How many pairs are in each bucket that there is.
    ///   - words: Of the filters of one row.
    ///   - salts: The columns whose salts the pairs share.
    ///   - mostRows: How many rows the pairs of a bucket can have at the most.
    private func cut(
        _ all: Range<Int>, _ pairs: [Int], words: Int, salts: [Int], mostRows: (Int) -> Int
    ) -> [Batch] {
        var batches: [Batch] = []
        var (first, held) = (all.lowerBound, 0)
        for bucket in all {
            let needed =
                min(2 * pairs[bucket], mostRows(bucket)) * words * MemoryLayout<UInt64>.size
            if held + needed > limits.bytes, first < bucket {
                batches.append(Batch(buckets: first..<bucket, salts: salts))
                (first, held) = (bucket, 0)
            }
            held += needed
        }
        batches.append(Batch(buckets: first..<all.upperBound, salts: salts))
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
