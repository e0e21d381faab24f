import PipelineModel

/// How the levels of all comparisons are packed into one number, in mixed radix.
///
/// A comparison's digit is 0 for missing, 1 for its first level, and so on; the
/// highest digit is the disagreement.
struct PatternLayout: Sendable, Equatable {
    /// The number of digits of each comparison: its levels, the disagreement, missing.
    let radices: [UInt64]
    /// What a comparison's digit is multiplied by.
    let strides: [UInt64]

    /// - Throws: `StileError` where the patterns do not fit into 63 bits.
    init(_ comparisons: [LinkageSpecification.Comparison]) throws {
        radices = comparisons.map { UInt64($0.levels.count + 2) }
        var strides: [UInt64] = []
        var product: UInt64 = 1
        for radix in radices {
            strides.append(product)
            let (next, overflow) = product.multipliedReportingOverflow(by: radix)
            guard !overflow, next < 1 << 63 else {
                throw StileError(
                    .configuration,
                    "The comparisons have more agreement patterns than fit into one number.",
                    remedy: "Use fewer comparisons or levels.")
            }
            product = next
        }
        self.strides = strides
    }

    /// The digit of one comparison.
    func digit(_ comparison: Int, of pattern: UInt64) -> Int {
        Int(pattern / strides[comparison] % radices[comparison])
    }

    /// All digits.
    func digits(_ pattern: UInt64) -> [Int] { radices.indices.map { digit($0, of: pattern) } }
}
