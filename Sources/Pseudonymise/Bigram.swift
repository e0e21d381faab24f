/// The pairs of neighbouring characters of a text, with padding before and after each word.
enum Bigram {
    private static let padding: UInt32 = 0

    /// Calls `body` with each pair of Unicode scalars; 0 is the padding.
    @inline(__always)
    static func forEach(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (_ first: UInt32, _ second: UInt32) -> Void
    ) {
        var previous = padding
        var position = 0
        while position < bytes.count {
            let scalar = decode(bytes, &position)
            body(previous, scalar)
            previous = scalar
        }
        body(previous, padding)
    }

    /// The next Unicode scalar of well-formed UTF-8.
    @inline(__always)
    private static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) -> UInt32 {
        let first = UInt32(bytes[position])
        position += 1
        guard first >= 0x80 else { return first }
        var scalar = first >= 0xf0 ? first & 0x07 : first >= 0xe0 ? first & 0x0f : first & 0x1f
        while position < bytes.count, bytes[position] & 0xc0 == 0x80 {
            scalar = scalar << 6 | UInt32(bytes[position] & 0x3f)
            position += 1
        }
        return scalar
    }

    /// The place of a pair of characters in a table; `nil` where it has none.
    @inline(__always)
    static func place(_ first: UInt32, _ second: UInt32) -> Int? {
        let (firstIndex, secondIndex) = (index(first), index(second))
        guard firstIndex >= 0, secondIndex >= 0 else { return nil }
        return firstIndex * BigramFilter.alphabet + secondIndex
    }

    /// The place of a character in the table; -1 where it has none.
    @inline(__always)
    static func index(_ scalar: UInt32) -> Int {
        switch scalar {
        case 0x61...0x7a: Int(scalar) - 0x60
        case 0x30...0x39: Int(scalar) - 0x30 + 27
        case 0x20: 37
        case padding: 0
        default: -1
        }
    }

    /// The character at a place of the table.
    static func scalar(_ index: Int) -> UInt32 {
        switch index {
        case 0: padding
        case 1...26: UInt32(index) + 0x60
        case 27...36: UInt32(index) - 27 + 0x30
        default: 0x20
        }
    }
}
