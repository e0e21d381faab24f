import CBitKernels

/// The pairs of a block, one comparison after the other.
extension PairComparison {
    func compare(
        _ left: UnsafePointer<UInt32>, _ right: UnsafePointer<UInt32>, _ count: Int,
        _ patterns: UnsafeMutablePointer<UInt64>, _ scratch: Scratch
    ) {
        patterns.update(repeating: 0, count: count)
        scratch.list.pointee = -1
        let width = records.width
        records.withWords { words in
            stile_compare_records(words, width, left, right, count, Self.block, scratch.masks)
            let block = Block(
                count: count, width: width, words: words, scratch: scratch, left: left,
                right: right, patterns: patterns)
            for (number, plan) in plans.enumerated() {
                var block = block
                block.scratch.digits = scratch.all + number * Self.block
                compare(plan, block)
            }
        }
    }

    /// A few pairs of places, and what their records say.
    struct Block {
        var count: Int
        var width: Int
        var words: UnsafePointer<UInt64>
        var scratch: Scratch
        var left: UnsafePointer<UInt32>
        var right: UnsafePointer<UInt32>
        var patterns: UnsafeMutablePointer<UInt64>

        @inline(__always)
        func left(_ pair: Int, _ column: Int) -> UInt64 { words[Int(left[pair]) * width + column] }
        @inline(__always)
        func right(_ pair: Int, _ column: Int) -> UInt64 {
            words[Int(right[pair]) * width + column]
        }
        /// Where the masks of a column begin, and its bit in them.
        @inline(__always)
        func mask(_ column: Int) -> (first: Int, bit: UInt32) {
            PairComparison.mask(column)
        }
    }

    private func compare(_ plan: Plan, _ block: Block) {
        let (count, scratch) = (block.count, block.scratch)
        let digits = scratch.digits
        let open = plan.disagreement
        digits.update(repeating: open, count: count)
        for other in plan.unless {
            stile_mark_said(digits, scratch.all + other * Self.block, count)
        }
        markMissing(plan, block)
        for (level, step) in plan.steps.enumerated() {
            let digit = UInt8(level + 1)
            switch step {
            case .absent, .tokenUnder, .tokens, .anyOf: markTokens(step, block, open, digit)
            case .sets(let sets, let signature, let alone):
                let (first, bit) = block.mask(signature)
                let meet = scratch.masks.meet + first
                var possible = 0
                for pair in 0..<count {
                    let isOpen = digits[pair] == open || (alone && digits[pair] == 0)
                    scratch.chosen[possible] = UInt32(truncatingIfNeeded: pair)
                    possible += isOpen && meet[pair] & bit != 0 ? 1 : 0
                }
                sets.forEachSharing(
                    block.left, block.right,
                    UnsafeBufferPointer(start: scratch.chosen, count: possible)
                ) { digits[$0] = digit }
            case .filter(let filter, let least, let known):
                let dice = similarities(filter, block, open, known)
                stile_mark_alike(digits, dice, least, open, digit, count)
            case .band(let filter, let bands, let band, let known):
                let dice = similarities(filter, block, open, known)
                for pair in 0..<count
                where digits[pair] == open && dice[pair] >= Float(LinkageSpecification.sameness)
                    && block.left(pair, bands) == band
                {
                    digits[pair] = digit
                }
            case .anyFilter(let filters, let least):
                bestSimilarities(filters, block, open)
                stile_mark_alike(digits, scratch.best, least, open, digit, count)
            }
        }
        stile_add_digits(block.patterns, digits, plan.stride, count)
    }

    /// Marks the open pairs that agree on a level of tokens.
    func markTokens(_ step: Step, _ block: Block, _ open: UInt8, _ digit: UInt8) {
        let (digits, masks) = (block.scratch.digits, block.scratch.masks)
        func mark(_ column: Int) {
            let (first, bit) = block.mask(column)
            stile_mark(digits, masks.agree + first, bit, open, digit, block.count)
        }
        switch step {
        case .tokenUnder(let column, _): mark(column)
        case .tokens(let a, let b) where a == b: mark(a)
        case .tokens(let a, let b):
            for pair in 0..<block.count where digits[pair] == open {
                let (la, rb) = (block.left(pair, a), block.right(pair, b))
                let (lb, ra) = (block.left(pair, b), block.right(pair, a))
                if (la == rb && la != 0) || (lb == ra && lb != 0) { digits[pair] = digit }
            }
        case .anyOf(let columns): for column in columns { mark(column) }
        default: break
        }
    }

