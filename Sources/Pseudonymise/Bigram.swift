/// The pairs of neighbouring characters of a text, with padding before and after each word.
enum Bigram {
    private static let padding: UInt32 = 0

    /// The characters of the alphabet: padding, a–z, 0–9, space.
    private static let alphabet = 38
    /// The pairs of the alphabet.
    static let pairs = alphabet * alphabet

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

    /// Calls `body` also with the place of each pair in a table of ``pairs``; -1 where it has none.
    @inline(__always)
    static func forEachPlace(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ body: (_ place: Int, _ first: UInt32, _ second: UInt32) -> Void
    ) {
        var place = index(padding)
        forEach(bytes) { first, second in
            let next = index(second)
            body(place | next < 0 ? -1 : place * alphabet + next, first, second)
            place = next
        }
    }

    /// The place of a character in the alphabet; -1 where it has none.
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
}
