import Testing

@testable import Linkage

@Suite("Matches that are never compared")
struct NeverComparedTests {
    @Test("The larger of what made-up matches say and of what real ones found once say")
    func larger() {
        // 1 in 100 made-up ones is found by no key, and half as many as by one.
        let madeUp: [Double] = [100, 200, 9_700]
        #expect(NeverCompared.share(madeUp: madeUp, likely: [0, 10, 990]) == 0.01)
        // Of 1,000 that are found 50 are found once, so that 25 are missing.
        let found = NeverCompared.share(madeUp: madeUp, likely: [7, 50, 950])
        #expect(abs(found - 25.0 / 1_025) < 1e-12)
    }

    @Test("With hardly any found once, or nothing found, made-up matches alone say it")
    func few() {
        #expect(NeverCompared.share(madeUp: [5, 5, 90], likely: [0, 50, 50]) == 0.05)
        #expect(NeverCompared.share(madeUp: [10, 20, 70], likely: [0, 0, 0]) == 0.1)
        #expect(NeverCompared.share(madeUp: [10], likely: [0, 1]) == 1)
        #expect(NeverCompared.share(madeUp: [0, 0], likely: [0, 1]) == 0)
    }
}
