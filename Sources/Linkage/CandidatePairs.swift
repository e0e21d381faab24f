import CBitKernels
import Dispatch
import PipelineModel

/// Pairs of rows that share a key, each pair once.
///
/// Every key has a fingerprint of 32 bits in every row (0 where a part is missing); rows with
/// the same fingerprint form a block. A pair belongs to the first key that both rows share. A
/// block with more than `largestBlock` rows is skipped, and counted. Two values that collide
/// in 32 bits cost a comparison and decide nothing.
struct CandidatePairs {
    /// How many pairs are handed over at a time.
    static let chunk = 4_096
    /// The shards of one key; a fixed number, so that the order of results is too.
    static let shards = 16

    /// The keys, each a list of columns (``BlockingColumns``).
    let keys: [[String]]
    private let store: FieldStore
    private let largestBlock: Int
    private let threads: Int
    /// Whether two subjects of one source may be one person, by source.
    private let mayRepeat: [Bool]
    private let rowSource: [Int32]
    /// One variant of a key: a band of its filters.
    private struct Variant {
        var key: Int
        var set: String?
    }
    private let variants: [Variant]
    /// `variants.count` fingerprints a row.
    private let fingerprints: [UInt32]

    /// - Parameter mayRepeat: For each source, whether two of its subjects may be one person.
    init(
        _ store: FieldStore, keys: [[String]], largestBlock: Int, mayRepeat: [Bool], threads: Int
    ) {
        self.store = store
        self.largestBlock = largestBlock
        self.mayRepeat = mayRepeat
        self.threads = threads
        rowSource = store.rowSubject.map { store.subjectSource[Int($0)] }
        var columns = BlockingColumns(store)
        self.keys = keys.filter { $0.allSatisfy(columns.has) }
        columns.prepare(self.keys.joined())
        var variants: [Variant] = []
        var choices: [[(String, Int)]] = []
        for (index, key) in self.keys.enumerated() {
            let set = key.first { $0.hasSuffix("*") }.map { String($0.dropLast()) }
            let plain = key.filter { !$0.hasSuffix("*") }
            // Where a key has two filters, band goes with band, and with its neighbour.
            for choice in Self.choices(plain) {
                variants.append(Variant(key: index, set: set))
                choices.append(choice)
            }
        }
        self.variants = variants
        fingerprints = Self.fingerprints(choices, columns, rows: store.rowCount)
    }

    private static func choices(_ columns: [String]) -> [[(String, Int)]] {
        let filters = columns.filter { $0.hasSuffix("~") }
        let bands = BlockingColumns.bands
        func fill(_ chosen: [String: Int]) -> [(String, Int)] {
            columns.map { ($0, chosen[$0] ?? 0) }
        }
        switch filters.count {
        case 0: return [fill([:])]
        case 1: return (0..<bands).map { fill([filters[0]: $0]) }
        default:
            return (0..<(2 * bands)).map {
                fill([filters[0]: $0 / 2, filters[1]: ($0 / 2 + $0 % 2) % bands])
            }
        }
    }

