import CBitKernels
import EncodedExtract
import PipelineModel
import Testing

@testable import Linkage

/// Pairs of filters are drawn with a known likeness, hardened here by the definition of each step,
/// and compared by the linker's own kernel.
@Suite("How alike hardened filters were when drawn")
struct DrawnSimilarityTests {
    private static let bits = 512

    private struct Pair {
        var left: [UInt64]
        var right: [UInt64]
        var dice: Double
    }

    private static func words(_ set: Set<Int>) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: bits / 64)
        for bit in set { words[bit / 64] |= 1 << UInt64(bit % 64) }
        return words
    }

    /// Two filters of names of some bigrams, ten positions each, that share some of them.
    private static func drawn(_ bits: Int, _ generator: inout SeededGenerator) -> (
        Set<Int>, Set<Int>
    ) {
        func bigram() -> [Int] { (0..<10).map { _ in generator.below(bits) } }
        let common = (0..<generator.below(7)).flatMap { _ in bigram() }
        let left = Set(common + (0...generator.below(4)).flatMap { _ in bigram() })
        let right = Set(common + (0...generator.below(4)).flatMap { _ in bigram() })
        return (left, right)
    }

    /// Stores a drawn filter of twice the bits where `fold`, else of as many.
    private static func stored(
        _ drawn: Set<Int>, fold: Bool, parts: [[Int]], flip: Double,
        _ generator: inout SeededGenerator
    ) -> Set<Int> {
        var set = drawn
        if fold {
            set = Set((0..<bits).filter { drawn.contains($0) != drawn.contains($0 + bits) })
        }
        if !parts.isEmpty {
            let before = set
            set = Set(
                (0..<bits).filter { bit in
                    parts[bit].count(where: before.contains) % 2 == 1
                })
        }
        return Set((0..<bits).filter { set.contains($0) != (generator.uniform() < flip) })
    }

    private func measured(_ pairs: [Pair], _ hardening: Encodings.Hardening) -> [Double] {
        let width = Self.bits / 64
        let words = pairs.flatMap { $0.left + $0.right }
        let places = (0..<(2 * pairs.count)).map {
            FieldStore.Origin(source: 0, row: Int32($0))
        }
        let filters = FieldStore.Filters(
            columns: [WordColumn(words)], places: places, wordsPerRow: width,
            drawn: DrawnSimilarity(hardening, bits: Self.bits))
        let left = pairs.indices.map { UInt32(2 * $0) }
        let right = pairs.indices.map { UInt32(2 * $0 + 1) }
        var dice = [Float](repeating: 0, count: pairs.count)
        filters.placed(places).dice(
            left, right, pairs.indices.map { UInt32($0) }, pairs.count, &dice)
        return dice.map(Double.init)
    }

    @Test(
        "On average it is Dice's coefficient of what was drawn, at every setting of the dial",
        arguments: [
            (false, 0, 0.02, 0.05), (false, 0, 0.05, 0.09), (false, 2, 0, 0.06),
            (false, 3, 0, 0.06), (false, 3, 0.02, 0.07), (false, 3, 0.05, 0.08),
            (true, 0, 0, 0.04), (true, 2, 0.01, 0.08),
        ])
    func undone(fold: Bool, diffusion: Int, flip: Double, spread: Double) {
        var generator = SeededGenerator(seed: 5, label: "drawn")
        let parts =
            diffusion > 0
            ? (0..<Self.bits).map { _ in
                Array((0..<Self.bits).shuffled(using: &generator).prefix(diffusion))
            } : []
        let pairs = (0..<400).map { _ -> Pair in
            let (left, right) = Self.drawn(fold ? 2 * Self.bits : Self.bits, &generator)
            let stored = [left, right].map {
                Self.words(
                    Self.stored($0, fold: fold, parts: parts, flip: flip, &generator))
            }
            return Pair(
                left: stored[0], right: stored[1],
                dice: 2 * Double(left.intersection(right).count) / Double(left.count + right.count))
        }
        let hardening = Encodings.Hardening(
            mixed: max(diffusion, 1) * (fold ? 2 : 1), flip: flip)
        let found = measured(pairs, hardening)
        let errors = zip(found, pairs).map { $0 - $1.dice }
        let mean = errors.reduce(0, +) / Double(errors.count)
        let square = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
        #expect(abs(mean) < 0.02)
        #expect(square.squareRoot() < spread)
        // Noisy ones as they are stored are less alike than what was drawn.
        guard flip > 0 else { return }
        let stored = zip(measured(pairs, .none), pairs).map { $0 - $1.dice }
        #expect(stored.reduce(0, +) / Double(stored.count) < -0.01)
    }

    @Test("Filters that are stored as drawn are compared as they are")
    func plain() {
        #expect(DrawnSimilarity(.none, bits: 512) == nil)
        let pair = Pair(left: Self.words([1, 2, 3]), right: Self.words([2, 3, 4, 5]), dice: 4 / 7)
        #expect(abs(measured([pair], .none)[0] - 4 / 7) < 1e-6)
    }

    @Test(
        "Equal filters are wholly alike, missing ones not comparable, and all stays within 0 and 1")
    func bounds() {
        let hardening = Encodings.Hardening(mixed: 3, flip: 0.05)
        let full = [UInt64](repeating: .max, count: 8)
        let none = [UInt64](repeating: 0, count: 8)
        let few = Self.words([1, 70, 200])
        let found = measured(
            [
                Pair(left: few, right: few, dice: 1), Pair(left: few, right: none, dice: 0),
                Pair(left: full, right: few, dice: 0), Pair(left: full, right: full, dice: 1),
            ], hardening)
        #expect(found[1] == -1)
        #expect(found.allSatisfy { $0 == -1 || (0...1).contains($0) })
        #expect(found[3] == 1)
    }
}
