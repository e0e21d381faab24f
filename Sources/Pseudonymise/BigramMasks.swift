import CBitKernels

/// The filters of texts under one function, made of the mask of each bigram, which is drawn when it
/// is first needed.
///
/// Few pairs of letters are used: the masks of one function lie close by, in the order in which
/// they were needed.
struct BigramMasks {
    /// How many texts are drawn together.
    static let textsTogether = 64

    private let bits: Int
    private let positions: Int
    private var function = SipHash(0, 0)
    /// For each pair of the alphabet the number of its mask; 0 where it has none.
    private var numbers = [UInt32](repeating: 0, count: Bigram.pairs)
    /// The pairs that have a mask.
    private var held: [Int] = []
    /// First the bigrams of each text that have no place in the alphabet, drawn for the text alone;
    /// then the masks.
    private var masks: [UInt64]
    private var queue = BigramQueue()
    /// What the filters of the texts are made of, one text after another.
    private var chosen: [UInt32] = []
    /// Where each text ends there.
    private var ends = [Int](repeating: 0, count: textsTogether)

    init(bits: Int, positions: Int) {
        self.bits = bits
        self.positions = positions
        masks = [UInt64](repeating: 0, count: Self.textsTogether * bits / 64)
    }

    /// Forgets the masks and begins those of another function.
    mutating func begin(_ function: SipHash) {
        self.function = function
        for pair in held { numbers[pair] = 0 }
        held.removeAll(keepingCapacity: true)
    }

    /// Makes the filters of some rows.
    ///
    /// - Parameters:
    ///   - texts: The normal forms.
    ///   - rows: At most ``textsTogether`` rows.
    ///   - place: Where the filter of a row is made.
    ///   - finish: Called with each row whose value is not missing when its filter is made.
    @inline(__always)
    mutating func make(
        _ texts: NormalColumn.View, rows: UnsafeBufferPointer<Int32>,
        place: (_ row: Int) -> UnsafeMutableBufferPointer<UInt64>, finish: (_ row: Int) -> Void
    ) {
        precondition(rows.count <= Self.textsTogether)
        let width = bits / 64
        let drawn = held.count
        for row in rows {
            texts.prefetch(Int(row))
            stile_prefetch(place(Int(row)).baseAddress, width * 8)
        }
        let usesOwn = Self.choose(
            texts, rows, function, numbers: &numbers, held: &held, queue: &queue, chosen: &chosen,
            ends: &ends)
        draw(from: drawn)
        masks.withUnsafeBufferPointer { masks in
            chosen.withUnsafeBufferPointer { chosen in
                var start = 0
                for (text, row) in rows.enumerated() {
                    let own = UnsafeBufferPointer(rebasing: chosen[start..<ends[text]])
                    guard !own.isEmpty else { continue }
                    stile_unite(
                        place(Int(row)).baseAddress, width, masks.baseAddress, own.baseAddress,
                        own.count)
                    finish(Int(row))
                    start = ends[text]
                }
            }
        }
        if usesOwn { for word in 0..<(Self.textsTogether * width) { masks[word] = 0 } }
    }

    /// Lists what the filter of each text is made of, and queues the bigrams that have no mask.
    ///
    /// - Returns: Whether there are bigrams outside the alphabet.
    private static func choose(
        _ texts: NormalColumn.View, _ rows: UnsafeBufferPointer<Int32>, _ function: SipHash,
        numbers: inout [UInt32], held: inout [Int], queue: inout BigramQueue,
        chosen: inout [UInt32], ends: inout [Int]
    ) -> Bool {
        // For each text its bigrams, at most one more than bytes, and its own mask.
        let most = rows.reduce(0) { $0 + texts.row(Int($1)).count + 2 }
        if chosen.count < most { chosen = [UInt32](repeating: 0, count: 2 * most) }
        var usesOwn = false
        var end = 0
        numbers.withUnsafeMutableBufferPointer { numbers in
            chosen.withUnsafeMutableBufferPointer { chosen in
                for (text, row) in rows.enumerated() {
                    let bytes = texts.row(Int(row))
                    var hasOwn = false
                    if !bytes.isEmpty {
                        Bigram.forEachPlace(bytes) { pair, first, second in
                            guard pair >= 0 else {
                                queue.add(first, second, function, filter: text)
                                hasOwn = true
                                return
                            }
                            if numbers[pair] == 0 {
                                let number = textsTogether + held.count
                                held.append(pair)
                                numbers[pair] = UInt32(number)
                                queue.add(first, second, function, filter: number)
                            }
                            chosen[end] = numbers[pair]
                            end += 1
                        }
                    }
                    if hasOwn {
                        chosen[end] = UInt32(text)
                        end += 1
                        usesOwn = true
                    }
                    ends[text] = end
                }
            }
        }
        return usesOwn
    }

    /// Draws the bigrams that were added.
    ///
    /// - Parameter first: The first new mask.
    private mutating func draw(from first: Int) {
        let width = bits / 64
        let needed = (Self.textsTogether + held.count) * width
        if masks.count < needed {
            masks += [UInt64](repeating: 0, count: max(needed - masks.count, masks.count))
        }
        masks.withUnsafeMutableBufferPointer { masks in
            masks[((Self.textsTogether + first) * width)..<needed].update(repeating: 0)
            queue.draw(into: masks, bits: bits, positions: positions)
        }
    }
}
