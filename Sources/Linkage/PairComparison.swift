import CBitKernels
import PipelineModel

/// Compares pairs of rows, a chunk at a time and one comparison after the other, so
/// that each inner loop runs over plain buffers.
struct PairComparison {
    let layout: PatternLayout
    private let plans: [Plan]

    /// What one comparison needs, with the missing fields left out.
    private struct Plan {
        var stride: UInt64
        var disagreement: UInt8
        var first: Step
        var steps: [Step]
        /// Comparisons that leave nothing to say for this one where they could be made.
        var unless: [Int]
    }

    private enum Step {
        case tokens([UInt64], [UInt64])
        case anyOf([[UInt64]])
        /// With `alone`, also where the value of the first level is missing.
        case sets(FieldStore.TokenSets, alone: Bool)
        case filters(FieldStore.Filters, Float, sameAsBefore: Bool)
        case band(FieldStore.Filters, [UInt64], UInt64, sameAsBefore: Bool)
        case anyFilter([FieldStore.Filters], Float)
        /// A field that no source has: never agrees.
        case absent
    }

    init(_ comparisons: [LinkageSpecification.Comparison], over store: FieldStore) throws {
        layout = try PatternLayout(comparisons)
        let names = comparisons.map(\.name)
        plans = zip(comparisons, layout.strides).map { comparison, stride in
            var previous: String?
            let steps = comparison.levels.map { level -> Step in
                defer { previous = level.filter }
                switch level {
                case .equal(let field):
                    return store.tokens[field].map { .tokens($0, $0) } ?? .absent
                case .crossed(let left, let right):
                    guard let a = store.tokens[left], let b = store.tokens[right] else {
                        return .absent
                    }
                    return .tokens(a, b)
                case .anyEqual(let fields):
                    return .anyOf(fields.compactMap { store.tokens[$0] })
                case .shares(let field):
                    // Former values and the current one in one set: a former value that agrees
                    // says something where the current one is missing, one that does not agree
                    // says nothing.
                    let alone =
                        comparison.levels.first == .equal("\(field.dropLast(4))")
                        && field.hasSuffix(".any")
                    return store.sets[field].map { .sets($0, alone: alone) } ?? .absent
                case .similar(let field, let least):
                    // The last bits of a ratio of whole numbers must not decide about "equal".
                    return store.filters[field].map {
                        .filters($0, Float(least) - 1e-6, sameAsBefore: previous == field)
                    } ?? .absent
                case .inBand(let field, let band):
                    guard let filters = store.filters[field],
                        let bands = store.tokens["\(field).band"]
                    else { return .absent }
                    return .band(
                        filters, bands, UInt64(band), sameAsBefore: previous == field)
                case .anySimilar(let fields, let least):
                    return .anyFilter(
                        fields.compactMap { store.filters[$0] }, Float(least) - 1e-6)
                }
            }
            return Plan(
                stride: stride, disagreement: UInt8(comparison.levels.count + 1),
                first: steps[0], steps: steps,
                unless: comparison.unless.compactMap { names.firstIndex(of: $0) })
        }
    }

