/// The rows that share a key with a new one, and the new ones.
///
/// A night's delta is small beside what is held. Where few rows are new, one look at every row says
/// whether it matters, and nothing is kept of the many that do not.
struct RowsBesideNew {
    /// In ascending order.
    let rows: [UInt32]
    /// Of each variant of a key, the blocks that are too large and of which a row is new, by the hash
    /// of their fingerprint, with their sizes; `nil` where they are still to be counted among the rows.
    let large: [[UInt64: Int]]?

    /// Fingerprints of keys that new rows have.
    private struct Wanted: Sendable {
        /// In ascending order.
        private let prints: [UInt32]
        /// Most rows are ruled out by it.
        private var sieve = PrintSieve()

        init(_ prints: [UInt32]) {
            self.prints = Set(prints).sorted()
            for print in prints { sieve.insert(print) }
        }

        @inline(__always)
        func holds(_ print: UInt32) -> Bool {
            guard sieve.mayHold(print) else { return false }
            var (low, high) = (0, prints.count)
            while low < high {
                let middle = (low + high) / 2
                if prints[middle] < print { low = middle + 1 } else { high = middle }
            }
            return low < prints.count && prints[low] == print
        }

        /// Marks the rows that have one of the fingerprints.
        ///
        /// - Parameters:
        ///   - isBeside: Which are marked.
        ///   - found: The fingerprints of the rows.
        ///   - rows: The rows.
        ///   - set: The token set of the key, where it has one.
        func mark(
            _ isBeside: inout [Bool], _ found: UnsafePointer<UInt32>, _ rows: [UInt32],
            _ set: FieldStore.SortedSets?
        ) {
            isBeside.withUnsafeMutableBufferPointer { isBeside in
                for place in isBeside.indices where found[place] != 0 && !isBeside[place] {
                    isBeside[place] =
                        set.map {
                            $0.blocks(Int(rows[place]), found[place]).contains(where: holds)
                        } ?? holds(found[place])
                }
            }
        }
    }

    /// `nil` where more than a few rows are new.
    ///
    /// - Parameters:
    ///   - prints: The variants of keys.
    ///   - sets: For each variant its token set, where it has one.
    ///   - store: All rows.
    ///   - threads: How many processors to use.
    init?(
        _ prints: KeyPrints, _ sets: [FieldStore.SortedSets?], _ store: FieldStore, threads: Int
    ) {
        guard store.hasFewNew else { return nil }
        let new = store.isNew.indices.filter { store.isNew[$0] }
        let wanted = Self.wanted(new, prints, sets)
        let block = KeyPrints.block
        // One end of every column to the other.
        let held = store.rowsAsHeld
        let found = CandidatePairs.concurrently(
            (held.count + block - 1) / block, threads: threads
        ) { index -> [UInt32] in
            defer { store.letGo(after: index, of: held.count) }
            let rows = held[(index * block)..<min((index + 1) * block, held.count)]
            var isBeside = rows.map { store.isNew[Int($0)] }
            prints.withPrints(of: rows.lazy.map { Int($0) }) { words in
                for (position, wanted) in wanted.enumerated() {
                    wanted.mark(
                        &isBeside, words + position * block, Array(rows), sets[position])
                }
            }
            return zip(rows, isBeside).lazy.filter(\.1).map(\.0)
        }
        rows = found.flatMap { $0 }.sorted()
        large = nil
        store.letGo()
    }

    private static func wanted(
        _ new: [Int], _ prints: KeyPrints, _ sets: [FieldStore.SortedSets?]
    ) -> [Wanted] {
        var wanted = [[UInt32]](repeating: [], count: prints.count)
        for first in stride(from: 0, to: new.count, by: KeyPrints.block) {
            let rows = new[first..<min(first + KeyPrints.block, new.count)]
            prints.withPrints(of: rows) { words in
                for (position, set) in sets.enumerated() {
                    for (place, row) in rows.enumerated() {
                        let print = words[position * KeyPrints.block + place]
                        guard print != 0 else { continue }
                        wanted[position] += set?.blocks(row, print) ?? [print]
                    }
                }
            }
        }
        return wanted.map { Wanted($0) }
    }
}

extension FieldStore.SortedSets {
    /// The upper halves of the hashes of the blocks that a row is in.
    fileprivate func blocks(_ row: Int, _ print: UInt32) -> [UInt32] {
        tokens(of: row).map {
            UInt32(truncatingIfNeeded: BlockingColumns.joined($0, UInt64(print)) >> 32)
        }
    }
}
