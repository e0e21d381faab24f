import CBitKernels

/// What records alone say of pairs, before a filter or a token set is fetched.
extension PairComparison {
    /// How what is known of all comparisons is packed into one number, in mixed radix.
    struct PartialLayout: Sendable {
        /// For each comparison and each code, the digits that the pattern may have there.
        ///
        /// Where the records decide, the code is the digit.
        let digits: [[[Int]]]
        /// What a comparison's code is multiplied by.
        let strides: [UInt64]

        /// `nil` where the codes do not fit into 64 bits.
        init?(_ plans: [Plan]) {
            digits = plans.map(\.codes)
            var strides: [UInt64] = []
            var product: UInt64 = 1
            for codes in digits {
                strides.append(product)
                let (next, overflow) = product.multipliedReportingOverflow(by: UInt64(codes.count))
                guard !overflow else { return nil }
                product = next
            }
            self.strides = strides
        }

        /// The digits that each comparison may have.
        func digits(_ pattern: UInt64) -> [[Int]] {
            zip(digits, strides).map { codes, stride in
                codes[Int(pattern / stride % UInt64(codes.count))]
            }
        }
    }

    /// Writes what the records say of pairs of places, packed by `layout`.
    ///
    /// - Parameters:
    ///   - layout: That of ``plans``.
    ///   - left: The left places.
    ///   - right: The right places, as many.
    ///   - patterns: As much room.
    func compareInPart(
        _ layout: PartialLayout, places left: UnsafeBufferPointer<UInt32>,
        _ right: UnsafeBufferPointer<UInt32>, into patterns: UnsafeMutableBufferPointer<UInt64>
    ) {
        guard let lefts = left.baseAddress, let rights = right.baseAddress,
            let results = patterns.baseAddress
        else { return }
        withScratch { scratch in
            records.withWords { words in
                for start in stride(from: 0, to: left.count, by: Self.block) {
                    let count = min(Self.block, left.count - start)
                    let block = Block(
                        count: count, width: records.width, words: words, scratch: scratch,
                        left: lefts + start, right: rights + start, patterns: results + start)
                    compareInPart(layout, block)
                }
            }
        }
    }

    private func compareInPart(_ layout: PartialLayout, _ block: Block) {
        block.patterns.update(repeating: 0, count: block.count)
        stile_compare_records(
            block.words, block.width, block.left, block.right, block.count, Self.block,
            block.scratch.masks)
        for (number, plan) in plans.enumerated() {
            var block = block
            block.scratch.digits = block.scratch.all + number * Self.block
            if plan.isOfFilters { markComparable(plan, block) } else { markKnown(plan, block) }
            markSaid(plan, block)
            stile_add_digits(
                block.patterns, block.scratch.digits, layout.strides[number], block.count)
        }
    }

    /// Of a comparison of filters only whether there may be anything to compare is known.
    private func markComparable(_ plan: Plan, _ block: Block) {
        let digits = block.scratch.digits
        digits.update(repeating: 0, count: block.count)
        for filter in plan.first.filters { mark(filter, block, 0, as: plan.anything) }
        markSets(plan, block)
    }

    /// Marks the pairs with one digit whose filters can be compared, as far as salts say.
    private func mark(_ filter: Filter, _ block: Block, _ open: UInt8, as code: UInt8) {
        let digits = block.scratch.digits
        guard let salt = filter.salt else {
            for pair in 0..<block.count where digits[pair] == open { digits[pair] = code }
            return
        }
        let (first, bit) = block.mask(salt)
        stile_mark(digits, block.scratch.masks.agree + first, bit, open, code, block.count)
    }

    private func markKnown(_ plan: Plan, _ block: Block) {
        let (count, scratch) = (block.count, block.scratch)
        let (digits, open) = (scratch.digits, plan.disagreement)
        digits.update(repeating: open, count: count)
        markMissing(plan, block)
        for (level, step) in plan.steps.enumerated() {
            switch step {
            case .sets(_, let signature, let alone):
                let (first, bit) = block.mask(signature)
                let meet = scratch.masks.meet + first
                stile_mark(digits, meet, bit, open, plan.code(notBefore: level), count)
                if alone { stile_mark(digits, meet, bit, 0, plan.anything, count) }
            case .filter, .band, .anyFilter:
                for filter in step.filters {
                    mark(filter, block, open, as: plan.code(notBefore: level))
                }
            default: markTokens(step, block, open, UInt8(level + 1))
            }
        }
    }

    /// Sets whose first level is a filter's may still share something where that cannot be compared.
    private func markSets(_ plan: Plan, _ block: Block) {
        for case .sets(_, let signature, true) in plan.steps {
            let (first, bit) = block.mask(signature)
            stile_mark(
                block.scratch.digits, block.scratch.masks.meet + first, bit, 0, plan.anything,
                block.count)
        }
    }

    /// Takes from a comparison what others leave it nothing to say about; where it is not known
    /// whether they can be made, it may say anything.
    private func markSaid(_ plan: Plan, _ block: Block) {
        let (digits, alone) = (block.scratch.digits, plan.sharesAlone)
        for other in plan.unless {
            stile_mark_surely_said(
                digits, block.scratch.all + other * Self.block, plans[other].anything,
                alone ? plan.anything : 0, block.count)
        }
        for other in plan.unless {
            stile_mark_perhaps_said(
                digits, block.scratch.all + other * Self.block, plans[other].anything, alone,
                plan.anything, block.count)
        }
    }
}

extension PairComparison.Plan {
    /// Whether the first level is one of filters: what can be compared is then known of them alone.
    fileprivate var isOfFilters: Bool { !first.filters.isEmpty }

    /// Whether sets are compared where the value of the first level is missing.
    fileprivate var sharesAlone: Bool {
        steps.contains { if case .sets(_, _, alone: true) = $0 { true } else { false } }
    }

    /// The code of a pair of which nothing is known.
    fileprivate var anything: UInt8 { isOfFilters ? 1 : disagreement + UInt8(steps.count) + 1 }

    /// The code of a pair that agrees on no level before one of which nothing is known.
    fileprivate func code(notBefore level: Int) -> UInt8 { disagreement + UInt8(level) + 1 }

    /// For each code the digits that it stands for.
    fileprivate var codes: [[Int]] {
        let all = Array(0...Int(disagreement))
        if isOfFilters { return [[0], all] }
        return all.map { [$0] } + steps.indices.map { Array(($0 + 1)...Int(disagreement)) } + [all]
    }
}

extension PairComparison.Step {
    /// The filters that it compares.
    fileprivate var filters: [PairComparison.Filter] {
        switch self {
        case .filter(let filter, _, _), .band(let filter, _, _, _): [filter]
        case .anyFilter(let list, _): list.filters
        default: []
        }
    }
}