    /// How alike the filters of the open pairs are.
    ///
    /// Most pairs cannot be compared, for their salts differ, or are decided: their filters are
    /// not fetched.
    private func similarities(
        _ filter: Filter, _ block: Block, _ open: UInt8, _ known: Known
    ) -> UnsafeMutablePointer<Float> {
        switch known {
        case .first: return block.scratch.first
        case .before: return block.scratch.dice
        case .nothing:
            workOut(filter, block, open, into: block.scratch.dice)
            return block.scratch.dice
        }
    }

    private func workOut(
        _ filter: Filter, _ block: Block, _ open: UInt8, into dice: UnsafeMutablePointer<Float>
    ) {
        let count = choose(filter, block, open)
        dice.update(repeating: -1, count: block.count)
        filters[filter.number].dice(block.left, block.right, block.scratch.chosen, count, dice)
    }

    /// Chooses the open pairs whose filters can be compared, and says how many.
    ///
    /// - Parameters:
    ///   - filter: The filter that is compared.
    ///   - block: The pairs.
    ///   - open: The digit of those that are open.
    ///   - known: The pairs that are left out.
    private func choose(
        _ filter: Filter, _ block: Block, _ open: UInt8, but known: UnsafePointer<Bool>? = nil
    ) -> Int {
        let (scratch, count) = (block.scratch, block.count)
        guard let salt = filter.salt else {
            // A row is its own salt: what is open is chosen.
            return stile_choose(
                scratch.digits, open, known, scratch.ones, 1, scratch.chosen, count)
        }
        let (first, bit) = block.mask(salt)
        return stile_choose(
            scratch.digits, open, known, scratch.masks.agree + first, bit, scratch.chosen, count)
    }

    /// Works out how alike the most alike of several filters are, of the open pairs.
    ///
    /// Several comparisons may ask for the same: what is known of a pair of the block is kept.
    private func bestSimilarities(_ list: FilterList, _ block: Block, _ open: UInt8) {
        let scratch = block.scratch
        let (digits, best, isKnown) = (scratch.digits, scratch.best, scratch.isKnown)
        let dice = scratch.several
        if scratch.list.pointee != list.number {
            scratch.list.pointee = list.number
            best.update(repeating: -1, count: block.count)
            isKnown.update(repeating: false, count: block.count)
        }
        for filter in list.filters {
            let count = choose(filter, block, open, but: isKnown)
            filters[filter.number].dice(block.left, block.right, scratch.chosen, count, dice)
            stile_keep_best(best, dice, scratch.chosen, count)
        }
        stile_mark_known(isKnown, digits, open, block.count)
    }

    /// Takes the pairs from the open ones that cannot be compared.
    func markMissing(_ plan: Plan, _ block: Block) {
        let (count, scratch) = (block.count, block.scratch)
        let (digits, masks, open) = (scratch.digits, scratch.masks, plan.disagreement)
        switch plan.first {
        case .absent: digits.update(repeating: 0, count: count)
        case .tokens, .sets:
            if let only = plan.present.first, plan.present.count == 1 {
                stile_mark_missing(
                    digits, masks.has_left + only.first, masks.has_right + only.first, only.bits,
                    count)
                break
            }
            for pair in 0..<count {
                var both: UInt32 = 0
                for word in plan.present {
                    let place = word.first + pair
                    both |= masks.has_left[place] & masks.has_right[place] & word.bits
                }
                if both == 0 { digits[pair] = 0 }
            }
        case .tokenUnder(let column, let salt):
            let ((first, bit), (under, same)) = (block.mask(column), block.mask(salt))
            for pair in 0..<count {
                let both = masks.has_left[first + pair] & masks.has_right[first + pair] & bit
                if both == 0 || masks.agree[under + pair] & same == 0 { digits[pair] = 0 }
            }
        case .anyOf(let columns):
            for pair in 0..<count {
                let isThere =
                    columns.contains { block.left(pair, $0) != 0 }
                    && columns.contains { block.right(pair, $0) != 0 }
                if !isThere { digits[pair] = 0 }
            }
        case .filter(let filter, _, _), .band(let filter, _, _, _):
            workOut(filter, block, open, into: scratch.first)
            stile_mark_incomparable(digits, scratch.first, count)
        case .anyFilter(let filters, _):
            bestSimilarities(filters, block, open)
            stile_mark_incomparable(digits, scratch.best, count)
        }
    }
}
