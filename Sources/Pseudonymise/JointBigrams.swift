/// The pairs that the bigrams of several names make: one bigram of either name.
///
/// Two people who share one name and not the other share few of these pairs or none, so that a
/// filter of them is like another only where *both* names are alike. Filters of all the bigrams
/// together are half alike wherever one name is the same: people who share it can be told from
/// strangers, and who knows one of them knows that name of all.
///
/// A pair has no order: names that changed places make the same pairs.
struct JointBigrams {
    /// So many bigrams of each name are taken: of longer texts in a name's column the pairs would be without
    /// number, and of that many pairs a filter is nearly full.
    static let mostOfName = 64

    private var numbers: [UInt64] = []

    /// Calls `body` with each pair of a text.
    ///
    /// - Parameters:
    ///   - text: Names with a zero byte between them; of one name there are no pairs.
    ///   - body: Takes a number below 2⁴², the same for the same pair.
    @inline(__always)
    mutating func forEach(_ text: UnsafeBufferPointer<UInt8>, _ body: (_ pair: UInt64) -> Void) {
        numbers.removeAll(keepingCapacity: true)
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0) ?? text.count
            let earlier = numbers.count
            Bigram.forEachPlace(UnsafeBufferPointer(rebasing: text[start..<end])) {
                guard numbers.count - earlier < Self.mostOfName else { return }
                numbers.append(Self.number($0, $1, $2))
            }
            for later in numbers[earlier...] {
                for number in numbers[..<earlier] {
                    body(min(number, later) << 21 | max(number, later))
                }
            }
            start = end + 1
        }
    }

    /// The number of a bigram, below 2²¹: its place in the alphabet; other letters share the rest,
    /// where two bigrams of a name seldom meet.
    @inline(__always)
    private static func number(_ place: Int, _ first: UInt32, _ second: UInt32) -> UInt64 {
        guard place < 0 else { return UInt64(place) }
        let alphabet = UInt64(Bigram.pairs)
        let mixed = (UInt64(first) << 21 | UInt64(second)) &* 0x9e37_79b9_7f4a_7c15
        return alphabet + (mixed >> 32) % (1 << 21 - alphabet)
    }

    /// The different pairs of a text, as ``forEach(_:_:)`` numbers them.
    static func pairs(of text: [UInt8]) -> Set<UInt64> {
        var (joint, pairs) = (JointBigrams(), Set<UInt64>())
        text.withUnsafeBufferPointer { joint.forEach($0) { pairs.insert($0) } }
        return pairs
    }
}
