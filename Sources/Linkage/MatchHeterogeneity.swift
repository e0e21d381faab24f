import Foundation

/// That errors come together in some matches: a form filled in carelessly errs in many fields.
///
/// A share of the matches has, in every comparison, odds of disagreeing that are e^shift times
/// those of the others; over both the levels are as the model's m says. One number for all
/// comparisons, as in the model of G. Rasch, leaves a relative a relative: who differs in one
/// field alone is no careless match.
struct MatchHeterogeneity: Equatable {
    /// How much likelier agreement and disagreement are than m says, in the careful and the
    /// careless matches.
    private let careful: [(agree: Double, disagree: Double)]
    private let careless: [(agree: Double, disagree: Double)]
    /// The probability of disagreement over all matches.
    private let errors: [Double]
    let exact: [Int]
    let share: Double
    let shift: Double

    /// - Parameters:
    ///   - m: P(level | match) of each comparison, the disagreement last.
    ///   - exact: How many of its levels mean that the values are the same.
    ///   - share: Of the matches that are careless.
    ///   - shift: Of their log odds of disagreeing.
    init(m: [[Double]], exact: [Int], share: Double, shift: Double) {
        self.exact = exact
        self.share = share
        self.shift = shift
        errors = zip(m, exact).map { levels, exact in
            min(max(levels.dropFirst(exact).reduce(0, +), 1e-6), 1 - 1e-6)
        }
        let split = errors.map { Self.split($0, share, shift) }
        careful = zip(split, errors).map { ((1 - $0.careful) / (1 - $1), $0.careful / $1) }
        careless = zip(split, errors).map { ((1 - $0.careless) / (1 - $1), $0.careless / $1) }
    }

    init(_ parameters: LinkageParameters, exact: [Int]) {
        self.init(
            m: parameters.comparisons.map(\.m), exact: exact,
            share: parameters.heterogeneity?.share ?? 0,
            shift: parameters.heterogeneity?.shift ?? 0)
    }

    /// The probabilities of disagreement whose mean is `error`.
    private static func split(
        _ error: Double, _ share: Double, _ shift: Double
    ) -> (careful: Double, careless: Double) {
        func shifted(_ careful: Double) -> Double {
            let odds = careful / (1 - careful) * exp(shift)
            return odds / (1 + odds)
        }
        var (low, high) = (0.0, error)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            if (1 - share) * middle + share * shifted(middle) < error {
                low = middle
            } else {
                high = middle
            }
        }
        return (low, shifted(low))
    }

    /// By what the probability of a pattern among matches is more than Π m.
    ///
    /// - Parameters:
    ///   - digits: 0 where a comparison could not be made.
    ///   - share: Of the careless, where it is not that of all matches.
    func factor(_ digits: some Collection<Int>, share: Double? = nil) -> Double {
        let share = share ?? self.share
        guard share > 0 else { return 1 }
        var (one, other) = (1 - share, share)
        for (place, digit) in digits.enumerated() where digit > 0 {
            let agrees = digit <= exact[place]
            one *= agrees ? careful[place].agree : careful[place].disagree
            other *= agrees ? careless[place].agree : careless[place].disagree
        }
        return one + other
    }

    /// The share of the careless among matches that agree in some comparisons.
    func share(agreeing: [Bool]) -> Double {
        guard share > 0 else { return 0 }
        var (one, other) = (1 - share, share)
        for place in agreeing.indices where agreeing[place] {
            one *= careful[place].agree
            other *= careless[place].agree
        }
        return other / (one + other)
    }

    /// How much likelier agreement (`true`) or disagreement is in a careless or careful match.
    func ratio(_ comparison: Int, agrees: Bool, isCareless: Bool) -> Double {
        let ratios = isCareless ? careless[comparison] : careful[comparison]
        return agrees ? ratios.agree : ratios.disagree
    }

    static func == (left: MatchHeterogeneity, right: MatchHeterogeneity) -> Bool {
        left.errors == right.errors && left.exact == right.exact && left.share == right.share
            && left.shift == right.shift
    }
}
