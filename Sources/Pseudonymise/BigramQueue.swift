import CBitKernels

/// Bigrams that wait to be drawn, each with the function that draws it and the number of its filter.
///
/// SipHash of one message waits for itself at every step; a processor works out several messages at
/// once, whatever filters they belong to.
struct BigramQueue {
    private var draws = [stile_draw](repeating: stile_draw(), count: 512)
    private var count = 0

    /// Adds the bigrams of a text.
    @inline(__always)
    mutating func add(
        _ text: UnsafeBufferPointer<UInt8>, _ function: SipHash, filter: Int
    ) {
        // A text has at most one bigram more than bytes.
        reserve(text.count + 1)
        var end = count
        draws.withUnsafeMutableBufferPointer { draws in
            Bigram.forEach(text) { first, second in
                draws[end] = Self.draw(first, second, function, filter)
                end += 1
            }
        }
        count = end
    }

    /// Adds one bigram.
    @inline(__always)
    mutating func add(_ first: UInt32, _ second: UInt32, _ function: SipHash, filter: Int) {
        reserve(1)
        draws[count] = Self.draw(first, second, function, filter)
        count += 1
    }

    /// Adds a pair of bigrams by its number, below 2⁴².
    @inline(__always)
    mutating func add(pair: UInt64, _ function: SipHash, filter: Int) {
        reserve(1)
        draws[count] = stile_draw(
            first: function.first, second: function.second, bigram: pair, filter: filter)
        count += 1
    }

    @inline(__always)
    private static func draw(
        _ first: UInt32, _ second: UInt32, _ function: SipHash, _ filter: Int
    ) -> stile_draw {
        stile_draw(
            first: function.first, second: function.second,
            bigram: UInt64(first) << 21 | UInt64(second), filter: filter)
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > draws.count { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        draws += [stile_draw](repeating: stile_draw(), count: draws.count + more)
    }

    /// Sets the positions of all bigrams and forgets them.
    ///
    /// - Parameters:
    ///   - filters: The filters, one after another.
    ///   - bits: The bits of each, a power of two.
    ///   - positions: How many each bigram sets; some may coincide.
    mutating func draw(
        into filters: UnsafeMutableBufferPointer<UInt64>, bits: Int, positions: Int
    ) {
        stile_draw_bigrams(
            filters.baseAddress, UInt32(bits.trailingZeroBitCount), UInt32(positions), draws,
            count)
        count = 0
    }
}
