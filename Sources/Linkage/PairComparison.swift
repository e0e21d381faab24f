import CBitKernels
import PipelineModel

/// Compares pairs of rows, a block at a time and one comparison after the other, so
/// that each inner loop runs over plain buffers.
struct PairComparison: Sendable {
    let layout: PatternLayout
    private var plans: [Plan]
    private let records: RowRecords

    /// The pairs whose records are looked at together, so few that they stay in the cache.
    private static let block = 256

    /// What one comparison needs, with the missing fields left out.
    private struct Plan {
        var stride: UInt64
        var disagreement: UInt8
        var first: Step
        /// Tokens of parts of the value that the first level compares.
        var parts: [Int]
        var steps: [Step]
        /// Comparisons that leave nothing to say for this one where they could be made.
        var unless: [Int]
    }

    /// A filter, and where a record has what salts it.
    private struct Filter {
        var filters: FieldStore.Filters
        var salt: Int?
    }

    /// Numbers are places in a record.
    private enum Step {
        case tokens(Int, Int)
        case anyOf([Int])
        /// With `alone`, also where the value of the first level is missing.
        case sets(FieldStore.TokenSets, signature: Int, alone: Bool)
        /// With `isKnown`, the level before has worked out how alike they are.
        case filter(Filter, Float, isKnown: Bool)
        case band(Filter, Int, UInt64, isKnown: Bool)
        case anyFilter([Filter], Float, isKnown: Bool)
        /// A field that no source has: never agrees.
        case absent
    }

    /// - Parameters:
    ///   - comparisons: With everything derived.
    ///   - store: The rows.
    ///   - threads: How many processors to use.
    init(
        _ comparisons: [LinkageSpecification.Comparison], over store: FieldStore,
        threads: Int = Linker.threads
    ) throws {
        layout = try PatternLayout(comparisons)
        let records = RowRecords(store, Self.columns(comparisons, store), threads: threads)
        self.records = records
        let names = comparisons.map(\.name)
        func token(_ field: String) -> Int? { records.place(.token(field)) }
        func filter(_ field: String) -> Filter? {
            store.filters[field].map { Filter(filters: $0, salt: $0.salt.flatMap(token)) }
        }
        plans = zip(comparisons, layout.strides).map { comparison, stride in
            // What the first level compares is worked out to see whether it can be compared.
            var previous = comparison.levels[0].filters
            let steps = comparison.levels.map { level -> Step in
                let isKnown = previous == level.filters
                defer { previous = level.filters }
                switch level {
                case .equal(let field):
                    return token(field).map { .tokens($0, $0) } ?? .absent
                case .crossed(let left, let right):
                    guard let a = token(left), let b = token(right) else { return .absent }
                    return .tokens(a, b)
                case .anyEqual(let fields):
                    return .anyOf(fields.compactMap(token))
                case .shares(let field):
                    guard let sets = store.sets[field],
                        let signature = records.place(.signature(field))
                    else { return .absent }
                    // Former values and the current one in one set: a former value that agrees
                    // says something where the current one is missing, one that does not agree
                    // says nothing.
                    let alone =
                        comparison.levels.first == .equal("\(field.dropLast(4))")
                        && field.hasSuffix(".any")
                    return .sets(sets, signature: signature, alone: alone)
                case .similar(let field, let least):
                    // The last bits of a ratio of whole numbers must not decide about "equal".
                    return filter(field).map {
                        .filter($0, Float(least) - 1e-6, isKnown: isKnown)
                    } ?? .absent
                case .inBand(let field, let band):
                    guard let filter = filter(field), let bands = token("\(field).band") else {
                        return .absent
                    }
                    return .band(filter, bands, UInt64(band), isKnown: isKnown)
                case .anySimilar(let fields, let least):
                    return .anyFilter(
                        fields.compactMap(filter), Float(least) - 1e-6, isKnown: isKnown)
                }
            }
            return Plan(
                stride: stride, disagreement: UInt8(comparison.levels.count + 1),
                first: steps[0], parts: comparison.partFields.compactMap(token), steps: steps,
                unless: comparison.unless.compactMap { names.firstIndex(of: $0) })
        }
    }

