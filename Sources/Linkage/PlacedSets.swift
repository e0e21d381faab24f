import CBitKernels

/// Token sets in the order of ``RowOrder``, sixteen bits of every token: most pairs of sets share
/// nothing, and that is seen from these alone.
struct PlacedSets: Sendable {
    private let sets: FieldStore.TokenSets
    private let order: RowOrder
    /// In blocks of ``block``; what is left of a set's last block repeats its last token.
    private let prints: [UInt16]
    /// The first block of each place, and the end of the last.
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
        // From one end of the sets to the other; where each row's are to lie is looked up.
        let held = order.rowsAsHeld(store)
        let part = 1 << 14
        let parts = (held.count + part - 1) / part
        @Sendable func rows(_ index: Int) -> ArraySlice<UInt32> {
            held[(index * part)..<min((index + 1) * part, held.count)]
        }
        let places = order.places
        let counts = [UInt32](unsafeUninitializedCapacity: order.rows.count) { buffer, count in
            nonisolated(unsafe) let counts = buffer
            _ = CandidatePairs.concurrently(parts, threads: threads) { index in
                for row in rows(index) {
                    counts.initializeElement(
                        at: Int(places[Int(row)]),
                        to: UInt32((sets.count(Int(row)) + Self.block - 1) / Self.block))
                }
            }
            count = order.rows.count
        }
        var starts: [UInt32] = [0]
        starts.reserveCapacity(order.rows.count + 1)
        var blocks: UInt32 = 0
        for count in counts {
            blocks += count
            starts.append(blocks)
        }
        let capacity = Int(blocks) * Self.block
        let first = starts
        prints = [UInt16](unsafeUninitializedCapacity: capacity) { buffer, count in
            stile_prefer_large_pages(buffer.baseAddress, capacity * 2)
            nonisolated(unsafe) let prints = buffer
            _ = CandidatePairs.concurrently(parts, threads: threads) { index in
                Self.fill(prints, rows(index), sets, places, first)
            }
            count = capacity
        }
        sets.letGo()
        self.starts = starts
    }

    private static func fill(
        _ prints: UnsafeMutableBufferPointer<UInt16>, _ rows: ArraySlice<UInt32>,
        _ sets: FieldStore.TokenSets, _ places: [UInt32], _ starts: [UInt32]
    ) {
        sets.forEach(rows.lazy.map { Int($0) }) { row, tokens in
            let place = Int(places[row])
            var token = 0
            for print in (Int(starts[place]) * block)..<(Int(starts[place + 1]) * block) {
                let word = tokens[min(token, tokens.count - 1)]
                prints.initializeElement(at: print, to: UInt16(truncatingIfNeeded: word >> 16))
                token += 1
            }
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
        prints.withUnsafeBufferPointer { prints in
            starts.withUnsafeBufferPointer { starts in
                guard let prints = prints.baseAddress, let starts = starts.baseAddress else {
                    return
                }
                // They are asked for some pairs before they are compared.
                let ahead = 12
                for index in 0..<(chosen.count + ahead) {
                    if index < chosen.count {
                        let pair = Int(chosen[index])
                        stile_prefetch(prints + Int(starts[Int(left[pair])]) * Self.block, 32)
                        stile_prefetch(prints + Int(starts[Int(right[pair])]) * Self.block, 32)
                    }
                    guard index >= ahead else { continue }
                    let pair = Int(chosen[index - ahead])
                    let (one, two) = (Int(left[pair]), Int(right[pair]))
                    guard
                        stile_share_print(
                            prints + Int(starts[one]) * Self.block,
                            Int(starts[one + 1] - starts[one]),
                            prints + Int(starts[two]) * Self.block,
                            Int(starts[two + 1] - starts[two]))
                    else { continue }
                    if sets.share(Int(order.rows[one]), Int(order.rows[two])) { body(pair) }
                }
            }
        }
    }
}
