/// Numbers the different agreement patterns in the order in which they are first seen.
///
/// Open addressing over plain buffers: one probe a pair, where a `Dictionary` would
/// spend more time on hashing than the comparison takes.
struct PatternTable: Sendable {
    private(set) var patterns: [UInt64] = []
    /// The number of a pattern plus one; 0 is an empty slot.
    private var slots: [UInt32]
    private var shift: UInt64

    init() {
        slots = [UInt32](repeating: 0, count: 1 << 12)
        shift = 64 - 12
    }

    /// The number of `pattern`, which becomes known where it was not.
    mutating func number(_ pattern: UInt64) -> Int {
        var slot = home(pattern)
        while slots[slot] != 0 {
            let number = Int(slots[slot] - 1)
            if patterns[number] == pattern { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        patterns.append(pattern)
        slots[slot] = UInt32(patterns.count)
        if patterns.count * 2 > slots.count { grow() }
        return patterns.count - 1
    }

    private func home(_ pattern: UInt64) -> Int {
        Int(truncatingIfNeeded: (pattern &* 0x9e37_79b9_7f4a_7c15) >> shift)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        shift -= 1
        for (number, pattern) in patterns.enumerated() {
            var slot = home(pattern)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }
}
