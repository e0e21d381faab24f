/// Numbers the different byte strings that it is shown, from 0, in order of appearance.
struct ByteInterner {
    private var arena: [UInt8] = []
    private var offsets: [Int] = [0]
    /// One more than the number of the string in the slot; 0 is free.
    private var slots = [UInt32](repeating: 0, count: 64)

    /// How many different strings there are.
    var count: Int { offsets.count - 1 }

    /// The number of `bytes`; adds them where they are new.
    mutating func intern(_ bytes: Bytes) -> UInt32 {
        var slot = self.slot(of: bytes)
        if slots[slot] != 0 { return slots[slot] - 1 }
        if (count + 1) * 2 > slots.count {
            grow()
            slot = self.slot(of: bytes)
        }
        arena.append(contentsOf: bytes)
        offsets.append(arena.count)
        slots[slot] = UInt32(count)
        return UInt32(count - 1)
    }

    /// The number of `bytes`, where they were seen before.
    func find(_ bytes: Bytes) -> UInt32? {
        let slot = self.slot(of: bytes)
        return slots[slot] == 0 ? nil : slots[slot] - 1
    }

    /// The string with this number.
    func text(_ number: UInt32) -> String {
        String(
            decoding: arena[offsets[Int(number)]..<offsets[Int(number) + 1]], as: UTF8.self)
    }

    /// Where `bytes` are, or where they would go.
    private func slot(of bytes: Bytes) -> Int {
        // FNV-1a.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
        while slots[slot] != 0, !holds(Int(slots[slot]) - 1, bytes) { slot = (slot + 1) & mask }
        return slot
    }

    private func holds(_ number: Int, _ bytes: Bytes) -> Bool {
        let start = offsets[number]
        guard offsets[number + 1] - start == bytes.count else { return false }
        for index in 0..<bytes.count where arena[start + index] != bytes[index] { return false }
        return true
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in 0..<count {
            arena[offsets[number]..<offsets[number + 1]].withUnsafeBufferPointer {
                slots[slot(of: $0)] = UInt32(number + 1)
            }
        }
    }
}
