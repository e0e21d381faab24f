import Foundation

/// Precision and recall of a linkage from what clerks said of a sample of its pairs.
///
/// With N_h pairs in stratum h and n_h of them settled, of which y_h are matches, N_h·y_h/n_h of the
/// stratum are matches (Horvitz–Thompson). Precision is the matches among the linked pairs over
/// the linked pairs; recall the same over all matches, times 1 − the share that no key brings
/// together. The variance is that of a stratified sample without replacement, for recall by
/// linearisation; a stratum in which all answers are alike enters it as if half an answer said
/// otherwise. Each source zone answers for its own strata: one that has not answered, and the pairs
/// that no zone holds, are in neither figure, and ``coverage`` says how many these are. The
/// interval is Wilson's with the number of answers that would give this variance
/// (Dean and Pagano, "Evaluating confidence interval methods for binomial proportions in
/// clustered surveys", J Surv Stat Methodol 3, 2015).
public struct ReviewedQuality: Sendable, Equatable, Codable {
    public struct Estimate: Sendable, Equatable, Codable {
        public var value: Double
        public var low: Double
        public var high: Double
    }

    /// Pairs that clerks saw.
    public var pairs: Int
    /// Of these, pairs that ended as one person or as two.
    public var settled: Int
    /// Linked pairs in the population.
    public var linkedPairs: Int
    /// The pairs that the estimates are of; `nil` where they are of all.
    public var coverage: Coverage?
    /// `nil` where no linked pair is settled.
    public var precision: Estimate?
    /// `nil` where no pair is estimated to be a match, or nothing is known of pairs that are not
    /// linked.
    public var recall: Estimate?
    /// The share of matches that share no key, as the model estimates it: part of ``recall``.
    public var neverCompared: Double

    /// How many pairs of the population stand behind the estimates.
    public struct Coverage: Sendable, Equatable, Codable {
        /// Linked pairs of which those that were settled say something; ``precision`` is of these.
        public var linked: Int
        /// Pairs, linked or not, of the source zones of which both kinds are known; ``recall`` is of
        /// these.
        public var all: Int
        /// All pairs that could have been drawn, had one zone held them all.
        public var population: Int
    }

    /// - Parameters:
    ///   - frame: What was drawn.
    ///   - match: Whether a pair is one person, by its id; absent where the clerks did not settle it.
    ///   - neverCompared: The share of matches that no key brings together.
    public init(_ frame: ReviewFrame, match: [String: Bool], neverCompared: Double) {
        let zones = frame.zones.indices.map { Settled.strata(frame, match, zone: $0) }
        let linked = zones.joined().filter(\.linked)
        pairs = frame.drawn.count
        settled = zones.joined().reduce(0) { $0 + $1.answers }
        self.neverCompared = neverCompared
        let all = linked.reduce(0) { $0 + $1.population }
        linkedPairs = frame.strata.filter(\.linked).reduce(0) { $0 + $1.population }
        // What is missed is known only where both kinds of pairs of a zone are.
        let strata = frame.zones.indices.filter { zone in
            [true, false].allSatisfy { isLinked in
                zones[zone].contains { $0.linked == isLinked }
                    || !frame.strata.contains { $0.zone == zone && $0.linked == isLinked }
            }
        }.flatMap { zones[$0] }
        let known = strata.reduce(0) { $0 + Int($1.population) }
        coverage =
            Int(all) == linkedPairs && known == frame.population
            ? nil : Coverage(linked: Int(all), all: known, population: frame.population)
        precision = nil
        recall = nil
        if all > 0 {
            precision = Self.estimate(
                linked.reduce(0) { $0 + $1.matches } / all,
                smooth: linked.reduce(0) { $0 + $1.population * $1.smooth } / all,
                variance: linked.reduce(0) { $0 + $1.variance } / (all * all))
        }
        let found = strata.filter(\.linked).reduce(0) { $0 + $1.matches }
        let missed = strata.filter { !$0.linked }.reduce(0) { $0 + $1.matches }
        if found + missed > 0 {
            let value = found / (found + missed)
            let smoothFound = strata.filter(\.linked).reduce(0) {
                $0 + $1.population * $1.smooth
            }
            let smoothAll = strata.reduce(0) { $0 + $1.population * $1.smooth }
            let variance =
                strata.reduce(0) {
                    $0 + $1.variance * ($1.linked ? (1 - value) * (1 - value) : value * value)
                } / ((found + missed) * (found + missed))
            var estimate = Self.estimate(
                value, smooth: smoothAll > 0 ? smoothFound / smoothAll : value,
                variance: variance)
            let compared = 1 - neverCompared
            estimate.value *= compared
            estimate.low *= compared
            estimate.high *= compared
            recall = estimate
        }
    }

    /// Wilson's interval for as many answers as have this variance.
    private static func estimate(
        _ value: Double, smooth: Double, variance: Double
    ) -> Estimate {
        guard variance > 0, smooth > 0, smooth < 1 else {
            return Estimate(value: value, low: value, high: value)
        }
        let (low, high) = Proportion.interval(value, size: smooth * (1 - smooth) / variance)
        return Estimate(value: value, low: low, high: high)
    }

    /// The settled answers of a stratum.
    private struct Settled {
        var linked: Bool
        var population: Double
        var answers: Int
        var yes: Int

        var share: Double { Double(yes) / Double(answers) }
        var matches: Double { population * share }

        /// The share with half an answer that says otherwise, where all say the same.
        var smooth: Double {
            guard yes == 0 || yes == answers else { return share }
            return (Double(yes) + 0.5) / (Double(answers) + 1)
        }

        /// Of ``matches``.
        var variance: Double {
            let n = Double(answers)
            guard n < population else { return 0 }
            let isMixed = yes > 0 && yes < answers
            let spread = smooth * (1 - smooth) * (isMixed ? n / (n - 1) : 1)
            return population * population * (1 - n / population) * spread / n
        }

        /// Strata of a zone with answers; one without joins its neighbour of the same decision.
        static func strata(
            _ frame: ReviewFrame, _ match: [String: Bool], zone: Int
        ) -> [Settled] {
            var all = frame.strata.map {
                Settled(
                    linked: $0.linked, population: Double($0.population), answers: 0, yes: 0)
            }
            for pair in frame.drawn {
                guard let isMatch = match[pair.id] else { continue }
                all[pair.stratum].answers += 1
                if isMatch { all[pair.stratum].yes += 1 }
            }
            let own = all.indices.filter { frame.strata[$0].zone == zone }.map { all[$0] }
            var kept: [Settled] = []
            for linked in [true, false] {
                var group: [Settled] = []
                var waiting = 0.0
                for stratum in own where stratum.linked == linked {
                    guard stratum.answers > 0 else {
                        if group.isEmpty {
                            waiting += stratum.population
                        } else {
                            group[group.count - 1].population += stratum.population
                        }
                        continue
                    }
                    var stratum = stratum
                    stratum.population += waiting
                    waiting = 0
                    group.append(stratum)
                }
                kept += group
            }
            return kept
        }
    }
}
