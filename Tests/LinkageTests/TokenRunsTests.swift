import EncodedExtract
import Hashing
import PipelineModel
import Testing

@testable import Linkage

@Suite("Rows of a token, and subjects by their pseudonym")
struct TokenRunsTests {
    @Test("Every row with a token is in the run of its token", arguments: [0, 1, 5, 3_000])
    func runs(_ count: Int) {
        var generator = SeededGenerator(seed: UInt64(count), label: "tokens")
        let tokens = (0..<count).map { _ in UInt64(generator.below(max(count / 3, 2))) }
        let runs = TokenRuns(tokens)
        let expected = Dictionary(grouping: tokens.indices.filter { tokens[$0] != 0 }) {
            tokens[$0]
        }
        #expect(runs.count == expected.count)
        for run in 0..<runs.count {
            let rows = runs.rows[runs.starts[run]..<runs.starts[run + 1]].map { Int($0) }
            #expect(rows.first.flatMap { expected[tokens[$0]] } == rows)
        }
    }

    @Test(
        "Equal tokens are counted, also where their hashes begin alike", arguments: [2, 40, 3_000])
    func coincidence(_ count: Int) {
        var generator = SeededGenerator(seed: UInt64(count), label: "coincidence")
        var tokens = (0..<count).map { _ in UInt64(generator.below(max(count / 3, 2))) }
        tokens += Self.colliding + Self.colliding + [Self.colliding[0]]
        var times: [UInt64: Double] = [:]
        for token in tokens where token != 0 { times[token, default: 0] += 1 }
        let pairs = times.values.reduce(0.0) { $0 + $1 * ($1 - 1) }
        let all = Double(tokens.count)
        #expect(TokenCoincidence.share(tokens, of: tokens.count) == pairs / (all * (all - 1)))
    }

    /// Two tokens whose hashes share the upper half.
    private static let colliding: [UInt64] = {
        var known: [UInt64: UInt64] = [:]
        for token in 1..<UInt64(1 << 20) {
            if let other = known.updateValue(token, forKey: BlockingColumns.mixed(token) >> 32) {
                return [other, token]
            }
        }
        return []
    }()

    @Test("There are tokens whose hashes begin alike")
    func collide() { #expect(Self.colliding.count == 2) }

    @Test("Within sources, the chance is the mean by their pairs")
    func withinSources() {
        // Source 0: 7 7 8, source 1: 7 8 8 8.
        let share = TokenCoincidence.share([[7, 7, 8], [7, 8, 8, 8]], of: [3, 4])
        let (one, two) = (2.0 / 6, 6.0 / 12)
        #expect(abs(share - (one * 9 + two * 16) / 25) < 1e-15)
    }

    @Test("A subject is found wherever it is, however pseudonyms are spread")
    func subjects() throws {
        let even = 0x9e37_79b9_7f4a_7c15 as UInt64
        let spreads: [@Sendable (UInt64) -> UInt64] = [
            { $0 }, { UInt64.max - $0 }, { ($0 * $0) << 40 }, { $0 &* even },
        ]
        for spread in spreads {
            let highs = (0..<500).map { spread(UInt64($0)) }
            let subjects = highs.map { SubjectPseudonym(high: $0, low: 1) }
            let days = [Day](repeating: Day(1), count: subjects.count)
            let encodings = Encodings(
                source: "a", keyEpoch: 1, specification: ContentDigest.sha256("s"),
                subject: subjects, record: subjects.map { $0.cast() },
                operation: [Operation](repeating: .open, count: subjects.count),
                happened: days, known: days)
            let store = try FieldStore([encodings], firstNew: [0])
            for (index, subject) in store.subjects.enumerated() {
                #expect(store.index(of: subject) == Int32(index))
                #expect(store.index(of: SubjectPseudonym(high: subject.high, low: 0)) == nil)
            }
        }
    }
}
