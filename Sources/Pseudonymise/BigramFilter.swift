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
    ///   - salts: What salts the filter of each row; empty where nothing does.
    ///   - subjects: Whose each row is: the same noise falls on the same value of one subject.
    ///     Empty for filters without noise.
    func words(
        _ column: NormalColumn, salts: Salts, subjects: [(UInt64, UInt64)]
    ) -> [UInt64] {
        let width = bits / 64
        var words = [UInt64](repeating: 0, count: column.count * width)
        var drawn = [UInt64](repeating: 0, count: drawnBits / 64)
        words.withUnsafeMutableBufferPointer { words in
            drawn.withUnsafeMutableBufferPointer { drawn in
                func filter(_ row: Int) -> UnsafeMutableBufferPointer<UInt64> {
                    UnsafeMutableBufferPointer(
                        rebasing: words[(row * width)..<((row + 1) * width)])
                }
                func finish(_ row: Int) {
                    if hardening.mixes {
                        hardening.harden(drawn, into: filter(row))
                        drawn.update(repeating: 0)
                    }
                    if hardening.flips, !subjects.isEmpty {
                        hardening.flip(filter(row), of: subjects[row])
                    }
                }
                func place(_ row: Int) -> UnsafeMutableBufferPointer<UInt64> {
                    hardening.mixes ? drawn : filter(row)
                }
                if salt == nil {
                    masks.withUnsafeBufferPointer { masks in
                        for row in 0..<column.count where !column.isEmpty(row) {
                            let drawn = place(row)
                            column.withRow(row) { text in
                                Bigram.forEach(text) { or($0, $1, masks, in: drawn) }
                            }
                            finish(row)
                        }
                    }
                } else {
                    fill(column, salts: salts, place: place, finish: finish)
                }
            }
        }
        return words
    }

    /// Draws the filter of each row that has a salt.
    ///
    /// - Parameters:
    ///   - column: The normal forms.
    ///   - salts: What salts each row.
    ///   - place: Where the filter of a row is drawn, all zeros.
    ///   - finish: Called when it is drawn.
    @inline(__always)
    private func fill(
        _ column: NormalColumn, salts: Salts,
        place: (_ row: Int) -> UnsafeMutableBufferPointer<UInt64>, finish: (_ row: Int) -> Void
    ) {
        let functions = salts.values.map { salt in
            SipHash(hasher, withUnsafeBytes(of: salt.bigEndian) { Array($0) })
        }
        guard salts.values.count * Self.rowsThatShare > column.count else {
            fillBySalt(column, salts: salts, functions, place: place, finish: finish)
            return
        }
        for row in 0..<column.count where salts.places[row] >= 0 && !column.isEmpty(row) {
            let function = functions[Int(salts.places[row])]
            let drawn = place(row)
            column.withRow(row) { text in
                Bigram.forEach(text) { Self.set($0, $1, function, positionsPerBigram, in: drawn) }
            }
            finish(row)
        }
    }

    /// How many rows of one salt make it worth while to keep the masks of its bigrams.
    static let rowsThatShare = 32

    /// Draws the filters of one salt after the other, so that the masks of its bigrams, each made
    /// when it is first needed, lie close by.
    @inline(__always)
    private func fillBySalt(
        _ column: NormalColumn, salts: Salts, _ functions: [SipHash],
        place: (_ row: Int) -> UnsafeMutableBufferPointer<UInt64>, finish: (_ row: Int) -> Void
    ) {
        let width = drawnBits / 64
        var masks = [UInt64](repeating: 0, count: Self.alphabet * Self.alphabet * width)
        // Whose the mask of each bigram is.
        var owners = [Int32](repeating: -1, count: Self.alphabet * Self.alphabet)
        masks.withUnsafeMutableBufferPointer { masks in
            owners.withUnsafeMutableBufferPointer { owners in
                for row in salts.rowsBySalt where !column.isEmpty(Int(row)) {
                    let salt = salts.places[Int(row)]
                    let function = functions[Int(salt)]
                    let drawn = place(Int(row))
                    column.withRow(Int(row)) { text in
                        Bigram.forEach(text) { first, second in
                            guard let bigram = Bigram.place(first, second) else {
                                Self.set(first, second, function, positionsPerBigram, in: drawn)
                                return
                            }
                            let mask = UnsafeMutableBufferPointer(
                                rebasing: masks[(bigram * width)..<(bigram * width + width)])
                            if owners[bigram] != salt {
                                owners[bigram] = salt
                                mask.update(repeating: 0)
                                Self.set(first, second, function, positionsPerBigram, in: mask)
                            }
                            for word in 0..<width { drawn[word] |= mask[word] }
                        }
                    }
                    finish(Int(row))
                }
            }
        }
    }

    /// Sets the positions of a bigram by the table, or without it for other characters.
    @inline(__always)
    private func or(
        _ first: UInt32, _ second: UInt32, _ masks: UnsafeBufferPointer<UInt64>,
        in filter: UnsafeMutableBufferPointer<UInt64>
    ) {
        guard let place = Bigram.place(first, second) else {
            Self.set(first, second, unsalted, positionsPerBigram, in: filter)
            return
        }
        let start = place * filter.count
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
        let fits = 64 / Int(bitsPerPosition)
        let message = UInt64(first) << 21 | UInt64(second)
        func set(_ drawn: UInt64, _ count: Int) {
            var value = drawn
            for _ in 0..<count {
                let position = value & (positions - 1)
                filter[Int(position >> 6)] |= 1 << (position & 63)
                value >>= bitsPerPosition
            }
        }
        var left = count
        var block: UInt64 = 0
        while left > fits {
            let values = function.pair(block << 42 | message, (block + 1) << 42 | message)
            set(values.0, fits)
            set(values.1, min(fits, left - fits))
            block += 2
            left -= 2 * fits
        }
        if left > 0 { set(function(block << 42 | message), left) }
    }
}
