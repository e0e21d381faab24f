/// Estimates the share of matches that no key brings together.
///
/// Made-up matches say it, but what is made up agrees on more than what is real: registers have matches
/// that agree on hardly anything. Those that a single key finds are the neighbours of those that none
/// does: where f₁ matches were caught once and f₂ twice, at least f₁²/(2 f₂) were never caught,
/// whatever makes some easier to catch than others (A. Chao, "Estimating the population size for
/// capture-recapture data with unequal catchability", Biometrics 43, 1987, here in the form that is
/// free of bias, f₁(f₁ − 1)/(2(f₂ + 1))). Either figure is too low where it is wrong, so that the larger
/// is taken.
enum NeverCompared {
    /// - Parameters:
    ///   - madeUp: The share of made-up matches that no key finds.
    ///   - found: How many matches are expected among the pairs that each number of keys finds, from
    ///     none on; those of none are not looked at.
    /// - Returns: Of all matches.
    static func share(madeUp: Double, found: [Double]) -> Double {
        guard found.count > 2 else { return madeUp }
        let (once, twice) = (found[1], found[2])
        let missed = max(once * (once - 1) / (2 * (twice + 1)), 0)
        let all = found.dropFirst().reduce(missed, +)
        return all > 0 ? max(madeUp, missed / all) : madeUp
    }
}
