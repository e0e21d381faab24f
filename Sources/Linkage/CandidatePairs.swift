import CBitKernels
import Dispatch
import PipelineModel
import Synchronization

/// Pairs of rows that share a key, each pair once.
///
/// Every key has a fingerprint of 32 bits in every row (0 where a part is missing); rows with
/// the same fingerprint form a block. A pair belongs to the first key that both rows share. In a
/// block with more than `largestBlock` rows the key counts as missing, so that another key may
/// still find its pairs; such blocks are counted. Two values that collide in 32 bits cost a
/// comparison and decide nothing; of two tokens of a set that do, one brings its pairs together, and
/// those of the other are left to other keys.
struct CandidatePairs {
    /// How many pairs are handed over at a time.
    static let chunk = 4_096
    /// The shards of one key; a fixed number, so that the order of results is too.
    static let shards = 16

    /// The keys, each a list of columns (``BlockingColumns``).
    let keys: [[String]]
    /// Blocks that are too large to be looked at, by key.
    private(set) var skipped: [LinkageReport.SkippedBlocks] = []
    /// The hashes of these blocks, by the position of the key's variant.
    private(set) var tooLarge: [Int: Set<UInt64>] = [:]
    private let store: FieldStore
    /// The rows that are looked at, in ascending order; `nil` for all.
    ///
    /// A row's place among them is its number.
    private var rows: [UInt32]?
    private let isAllNew: Bool
    /// How many rows are looked at.
    private let count: Int
    private let largestBlock: Int
    let threads: Int
    /// Whether two subjects of one source may be one person, by source.
    private let mayRepeat: [Bool]
    /// One variant of a key: a band of its filters.
    private struct Variant {
        var key: Int
        var set: FieldStore.SortedSets?
        /// Where the key has a token set: the hashes of token and fingerprint whose block is too
        /// large.
        var tooLarge: Set<UInt64> = []
    }
    private var variants: [Variant] = []
    /// For each row, by its number, its subject, its source with whether it is new, and a fingerprint for each
    /// variant: all that decides about a pair, side by side.
    private var fingerprints: [UInt32] = []
    /// All pairs, where they are kept: in the order of keys and shards.
    var held: [Held]?
    /// Where a row's fingerprints begin.
    static let head = 2
    private var width: Int { Self.head + variants.count }

    /// - Parameters:
    ///   - mayRepeat: For each source, whether two of its subjects may be one person.
    ///   - kept: The fingerprints of the keys, where they have been kept.
    init(
        _ store: FieldStore, keys: [[String]], largestBlock: Int, mayRepeat: [Bool], threads: Int,
        kept: HeldKeys? = nil
    ) {
        self.store = store
        self.largestBlock = largestBlock
        self.mayRepeat = mayRepeat
        self.threads = threads
        var columns = BlockingColumns(store)
        self.keys = keys.filter { $0.allSatisfy(columns.has) }
        columns.prepare(self.keys.joined())
        var choices: [[(String, Int)]] = []
        var sets: [String: FieldStore.SortedSets] = [:]
        for (index, key) in self.keys.enumerated() {
            var set: FieldStore.SortedSets?
            if let name = key.first(where: { $0.hasSuffix("*") }) {
                set = sets[name] ?? store.sets[String(name.dropLast())]?.sorted
                sets[name] = set
            }
            let plain = key.filter { !$0.hasSuffix("*") }
            // Where a key has two filters, band goes with band, and with its neighbour.
            for choice in Self.choices(plain) {
                variants.append(Variant(key: index, set: set))
                choices.append(choice)
            }
        }
        let prints = KeyPrints(choices, columns)
        isAllNew = !store.isNew.contains(false)
        let kept = HeldKeys.digest(self.keys).flatMap { $0 == kept?.digest ? kept : nil }
        var beside: RowsBesideNew?
        if !isAllNew {
            beside =
                if let kept {
                    RowsBesideNew(
                        kept, store, largestBlock: largestBlock, mayRepeat: mayRepeat,
                        threads: threads)
                } else {
                    RowsBesideNew(prints, variants.map(\.set), store, threads: threads)
                }
        }
        rows = beside?.rows
        count = rows?.count ?? store.rowCount
        fingerprints = Self.fingerprints(prints, kept, store, of: rows, threads: threads)
        for piece in kept?.pieces ?? [] { piece.letGo() }
        let pairs = self
        let large =
            beside?.large
            ?? Self.concurrently(variants.count, threads: threads) { pairs.largeBlocks($0) }
        for (position, sizes) in large.enumerated() { drop(sizes, position) }
    }

