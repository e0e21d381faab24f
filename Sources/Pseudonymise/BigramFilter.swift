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
    /// The bits that are stored.
    let bits: Int
    private let positionsPerBigram: Int
    let hasher: KeyedHasher
    /// The token field whose value salts the filter.
    let salt: String?
    private let hardening: FilterHardening
    /// Bits before the fold.
    private let drawnBits: Int

    /// Whether it is made of pairs of bigrams, of names together.
    private let isJoint: Bool

    /// - Parameters:
    ///   - hasher: The key of this filter, its salt field included.
    ///   - specification: The dial.
    ///   - salt: The token field that salts; `nil` for none.
    ///   - isJoint: Whether pairs of bigrams are drawn, one of either name; such a filter has no salt.
    init(
        hasher: KeyedHasher, specification: EncodingSpecification, salt: String?,
        isJoint: Bool = false
    ) {
        self.hasher = hasher
        self.salt = salt
        self.isJoint = isJoint
        bits = specification.filterBits
        positionsPerBigram =
            isJoint
            ? EncodingSpecification.Compound.positionsPerPair : specification.positionsPerBigram
        hardening = FilterHardening(
            specification.hardening, bits: bits, key: SipHash(hasher, Array("harden".utf8)))
        drawnBits = specification.hardening.fold ? 2 * bits : bits
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
        words.withUnsafeMutableBufferPointer { words in
            NormalColumn.withViews(of: [column]) { views in
                if isJoint {
                    draw(views[0], nil, words, subjects)
                } else if salt == nil {
                    let rows = Array(0..<Int32(column.count))
                    drawTogether(
                        views[0], rows, [(SipHash(hasher, []), 0..<rows.count)], words, subjects)
                } else if salts.values.count * Self.rowsThatShare <= column.count {
                    let (rows, groups) = salts.rowsBySalt
                    drawTogether(
                        views[0], rows, zip(salts.values.lazy.map(function), groups), words,
                        subjects)
                } else {
                    draw(views[0], salts, words, subjects)
                }
            }
        }
        return words
    }

    /// The function of a salt.
    private func function(_ salt: UInt64) -> SipHash {
        withUnsafeBytes(of: salt.bigEndian) { SipHash(hasher, $0) }
    }

    /// Hardens what was drawn for a row, where that is not stored as it is, and adds its noise.
    @inline(__always)
    private func finish(
        _ row: Int, _ drawn: UnsafeMutableBufferPointer<UInt64>,
        _ words: UnsafeMutableBufferPointer<UInt64>, _ subjects: [(UInt64, UInt64)]
    ) {
        let width = bits / 64
        let filter = UnsafeMutableBufferPointer(
            rebasing: words[(row * width)..<((row + 1) * width)])
        if hardening.mixes { hardening.harden(drawn, into: filter) }
        if hardening.flips, !subjects.isEmpty { hardening.flip(filter, of: subjects[row]) }
    }

    /// So many filters and their bigrams stay in the nearest memory of a processor.
    private static let rowsTogether = 32

    /// Draws the filter of each row for itself, several rows together.
    ///
    /// - Parameter salts: Rows without a salt have no filter; `nil` where nothing salts.
    private func draw(
        _ texts: NormalColumn.View, _ salts: Salts?,
        _ words: UnsafeMutableBufferPointer<UInt64>, _ subjects: [(UInt64, UInt64)]
    ) {
        let width = drawnBits / 64
        let mixes = hardening.mixes
        let functions = salts?.values.map(function) ?? [SipHash(hasher, [])]
        var joint = JointBigrams()
        var queue = BigramQueue()
        var rows: [Int] = []
        rows.reserveCapacity(Self.rowsTogether)
        var drawn = [UInt64](repeating: 0, count: mixes ? Self.rowsTogether * width : 0)
        drawn.withUnsafeMutableBufferPointer { drawn in
            func finishRows() {
                queue.draw(
                    into: mixes ? drawn : words, bits: drawnBits, positions: positionsPerBigram)
                guard mixes || hardening.flips else { return }
                for (place, row) in rows.enumerated() {
                    let range = mixes ? (place * width)..<((place + 1) * width) : 0..<0
                    finish(
                        row, UnsafeMutableBufferPointer(rebasing: drawn[range]), words, subjects)
                }
                drawn.update(repeating: 0)
            }
            for row in 0..<(words.count / (bits / 64)) {
                let salt = salts?.places[row] ?? 0
                guard salt >= 0 else { continue }
                let text = texts.row(row)
                guard !text.isEmpty else { continue }
                let filter = mixes ? rows.count : row
                let function = functions[Int(salt)]
                if isJoint {
                    joint.forEach(text) { queue.add(pair: $0, function, filter: filter) }
                } else {
                    queue.add(text, function, filter: filter)
                }
                rows.append(row)
                if rows.count == Self.rowsTogether {
                    finishRows()
                    rows.removeAll(keepingCapacity: true)
                }
            }
            finishRows()
        }
    }

    /// How many rows of one salt make it worth while to keep the masks of its bigrams.
    static let rowsThatShare = 32

    /// Draws the filters of one function after the other, so that each of its bigrams is drawn
    /// once.
    ///
    /// - Parameters:
    ///   - texts: The normal forms.
    ///   - rows: The rows that have a filter unless their value is missing.
    ///   - groups: Functions, and the place of the rows of each.
    ///   - words: The filters of all rows.
    ///   - subjects: Whose each row is.
    private func drawTogether(
        _ texts: NormalColumn.View, _ rows: [Int32], _ groups: some Sequence<(SipHash, Range<Int>)>,
        _ words: UnsafeMutableBufferPointer<UInt64>, _ subjects: [(UInt64, UInt64)]
    ) {
        let width = bits / 64
        let (mixes, finishes) = (hardening.mixes, hardening.mixes || hardening.flips)
        var masks = BigramMasks(bits: drawnBits, positions: positionsPerBigram)
        var drawn = [UInt64](repeating: 0, count: mixes ? drawnBits / 64 : 0)
        drawn.withUnsafeMutableBufferPointer { drawn in
            rows.withUnsafeBufferPointer { rows in
                for (function, group) in groups {
                    masks.begin(function)
                    for start in stride(
                        from: group.lowerBound, to: group.upperBound,
                        by: BigramMasks.textsTogether)
                    {
                        let end = min(start + BigramMasks.textsTogether, group.upperBound)
                        // Rows of one salt lie anywhere in memory: they are asked for before they
                        // are needed.
                        for row in rows[end..<min(end + BigramMasks.textsTogether, rows.count)] {
                            texts.prefetchPlace(Int(row))
                        }
                        masks.make(
                            texts, rows: UnsafeBufferPointer(rebasing: rows[start..<end]),
                            place: { row in
                                mixes
                                    ? drawn
                                    : UnsafeMutableBufferPointer(
                                        rebasing: words[(row * width)..<((row + 1) * width)])
                            }, finish: { if finishes { finish($0, drawn, words, subjects) } })
                    }
                }
            }
        }
    }
}
