import EncodedExtract

/// The different token sets of the rows that are compared, each once.
///
/// Sets such as a postcode's neighbours repeat: twenty records have one and the same. Held once, they
/// are few enough to stay in memory, and nothing needs to be read of them again.
struct DistinctSets: Sendable {
    /// The number of the set at each place (``RowOrder``).
    let numbers: [UInt32]
    /// The set of a number has `tokens[starts[number]..<starts[number + 1]]`.
    let starts: [UInt32]
    private let tokens: [UInt64]

    /// Sets are held once where the different ones are at most one in so many.
    private static let repetition = 4
    private static let part = 1 << 14

    /// `nil` where sets seldom repeat.
    ///
    /// - Parameters:
    ///   - sets: The sets of all rows.
    ///   - held: The rows that are compared, in the order in which the encodings hold them.
    ///   - order: Where they lie.
    ///   - threads: How many processors to use.
    init?(_ sets: FieldStore.TokenSets, _ held: [UInt32], _ order: RowOrder, threads: Int) {
        let places = order.places
        let parts = (held.count + Self.part - 1) / Self.part
        @Sendable func rows(_ part: Int) -> some Sequence<Int> {
            held[(part * Self.part)..<min((part + 1) * Self.part, held.count)].lazy.map { Int($0) }
        }
        let hashes = [UInt64](unsafeUninitializedCapacity: held.count) { buffer, count in
            nonisolated(unsafe) let hashes = buffer
            _ = CandidatePairs.concurrently(parts, threads: threads) { part in
                sets.forEach(rows(part)) { row, tokens in
                    hashes.initializeElement(at: Int(places[row]), to: Self.hash(tokens))
                }
            }
            count = held.count
        }
        var table = PatternTable()
        var first: [Int] = []
        var numbers: [UInt32] = []
        numbers.reserveCapacity(hashes.count)
        for (place, hash) in hashes.enumerated() {
            let number = table.number(hash)
            if number == first.count {
                first.append(Int(order.rows[place]))
                guard first.count * Self.repetition <= hashes.count else { return nil }
            }
            numbers.append(UInt32(number))
        }
        var starts: [UInt32] = [0]
        var tokens: [UInt64] = []
        sets.forEach(first) { _, own in
            tokens += own
            starts.append(UInt32(tokens.count))
        }
        let (chosen, begin, all) = (numbers, starts, tokens)
        // Sets of one hash are one set, but for a chance that nothing may rest on.
        let isSame = CandidatePairs.concurrently(parts, threads: threads) { part in
            all.withUnsafeBufferPointer { all in
                var isSame = true
                sets.forEach(rows(part)) { row, tokens in
                    let number = Int(chosen[Int(places[row])])
                    let (first, end) = (Int(begin[number]), Int(begin[number + 1]))
                    guard tokens.count == end - first else { return isSame = false }
                    var differing: UInt64 = 0
                    for index in tokens.indices { differing |= tokens[index] ^ all[first + index] }
                    if differing != 0 { isSame = false }
                }
                return isSame
            }
        }
        guard isSame.allSatisfy({ $0 }) else { return nil }
        (self.numbers, self.starts, self.tokens) = (numbers, starts, tokens)
    }

    private static func hash(_ tokens: UnsafeBufferPointer<UInt64>) -> UInt64 {
        tokens.reduce(UInt64(tokens.count)) { BlockingColumns.mixed($0 ^ $1) }
    }

    /// How many different sets there are.
    var count: Int { starts.count - 1 }

    /// The tokens of the set of a number.
    subscript(number: Int) -> ArraySlice<UInt64> {
        tokens[Int(starts[number])..<Int(starts[number + 1])]
    }

    /// Whether the sets of two numbers share a token.
    func share(_ one: Int, _ other: Int) -> Bool {
        if one == other { return starts[one] < starts[one + 1] }
        return tokens.withUnsafeBufferPointer { tokens in
            let more = UnsafeBufferPointer(
                rebasing: tokens[Int(starts[other])..<Int(starts[other + 1])])
            for token in Int(starts[one])..<Int(starts[one + 1])
            where more.contains(tokens[token]) { return true }
            return false
        }
    }
}
