/// What is done to a filter before it is stored: fold, diffusion and noise.
///
/// Everything is decided by a key, so that the same inputs give the same bytes.
struct FilterHardening: Sendable {
    private let bits: Int
    private let folds: Bool
    private let key: SipHash
    /// For each bit of the filter the stored bits that it takes part in; empty without diffusion.
    private let diffusion: [UInt64]
    /// For each number of bits, the probability in 2³² parts that the next bit to be inverted
    /// comes before that many more.
    private let skips: [UInt32]

    /// Whether the filter is another than what is drawn, apart from noise.
    let mixes: Bool

    /// Whether noise falls on the filter.
    let flips: Bool

    init(_ hardening: EncodingSpecification.Hardening, bits: Int, key: SipHash) {
        self.bits = bits
        self.key = key
        folds = hardening.fold
        diffusion = Self.diffusionMasks(hardening.diffusion, bits: bits, key: key)
        skips = Self.skipTable(hardening.flip, bits: bits)
        mixes = folds || !diffusion.isEmpty
        flips = !skips.isEmpty
    }

    /// Folds `drawn` where it is twice as long as `filter`, and diffuses.
    @inline(__always)
    func harden(
        _ drawn: UnsafeMutableBufferPointer<UInt64>,
        into filter: UnsafeMutableBufferPointer<UInt64>
    ) {
        let width = filter.count
        if folds { for word in 0..<width { drawn[word] ^= drawn[width + word] } }
        if diffusion.isEmpty {
            for word in 0..<width { filter[word] = drawn[word] }
        } else {
            diffusion.withUnsafeBufferPointer { diffusion in
                for word in 0..<width {
                    var left = drawn[word]
                    while left != 0 {
                        let bit = word << 6 | left.trailingZeroBitCount
                        left &= left - 1
                        for target in 0..<width {
                            filter[target] ^= diffusion[bit * width + target]
                        }
                    }
                }
            }
        }
    }

    /// Inverts each bit with the probability of the specification, independently.
    ///
    /// Which bits depends on the key, the subject and the filter: the same value of one subject
    /// has the same noise however often it comes, so that copies cannot be averaged.
    func flip(_ filter: UnsafeMutableBufferPointer<UInt64>, of subject: (UInt64, UInt64)) {
        let seed = key([subject.0, subject.1] + filter)
        var block: UInt64 = 0
        var value: UInt64 = 0
        var position = -1
        while true {
            if block & 1 == 0 { value = key([seed, block]) }
            position += 1 + skip(UInt32(truncatingIfNeeded: value >> (block & 1 == 0 ? 32 : 0)))
            block += 1
            guard position < bits else { return }
            filter[position >> 6] ^= 1 << UInt64(position & 63)
        }
    }

    /// How many bits stay before the next is inverted, from a uniform draw.
    private func skip(_ draw: UInt32) -> Int {
        var (low, high) = (0, skips.count)
        while low < high {
            let middle = (low + high) / 2
            if skips[middle] > draw { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// P(skip < n + 1) = 1 − (1 − p)ⁿ⁺¹ for n from 0, by repeated multiplication, whose result is
    /// the same on every machine.
    private static func skipTable(_ probability: Double, bits: Int) -> [UInt32] {
        guard probability > 0 else { return [] }
        var table: [UInt32] = []
        var stays = 1.0
        for _ in 0..<bits {
            stays *= 1 - probability
            table.append(UInt32(min((1 - stays) * 4_294_967_296, 4_294_967_295)))
        }
        return table
    }

    /// Chooses `count` different bits of the filter for each stored bit.
    private static func diffusionMasks(_ count: Int, bits: Int, key: SipHash) -> [UInt64] {
        guard count > 1 else { return [] }
        let width = bits / 64
        var masks = [UInt64](repeating: 0, count: bits * width)
        var draws: UInt64 = 0
        for stored in 0..<bits {
            var left = count
            while left > 0 {
                // The mark keeps these draws apart from those of the noise.
                let bit = Int(key([draws, .max, .max]) & UInt64(bits - 1))
                draws += 1
                let place = bit * width + stored >> 6
                let mark: UInt64 = 1 << UInt64(stored & 63)
                if masks[place] & mark == 0 {
                    masks[place] |= mark
                    left -= 1
                }
            }
        }
        return masks
    }
}
