import CBitKernels

/// The rows beside new ones, as kept fingerprints of keys tell.
extension RowsBesideNew {
    /// `nil` where more than a few rows are new.
    ///
    /// Rows with which no new one makes a pair are left out: those that share only keys of blocks that
    /// are too large, or only with rows of their own source where it knows a person once.
    ///
    /// - Parameters:
    ///   - keys: The fingerprints of all that is held.
    ///   - store: All rows.
    ///   - largestBlock: The most rows of a block that is looked at.
    ///   - mayRepeat: For each source, whether two of its subjects may be one person.
    ///   - threads: How many processors to use.
    init?(
        _ keys: HeldKeys, _ store: FieldStore, largestBlock: Int, mayRepeat: [Bool], threads: Int
    ) {
        guard store.hasFewNew, let count = keys.pieces.first?.columns.count else { return nil }
        let new = store.isNew.indices.filter { store.isNew[$0] }
        let places = new.map { store.place(of: $0) }
        let found = CandidatePairs.concurrently(count, threads: threads) { key in
            NewBlocks(key, keys, new, places, store).beside(
                store, largestBlock: largestBlock, mayRepeat: mayRepeat)
        }
        var isBeside = store.isNew
        for key in found { for row in key.rows { isBeside[Int(row)] = true } }
        var rows: [UInt32] = []
        for row in isBeside.indices where isBeside[row] { rows.append(UInt32(row)) }
        self.rows = rows
        large = found.map(\.large)
    }
}

/// The blocks of one key that new rows are in.
private struct NewBlocks {
    /// The fingerprint of each block, where its hash has it look first or after; 0 where there is
    /// none.
    private var prints: [UInt32]
    /// The source of the new rows of each block; ``several`` where they are of more than one.
    private var sources: [Int32]
    /// How many rows each block has.
    private var counts: [UInt32]
    /// The rows that are not new: the place of the block in the upper half, the row in the lower.
    private var entries: [UInt64] = []
    private let shift: UInt32
    /// Most fingerprints are ruled out by it.
    private var sieve = PrintSieve()

    private static let none: Int32 = -1
    private static let several: Int32 = -2

    /// - Parameters:
    ///   - key: The number of the key.
    ///   - keys: The fingerprints of all that is held.
    ///   - new: The new rows.
    ///   - places: Where they lie.
    ///   - store: All rows.
    init(
        _ key: Int, _ keys: HeldKeys, _ new: [Int], _ places: [FieldStore.Origin],
        _ store: FieldStore
    ) {
        let bits = max(4, Int.bitWidth - (2 * new.count).leadingZeroBitCount)
        shift = UInt32(32 - bits)
        prints = Array(repeating: 0, count: 1 << bits)
        sources = Array(repeating: Self.none, count: 1 << bits)
        counts = Array(repeating: 0, count: 1 << bits)
        for (row, place) in zip(new, places) {
            let print = keys.pieces[Int(place.source)].withPrints(key) { $0[Int(place.row)] }
            guard print != 0 else { continue }
            sieve.insert(print)
            let block = self.place(of: print)
            let source = Int32(store.source(of: row))
            let isFirst = prints[block] == 0
            prints[block] = print
            sources[block] = isFirst || sources[block] == source ? source : Self.several
        }
        for (piece, first) in zip(keys.pieces, store.firstOfPiece) {
            piece.withPrints(key) { count($0, from: first, store) }
        }
    }

    /// Where the block of a fingerprint is, or would be.
    @inline(__always)
    private func place(of print: UInt32) -> Int {
        var place = Int((print &* 0x9e37_79b1) >> shift)
        while prints[place] != 0, prints[place] != print {
            place = (place + 1) & (prints.count - 1)
        }
        return place
    }

    /// Counts the rows of a piece that are in one of the blocks.
    private mutating func count(
        _ found: UnsafeBufferPointer<UInt32>, from first: Int, _ store: FieldStore
    ) {
        for (number, print) in found.enumerated() where sieve.mayHold(print) && print != 0 {
            let block = place(of: print)
            guard prints[block] == print else { continue }
            // What closes a version is no row.
            let row = store.rowAt[first + number]
            guard row != .max else { continue }
            counts[block] += 1
            if !store.isNew[Int(row)] { entries.append(UInt64(block) << 32 | UInt64(row)) }
        }
    }

    /// The rows with which a new one makes a pair, and the blocks that are too large, by the hash of
    /// their fingerprint, with their sizes.
    func beside(
        _ store: FieldStore, largestBlock: Int, mayRepeat: [Bool]
    ) -> (rows: [UInt32], large: [UInt64: Int]) {
        var large: [UInt64: Int] = [:]
        for (block, count) in counts.enumerated() where count > largestBlock {
            large[UInt64(prints[block]) << 32] = Int(count)
        }
        let rows = entries.lazy.filter { entry in
            let (block, row) = (Int(entry >> 32), Int(entry & 0xffff_ffff))
            guard counts[block] <= largestBlock else { return false }
            let source = store.source(of: row)
            return mayRepeat[source] || sources[block] != Int32(source)
        }.map { UInt32(truncatingIfNeeded: $0) }
        return (Array(rows), large)
    }
}
