import Hashing

/// Turns normal forms into filters: each bigram of the padded text sets a few keyed positions.
///
/// The positions are drawn independently from a pseudo-random function of the bigram, not by the
/// double hashing whose patterns give bigrams away (Kroll and Steinmetzer 2015). The function has
/// its own key for each value of the salt, an HMAC of the field's key over the token that salts,
/// so that filters of two salts have nothing in common: not their positions, nor how many of them
/// coincide. A row whose salt is missing has no filter.
///
/// A text may hold several words with a zero byte between them; each is padded for itself.
struct BigramFilter: Sendable {
    /// The characters of the table: padding, a–z, 0–9, space.
    static let alphabet = 38

    /// The bits that are stored.
    let bits: Int
    private let positionsPerBigram: Int
    private let hasher: KeyedHasher
    /// The token field whose value salts the filter.
    let salt: String?
    private let hardening: FilterHardening
    /// Bits before the fold.
    private let drawnBits: Int
    /// The function of an unsalted filter and its mask of every bigram of the alphabet.
    private let unsalted: SipHash
    private let masks: [UInt64]

    /// - Parameter hasher: The key of this filter, its salt field included.
    init(hasher: KeyedHasher, specification: EncodingSpecification, salt: String?) {
        self.hasher = hasher
        self.salt = salt
        bits = specification.filterBits
        positionsPerBigram = specification.positionsPerBigram
        hardening = FilterHardening(
            specification.hardening, bits: bits, key: SipHash(hasher, Array("harden".utf8)))
        drawnBits = specification.hardening.fold ? 2 * bits : bits
        unsalted = SipHash(hasher, [])
        masks = salt == nil ? Self.table(unsalted, positionsPerBigram, bits: drawnBits) : []
    }

    /// The mask of every bigram of the alphabet.
    private static func table(_ function: SipHash, _ count: Int, bits: Int) -> [UInt64] {
        let width = bits / 64
        var table = [UInt64](repeating: 0, count: alphabet * alphabet * width)
        table.withUnsafeMutableBufferPointer { table in
            for first in 0..<alphabet {
                for second in 0..<alphabet {
                    let start = (first * alphabet + second) * width
                    set(
                        Bigram.scalar(first), Bigram.scalar(second), function, count,
                        in: UnsafeMutableBufferPointer(rebasing: table[start..<(start + width)]))
                }
            }
        }
        return table
    }

    /// The filters of a column, `bits / 64` words a row; a missing value is all zeros.
    ///
    /// - Parameters:
    ///   - salts: The token of each row that salts its filter; empty where nothing does.
    ///   - subjects: Whose each row is: the same noise falls on the same value of one subject.
    ///     Empty for filters without noise.
    func words(
        _ column: NormalColumn, salts: [UInt64], subjects: [(UInt64, UInt64)]
    ) -> [UInt64] {
        let width = bits / 64
        let drawnWidth = drawnBits / 64
        var words = [UInt64](repeating: 0, count: column.count * width)
        var drawn = [UInt64](repeating: 0, count: drawnWidth)
        var keys: [UInt64: SipHash] = [:]
        words.withUnsafeMutableBufferPointer { words in
            drawn.withUnsafeMutableBufferPointer { drawn in
                masks.withUnsafeBufferPointer { masks in
                    for row in 0..<column.count {
                        guard !column.isEmpty(row) else { continue }
                        let filter = UnsafeMutableBufferPointer(
                            rebasing: words[(row * width)..<((row + 1) * width)])
                        for word in 0..<drawnWidth { drawn[word] = 0 }
                        if salt == nil {
                            column.withRow(row) { text in
                                Bigram.forEach(text) { first, second in
                                    or(first, second, masks, in: drawn)
                                }
                            }
                        } else {
                            guard salts[row] != 0 else { continue }
                            let key = function(salts[row], &keys)
                            column.withRow(row) { text in
                                Bigram.forEach(text) { first, second in
                                    Self.set(first, second, key, positionsPerBigram, in: drawn)
                                }
                            }
                        }
                        hardening.harden(drawn, into: filter)
                        if hardening.flips, !subjects.isEmpty {
                            hardening.flip(filter, of: subjects[row])
                        }
                    }
                }
            }
        }
        return words
    }

    /// The function of one salt.
    private func function(_ salt: UInt64, _ keys: inout [UInt64: SipHash]) -> SipHash {
        if let known = keys[salt] { return known }
        let key = SipHash(hasher, withUnsafeBytes(of: salt.bigEndian) { Array($0) })
        keys[salt] = key
        return key
    }

    /// Sets the positions of a bigram by the table, or without it for other characters.
    @inline(__always)
    private func or(
        _ first: UInt32, _ second: UInt32, _ masks: UnsafeBufferPointer<UInt64>,
        in filter: UnsafeMutableBufferPointer<UInt64>
    ) {
        let (firstIndex, secondIndex) = (Bigram.index(first), Bigram.index(second))
        guard firstIndex >= 0, secondIndex >= 0 else {
            Self.set(first, second, unsalted, positionsPerBigram, in: filter)
            return
        }
        let start = (firstIndex * Self.alphabet + secondIndex) * filter.count
        for word in 0..<filter.count { filter[word] |= masks[start + word] }
    }

    /// Draws the positions of a bigram and sets them.
    ///
    /// Each value of the function has 64 bits, cut into as many positions as fit.
    @inline(__always)
    private static func set(
        _ first: UInt32, _ second: UInt32, _ function: SipHash, _ count: Int,
        in filter: UnsafeMutableBufferPointer<UInt64>
    ) {
        let positions = UInt64(filter.count * 64)
        let bitsPerPosition = UInt64(positions.trailingZeroBitCount)
        let message = UInt64(first) << 21 | UInt64(second)
        var left = count
        var block: UInt64 = 0
        while left > 0 {
            var value = function(block << 42 | message)
            block += 1
            var fits = 64 / Int(bitsPerPosition)
            while fits > 0, left > 0 {
                let position = value & (positions - 1)
                filter[Int(position >> 6)] |= 1 << (position & 63)
                value >>= bitsPerPosition
                fits -= 1
                left -= 1
            }
        }
    }
}

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