    /// The row with a number.
    @inline(__always)
    private func row(_ number: Int) -> Int { rows.map { Int($0[number]) } ?? number }

    /// The blocks of a variant that are too large and of which a row is new, with their sizes.
    private func largeBlocks(_ position: Int) -> [UInt64: Int] {
        // Counting by sixteen bits first rules out most keys without a look at single blocks.
        var counts = [UInt32](repeating: 0, count: 1 << 16)
        counts.withUnsafeMutableBufferPointer { counts in
            if variants[position].set == nil {
                fingerprints.withUnsafeBufferPointer { prints in
                    for place in stride(from: place(0, position), to: prints.count, by: width)
                    where prints[place] != 0 {
                        counts[Int(prints[place] >> 16)] += 1
                    }
                }
            } else {
                forEachEntry(position) { hash, _ in counts[Int(hash >> 48)] += 1 }
            }
        }
        guard counts.contains(where: { $0 > largestBlock }) else { return [:] }
        var sizes: [UInt64: Int] = [:]
        forEachEntry(position) { hash, _ in
            if counts[Int(hash >> 48)] > largestBlock { sizes[hash, default: 0] += 1 }
        }
        sizes = sizes.filter { $0.value > largestBlock }
        var hasNew: Set<UInt64> = []
        forEachEntry(position) { hash, number in
            if sizes[hash] != nil, isNew(number) { hasNew.insert(hash) }
        }
        return sizes.filter { hasNew.contains($0.key) }
    }

    private func isNew(_ number: Int) -> Bool { fingerprints[number * width + 1] & 1 != 0 }

    /// Takes the key from all rows of blocks that are too large, and counts them.
    private mutating func drop(_ large: [UInt64: Int], _ position: Int) {
        guard !large.isEmpty else { return }
        tooLarge[position] = Set(large.keys)
        let field = keys[variants[position].key].joined(separator: " + ")
        if skipped.last?.field != field {
            skipped.append(.init(field: field, blocks: 0, records: 0))
        }
        skipped[skipped.count - 1].blocks += large.count
        skipped[skipped.count - 1].records += large.values.reduce(0, +)
        guard variants[position].set == nil else {
            variants[position].tooLarge = Set(large.keys)
            return
        }
        var numbers: [Int] = []
        forEachEntry(position) { hash, number in if large[hash] != nil { numbers.append(number) } }
        for number in numbers { fingerprints[place(number, position)] = 0 }
    }

    /// Hands over the hash of each block that a row is in, one for each token of a set, and the
    /// row's number; blocks are told apart by the upper half.
    private func forEachEntry(_ position: Int, _ body: (UInt64, Int) -> Void) {
        for number in 0..<count {
            let print = fingerprints[place(number, position)]
            guard print != 0 else { continue }
            guard let set = variants[position].set else {
                body(UInt64(print) << 32, number)
                continue
            }
            for token in set.tokens(of: row(number)) {
                body(BlockingColumns.joined(token, UInt64(print)), number)
            }
        }
    }

    /// The first token that two rows, by number, share in a block that is looked at, where the key has a
    /// token set and the rows one fingerprint; 0 where there is none.
    private func firstShared(_ position: Int, _ left: Int, _ right: Int) -> UInt64 {
        guard let set = variants[position].set else { return 0 }
        let print = UInt64(fingerprints[place(left, position)])
        let tooLarge = variants[position].tooLarge
        return set.firstShared(row(left), row(right)) {
            tooLarge.isEmpty || !tooLarge.contains(BlockingColumns.joined($0, print))
        }
    }

    /// Whether two rows are in one block of a variant of a key.
    private func share(_ position: Int, _ left: Int, _ right: Int) -> Bool {
        let print = fingerprints[place(left, position)]
        guard print != 0, print == fingerprints[place(right, position)] else { return false }
        return variants[position].set == nil || firstShared(position, left, right) != 0
    }

    /// Where the fingerprint of a row, by number, for a variant is.
    @inline(__always)
    private func place(_ number: Int, _ position: Int) -> Int {
        number * width + Self.head + position
    }

    /// The keys that two rows share: a bit for each, of at most 64.
    ///
    /// - Precondition: All rows are new, and so are looked at; of pairs that are held ask
    ///   ``Held/keys(of:)``, since the fingerprints have been let go then.
    func sharedKeys(_ left: Int, _ right: Int) -> UInt64 {
        var mask: UInt64 = 0
        for position in variants.indices {
            let bit = UInt64(1) << UInt64(variants[position].key)
            if mask & bit == 0, share(position, left, right) { mask |= bit }
        }
        return mask
    }

