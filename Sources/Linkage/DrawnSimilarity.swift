import EncodedExtract
import Foundation

/// How alike filters were when they were drawn, worked out from hardened ones.
///
/// Diffusion and a fold store the exclusive or of t drawn bits, noise inverts a stored bit with the
/// probability p. Of independent bits of which a share s is set, the exclusive or of t is 1 with
/// the probability (1 − (1 − 2s)ᵗ)/2 (the piling-up lemma; M. Matsui, "Linear cryptanalysis method
/// for DES cipher", 1993), and after the noise 1 − 2s has become (1 − 2p)(1 − 2s)ᵗ. The same holds
/// of the bits in which two filters differ, with (1 − 2p)² for the noise of both. Solved for s,
/// this gives estimates of how many bits were drawn in either filter and in one of the two alone,
/// and so of Dice's coefficient: it means the same at every setting of the dial, though
/// not with the same precision.
struct DrawnSimilarity: Sendable {
    /// For each number of set bits, twice the share of bits that were drawn.
    let ofCount: [Float]
    /// For each number of bits in which two filters differ, twice the share that differed when drawn.
    let ofDifference: [Float]

    /// `nil` where filters are stored as they are drawn.
    ///
    /// - Parameters:
    ///   - hardening: What was done to the filters.
    ///   - bits: The bits of a stored filter.
    init?(_ hardening: Encodings.Hardening, bits: Int) {
        guard hardening != .none, bits > 0 else { return nil }
        let kept = 1 - 2 * hardening.flip
        func drawn(_ damping: Double) -> [Float] {
            (0...bits).map { count in
                let sign = (1 - 2 * Double(count) / Double(bits)) / damping
                // Half of the bits and more is what chance gives: nothing is left to tell.
                let held = min(max(sign, 1 / Double(bits)), 1)
                return Float(1 - pow(held, 1 / Double(hardening.mixed)))
            }
        }
        ofCount = drawn(kept)
        ofDifference = drawn(kept * kept)
    }
}
