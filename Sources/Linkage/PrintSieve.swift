/// Rules most fingerprints out that are not among some: a bit for each value of their upper bits.
struct PrintSieve: Sendable {
    private static let bits = 18
    private var words = [UInt64](repeating: 0, count: 1 << (bits - 6))

    mutating func insert(_ print: UInt32) {
        let place = print >> UInt32(32 - Self.bits)
        words[Int(place >> 6)] |= 1 << UInt64(place & 63)
    }

    /// Whether the fingerprint may be one of those that were inserted; it is not where this is false.
    @inline(__always)
    func mayHold(_ print: UInt32) -> Bool {
        let place = print >> UInt32(32 - Self.bits)
        return words[Int(place >> 6)] >> UInt64(place & 63) & 1 != 0
    }
}