    /// Rows in blocks: `starts[i]..<starts[i + 1]` of `numbers` share a key.
    struct Blocks {
        /// The numbers of rows.
        var numbers: [UInt32] = []
        var starts: [Int] = [0]
        /// The shared token of each block where the key has a token set.
        var token: [UInt64] = []
    }

    /// The fingerprints of a variant in the upper halves, with the numbers of their rows; where few
    /// rows are new, hardly any that no new row has.
    private func entries(_ position: Int) -> [UInt64] {
        var entries: [UInt64] = []
        let (width, column) = (width, place(0, position))
        fingerprints.withUnsafeBufferPointer { prints in
            guard !isAllNew else {
                entries.reserveCapacity(count)
                for number in 0..<count {
                    let hash = UInt64(prints[number * width + column]) << 32
                    if hash != 0 { entries.append(hash | UInt64(number)) }
                }
                return
            }
            var sieve = PrintSieve()
            for number in 0..<count where prints[number * width + 1] & 1 != 0 {
                sieve.insert(prints[number * width + column])
            }
            for number in 0..<count {
                let print = prints[number * width + column]
                if print != 0, sieve.mayHold(print) {
                    entries.append(UInt64(print) << 32 | UInt64(number))
                }
            }
        }
        return entries
    }

    /// The blocks of one variant of which at least one row is new.
    private func blocks(_ position: Int) -> Blocks {
        let (set, tooLarge) = (variants[position].set, variants[position].tooLarge)
        var entries: [UInt64] = []
        var owners: [UInt32] = []
        var tokens: [UInt64] = []
        if let set {
            for number in 0..<count {
                let print = fingerprints[place(number, position)]
                guard print != 0 else { continue }
                for token in set.tokens(of: row(number)) {
                    let hash = BlockingColumns.joined(token, UInt64(print))
                    guard tooLarge.isEmpty || !tooLarge.contains(hash) else { continue }
                    entries.append(hash & ~0xffff_ffff | UInt64(owners.count))
                    owners.append(UInt32(number))
                    tokens.append(token)
                }
            }
        } else {
            entries = self.entries(position)
        }
        RadixSort.sortByHighWord(&entries)
        var blocks = Blocks()
        blocks.numbers.reserveCapacity(entries.count)
        entries.withUnsafeBufferPointer { entries in
            var start = 0
            while start < entries.count {
                var end = start + 1
                let high = entries[start] >> 32
                while end < entries.count, entries[end] >> 32 == high { end += 1 }
                defer { start = end }
                guard end - start > 1 else { continue }
                var hasNew = isAllNew
                for entry in entries[start..<end] {
                    let place = Int(entry & 0xffff_ffff)
                    let number = set == nil ? UInt32(place) : owners[place]
                    if !isAllNew, isNew(Int(number)) { hasNew = true }
                    blocks.numbers.append(number)
                }
                guard hasNew else {
                    blocks.numbers.removeLast(end - start)
                    continue
                }
                blocks.starts.append(blocks.numbers.count)
                if set != nil { blocks.token.append(tokens[Int(entries[start] & 0xffff_ffff)]) }
            }
        }
        return blocks
    }

