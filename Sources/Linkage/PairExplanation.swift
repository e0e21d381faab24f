import EncodedExtract
import Foundation
import PipelineModel

/// Why two subjects are, or are not, one person: the prior, what each comparison adds, and what
/// was decided; by pseudonym, without a token or a value.
public struct PairExplanation: Sendable, Equatable, Codable {
    /// What was decided about the two.
    public enum Decision: String, Sendable, Codable {
        /// They are one person.
        case link
        /// Left for a person to judge.
        case review
        /// At the link threshold, but another subject fits nearly as well.
        case tooCloseToCall
        /// They are two people.
        case apart
    }

    /// A subject of the pair.
    public struct Subject: Sendable, Equatable, Codable {
        public var subject: String
        public var source: String
        /// Different versions of the identity that are held.
        public var versions: Int
    }

    /// One step of the waterfall.
    ///
    /// Its ``bits`` are by how much the match weight moves when this step is added to those before
    /// it. Where relatives are a class of their own that is log2(m/(ρr + (1−ρ)u)), with ρ the share
    /// of relatives among all who are not a match and agree so far: it lies between the weight
    /// against relatives and the one against strangers, and depends on what was added before.
    public struct Step: Sendable, Equatable, Codable {
        /// The comparison, or what else the step is.
        public var name: String
        /// How far the two agree, in words.
        public var level: String
        /// What the step adds to the match weight, in bits.
        public var bits: Double
        /// log2(m/r): what it says of a match against relatives.
        public var againstRelatives: Double
        /// log2(m/u): what it says of a match against strangers.
        public var againstStrangers: Double
        /// The match weight with this step and all before it.
        public var total: Double
        /// P(level) among matches, relatives and strangers; `nil` where nothing was compared.
        public var m: Double?
        public var r: Double?
        public var u: Double?
    }

    /// The best of the other pairs that stand against this one.
    public struct RunnerUp: Sendable, Equatable, Codable {
        /// The subject in whose place it would come.
        public var insteadOf: String
        public var subject: String
        /// In bits.
        public var weight: Double
        /// By how much the explained pair lies above it, in bits.
        public var margin: Double
    }

    public var left: Subject
    public var right: Subject
    /// The prior first, then the comparisons in the order of the specification.
    public var steps: [Step]
    /// The match weight in bits: the sum of the steps.
    public var weight: Double
    /// Whether the pattern is one that is never a link by itself.
    public var conflict: Bool
    /// Whether a key brought the two together, at a weight that is kept.
    public var isHeld: Bool
    public var linkThreshold: Double
    public var reviewThreshold: Double
    public var decision: Decision
    /// The decision in a sentence.
    public var reason: String
    public var runnerUp: RunnerUp?

    /// The probability that the two are one person, by the weight alone.
    public var probability: Double { 1 / (1 + exp2(-weight)) }
}

extension PairExplanation {
    /// Adds up a pattern, step by step.
    ///
    /// - Parameters:
    ///   - digits: The level of each comparison, 1 being the best; 0 where nothing was compared.
    ///   - exact: For each comparison, how many of its levels mean that the values are the same.
    ///   - rarity: For each comparison, the bits that the frequency of its value adds.
    static func steps(
        _ parameters: LinkageParameters, digits: [Int], exact: [Int], rarity: [Double]
    ) -> [Step] {
        // log2 of what each class has collected so far.
        var match = log2(parameters.prevalence)
        var relative = log2(max(parameters.relatives, 1e-300))
        var stranger = log2(1 - parameters.prevalence - parameters.relatives)
        var total = 0.0
        var steps: [Step] = []
        func weight() -> Double {
            let (high, low) = (max(relative, stranger), min(relative, stranger))
            return match - high - log2(1 + exp2(low - high))
        }
        func add(
            _ name: String, _ level: String, relatives: Double, strangers: Double,
            _ shares: (m: Double, r: Double, u: Double)? = nil
        ) {
            let before = total
            total = weight()
            steps.append(
                Step(
                    name: name, level: level, bits: total - before, againstRelatives: relatives,
                    againstStrangers: strangers, total: total, m: shares?.m, r: shares?.r,
                    u: shares?.u))
        }
        add(
            "prior", "any pair of records, before anything is compared",
            relatives: match - relative, strangers: match - stranger)
        for (comparison, digit) in digits.enumerated() {
            let learnt = parameters.comparisons[comparison]
            guard digit > 0 else {
                add(
                    learnt.name, "missing on a side, or not comparable: says nothing",
                    relatives: 0, strangers: 0)
                continue
            }
            let (m, r, u) = (learnt.m[digit - 1], learnt.r[digit - 1], learnt.u[digit - 1])
            match += log2(m)
            relative += log2(r)
            stranger += log2(u)
            add(
                learnt.name, learnt.levels[digit - 1], relatives: log2(m / r),
                strangers: log2(m / u), (m, r, u))
            let bits = rarity[comparison]
            guard bits != 0 else { continue }
            stranger -= bits
            add(
                "\(learnt.name), how common",
                bits > 0 ? "a value rarer than most" : "a value more common than most",
                relatives: 0, strangers: bits)
        }
        let errors = log2(MatchHeterogeneity(parameters, exact: exact).factor(digits))
        if errors != 0 {
            match += errors
            add(
                "errors together",
                errors > 0
                    ? "a match that errs in one field errs in others too"
                    : "a match that errs here alone is rarer than the fields by themselves say",
                relatives: errors, strangers: errors)
        }
        for edge in StrangerTree(parameters).steps(digits) where edge.bits != 0 {
            stranger += edge.bits
            let names = [edge.first, edge.second].map { parameters.comparisons[$0].name }
            add(
                names.joined(separator: " and "),
                edge.bits > 0
                    ? "go together among strangers: less than the two by themselves"
                    : "rarely go together among strangers: more than the two by themselves",
                relatives: 0, strangers: -edge.bits)
        }
        return steps
    }
}
