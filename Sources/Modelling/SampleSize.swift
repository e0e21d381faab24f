import Foundation

/// How many rows a model of so many parameters needs.
///
/// Source: R. D. Riley and others, "Calculating the sample size required for developing a clinical
/// prediction model", BMJ 368 (2020), all four criteria for binary outcomes; the one for the mean
/// absolute error from M. van Smeden and others, "Sample size for binary logistic prediction
/// models", Statistical Methods in Medical Research 28 (2019).
public struct SampleSize: Codable, Sendable, Equatable {
    /// Candidate parameters, those that selection dropped included; the intercept is none.
    public var candidates: Int
    public var rows: Int
    /// Of ``rows`` those with the event; where they stand for rows that depend on each other, as many
    /// as the share of events makes of them, which is a count of nobody.
    public var events: Double
    /// The share of events that the criteria reckon with.
    public var prevalence: Double
    /// The Cox–Snell R² that the criteria reckon with: a share of the largest possible.
    public var anticipatedR2: Double
    /// The largest possible Cox–Snell R² at this prevalence, 1 − (φ^φ (1 − φ)^(1 − φ))².
    public var largestR2: Double
    /// Rows for an expected shrinkage of at least 0.9.
    public var rowsForShrinkage: Int
    /// Rows for an optimism in Nagelkerke's R² of at most 0.05.
    public var rowsForOptimism: Int
    /// Rows for a mean probability within 0.05 of the truth.
    public var rowsForPrevalence: Int
    /// Rows for probabilities that are 0.05 from the truth in the mean, whatever the sign; absent
    /// where there are more than 30 candidates, for which nobody has found the formula to hold, and
    /// in a fit of an earlier version.
    public var rowsForError: Int?
    /// What ``rows`` was worked out from, where rows are of one person, household or setting; absent
    /// where each stands alone.
    public var clustering: EffectiveRows?

    /// The share of the largest R² that is reckoned with where nothing is known: models of health
    /// and care seldom reach more.
    public static let anticipatedShare = 0.15

    /// - Parameters:
    ///   - candidates: Parameters that were candidates, 1 or more.
    ///   - rows: Rows that the model is fitted on.
    ///   - events: Rows of them with the event.
    ///   - anticipatedR2: The Cox–Snell R² expected of the model; `nil` for 15 % of the largest.
    public init(candidates: Int, rows: Int, events: Int, anticipatedR2: Double? = nil) {
        self.init(
            candidates: candidates, rows: rows, share: Double(events) / Double(max(rows, 1)),
            anticipatedR2: anticipatedR2)
        self.events = Double(events)
    }

    /// - Parameters:
    ///   - candidates: Parameters that were candidates, 1 or more.
    ///   - rows: As many independent rows as those that the model is fitted on stand for
    ///     (``EffectiveRows``).
    ///   - share: The share of events among the rows of the fit, 0…1.
    ///   - anticipatedR2: The Cox–Snell R² expected of the model; `nil` for 15 % of the largest.
    public init(candidates: Int, rows: Int, share: Double, anticipatedR2: Double? = nil) {
        self.candidates = max(1, candidates)
        self.rows = rows
        events = share * Double(rows)
        prevalence = share
        let nullLikelihood = Self.entropy(share)
        largestR2 = 1 - exp(2 * nullLikelihood)
        let expected = anticipatedR2 ?? Self.anticipatedShare * largestR2
        self.anticipatedR2 = expected
        let parameters = Double(self.candidates)
        rowsForShrinkage = Self.rows(parameters, shrinkage: 0.9, expected)
        rowsForOptimism = Self.rows(
            parameters, shrinkage: expected / (expected + 0.05 * largestR2), expected)
        rowsForPrevalence = Self.whole(pow(1.959963984540054 / 0.05, 2) * share * (1 - share))
        rowsForError = Self.rows(parameters, meanError: 0.05, share)
    }

    /// exp((−0.508 + 0.259 log φ + 0.504 log P − log δ) ÷ 0.544), φ being the rarer outcome.
    private static func rows(
        _ parameters: Double, meanError: Double, _ share: Double
    ) -> Int? {
        let rarer = min(share, 1 - share)
        guard parameters <= 30, rarer > 0 else { return nil }
        return whole(
            exp((-0.508 + 0.259 * log(rarer) + 0.504 * log(parameters) - log(meanError)) / 0.544))
    }

    /// φ log φ + (1 − φ) log(1 − φ): the log-likelihood of the null model, for each row.
    private static func entropy(_ share: Double) -> Double {
        guard share > 0, share < 1 else { return 0 }
        return share * log(share) + (1 - share) * log(1 - share)
    }

    /// P ÷ ((S − 1) log(1 − R² ÷ S)).
    private static func rows(_ parameters: Double, shrinkage: Double, _ r2: Double) -> Int {
        guard r2 > 0, shrinkage > r2, shrinkage < 1 else { return Int(Int32.max) }
        return whole(parameters / ((shrinkage - 1) * log(1 - r2 / shrinkage)))
    }

    private static func whole(_ value: Double) -> Int {
        guard value.isFinite, value < Double(Int32.max) else { return Int(Int32.max) }
        return Int(value.rounded(.up))
    }

    /// The rows that all criteria together ask for.
    public var rowsNeeded: Int {
        max(rowsForShrinkage, rowsForOptimism, rowsForPrevalence, rowsForError ?? 0)
    }

    /// Events for each candidate parameter.
    public var eventsPerCandidate: Double { events / Double(candidates) }

    public var isEnough: Bool { rows >= rowsNeeded }

    /// One sentence for each criterion that is not met, and none where all are.
    public var shortfalls: [String] {
        [
            (rowsForShrinkage, "an expected shrinkage of at least 0.9"),
            (rowsForOptimism, "an optimism in R² of at most 0.05"),
            (rowsForPrevalence, "a mean probability within 0.05 of the truth"),
            (rowsForError ?? 0, "a mean absolute error of the probabilities of at most 0.05"),
        ].filter { rows < $0.0 }.map { needed, what in
            "\(needed) rows are needed for \(what), with \(candidates) candidate parameters."
        }
    }
}
