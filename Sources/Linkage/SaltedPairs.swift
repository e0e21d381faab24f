import PipelineModel

/// Pairs at random of records whose salts are equal, so that their filters can be compared.
///
/// Of all pairs at random one in thousands has the same date of birth: too few to count how often
/// names under that salt agree. These are made among such records alone. Every pair that shares a
/// salt is as likely to be made as any other; they are the same whatever the order of the input.
struct SaltedPairs {
    /// The token field that salts.
    let salt: String
    private(set) var left: [UInt32] = []
    private(set) var right: [UInt32] = []
    /// For how many pairs that share the salt each of these stands.
    private(set) var each = 0.0

    /// - Parameters:
    ///   - salt: The token field that salts.
    ///   - store: All records.
    ///   - subjects: The source and the order of each record, which are the same for every salt.
    ///   - isEligible: For each source, whether its records are paired.
    ///   - withinSource: Whether pairs are of one source.
    ///   - count: How many pairs are made.
    init(
        _ salt: String, _ store: FieldStore, _ subjects: Subjects? = nil, isEligible: [Bool],
        withinSource: Bool, count: Int
    ) {
        self.salt = salt
        guard let tokens = store.tokens[salt]?.values else { return }
        let subjects = subjects ?? Subjects(store, threads: 1)
        let source = subjects.source
        let eligible = tokens.indices.map { isEligible[Int(source[$0])] ? tokens[$0] : 0 }
        let runs = TokenRuns(eligible)
        // The records among which pairs are made, as ranges of the rows of the runs.
        var rows = runs.rows
        var groups: [Range<Int>] = []
        var scratch: [UInt64] = []
        for run in 0..<runs.count {
            let range = runs.starts[run]..<runs.starts[run + 1]
            guard range.count > 1 else { continue }
            guard withinSource else {
                groups.append(range)
                continue
            }
            Self.deal(&rows, range, by: source, &scratch)
            var start = range.lowerBound
            while start < range.upperBound {
                var end = start + 1
                while end < range.upperBound, source[Int(rows[end])] == source[Int(rows[start])] {
                    end += 1
                }
                if end - start > 1 { groups.append(start..<end) }
                start = end
            }
        }
        let all = groups.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
        guard all > 0 else { return }
        let wanted = min(count, all)
        each = Double(all) / Double(wanted)
        var group = 0
        var before = 0
        var isSorted = false
        var keyed: [(UInt64, UInt32)] = []
        for number in 0..<wanted {
            // The middle of each of equal parts.
            let place = Int((Double(number) + 0.5) * each)
            var pairs = groups[group].count * (groups[group].count - 1) / 2
            while place - before >= pairs, group + 1 < groups.count {
                before += pairs
                group += 1
                isSorted = false
                pairs = groups[group].count * (groups[group].count - 1) / 2
            }
            let range = groups[group]
            if !isSorted {
                // By subject: rows stand as the input had them.
                Self.sort(&rows, range, &keyed) { subjects.order[Int($0)] }
                isSorted = true
            }
            // Records on a circle, each with those so many steps ahead.
            let within = min(place - before, pairs - 1)
            let (step, first) = (1 + within / range.count, within % range.count)
            let one = rows[range.lowerBound + first]
            let other = rows[range.lowerBound + (first + step) % range.count]
            guard store.rowSubject[Int(one)] != store.rowSubject[Int(other)] else { continue }
            left.append(one)
            right.append(other)
        }
    }

    /// Puts some of the rows, which are in ascending order, in that of their sources and then their own.
    private static func deal(
        _ rows: inout [UInt32], _ range: Range<Int>, by source: [Int32], _ scratch: inout [UInt64]
    ) {
        scratch.removeAll(keepingCapacity: true)
        for row in rows[range] { scratch.append(UInt64(source[Int(row)]) << 32 | UInt64(row)) }
        scratch.sort()
        for (place, entry) in zip(range, scratch) {
            rows[place] = UInt32(truncatingIfNeeded: entry)
        }
    }

    /// Sorts some of the rows by a key that is worked out once for each; of equals, the first row
    /// first.
    private static func sort(
        _ rows: inout [UInt32], _ range: Range<Int>, _ keyed: inout [(UInt64, UInt32)],
        by key: (UInt32) -> UInt64
    ) {
        keyed.removeAll(keepingCapacity: true)
        for row in rows[range] { keyed.append((key(row), row)) }
        keyed.sort { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }
        for (place, entry) in zip(range, keyed) { rows[place] = entry.1 }
    }
}

extension SaltedPairs {
    /// What pairs are made by, beside salts, for each record.
    struct Subjects: Sendable {
        let source: [Int32]
        /// A number by which a record has a place that does not depend on the order of the input.
        let order: [UInt64]

        init(_ store: FieldStore, threads: Int) {
            source = store.rowSource
            let part = 1 << 14
            order = CandidatePairs.concurrently(
                (store.rowCount + part - 1) / part, threads: threads
            ) { index in
                ((index * part)..<min((index + 1) * part, store.rowCount)).map { row in
                    let subject = store.subjects[Int(store.rowSubject[row])]
                    return BlockingColumns.mixed(
                        subject.high ^ BlockingColumns.mixed(subject.low))
                }
            }.flatMap { $0 }
        }
    }
}
