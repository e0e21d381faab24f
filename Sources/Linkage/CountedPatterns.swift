/// Agreement patterns as digits in contiguous storage, with how many pairs have each.
struct CountedPatterns {
    private(set) var counts: [Double] = []
    private var digits: [UInt8] = []
    private var comparisons = 0

    init() {}

    init(_ patterns: [UInt64], _ counts: [Double], _ layout: PatternLayout) {
        self.counts = counts
        comparisons = layout.radices.count
        digits.reserveCapacity(patterns.count * comparisons)
        for pattern in patterns {
            for comparison in 0..<comparisons {
                digits.append(UInt8(layout.digit(comparison, of: pattern)))
            }
        }
    }

    func digit(_ comparison: Int, of row: Int) -> Int {
        Int(digits[row * comparisons + comparison])
    }

    /// The digits of one pattern.
    func digits(of row: Int) -> LazyMapSequence<ArraySlice<UInt8>, Int> {
        digits[(row * comparisons)..<((row + 1) * comparisons)].lazy.map { Int($0) }
    }

    /// How many pairs have each level of one comparison together with each of another.
    ///
    /// - Parameter weights: How much of each pattern counts.
    func joint(
        _ first: Int, _ second: Int, levels: (Int, Int), weights: [Double]
    ) -> [[Double]] {
        var joint = [Double](repeating: 0, count: (levels.0 + 1) * (levels.1 + 1))
        digits.withUnsafeBufferPointer { digits in
            weights.withUnsafeBufferPointer { weights in
                var place = 0
                for weight in weights {
                    joint[
                        Int(digits[place + first]) * (levels.1 + 1) + Int(digits[place + second])
                    ] += weight
                    place += comparisons
                }
            }
        }
        return (1...levels.0).map { level in
            Array(joint[(level * (levels.1 + 1) + 1)..<((level + 1) * (levels.1 + 1))])
        }
    }
}
