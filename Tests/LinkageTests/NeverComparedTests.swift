import Testing

@testable import Linkage

@Suite("Matches that are never compared")
struct NeverComparedTests {
    @Test("The larger of what made-up matches say and of what real ones found once and twice say")
    func larger() {
        // 41 × 40 / (2 × 20) = 41 were never caught.
        let found = NeverCompared.share(madeUp: 0.01, found: [7, 41, 19, 899])
        #expect(abs(found - 41.0 / 1_000) < 1e-12)
        #expect(NeverCompared.share(madeUp: 0.05, found: [7, 41, 19, 899]) == 0.05)
    }

    @Test("With hardly any found once, or nothing found, made-up matches alone say it")
    func few() {
        #expect(NeverCompared.share(madeUp: 0.05, found: [0, 0.5, 50]) == 0.05)
        #expect(NeverCompared.share(madeUp: 0.1, found: [0, 0, 0]) == 0.1)
        #expect(NeverCompared.share(madeUp: 0, found: [0, 9]) == 0)
    }
}