    /// What the comparisons look at.
    private static func columns(
        _ comparisons: [LinkageSpecification.Comparison], _ store: FieldStore
    ) -> Set<RowRecords.Column> {
        var columns: Set<RowRecords.Column> = []
        func insert(filter field: String) {
            if let salt = store.filters[field]?.salt { columns.insert(.token(salt)) }
        }
        for level in comparisons.flatMap(\.levels) {
            switch level {
            case .equal(let field): columns.insert(.token(field))
            case .crossed(let left, let right):
                columns.formUnion([.token(left), .token(right)])
            case .anyEqual(let fields): columns.formUnion(fields.map { .token($0) })
            case .shares(let field): columns.insert(.signature(field))
            case .similar(let field, _): insert(filter: field)
            case .inBand(let field, _):
                insert(filter: field)
                columns.insert(.token("\(field).band"))
            case .anySimilar(let fields, _): for field in fields { insert(filter: field) }
            }
        }
        return columns
    }

    /// Makes every comparison that can be made, also where another leaves it nothing to say.
    var withoutExceptions: PairComparison {
        var result = self
        for index in result.plans.indices { result.plans[index].unless = [] }
        return result
    }

    /// The agreement patterns of any number of pairs.
    func patterns(_ left: [UInt32], _ right: [UInt32]) -> [UInt64] {
        var patterns = [UInt64](repeating: 0, count: left.count)
        patterns.withUnsafeMutableBufferPointer { patterns in
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    compare(left, right, into: patterns)
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
        patterns.update(repeating: 0)
        guard let lefts = left.baseAddress, let rights = right.baseAddress,
            let results = patterns.baseAddress
        else { return }
        let width = records.width
        records.withWords { words in
            Scratch.with(width: width, pairs: min(Self.block, left.count)) { scratch in
                for start in stride(from: 0, to: left.count, by: Self.block) {
                    let count = min(Self.block, left.count - start)
                    stile_gather_rows(words, width, lefts + start, count, scratch.left)
                    stile_gather_rows(words, width, rights + start, count, scratch.right)
                    let block = Block(
                        count: count, width: width, scratch: scratch, rowsLeft: lefts + start,
                        rowsRight: rights + start, patterns: results + start)
                    for plan in plans { compare(plan, block) }
                }
            }
        }
    }

    /// Room for the records of a block.
    private struct Scratch {
        var left: UnsafeMutablePointer<UInt64>
        var right: UnsafeMutablePointer<UInt64>
        var digits: UnsafeMutablePointer<UInt8>
        /// How alike filters are; -1 where they cannot be compared.
        var dice: UnsafeMutablePointer<Float>
        /// Of several filters, how alike those are that are most alike.
        var best: UnsafeMutablePointer<Float>
        var chosen: UnsafeMutablePointer<UInt32>

        static func with(width: Int, pairs: Int, _ body: (Scratch) -> Void) {
            withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * width * pairs + 1) {
                rows in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * pairs + 1) { dice in
                    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: pairs + 1) { chosen in
                        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: pairs + 1) {
                            digits in
                            guard let rows = rows.baseAddress, let chosen = chosen.baseAddress,
                                let dice = dice.baseAddress, let digits = digits.baseAddress
                            else { return }
                            body(
                                Scratch(
                                    left: rows, right: rows + width * pairs, digits: digits,
                                    dice: dice, best: dice + pairs, chosen: chosen))
                        }
                    }
                }
            }
        }
    }

    /// A few pairs, with their records.
    private struct Block {
        var count: Int
        var width: Int
        var scratch: Scratch
        var rowsLeft: UnsafePointer<UInt32>
        var rowsRight: UnsafePointer<UInt32>
        var patterns: UnsafeMutablePointer<UInt64>

        @inline(__always)
        func left(_ pair: Int, _ place: Int) -> UInt64 { scratch.left[pair * width + place] }
        @inline(__always)
        func right(_ pair: Int, _ place: Int) -> UInt64 { scratch.right[pair * width + place] }
        /// Whether both rows have a token, and the same.
        @inline(__always)
        func agree(_ pair: Int, _ place: Int) -> Bool {
            let token = left(pair, place)
            return token != 0 && token == right(pair, place)
        }
        @inline(__always)
        func bothHave(_ pair: Int, _ place: Int) -> Bool {
            left(pair, place) != 0 && right(pair, place) != 0
        }
    }

    private func compare(_ plan: Plan, _ block: Block) {
        let (count, digits, dice) = (block.count, block.scratch.digits, block.scratch.dice)
        let best = block.scratch.best
        let open = plan.disagreement
        digits.update(repeating: open, count: count)
        for other in plan.unless {
            for pair in 0..<count where layout.digit(other, of: block.patterns[pair]) > 0 {
                digits[pair] = 0
            }
        }
        markMissing(plan, block)
        for (level, step) in plan.steps.enumerated() {
            let digit = UInt8(level + 1)
            switch step {
            case .absent: break
            case .tokens(let a, let b):
                for pair in 0..<count where digits[pair] == open {
                    let (la, rb) = (block.left(pair, a), block.right(pair, b))
                    let (lb, ra) = (block.left(pair, b), block.right(pair, a))
                    if (la == rb && la != 0) || (lb == ra && lb != 0) { digits[pair] = digit }
                }
            case .anyOf(let places):
                for place in places {
                    for pair in 0..<count where digits[pair] == open && block.agree(pair, place) {
                        digits[pair] = digit
                    }
                }
            case .sets(let sets, let signature, let alone):
                let chosen = block.scratch.chosen
                var possible = 0
                for pair in 0..<count
                where (digits[pair] == open || (alone && digits[pair] == 0))
                    && block.left(pair, signature) & block.right(pair, signature) != 0
                {
                    chosen[possible] = UInt32(truncatingIfNeeded: pair)
                    possible += 1
                }
                sets.forEachSharing(
                    block.rowsLeft, block.rowsRight,
                    UnsafeBufferPointer(start: chosen, count: possible)
                ) { digits[$0] = digit }
            case .filter(let filter, let least, let isKnown):
                if !isKnown { similarities(filter, block, open) }
                for pair in 0..<count where digits[pair] == open && dice[pair] >= least {
                    digits[pair] = digit
                }
            case .band(let filter, let bands, let band, let isKnown):
                if !isKnown { similarities(filter, block, open) }
                for pair in 0..<count
                where digits[pair] == open && dice[pair] >= Float(LinkageSpecification.sameness)
                    && block.left(pair, bands) == band
                {
                    digits[pair] = digit
                }
            case .anyFilter(let filters, let least, let isKnown):
                if !isKnown { bestSimilarities(filters, block, open) }
                for pair in 0..<count where digits[pair] == open && best[pair] >= least {
                    digits[pair] = digit
                }
            }
        }
        for pair in 0..<count {
            block.patterns[pair] &+= UInt64(digits[pair]) &* plan.stride
        }
    }

    /// Works out how alike the filters of the open pairs are.
    ///
    /// Most pairs cannot be compared, for their salts differ, or are decided: their filters are
    /// not fetched.
    private func similarities(_ filter: Filter, _ block: Block, _ open: UInt8) {
        let (digits, dice) = (block.scratch.digits, block.scratch.dice)
        let chosen = block.scratch.chosen
        var count = 0
        for pair in 0..<block.count where digits[pair] == open {
            if let salt = filter.salt, !block.agree(pair, salt) {
                dice[pair] = -1
                continue
            }
            chosen[count] = UInt32(truncatingIfNeeded: pair)
            count += 1
        }
        filter.filters.dice(block.rowsLeft, block.rowsRight, chosen, count, dice)
    }

    private func bestSimilarities(_ filters: [Filter], _ block: Block, _ open: UInt8) {
        let (digits, dice, best) = (block.scratch.digits, block.scratch.dice, block.scratch.best)
        best.update(repeating: -1, count: block.count)
        for filter in filters {
            similarities(filter, block, open)
            for pair in 0..<block.count where digits[pair] == open {
                best[pair] = max(best[pair], dice[pair])
            }
        }
    }

    /// Takes the pairs from the open ones that cannot be compared.
    private func markMissing(_ plan: Plan, _ block: Block) {
        let (count, digits, open) = (block.count, block.scratch.digits, plan.disagreement)
        switch plan.first {
        case .absent: digits.update(repeating: 0, count: count)
        case .tokens(let place, _), .sets(_, let place, _):
            for pair in 0..<count where !block.bothHave(pair, place) {
                // A date that lacks its day still agrees in year and month, or does not.
                if !plan.parts.contains(where: { block.bothHave(pair, $0) }) { digits[pair] = 0 }
            }
        case .anyOf(let places):
            for pair in 0..<count {
                let isThere =
                    places.contains { block.left(pair, $0) != 0 }
                    && places.contains { block.right(pair, $0) != 0 }
                if !isThere { digits[pair] = 0 }
            }
        case .filter(let filter, _, _), .band(let filter, _, _, _):
            similarities(filter, block, open)
            for pair in 0..<count where block.scratch.dice[pair] < 0 { digits[pair] = 0 }
        case .anyFilter(let filters, _, _):
            bestSimilarities(filters, block, open)
            for pair in 0..<count where block.scratch.best[pair] < 0 { digits[pair] = 0 }
        }
    }
}

