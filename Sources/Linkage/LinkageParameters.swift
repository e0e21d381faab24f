import Foundation
import PipelineModel

/// What Fellegi and Sunter's model needs to weigh an agreement pattern.
///
/// A comparison's level `l` adds log2(m/u) bits. A missing value adds nothing: it
/// is taken to be missing for reasons that have nothing to do with whether the two
/// records are one person, so that it speaks neither for nor against a match.
///
/// Source: I. Fellegi and A. Sunter, "A theory for record linkage", JASA 64 (1969).
public struct LinkageParameters: Sendable, Equatable, Codable {
    /// The share of true matches among the candidate pairs.
    public var prevalence: Double
    public var comparisons: [Comparison]
    /// The candidate pairs from which these were estimated.
    public var pairs: Int
    /// The rounds of expectation and maximisation.
    public var rounds: Int
    public var converged: Bool

    /// The parameters of one comparison; the last level is the disagreement.
    public struct Comparison: Sendable, Equatable, Codable {
        public var name: String
        /// What each level is, in words.
        public var levels: [String]
        /// P(level | match, not missing).
        public var m: [Double]
        /// P(level | no match, not missing), among the candidate pairs.
        public var u: [Double]
        /// P(level | two records at random), from token counts or a sample.
        public var random: [Double]

        public init(
            name: String, levels: [String], m: [Double], u: [Double], random: [Double]
        ) {
            self.name = name
            self.levels = levels
            self.m = m
            self.u = u
            self.random = random
        }

        /// log2(m/u) for each level.
        public var weights: [Double] { zip(m, u).map { log2($0 / $1) } }
    }

    public init(
        prevalence: Double, comparisons: [Comparison], pairs: Int, rounds: Int, converged: Bool
    ) {
        self.prevalence = prevalence
        self.comparisons = comparisons
        self.pairs = pairs
        self.rounds = rounds
        self.converged = converged
    }

    /// log2(λ/(1−λ)): the weight of a candidate pair before anything is compared.
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
        prevalence > 0 && prevalence < 1
            && comparisons.allSatisfy { comparison in
                comparison.m.count == comparison.levels.count
                    && comparison.u.count == comparison.levels.count
                    && comparison.random.count == comparison.levels.count
                    && (comparison.m + comparison.u).allSatisfy { $0 > 0 && $0 <= 1 }
            }
    }
}
