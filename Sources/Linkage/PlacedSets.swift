import CBitKernels

/// Token sets in the order of ``RowOrder``, sixteen bits of every token: most pairs of sets share
/// nothing, and that is seen from these alone.
///
/// One reference, since a comparison is looked at for every few pairs: what is in it never changes.
final class PlacedSets: Sendable {
    private let sets: FieldStore.TokenSets
    private let order: RowOrder
    /// The different sets, where they repeat: what follows is by their numbers then, else by places.
    private let distinct: DistinctSets?
    /// In blocks of ``block``; what is left of a set's last block repeats its last token.
    private let prints: [UInt16]
    /// The first block of each set, and the end of the last.
    private let starts: [UInt32]

    private static let block = 8

    /// - Parameters:
    ///   - sets: The sets of all rows.
    ///   - store: The rows.
    ///   - order: Where those that can be compared lie.
    ///   - threads: How many processors to use.
    init(
        _ sets: FieldStore.TokenSets, _ store: FieldStore, _ order: RowOrder, threads: Int
    ) {
        self.sets = sets
        self.order = order
        defer { sets.letGo() }
        // From one end of the sets to the other; where each row's are to lie is looked up.
        let held = order.rowsAsHeld(store)
        let distinct = DistinctSets(sets, held, order, threads: threads)
        self.distinct = distinct
        if let distinct {
            let starts = Self.starts(
                (0..<distinct.count).map { UInt32(Self.blocks(distinct[$0].count)) })
            self.starts = starts
            prints = Self.prints(starts) { prints in
                for number in 0..<distinct.count {
                    distinct[number].withUnsafeBufferPointer {
                        Self.fill(prints, number, $0, starts)
                    }
                }
            }
            return
        }
        let part = 1 << 14
        let parts = (held.count + part - 1) / part
        @Sendable func rows(_ index: Int) -> some Sequence<Int> {
            held[(index * part)..<min((index + 1) * part, held.count)].lazy.map { Int($0) }
        }
        let places = order.places
        let counts = [UInt32](unsafeUninitializedCapacity: order.rows.count) { buffer, count in
            nonisolated(unsafe) let counts = buffer
            _ = CandidatePairs.concurrently(parts, threads: threads) { index in
                for row in rows(index) {
                    counts.initializeElement(
                        at: Int(places[row]), to: UInt32(Self.blocks(sets.count(row))))
                }
            }
            count = order.rows.count
        }
        let starts = Self.starts(counts)
        self.starts = starts
        prints = Self.prints(starts) { buffer in
            nonisolated(unsafe) let prints = buffer
            _ = CandidatePairs.concurrently(parts, threads: threads) { index in
                sets.forEach(rows(index)) { Self.fill(prints, Int(places[$0]), $1, starts) }
            }
        }
    }

    /// How many blocks so many tokens take.
    private static func blocks(_ tokens: Int) -> Int { (tokens + block - 1) / block }

    /// The first block of each set, and the end of the last.
    private static func starts(_ counts: [UInt32]) -> [UInt32] {
        var starts: [UInt32] = [0]
        starts.reserveCapacity(counts.count + 1)
        var blocks: UInt32 = 0
        for count in counts {
            blocks += count
            starts.append(blocks)
        }
        return starts
    }

    private static func prints(
        _ starts: [UInt32], _ fill: (UnsafeMutableBufferPointer<UInt16>) -> Void
    ) -> [UInt16] {
        let capacity = Int(starts.last ?? 0) * block
        return [UInt16](unsafeUninitializedCapacity: capacity) { prints, count in
            stile_prefer_large_pages(prints.baseAddress, capacity * 2)
            fill(prints)
            count = capacity
        }
    }

    /// Writes the sixteen bits of the tokens of one set, by number or place.
    private static func fill(
        _ prints: UnsafeMutableBufferPointer<UInt16>, _ set: Int,
        _ tokens: UnsafeBufferPointer<UInt64>, _ starts: [UInt32]
    ) {
        var token = 0
        for print in (Int(starts[set]) * block)..<(Int(starts[set + 1]) * block) {
            let word = tokens[min(token, tokens.count - 1)]
            prints.initializeElement(at: print, to: UInt16(truncatingIfNeeded: word >> 16))
            token += 1
        }
    }

    /// Lets go of the pages of mapped sets.
    func letGo() { sets.letGo() }

    /// Hands over those of the chosen pairs whose rows share a token.
    ///
    /// - Parameters:
    ///   - left: The left places of pairs.
    ///   - right: The right places of pairs.
    ///   - chosen: Which of the pairs are looked at.
    ///   - body: Takes the number of a pair.
    func forEachSharing(
        _ left: UnsafePointer<UInt32>, _ right: UnsafePointer<UInt32>,
        _ chosen: UnsafeBufferPointer<UInt32>, _ body: (Int) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: chosen.count + 1) { sharing in
            guard !chosen.isEmpty, let first = sharing.baseAddress else { return }
            let count = chooseSharing(left, right, chosen, into: first)
            for pair in sharing[..<count] {
                let (one, two) = (Int(left[Int(pair)]), Int(right[Int(pair)]))
                let share =
                    if let distinct {
                        distinct.share(Int(distinct.numbers[one]), Int(distinct.numbers[two]))
                    } else {
                        sets.share(Int(order.rows[one]), Int(order.rows[two]))
                    }
                if share { body(Int(pair)) }
            }
        }
    }

    /// Chooses the pairs that may share a token, and says how many.
    private func chooseSharing(
        _ left: UnsafePointer<UInt32>, _ right: UnsafePointer<UInt32>,
        _ chosen: UnsafeBufferPointer<UInt32>, into sharing: UnsafeMutablePointer<UInt32>
    ) -> Int {
        prints.withUnsafeBufferPointer { prints in
            starts.withUnsafeBufferPointer { starts in
                guard let distinct else {
                    return stile_choose_sharing(
                        prints.baseAddress, starts.baseAddress, nil, left, right,
                        chosen.baseAddress, chosen.count, sharing)
                }
                return distinct.numbers.withUnsafeBufferPointer { numbers in
                    stile_choose_sharing(
                        prints.baseAddress, starts.baseAddress, numbers.baseAddress, left, right,
                        chosen.baseAddress, chosen.count, sharing)
                }
            }
        }
    }
}