    /// The agreement patterns of any number of pairs.
    func patterns(_ left: [UInt32], _ right: [UInt32]) -> [UInt64] {
        var patterns = [UInt64](repeating: 0, count: left.count)
        patterns.withUnsafeMutableBufferPointer { patterns in
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    for start in stride(from: 0, to: left.count, by: CandidatePairs.chunk) {
                        let range = start..<min(start + CandidatePairs.chunk, left.count)
                        compare(
                            UnsafeBufferPointer(rebasing: left[range]),
                            UnsafeBufferPointer(rebasing: right[range]),
                            into: UnsafeMutableBufferPointer(rebasing: patterns[range]))
                    }
                }
            }
        }
        return patterns
    }

    /// Writes the agreement pattern of each pair into `patterns`.
    func compare(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        into patterns: UnsafeMutableBufferPointer<UInt64>
    ) {
        let count = left.count
        guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return }
        patterns.update(repeating: 0)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { digits in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { dice in
                guard let diceBase = dice.baseAddress else { return }
                for plan in plans {
                    markMissing(plan, left, right, digits)
                    for other in plan.unless {
                        for pair in 0..<count where layout.digit(other, of: patterns[pair]) > 0 {
                            digits[pair] = 0
                        }
                    }
                    for (level, step) in plan.steps.enumerated() {
                        let digit = UInt8(level + 1)
                        switch step {
                        case .absent: break
                        case .tokens(let a, let b):
                            a.withUnsafeBufferPointer { a in
                                b.withUnsafeBufferPointer { b in
                                    for pair in 0..<count where digits[pair] == plan.disagreement {
                                        let (i, j) = (Int(left[pair]), Int(right[pair]))
                                        if (a[i] == b[j] && a[i] != 0)
                                            || (b[i] == a[j] && b[i] != 0)
                                        {
                                            digits[pair] = digit
                                        }
                                    }
                                }
                            }
                        case .anyOf(let columns):
                            for column in columns {
                                column.withUnsafeBufferPointer { column in
                                    for pair in 0..<count where digits[pair] == plan.disagreement {
                                        let token = column[Int(left[pair])]
                                        if token != 0 && token == column[Int(right[pair])] {
                                            digits[pair] = digit
                                        }
                                    }
                                }
                            }
                        case .sets(let sets, let alone):
                            sets.signatures.withUnsafeBufferPointer { signatures in
                                for pair in 0..<count
                                where digits[pair] == plan.disagreement
                                    || (alone && digits[pair] == 0)
                                {
                                    let (i, j) = (Int(left[pair]), Int(right[pair]))
                                    if signatures[i] & signatures[j] != 0, sets.share(i, j) {
                                        digits[pair] = digit
                                    }
                                }
                            }
                        case .filters(let filters, let least, let sameAsBefore):
                            if !sameAsBefore {
                                stile_dice_pairs(
                                    filters.words, filters.populations, filters.wordsPerRow,
                                    leftBase, rightBase, count, diceBase)
                            }
                            for pair in 0..<count
                            where digits[pair] == plan.disagreement && dice[pair] >= least {
                                digits[pair] = digit
                            }
                        case .band(let filters, let bands, let band, let sameAsBefore):
                            if !sameAsBefore {
                                stile_dice_pairs(
                                    filters.words, filters.populations, filters.wordsPerRow,
                                    leftBase, rightBase, count, diceBase)
                            }
                            bands.withUnsafeBufferPointer { bands in
                                for pair in 0..<count
                                where digits[pair] == plan.disagreement
                                    && dice[pair] >= Float(LinkageSpecification.sameness)
                                    && bands[Int(left[pair])] == band
                                {
                                    digits[pair] = digit
                                }
                            }
                        case .anyFilter(let filters, let least):
                            for filter in filters {
                                filter.markSimilar(
                                    left, right, least, digits, from: plan.disagreement, to: digit)
                            }
                        }
                    }
                    for pair in 0..<count {
                        patterns[pair] &+= UInt64(digits[pair]) &* plan.stride
                    }
                }
            }
        }
    }

    private func markMissing(
        _ plan: Plan, _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        _ digits: UnsafeMutableBufferPointer<UInt8>
    ) {
        func mark(_ isMissing: (Int) -> Bool) {
            for pair in 0..<left.count {
                digits[pair] =
                    isMissing(Int(left[pair])) || isMissing(Int(right[pair]))
                    ? 0 : plan.disagreement
            }
        }
        switch plan.first {
        case .absent: mark { _ in true }
        case .tokens(let tokens, _): tokens.withUnsafeBufferPointer { t in mark { t[$0] == 0 } }
        case .anyOf(let columns): mark { row in columns.allSatisfy { $0[row] == 0 } }
        case .sets(let sets, _): mark { sets.offsets[$0] == sets.offsets[$0 + 1] }
        case .filters(let filters, _, _), .band(let filters, _, _, _):
            if filters.salts.isEmpty {
                filters.populations.withUnsafeBufferPointer { p in mark { p[$0] == 0 } }
            } else {
                mark { _ in true }
                filters.markComparable(left, right, digits, plan.disagreement)
            }
        case .anyFilter(let filters, _):
            mark { _ in true }
            for filter in filters {
                filter.markComparable(left, right, digits, plan.disagreement)
            }
        }
    }
}

extension LinkageSpecification.Level {
    /// The filter whose Dice similarity the level has worked out.
    fileprivate var filter: String? {
        switch self {
        case .similar(let field, _), .inBand(let field, _): field
        default: nil
        }
    }
}

extension FieldStore.Filters {
    /// Gives the pairs that can be compared the digit `digit`.
    fileprivate func markComparable(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        _ digits: UnsafeMutableBufferPointer<UInt8>, _ digit: UInt8
    ) {
        populations.withUnsafeBufferPointer { populations in
            salts.withUnsafeBufferPointer { salts in
                for pair in 0..<left.count {
                    let (i, j) = (Int(left[pair]), Int(right[pair]))
                    if populations[i] > 0, populations[j] > 0,
                        salts.isEmpty || (salts[i] == salts[j] && salts[i] != 0)
                    {
                        digits[pair] = digit
                    }
                }
            }
        }
    }

    /// Gives the digit `to` to the pairs of the digit `from` that are at least so alike.
    fileprivate func markSimilar(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        _ least: Float, _ digits: UnsafeMutableBufferPointer<UInt8>, from: UInt8, to: UInt8
    ) {
        populations.withUnsafeBufferPointer { populations in
            salts.withUnsafeBufferPointer { salts in
                words.withUnsafeBufferPointer { words in
                    guard let base = words.baseAddress else { return }
                    for pair in 0..<left.count where digits[pair] == from {
                        let (i, j) = (Int(left[pair]), Int(right[pair]))
                        guard populations[i] > 0, populations[j] > 0,
                            salts.isEmpty || (salts[i] == salts[j] && salts[i] != 0)
                        else { continue }
                        let shared = stile_and_popcount(
                            base + i * wordsPerRow, base + j * wordsPerRow, wordsPerRow)
                        if 2 * Float(shared) >= least * Float(populations[i] + populations[j]) {
                            digits[pair] = to
                        }
                    }
                }
            }
        }
    }
}

extension FieldStore.TokenSets {
    /// The smallest token that two rows share and that counts; 0 where there is none.
    func firstShared(_ left: Int, _ right: Int, counts: (UInt64) -> Bool) -> UInt64 {
        var (i, j) = (offsets[left], offsets[right])
        while i < offsets[left + 1], j < offsets[right + 1] {
            if tokens[i] == tokens[j], counts(tokens[i]) { return tokens[i] }
            if tokens[i] <= tokens[j] { i += 1 } else { j += 1 }
        }
        return 0
    }

    /// Whether two rows share a token; the tokens of a row are sorted.
    func share(_ left: Int, _ right: Int) -> Bool {
        tokens.withUnsafeBufferPointer { tokens in
            var (i, j) = (offsets[left], offsets[right])
            while i < offsets[left + 1], j < offsets[right + 1] {
                if tokens[i] == tokens[j] { return true }
                if tokens[i] < tokens[j] { i += 1 } else { j += 1 }
            }
            return false
        }
    }
}