extension LinkageSpecification.Comparison {
    /// The token fields of parts of the value whose equality is the first level: two records of
    /// which one has not the whole value can be compared where both have one of them.
    fileprivate var partFields: [String] {
        guard case .equal(let whole)? = levels.first else { return [] }
        return levels.dropFirst().flatMap { level -> [String] in
            switch level {
            case .equal(let field): return [field]
            case .anyEqual(let fields): return fields
            default: return []
            }
        }.filter { $0.hasPrefix("\(whole).") }
    }
}

extension LinkageSpecification.Level {
    /// The filters that the level compares.
    fileprivate var filters: [String] {
        switch self {
        case .similar(let field, _), .inBand(let field, _): [field]
        case .anySimilar(let fields, _): fields
        default: []
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
            offsets.withUnsafeBufferPointer { Self.share(left, right, tokens, $0) }
        }
    }

    @inline(__always)
    private static func share(
        _ left: Int, _ right: Int, _ tokens: UnsafeBufferPointer<UInt64>,
        _ offsets: UnsafeBufferPointer<Int>
    ) -> Bool {
        var (i, j) = (offsets[left], offsets[right])
        let (leftEnd, rightEnd) = (offsets[left + 1], offsets[right + 1])
        while i < leftEnd, j < rightEnd {
            let (a, b) = (tokens[i], tokens[j])
            if a == b { return true }
            i += a < b ? 1 : 0
            j += a < b ? 0 : 1
        }
        return false
    }