    /// What `work` makes of each shard of the candidate pairs of which at least one row is new.
    ///
    /// - Parameters:
    ///   - oneIn: Hands over the pairs of about one first row in so many, chosen by its hash, the
    ///     same in every run.
    ///   - work: Takes a key's number and a function that hands over the shard's pairs in chunks.
    /// - Returns: The results in the order of keys and shards.
    func map<Partial: Sendable>(
        oneIn: UInt64 = 1,
        _ work:
            @Sendable (
                _ key: Int,
                _ forEachChunk: (
                    (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
                ) -> Void
            ) -> Partial
    ) -> [Partial] {
        var results: [Partial] = []
        forEachBlocks(shards: Self.shards) { shards in
            results += Self.concurrently(shards.count, threads: threads) { index in
                work(shards[index].key) { body in forEachPair(in: shards[index], oneIn: oneIn, body)
                }
            }
            return true
        }
        return results
    }

    /// Lets go of fingerprints and pairs; the keys and what was skipped stay known.
    mutating func letGo() {
        variants = []
        fingerprints = []
        rows = nil
        held = []
    }

    /// Some blocks of a variant of a key.
    struct Shard: Sendable {
        var key: Int
        var position: Int
        var blocks: Blocks
        var range: Range<Int>
    }

    /// Hands over the blocks of all keys, a few variants at a time, until `body` wants no more.
    ///
    /// - Parameters:
    ///   - shards: Into about how many shards the pairs of a variant are cut.
    ///   - most: The pairs of a shard, about; a block is never cut.
    func forEachBlocks(shards: Int, most: Int = .max, _ body: ([Shard]) -> Bool) {
        let group = max(1, threads)
        for first in stride(from: 0, to: variants.count, by: group) {
            let positions = first..<min(first + group, variants.count)
            let found = Self.concurrently(positions.count, threads: threads) {
                blocks(positions.lowerBound + $0)
            }
            for (offset, blocks) in found.enumerated() {
                let position = positions.lowerBound + offset
                let ranges = Self.shards(blocks.starts, shards, most: most)
                let shards = ranges.map {
                    Shard(
                        key: variants[position].key, position: position, blocks: blocks, range: $0)
                }
                guard body(shards) else { return }
            }
        }
    }

    /// Ranges of blocks with about the same number of pairs.
    private static func shards(_ starts: [Int], _ shards: Int, most: Int) -> [Range<Int>] {
        let blocks = starts.count - 1
        var pairs = 0
        for block in 0..<blocks {
            let size = starts[block + 1] - starts[block]
            pairs += size * (size - 1) / 2
        }
        let target = min(pairs / shards + 1, max(most, 1))
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
    ///
    /// Who is done takes the next one, so that nobody waits for a processor that others use too.
    static func concurrently<Partial: Sendable>(
        _ count: Int, threads: Int, _ work: @Sendable (Int) -> Partial
    ) -> [Partial] {
        guard count > 1, threads > 1 else { return (0..<count).map(work) }
        return [Partial](unsafeUninitializedCapacity: count) { buffer, initialised in
            nonisolated(unsafe) let slots = buffer
            let next = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < count else { break }
                    slots.initializeElement(at: index, to: work(index))
                }
            }
            initialised = count
        }
    }

    func forEachPair(
        in shard: Shard, oneIn: UInt64,
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        SharedSets.open(setsUp(to: shard.position)) { sets in
            forEachPair(in: shard, oneIn: oneIn, sets, body)
        }
    }

    /// The token sets of the keys up to a variant.
    private func setsUp(to position: Int) -> [SharedSets.Source] {
        variants[...position].enumerated().compactMap { position, variant in
            variant.set.map { .init(place: Self.head + position, $0, variant.tooLarge) }
        }
    }

    private func forEachPair(
        in shard: Shard, oneIn: UInt64, _ sets: [SharedSets],
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        let (range, blocks, position) = (shard.range, shard.blocks, shard.position)
        let (width, head) = (width, Self.head)
        let own = variants[position].set == nil ? nil : sets.last
        let earlier = own == nil ? sets[...] : sets.dropLast()
        // A key with a token set is shared only with the token.
        let counted = variants[..<position].map { $0.set == nil ? UInt32.max : 0 }
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
                blocks.numbers.withUnsafeBufferPointer { numbers in
                    guard let prints = prints.baseAddress else { return }
                    for block in range {
                        let end = blocks.starts[block + 1]
                        for i in blocks.starts[block]..<end {
                            if i + 16 < numbers.count {
                                stile_prefetch(
                                    prints + Int(numbers[i + 16]) * width, 4 * (head + position))
                            }
                            if !Self.isSampled(UInt32(row(Int(numbers[i]))), oneIn: oneIn) {
                                continue
                            }
                            let one = prints + Int(numbers[i]) * width
                            let (source, isNew) = (one[1] >> 1, one[1] & 1 != 0)
                            let repeats = mayRepeat[Int(source)]
                            for j in (i + 1)..<max(end, i + 1) {
                                let other = prints + Int(numbers[j]) * width
                                guard isNew || other[1] & 1 != 0, one[0] != other[0],
                                    repeats || source != other[1] >> 1
                                else { continue }
                                if stile_share_word(one + head, other + head, counted, position) {
                                    continue
                                }
                                let (first, second) = (row(Int(numbers[i])), row(Int(numbers[j])))
                                if earlier.contains(where: { $0.share(one, other, first, second) })
                                {
                                    continue
                                }
                                if let own,
                                    own.firstShared(one, first, second) != blocks.token[block]
                                {
                                    continue
                                }
                                left[held] = UInt32(first)
                                right[held] = UInt32(second)
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
}
