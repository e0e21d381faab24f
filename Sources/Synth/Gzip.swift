/// Writes gzip (RFC 1952) with fixed Huffman codes (RFC 1951, 3.2.6), so that the
/// compressed bytes are the same on every machine, whatever its zlib.
struct Gzip {
    private var output: [UInt8] = []
    private var bits: UInt64 = 0
    private var bitCount = 0

    /// The gzip form of `input`, without a name or a time.
    static func compress(_ input: [UInt8]) -> [UInt8] {
        var gzip = Gzip()
        gzip.output.reserveCapacity(input.count / 3 + 32)
        gzip.output += [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        gzip.deflate(input)
        for word in [checksum(input), UInt32(truncatingIfNeeded: input.count)] {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                gzip.output.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return gzip.output
    }

    /// CRC-32 of RFC 1952, appendix 8.
    static func checksum(_ input: [UInt8]) -> UInt32 {
        let table = (0..<256).map { index -> UInt32 in
            var word = UInt32(index)
            for _ in 0..<8 { word = word & 1 == 1 ? 0xedb8_8320 ^ (word >> 1) : word >> 1 }
            return word
        }
        var crc = UInt32.max
        for byte in input { crc = table[Int((crc ^ UInt32(byte)) & 255)] ^ (crc >> 8) }
        return ~crc
    }

    private mutating func put(_ value: UInt64, _ count: Int) {
        bits |= value << UInt64(bitCount)
        bitCount += count
        while bitCount >= 8 {
            output.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }

    /// Huffman codes go in with their most significant bit first.
    private mutating func putReversed(_ code: UInt64, _ count: Int) {
        var reversed: UInt64 = 0
        for bit in 0..<UInt64(count) {
            reversed |= ((code >> bit) & 1) << (UInt64(count) - 1 - bit)
        }
        put(reversed, count)
    }

    private mutating func symbol(_ value: Int) {
        switch value {
        case ..<144: putReversed(UInt64(0x30 + value), 8)
        case ..<256: putReversed(UInt64(0x190 + value - 144), 9)
        case ..<280: putReversed(UInt64(value - 256), 7)
        default: putReversed(UInt64(0xc0 + value - 280), 8)
        }
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ]

    private mutating func match(length: Int, distance: Int) {
        var index = Gzip.lengthBases.count - 1
        while Gzip.lengthBases[index] > length { index -= 1 }
        symbol(257 + index)
        let lengthBits = index < 8 || index == 28 ? 0 : (index - 4) / 4
        put(UInt64(length - Gzip.lengthBases[index]), lengthBits)
        var place = Gzip.distanceBases.count - 1
        while Gzip.distanceBases[place] > distance { place -= 1 }
        putReversed(UInt64(place), 5)
        put(UInt64(distance - Gzip.distanceBases[place]), place < 4 ? 0 : (place - 2) / 2)
    }

    /// One block; each place is compared with the last four that began with the same four bytes.
    private mutating func deflate(_ input: [UInt8]) {
        put(1, 1)
        put(1, 2)
        let ways = 4
        var recent = [Int32](repeating: -1, count: ways << 15)
        var next = [UInt8](repeating: 0, count: 1 << 15)
        func slot(_ at: Int) -> Int {
            let word =
                UInt32(input[at]) | UInt32(input[at + 1]) << 8 | UInt32(input[at + 2]) << 16
                | UInt32(input[at + 3]) << 24
            return Int((word &* 2_654_435_761) >> 17)
        }
        var position = 0
        while position < input.count {
            var best = 0
            var distance = 0
            if position + 4 <= input.count {
                let slot = slot(position)
                let limit = min(258, input.count - position)
                for way in 0..<ways {
                    let candidate = Int(recent[slot * ways + way])
                    guard candidate >= 0, position - candidate <= 32_768 else { continue }
                    var length = 0
                    while length < limit, input[candidate + length] == input[position + length] {
                        length += 1
                    }
                    if length > best {
                        best = length
                        distance = position - candidate
                    }
                }
            }
            let step = best >= 4 ? best : 1
            if best >= 4 {
                match(length: best, distance: distance)
            } else {
                symbol(Int(input[position]))
            }
            for passed in position..<(position + step) where passed + 4 <= input.count {
                let slot = slot(passed)
                recent[slot * ways + Int(next[slot])] = Int32(passed)
                next[slot] = (next[slot] + 1) % UInt8(ways)
            }
            position += step
        }
        symbol(256)
        if bitCount > 0 { put(0, 8 - bitCount) }
    }
}
