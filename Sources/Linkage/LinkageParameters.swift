import Foundation
import PipelineModel

/// What Fellegi and Sunter's model needs to weigh an agreement pattern.
///
/// A pair of records is of one person (a match), of two people under one roof (relatives), or of
/// strangers. A comparison's level l has probability m(l), r(l) and u(l) in the three classes; the
/// match weight of a pattern is log2(M Πm / (R Πr + (1−M−R) Πu)), where M and R are the shares of
/// matches and relatives among all pairs of records that could be one person. A value that is
/// missing, or that cannot be compared, is a level of its own whose weight is nothing: it is taken
/// to be missing for reasons that have nothing to do with whether the records are one person.
///
/// Source: I. Fellegi and A. Sunter, "A theory for record linkage", JASA 64 (1969).
public struct LinkageParameters: Sendable, Equatable, Codable {
    /// The share of matches among all pairs of records that could be one person.
    public var prevalence: Double
    /// The share of relatives.
    public var relatives: Double
    public var comparisons: [Comparison]
    /// The keys that bring records together, each a list of columns.
    public var keys: [[String]]
    /// The share of matches that share no key and are never compared, as estimated.
    public var neverCompared: Double
    /// The candidate pairs from which these were estimated.
    public var pairs: Int
    /// The rounds of expectation and maximisation.
    public var rounds: Int
    public var converged: Bool
    /// Comparisons that go together among strangers; none where the file does not say.
    public var dependences: [Dependence] = []

    /// The link threshold that training chose, in bits; `nil` where it was not to choose.
    public var linkThreshold: Double?
    /// What the data said of pairs like twins; `nil` where there is no such pattern, or where the
    /// parameters do not say: then they are held back.
    public var twins: Twins?

    /// The share of matches that are held back for looking like twins; `nil` where none are, or where
    /// the data do not say.
    public var heldBack: Double?
    /// The share of compared matches that weigh less than the review threshold, as estimated; `nil`
    /// where the file does not say.
    public var belowReview: Double?
    /// The share of compared matches of which no filter under a salt could be compared, since what salts
    /// it differs or is missing, as estimated; `nil` where nothing is salted, or where the file does not say.
    public var uncompared: Double?

    /// What pairs like twins are, which differ in the given name alone.
    public enum Twins: String, Sendable, Codable {
        /// So many matches disagree so that it is likelier an error: linked by their weight.
        case errors
        /// By who else they would be linked to, hardly any is two people: linked by their weight.
        case onePerson = "one_person"
        /// Too many of those that would be links are two people: held back.
        case twoPeople = "two_people"
        /// There are too few to say: held back.
        case tooFew = "too_few"

        /// Whether they are held back.
        public var areHeld: Bool { self == .twoPeople || self == .tooFew }
    }

    /// That errors come together in some matches; `nil` where they do not.
    public var heterogeneity: Heterogeneity?

    /// A share of the matches whose log odds of disagreeing are higher by `shift` in every
    /// comparison.
    public struct Heterogeneity: Sendable, Equatable, Codable {
        public var share: Double
        public var shift: Double

        public init(share: Double, shift: Double) {
            self.share = share
            self.shift = shift
        }
    }

    /// By how much the agreement of strangers on two comparisons is more, or less, than their two
    /// probabilities together say.
    public struct Dependence: Sendable, Equatable, Codable {
        public var first: String
        public var second: String
        /// log2 P(a, b)/(P(a) P(b)) among strangers, for each level of the first and of the second.
        public var bits: [[Double]]

        public init(first: String, second: String, bits: [[Double]]) {
            self.first = first
            self.second = second
            self.bits = bits
        }
    }

    /// The parameters of one comparison; the last level is the disagreement.
    public struct Comparison: Sendable, Equatable, Codable {
        public var name: String
        /// What each level is, in words.
        public var levels: [String]
        /// P(level | match, not missing).
        public var m: [Double]
        /// P(level | relatives, not missing).
        public var r: [Double]
        /// P(level | strangers, not missing), from token counts and pairs at random.
        public var u: [Double]

