/// Leaves out the pairs that cannot weigh enough to be kept, whatever their filters and token sets say.
///
/// Most pairs that a key brings together are of strangers, and what their records say shows it. Reading
/// a pair's filters, which lie far apart in memory, costs many times what comparing its records does.
/// No pair is left out that ``PairWeights/weigh(_:_:atLeast:)`` would keep.
struct PairScreen: Sendable {
    private let comparison: PairComparison
    private let layout: PairComparison.PartialLayout
    private let weights: PairWeights
    private let floor: Double

    /// `nil` where what is known in part does not fit into one number.
    ///
    /// - Parameters:
    ///   - comparison: Of all rows that pairs are made of.
    ///   - weights: What patterns weigh.
    ///   - floor: The least weight of a pair that is kept.
    init?(_ comparison: PairComparison, _ weights: PairWeights, floor: Double) {
        guard let layout = PairComparison.PartialLayout(comparison.plans) else { return nil }
        self.comparison = comparison
        self.layout = layout
        self.weights = weights
        self.floor = floor
    }

    /// What is remembered of patterns, from one piece of work to the next.
    let memories = Spares { Memory() }

    /// Room for a chunk of pairs, and the patterns that were seen.
    struct Memory: Sendable {
        fileprivate var table = PatternTable()
        fileprivate var reaches: [Bool] = []
        fileprivate var patterns = [UInt64](repeating: 0, count: CandidatePairs.chunk)
    }

    /// Adds the pairs that may weigh enough, and counts those that are left out.
    ///
    /// - Parameters:
    ///   - left: The left places (``RowOrder``) of at most ``CandidatePairs/chunk`` pairs.
    ///   - right: The right places.
    ///   - memory: Of earlier calls.
    ///   - part: Where pairs are added.
    func append(
        _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
        _ memory: inout Memory, to part: inout CandidatePairs.Held
    ) {
        memory.patterns.withUnsafeMutableBufferPointer {
            comparison.compareInPart(
                layout, places: left, right,
                into: UnsafeMutableBufferPointer(rebasing: $0[..<left.count]))
        }
        let before = part.pairs.count
        for pair in left.indices where reaches(memory.patterns[pair], &memory) {
            part.pairs.append(UInt64(left[pair]) << 32 | UInt64(right[pair]))
        }
        part.leftOut += left.count - (part.pairs.count - before)
    }

    /// The same part without the pairs that cannot weigh enough.
    func screened(_ part: CandidatePairs.Held) -> CandidatePairs.Held {
        var result = part
        result.pairs = []
        let chunk = CandidatePairs.chunk
        memories.with { memory in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * chunk) { places in
                for start in stride(from: 0, to: part.pairs.count, by: chunk) {
                    let count = min(chunk, part.pairs.count - start)
                    for (number, pair) in part.pairs[start..<(start + count)].enumerated() {
                        places.initializeElement(
                            at: number, to: UInt32(truncatingIfNeeded: pair >> 32))
                        places.initializeElement(
                            at: chunk + number, to: UInt32(truncatingIfNeeded: pair))
                    }
                    append(
                        UnsafeBufferPointer(rebasing: places[..<count]),
                        UnsafeBufferPointer(rebasing: places[chunk..<(chunk + count)]), &memory,
                        to: &result)
                }
            }
        }
        return result
    }

    @inline(__always)
    private func reaches(_ pattern: UInt64, _ memory: inout Memory) -> Bool {
        let number = memory.table.number(pattern)
        if number == memory.reaches.count {
            // What cannot be told may be enough.
            memory.reaches.append(!(weights.most(layout.digits(pattern)) < floor))
        }
        return memory.reaches[number]
    }
}