    private static func fingerprints(
        _ choices: [[(String, Int)]], _ columns: BlockingColumns, rows: Int
    ) -> [UInt32] {
        let width = choices.count
        return [UInt32](unsafeUninitializedCapacity: rows * width) { buffer, count in
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: rows) { hashes in
                for (position, choice) in choices.enumerated() {
                    hashes.initialize(repeating: UInt64(position) + 1)
                    for (name, band) in choice {
                        columns.hash(name, variant: band, into: hashes)
                    }
                    for row in 0..<rows {
                        let hash = hashes[row]
                        buffer[row * width + position] =
                            hash == 0 ? 0 : max(1, UInt32(truncatingIfNeeded: hash >> 32))
                    }
                }
            }
            count = rows * width
        }
    }

    /// The keys that two rows share: a bit for each, of at most 64.
    func sharedKeys(_ left: Int, _ right: Int) -> UInt64 {
        let width = variants.count
        var mask: UInt64 = 0
        for position in 0..<width {
            let (a, b) = (
                fingerprints[left * width + position], fingerprints[right * width + position]
            )
            guard a == b, a != 0, mask & (1 << UInt64(variants[position].key)) == 0 else {
                continue
            }
            if let set = variants[position].set,
                store.sets[set]?.share(left, right) != true
            {
                continue
            }
            mask |= 1 << UInt64(variants[position].key)
        }
        return mask
    }

    /// Rows in blocks: `starts[i]..<starts[i + 1]` of `rows` share a key.
    private struct Blocks {
        var rows: [UInt32] = []
        var starts: [Int] = [0]
        /// The shared token of each block where the key has a token set.
        var token: [UInt64] = []
        var skipped = 0
        var skippedRows = 0
    }

    /// The blocks of one variant of which at least one row is new.
    private func blocks(_ position: Int) -> Blocks {
        let width = variants.count
        var entries: [UInt64] = []
        let sets = variants[position].set.flatMap { store.sets[$0] }
        var blocks = Blocks()
        func close(_ start: Int, _ end: Int, _ token: UInt64, _ row: (Int) -> UInt32) {
            guard end - start > 1 else { return }
            guard (start..<end).contains(where: { store.isNew[Int(row($0))] }) else { return }
            guard end - start <= largestBlock else {
                blocks.skipped += 1
                blocks.skippedRows += end - start
                return
            }
            for index in start..<end { blocks.rows.append(row(index)) }
            blocks.starts.append(blocks.rows.count)
            if sets != nil { blocks.token.append(token) }
        }
        if let sets {
            var owners: [UInt32] = []
            var places: [UInt32] = []
            for row in 0..<store.rowCount {
                let print = fingerprints[row * width + position]
                guard print != 0 else { continue }
                for place in sets.offsets[row]..<sets.offsets[row + 1] {
                    let hash = BlockingColumns.joined(sets.tokens[place], UInt64(print))
                    entries.append(hash & ~0xffff_ffff | UInt64(owners.count))
                    owners.append(UInt32(row))
                    places.append(UInt32(place))
                }
            }
            RadixSort.sortByHighWord(&entries)
            var start = 0
            while start < entries.count {
                var end = start + 1
                while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
                let first = Int(entries[start] & 0xffff_ffff)
                close(start, end, sets.tokens[Int(places[first])]) {
                    owners[Int(entries[$0] & 0xffff_ffff)]
                }
                start = end
            }
            return blocks
        }
        entries.reserveCapacity(store.rowCount)
        for row in 0..<store.rowCount {
            let print = fingerprints[row * width + position]
            if print != 0 { entries.append(UInt64(print) << 32 | UInt64(row)) }
        }
        RadixSort.sortByHighWord(&entries)
        var start = 0
        while start < entries.count {
            var end = start + 1
            while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
            close(start, end, 0) { UInt32(truncatingIfNeeded: entries[$0]) }
            start = end
        }
        return blocks
    }

    /// What `work` makes of each shard of the candidate pairs of which at least one row is new.
    ///
    /// - Parameters:
    ///   - oneIn: Hands over about one pair in so many, chosen by a hash of the two subjects'
    ///     rows, the same in every run.
    ///   - work: Takes a key's number and a function that hands over the shard's pairs in chunks.
    /// - Returns: The results in the order of keys and shards, and what was too large to look at.
    func map<Partial: Sendable>(
        oneIn: UInt64 = 1,
        _ work:
            @Sendable (
                _ key: Int,
                _ forEachChunk: (
                    (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
                ) -> Void
            ) -> Partial
    ) -> (results: [Partial], skipped: [LinkageReport.SkippedBlocks]) {
        var results: [Partial] = []
        var skipped: [LinkageReport.SkippedBlocks] = []
        let count = variants.count
        let group = max(1, threads)
        for first in stride(from: 0, to: count, by: group) {
            let positions = first..<min(first + group, count)
            let found = Self.concurrently(positions.count, threads: threads) {
                blocks(positions.lowerBound + $0)
            }
            for (offset, blocks) in found.enumerated() {
                let position = positions.lowerBound + offset
                if blocks.skipped > 0 { note(blocks, variants[position].key, &skipped) }
                let shards = Self.shards(blocks.starts)
                results += Self.concurrently(shards.count, threads: threads) { shard in
                    work(variants[position].key) { body in
                        forEachPair(
                            in: shards[shard], of: blocks, position, oneIn: oneIn, body)
                    }
                }
            }
        }
        return (results, skipped)
    }

    private func note(
        _ blocks: Blocks, _ key: Int, _ skipped: inout [LinkageReport.SkippedBlocks]
    ) {
        let field = keys[key].joined(separator: " + ")
        if let index = skipped.firstIndex(where: { $0.field == field }) {
            skipped[index].blocks += blocks.skipped
            skipped[index].records += blocks.skippedRows
        } else {
            skipped.append(
                .init(field: field, blocks: blocks.skipped, records: blocks.skippedRows))
        }
    }

    /// Ranges of blocks with about the same number of pairs.
    private static func shards(_ starts: [Int]) -> [Range<Int>] {
        let blocks = starts.count - 1
        var pairs = 0
        for block in 0..<blocks {
            let size = starts[block + 1] - starts[block]
            pairs += size * (size - 1) / 2
        }
        let target = pairs / shards + 1
        var ranges: [Range<Int>] = []
        var from = 0
        var held = 0
        for block in 0..<blocks {
            let size = starts[block + 1] - starts[block]
            held += size * (size - 1) / 2
            if held >= target || block == blocks - 1 {
                ranges.append(from..<(block + 1))
                from = block + 1
                held = 0
            }
        }
        return ranges
    }

    /// The results of `work`, in order, of which `threads` are worked on at one time.
    static func concurrently<Partial: Sendable>(
        _ count: Int, threads: Int, _ work: @Sendable (Int) -> Partial
    ) -> [Partial] {
        guard count > 1, threads > 1 else { return (0..<count).map(work) }
        return [Partial](unsafeUninitializedCapacity: count) { buffer, initialised in
            nonisolated(unsafe) let slots = buffer
            DispatchQueue.concurrentPerform(iterations: min(threads, count)) { worker in
                for index in stride(from: worker, to: count, by: min(threads, count)) {
                    slots.initializeElement(at: index, to: work(index))
                }
            }
            initialised = count
        }
    }

    private func forEachPair(
        in range: Range<Int>, of blocks: Blocks, _ position: Int, oneIn: UInt64,
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        let width = variants.count
        let set = variants[position].set.flatMap { store.sets[$0] }
        let earlierSets = (0..<position).filter { variants[$0].set != nil }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.chunk) { both in
            let left = UnsafeMutableBufferPointer(rebasing: both[..<Self.chunk])
            let right = UnsafeMutableBufferPointer(rebasing: both[Self.chunk...])
            var held = 0
            func flush() {
                body(
                    UnsafeBufferPointer(rebasing: left[..<held]),
                    UnsafeBufferPointer(rebasing: right[..<held]))
                held = 0
            }
            fingerprints.withUnsafeBufferPointer { prints in
                blocks.rows.withUnsafeBufferPointer { rows in
                    for block in range {
                        let end = blocks.starts[block + 1]
                        for i in blocks.starts[block]..<end {
                            let a = Int(rows[i])
                            let (isNew, subject) = (store.isNew[a], store.rowSubject[a])
                            let source = rowSource[a]
                            let repeats = mayRepeat[Int(source)]
                            for j in (i + 1)..<max(end, i + 1) {
                                let b = Int(rows[j])
                                guard isNew || store.isNew[b], subject != store.rowSubject[b],
                                    repeats || source != rowSource[b]
                                else { continue }
                                if oneIn > 1,
                                    BlockingColumns.mixed(UInt64(a) << 32 | UInt64(b)) % oneIn != 0
                                {
                                    continue
                                }
                                if let base = prints.baseAddress,
                                    stile_share_word(
                                        base + a * width, base + b * width, position)
                                {
                                    // A key with a token set shares only with the token.
                                    if earlierSets.isEmpty
                                        || isCovered(a, b, before: position)
                                    {
                                        continue
                                    }
                                }
                                if let set,
                                    set.firstShared(a, b) != blocks.token[block]
                                {
                                    continue
                                }
                                left[held] = UInt32(a)
                                right[held] = UInt32(b)
                                held += 1
                                if held == Self.chunk { flush() }
                            }
                        }
                    }
                }
            }
            if held > 0 { flush() }
        }
    }

    private func isCovered(_ left: Int, _ right: Int, before position: Int) -> Bool {
        let width = variants.count
        return (0..<position).contains { earlier in
            let print = fingerprints[left * width + earlier]
            guard print != 0, print == fingerprints[right * width + earlier] else { return false }
            guard let set = variants[earlier].set else { return true }
            return store.sets[set]?.share(left, right) == true
        }
    }
}
