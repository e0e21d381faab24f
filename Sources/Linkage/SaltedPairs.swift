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
    ///   - subjects: The source and the order of each record, which are the same for every salt; by
    ///     source where pairs are of one.
    ///   - isEligible: For each source, whether its records are paired.
    ///   - withinSource: Whether pairs are of one source.
    ///   - count: How many pairs are made.
    init(
        _ salt: String, _ store: FieldStore, _ subjects: Subjects? = nil, isEligible: [Bool],
        withinSource: Bool, count: Int
    ) {
        self.salt = salt
        guard let tokens = store.tokens[salt]?.values else { return }
        let subjects = subjects ?? Subjects(store, bySource: withinSource, threads: 1)
        let source = subjects.source
        let eligible = subjects.rows.indices.map {
            isEligible[Int(source[$0])] ? tokens[Int(subjects.rows[$0])] : 0
        }
        let runs = TokenRuns(eligible)
        // The records among which pairs are made, as ranges of the places of the runs.
        let places = runs.rows
        var groups: [Range<Int>] = []
        for run in 0..<runs.count {
            let range = runs.starts[run]..<runs.starts[run + 1]
            guard range.count > 1 else { continue }
            guard withinSource else {
                groups.append(range)
                continue
            }
            // Those of one source follow each other.
            var start = range.lowerBound
            while start < range.upperBound {
                let limit = subjects.ends.first { $0 > places[start] } ?? .max
                var end = start + 1
                while end < range.upperBound, places[end] < limit { end += 1 }
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
        for number in 0..<wanted {
            // The middle of each of equal parts.
            let place = Int((Double(number) + 0.5) * each)
            var pairs = groups[group].count * (groups[group].count - 1) / 2
            while place - before >= pairs, group + 1 < groups.count {
                before += pairs
                group += 1
                pairs = groups[group].count * (groups[group].count - 1) / 2
            }
            let range = groups[group]
            // Records on a circle, each with those so many steps ahead.
            let within = min(place - before, pairs - 1)
            let (step, first) = (1 + within / range.count, within % range.count)
            let one = subjects.rows[Int(places[range.lowerBound + first])]
            let other = subjects.rows[Int(places[range.lowerBound + (first + step) % range.count])]
            guard store.rowSubject[Int(one)] != store.rowSubject[Int(other)] else { continue }
            left.append(one)
            right.append(other)
        }
    }
}

extension SaltedPairs {
    /// The records in an order of their own, which does not depend on that of the input, and is the
    /// same for every salt: by a hash of their subjects, then as they stand; all so or source by source.
    struct Subjects: Sendable {
        let rows: [UInt32]
        /// The source of each.
        let source: [Int32]
        /// Where the records of each source end, if they follow each other.
        let ends: [UInt32]

        /// - Parameters:
        ///   - store: All records.
        ///   - bySource: Whether the records of each source follow each other.
        ///   - threads: How many processors to use.
        init(_ store: FieldStore, bySource: Bool, threads: Int) {
            let part = 1 << 14
            let hashes = CandidatePairs.concurrently(
                (store.rowCount + part - 1) / part, threads: threads
            ) { index in
                ((index * part)..<min((index + 1) * part, store.rowCount)).map { row in
                    let subject = store.subjects[Int(store.rowSubject[row])]
                    return BlockingColumns.mixed(
                        subject.high ^ BlockingColumns.mixed(subject.low))
                }
            }.flatMap { $0 }
            var entries = hashes.enumerated().map { $1 & ~0xffff_ffff | UInt64($0) }
            RadixSort.sortByHighWord(&entries)
            var rows = entries.map { UInt32(truncatingIfNeeded: $0) }
            var start = 0
            while start < entries.count {
                var end = start + 1
                while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
                if end - start > 1 {
                    // Hashes that begin alike are few, but for those of one subject.
                    rows[start..<end].sort { (hashes[Int($0)], $0) < (hashes[Int($1)], $1) }
                }
                start = end
            }
            let source = rows.map { store.subjectSource[Int(store.rowSubject[Int($0)])] }
            guard bySource else {
                (self.rows, self.source, ends) = (rows, source, [])
                return
            }
            var own = [[UInt32]](repeating: [], count: Int(source.max() ?? -1) + 1)
            for (row, source) in zip(rows, source) { own[Int(source)].append(row) }
            var end: UInt32 = 0
            ends = own.map { rows in
                end += UInt32(rows.count)
                return end
            }
            self.rows = own.flatMap { $0 }
            self.source = own.enumerated().flatMap { source, rows in
                repeatElement(Int32(source), count: rows.count)
            }
        }
    }
}
