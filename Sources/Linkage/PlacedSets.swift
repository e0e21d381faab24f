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

    init(_ sets: FieldStore.TokenSets, _ order: RowOrder, threads: Int) {
        self.sets = sets
        self.order = order
        let part = 1 << 14
        let parts = (order.rows.count + part - 1) / part
        let counts = CandidatePairs.concurrently(parts, threads: threads) { index in
            order.rows[(index * part)..<min((index + 1) * part, order.rows.count)].map {
                UInt32((sets.count(Int($0)) + Self.block - 1) / Self.block)
            }
        }
        var starts: [UInt32] = [0]
        starts.reserveCapacity(order.rows.count + 1)
        var blocks: UInt32 = 0
        for count in counts.joined() {
            blocks += count
            starts.append(blocks)
        }
        let capacity = Int(blocks) * Self.block
        let first = starts
        prints = [UInt16](unsafeUninitializedCapacity: capacity) { buffer, count in
            stile_prefer_large_pages(buffer.baseAddress, capacity * 2)
            nonisolated(unsafe) let prints = buffer
            _ = CandidatePairs.concurrently(parts, threads: threads) { index in
                let places = (index * part)..<min((index + 1) * part, order.rows.count)
                Self.fill(prints, places, sets, order.rows, first)
            }
            count = capacity
        }
        sets.letGo()
        self.starts = starts
    }

    private static func fill(
        _ prints: UnsafeMutableBufferPointer<UInt16>, _ places: Range<Int>,
        _ sets: FieldStore.TokenSets, _ rows: [UInt32], _ starts: [UInt32]
    ) {
        var place = places.lowerBound
        sets.forEach(rows[places].lazy.map { Int($0) }) { _, tokens in
            var token = 0
            for print in (Int(starts[place]) * block)..<(Int(starts[place + 1]) * block) {
                let word = tokens[min(token, tokens.count - 1)]
                prints.initializeElement(at: print, to: UInt16(truncatingIfNeeded: word >> 16))
                token += 1
            }
            place += 1
        }
    }

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
