import Crypto

/// Turns normal forms into filters: each bigram of the padded text sets a few keyed positions.
///
/// Each position is drawn independently from 16 bits of HMAC(field key, block ‖ bigram), not by
/// the double hashing whose patterns give bigrams away (Kroll and Steinmetzer 2015). Bigrams of
/// a–z, 0–9, space and the padding are looked up; others are hashed when they come.
struct BigramFilter: Sendable {
    /// The characters of the table: padding, a–z, 0–9, space.
    private static let alphabet = 38
    private static let padding: UInt32 = 0

    let bits: Int
    let positionsPerBigram: Int
    private let hasher: KeyedHasher
    /// The positions of every bigram of the alphabet, `positionsPerBigram` each.
    private let table: [UInt16]

    init(hasher: KeyedHasher, bits: Int, positionsPerBigram: Int) {
        self.hasher = hasher
        self.bits = bits
        self.positionsPerBigram = positionsPerBigram
        var table: [UInt16] = []
        table.reserveCapacity(Self.alphabet * Self.alphabet * positionsPerBigram)
        for first in 0..<Self.alphabet {
            for second in 0..<Self.alphabet {
                Self.appendPositions(
                    Self.scalar(first), Self.scalar(second), hasher, bits, positionsPerBigram,
                    to: &table)
            }
        }
        self.table = table
    }

    /// The filters of a column, `bits / 64` words a row; a missing value is all zeros.
    func words(_ column: NormalColumn) -> [UInt64] {
        let width = bits / 64
        var words = [UInt64](repeating: 0, count: column.count * width)
        var rare: [UInt64: [UInt16]] = [:]
        words.withUnsafeMutableBufferPointer { words in
            table.withUnsafeBufferPointer { table in
                column.bytes.withUnsafeBufferPointer { bytes in
                    for row in 0..<column.count {
                        let range = column.offsets[row]..<column.offsets[row + 1]
                        guard !range.isEmpty else { continue }
                        let filter = UnsafeMutableBufferPointer(
                            rebasing: words[(row * width)..<((row + 1) * width)])
                        set(bytes, range, table, &rare, in: filter)
                    }
                }
            }
        }
        return words
    }

    @inline(__always)
    private func set(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
        _ table: UnsafeBufferPointer<UInt16>, _ rare: inout [UInt64: [UInt16]],
        in filter: UnsafeMutableBufferPointer<UInt64>
    ) {
        var previous = Self.padding
        var previousIndex = 0
        var position = range.lowerBound
        while position <= range.upperBound {
            let scalar: UInt32
            if position == range.upperBound {
                scalar = Self.padding
                position += 1
            } else {
                scalar = Self.decode(bytes, &position, range.upperBound)
            }
            let index = Self.index(scalar)
            if previousIndex >= 0, index >= 0 {
                let start = (previousIndex * Self.alphabet + index) * positionsPerBigram
                for entry in start..<(start + positionsPerBigram) {
                    let bit = Int(table[entry])
                    filter[bit >> 6] |= 1 << UInt64(bit & 63)
                }
            } else {
                let key = UInt64(previous) << 32 | UInt64(scalar)
                for bit in rarePositions(key, &rare) {
                    filter[Int(bit) >> 6] |= 1 << UInt64(bit & 63)
                }
            }
            previous = scalar
            previousIndex = index
        }
    }

    private func rarePositions(_ key: UInt64, _ rare: inout [UInt64: [UInt16]]) -> [UInt16] {
        if let known = rare[key] { return known }
        var positions: [UInt16] = []
        Self.appendPositions(
            UInt32(key >> 32), UInt32(truncatingIfNeeded: key), hasher, bits, positionsPerBigram,
            to: &positions)
        rare[key] = positions
        return positions
    }

    /// The next Unicode scalar of well-formed UTF-8.
    @inline(__always)
    private static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ end: Int
    ) -> UInt32 {
        let first = UInt32(bytes[position])
        position += 1
        guard first >= 0x80 else { return first }
        var scalar = first >= 0xf0 ? first & 0x07 : first >= 0xe0 ? first & 0x0f : first & 0x1f
        while position < end, bytes[position] & 0xc0 == 0x80 {
            scalar = scalar << 6 | UInt32(bytes[position] & 0x3f)
            position += 1
        }
        return scalar
    }

    @inline(__always)
    private static func index(_ scalar: UInt32) -> Int {
        switch scalar {
        case 0x61...0x7a: Int(scalar) - 0x60
        case 0x30...0x39: Int(scalar) - 0x30 + 27
        case 0x20: 37
        case padding: 0
        default: -1
        }
    }

    private static func scalar(_ index: Int) -> UInt32 {
        switch index {
        case 0: padding
        case 1...26: UInt32(index) + 0x60
        case 27...36: UInt32(index) - 27 + 0x30
        default: 0x20
        }
    }

    private static func appendPositions(
        _ first: UInt32, _ second: UInt32, _ hasher: KeyedHasher, _ bits: Int, _ count: Int,
        to positions: inout [UInt16]
    ) {
        var message = [UInt8](repeating: 0, count: 9)
        for offset in 0..<4 {
            message[1 + offset] = UInt8(truncatingIfNeeded: first >> (24 - 8 * UInt32(offset)))
            message[5 + offset] = UInt8(truncatingIfNeeded: second >> (24 - 8 * UInt32(offset)))
        }
        var left = count
        while left > 0 {
            message.withUnsafeBytes { hasher.code($0) }.withUnsafeBytes { raw in
                for draw in 0..<min(left, 16) {
                    let word = UInt16(
                        bigEndian: raw.loadUnaligned(fromByteOffset: 2 * draw, as: UInt16.self))
                    positions.append(word & UInt16(bits - 1))
                }
            }
            left -= 16
            message[0] += 1
        }
    }
}