    /// Hands over those of the chosen pairs whose rows share a token.
    ///
    /// - Parameters:
    ///   - left: The left rows of pairs.
    ///   - right: The right rows of pairs.
    ///   - chosen: The places of the pairs that are looked at.
    ///   - body: Takes the place of a pair.
    fileprivate func forEachSharing(
        _ left: UnsafePointer<UInt32>, _ right: UnsafePointer<UInt32>,
        _ chosen: UnsafeBufferPointer<UInt32>, _ body: (Int) -> Void
    ) {
        tokens.withUnsafeBufferPointer { tokens in
            offsets.withUnsafeBufferPointer { offsets in
                guard let firstToken = tokens.baseAddress, let firstOffset = offsets.baseAddress
                else { return }
                // Sets lie anywhere in memory: their offsets are asked for some pairs before
                // their tokens, and these some pairs before they are compared.
                for place in 0..<(chosen.count + 24) {
                    if place < chosen.count {
                        let pair = Int(chosen[place])
                        stile_prefetch(firstOffset + Int(left[pair]), 8)
                        stile_prefetch(firstOffset + Int(right[pair]), 8)
                    }
                    if place >= 12, place - 12 < chosen.count {
                        let pair = Int(chosen[place - 12])
                        stile_prefetch(firstToken + offsets[Int(left[pair])], 64)
                        stile_prefetch(firstToken + offsets[Int(right[pair])], 64)
                    }
                    if place >= 24 {
                        let pair = Int(chosen[place - 24])
                        if Self.share(Int(left[pair]), Int(right[pair]), tokens, offsets) {
                            body(pair)
                        }
                    }
                }
            }
        }
    }
}
