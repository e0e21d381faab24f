import CBitKernels

extension PairComparison {
    /// Room for what is found of a block.
    struct Scratch {
        var masks: stile_masks
        /// The digits of one comparison after the other.
        var all: UnsafeMutablePointer<UInt8>
        /// Those of the comparison that is made.
        var digits: UnsafeMutablePointer<UInt8>
        /// How alike filters are; -1 where they cannot be compared.
        var dice: UnsafeMutablePointer<Float>
        /// How alike those of a comparison's first level are.
        var first: UnsafeMutablePointer<Float>
        /// One of several filters.
        var several: UnsafeMutablePointer<Float>
        /// Of several filters, how alike those are that are most alike.
        var best: UnsafeMutablePointer<Float>
        /// The list of filters that ``best`` is of, and the pairs of which it is known.
        var list: UnsafeMutablePointer<Int>
        var isKnown: UnsafeMutablePointer<Bool>
        var chosen: UnsafeMutablePointer<UInt32>
        /// Masks that all have their lowest bit.
        var ones: UnsafeMutablePointer<UInt32>
    }

    /// Hands over room for the pairs of a block.
    func withScratch(_ body: (Scratch) -> Void) {
        let (block, masks) = (Self.block, (records.width + 31) / 32 * Self.block)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * masks + 2 * block) { words in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * block) { numbers in
                withUnsafeTemporaryAllocation(
                    of: UInt8.self, capacity: plans.count * block + 1
                ) { digits in
                    withUnsafeTemporaryAllocation(of: Bool.self, capacity: block) { isKnown in
                        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1) { list in
                            guard let words = words.baseAddress, let dice = numbers.baseAddress,
                                let digits = digits.baseAddress, let list = list.baseAddress,
                                let isKnown = isKnown.baseAddress
                            else { return }
                            let ones = words + 4 * masks + block
                            ones.initialize(repeating: 1, count: block)
                            body(
                                Scratch(
                                    masks: stile_masks(
                                        agree: words, meet: words + masks,
                                        has_left: words + 2 * masks,
                                        has_right: words + 3 * masks),
                                    all: digits, digits: digits, dice: dice, first: dice + block,
                                    several: dice + 2 * block, best: dice + 3 * block,
                                    list: list, isKnown: isKnown, chosen: words + 4 * masks,
                                    ones: ones))
                        }
                    }
                }
            }
        }
    }
}
