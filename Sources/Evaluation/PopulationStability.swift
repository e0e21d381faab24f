import Foundation

/// How far a column lies otherwise in some rows than in those of reference: the population
/// stability index.
///
/// The index is Σ (a − r) ln(a ÷ r) over bins, with r and a the shares of the reference and of
/// the other rows. Source: N. Siddiqi, "Credit Risk Scorecards" (2006). As a rule of thumb below
/// 0.1 little has changed, above 0.25 much has; in small samples chance alone gives about
/// (bins − 1) × (1 ÷ n_reference + 1 ÷ n_other).
///
/// The bins are the tenths of the reference, each with its upper bound, bounds that coincide
/// taken once; a column of up to ten different values in the reference has a bin for each. What
/// is above the last bound falls into the last bin. A bin without a row on one side counts as
/// half a row there, so that the logarithm stands.
public struct PopulationStability: Codable, Sendable, Equatable {
    public struct Bin: Codable, Sendable, Equatable {
        /// Its values are at most this and above that of the bin before; absent for the last.
        public var upTo: Double?
        public var reference: Int
        public var other: Int
    }

    public var index: Double
    public var bins: [Bin]

    /// The stability of `other` against `reference`.
    ///
    /// - Parameters:
    ///   - reference: Finite values, in any order.
    ///   - other: The same.
    public static func assess(
        reference: [Double], other: [Double]
    ) -> Assessed<PopulationStability> {
        guard !reference.isEmpty, !other.isEmpty else {
            return .notAssessable("there are no rows on one side")
        }
        guard reference.allSatisfy(\.isFinite), other.allSatisfy(\.isFinite) else {
            return .notAssessable("a value is not finite")
        }
        let bounds = bounds(reference.sorted())
        let (before, after) = (counts(reference, bounds), counts(other, bounds))
        var index = 0.0
        for (was, now) in zip(before, after) where was + now > 0 {
            let share = max(Double(was), 0.5) / Double(reference.count)
            let actual = max(Double(now), 0.5) / Double(other.count)
            index += (actual - share) * log(actual / share)
        }
        return .value(
            PopulationStability(
                index: index,
                bins: before.indices.map { bin in
                    Bin(
                        upTo: bin < bounds.count ? bounds[bin] : nil, reference: before[bin],
                        other: after[bin])
                }))
    }

    /// The upper bounds of all bins but the last.
    private static func bounds(_ sorted: [Double]) -> [Double] {
        var distinct = [sorted[0]]
        for value in sorted where value != distinct[distinct.count - 1] {
            distinct.append(value)
            if distinct.count > 10 { break }
        }
        if distinct.count <= 10 { return distinct.dropLast() }
        var bounds: [Double] = []
        for tenth in 1..<10 {
            let bound = sorted[max((tenth * sorted.count + 9) / 10 - 1, 0)]
            if bound != bounds.last, bound < sorted[sorted.count - 1] { bounds.append(bound) }
        }
        return bounds
    }

    private static func counts(_ values: [Double], _ bounds: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: bounds.count + 1)
        for value in values {
            counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        }
        return counts
    }
}

/// The stability of the score and of each input between the rows of the fit and those of the
/// test.
public struct StabilityReport: Codable, Sendable, Equatable {
    /// One input of the model.
    public struct Input: Codable, Sendable, Equatable {
        public var name: String
        public var stability: Assessed<PopulationStability>

        public init(name: String, stability: Assessed<PopulationStability>) {
            self.name = name
            self.stability = stability
        }
    }

    /// The number of rows of the fit, to which the test rows are compared.
    public var referenceRows: Int
    public var score: Assessed<PopulationStability>
    /// In the order of the columns.
    public var inputs: [Input]

    public init(referenceRows: Int, score: Assessed<PopulationStability>, inputs: [Input]) {
        self.referenceRows = referenceRows
        self.score = score
        self.inputs = inputs
    }
}