        public init(name: String, levels: [String], m: [Double], r: [Double], u: [Double]) {
            self.name = name
            self.levels = levels
            self.m = m
            self.r = r
            self.u = u
        }

        /// log2(m/u) for each level.
        public var weights: [Double] { zip(m, u).map { log2($0 / $1) } }
    }

    public init(
        prevalence: Double, relatives: Double, comparisons: [Comparison], keys: [[String]],
        neverCompared: Double, pairs: Int, rounds: Int, converged: Bool,
        dependences: [Dependence] = [], heterogeneity: Heterogeneity? = nil
    ) {
        self.prevalence = prevalence
        self.relatives = relatives
        self.comparisons = comparisons
        self.keys = keys
        self.neverCompared = neverCompared
        self.pairs = pairs
        self.rounds = rounds
        self.converged = converged
        self.dependences = dependences
        self.heterogeneity = heterogeneity
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        prevalence = try values.decode(Double.self, forKey: .prevalence)
        relatives = try values.decode(Double.self, forKey: .relatives)
        comparisons = try values.decode([Comparison].self, forKey: .comparisons)
        keys = try values.decode([[String]].self, forKey: .keys)
        neverCompared = try values.decode(Double.self, forKey: .neverCompared)
        pairs = try values.decode(Int.self, forKey: .pairs)
        rounds = try values.decode(Int.self, forKey: .rounds)
        converged = try values.decode(Bool.self, forKey: .converged)
        dependences = try values.decodeIfPresent([Dependence].self, forKey: .dependences) ?? []
        linkThreshold = try values.decodeIfPresent(Double.self, forKey: .linkThreshold)
        twins = try values.decodeIfPresent(Twins.self, forKey: .twins)
        heldBack = try values.decodeIfPresent(Double.self, forKey: .heldBack)
        belowReview = try values.decodeIfPresent(Double.self, forKey: .belowReview)
        uncompared = try values.decodeIfPresent(Double.self, forKey: .uncompared)
        heterogeneity = try values.decodeIfPresent(Heterogeneity.self, forKey: .heterogeneity)
    }

    /// Takes over the share of matches that no key finds, which are matches as well.
    mutating func take(neverCompared share: Double) {
        neverCompared = min(share, 0.9)
        prevalence = min(prevalence / (1 - neverCompared), 0.5)
    }

    /// log2(M/(1−M)): the weight of any pair before anything is compared.
    public var priorWeight: Double { log2(prevalence / (1 - prevalence)) }

    /// The parameters as a file that people read and pin: JSON with sorted keys.
    public var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        // Every number is finite, so encoding cannot fail.
        guard let data = try? encoder.encode(self) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Reads such a file; `file` is what messages call it.
    public static func read(_ text: String, file: String) throws -> LinkageParameters {
        guard
            let parameters = try? JSONDecoder().decode(
                LinkageParameters.self, from: Data(text.utf8)),
            parameters.isSound
        else {
            throw StileError(
                .configuration, "The parameters of linkage cannot be read.",
                at: .init(file: file),
                remedy: "Restore the file that a linkage run wrote, or remove “parameters”.")
        }
        return parameters
    }

    private var isSound: Bool {
        prevalence > 0 && relatives >= 0 && prevalence + relatives < 1
            && [neverCompared, heldBack ?? 0, belowReview ?? 0].allSatisfy((0..<1).contains)
            && (heldBack ?? 0) + (belowReview ?? 0) < 1 && (0...1).contains(uncompared ?? 0)
            && comparisons.allSatisfy { comparison in
                [comparison.m, comparison.r, comparison.u].allSatisfy { values in
                    values.count == comparison.levels.count
                        && values.allSatisfy { $0 > 0 && $0 <= 1 }
                }
            }
            && heterogeneity.map { (0..<1).contains($0.share) && abs($0.shift) <= 20 } ?? true
            && dependences.allSatisfy { edge in
                let levels = [edge.first, edge.second].map { name in
                    comparisons.first { $0.name == name }?.levels.count
                }
                return edge.bits.count == levels[0]
                    && edge.bits.allSatisfy { row in
                        row.count == levels[1] && row.allSatisfy { abs($0) <= 64 }
                    }
            }
    }
}
