/// Estimates the share of matches that no key brings together.
///
/// Made-up matches say it, but what is made up agrees on more than what is real: registers have matches
/// that agree on hardly anything. Real ones say how many a single key finds, which are the neighbours
/// of those that none does. The larger of two figures is taken: the share that none of the keys finds
/// of made-up matches; and that share as it would be were it as many times those that one key finds
/// among real matches as among made-up ones. The counts are those of capture and recapture, where
/// those caught once say how many were never caught (A. Chao, "Estimating the population size for
/// capture-recapture data with unequal catchability", Biometrics 43, 1987).
enum NeverCompared {
    /// So many made-up matches must be found by one key for a ratio to be told.
    static let fewest = 10.0

    /// - Parameters:
    ///   - madeUp: How many made-up matches each number of keys finds, from none on.
    ///   - likely: How many matches are expected among the pairs that each number of keys finds; those
    ///     of none are not looked at.
    /// - Returns: Of all matches.
    static func share(madeUp: [Double], likely: [Double]) -> Double {
        let all = madeUp.reduce(0, +)
        guard all > 0 else { return 0 }
        let simulated = madeUp[0] / all
        let found = likely.dropFirst().reduce(0, +)
        guard madeUp.count > 1, madeUp[1] >= fewest, likely.count > 1, found > 0 else {
            return simulated
        }
        let missed = likely[1] * madeUp[0] / madeUp[1]
        return max(simulated, missed / (found + missed))
    }
}
