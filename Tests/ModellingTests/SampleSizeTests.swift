import Modelling
import Testing

struct SampleSizeTests {
    @Test func thePublishedExample() {
        // R: pmsampsize(type = "b", csrsquared = 0.288, parameters = 24, prevalence = 0.174)
        // prints 623, 662 and 221 rows for its three criteria.
        let size = SampleSize(candidates: 24, rows: 1_000, events: 174, anticipatedR2: 0.288)
        #expect(size.rowsForShrinkage == 623)
        #expect(size.rowsForOptimism == 662)
        #expect(size.rowsForPrevalence == 221)
        #expect(size.rowsNeeded == 662 && size.isEnough && size.shortfalls.isEmpty)
    }

    @Test func withoutAnExpectationItReckonsWithAShareOfTheLargest() {
        let size = SampleSize(candidates: 30, rows: 2_000, events: 100)
        #expect((size.largestR2 - 0.3276865).magnitude < 1e-7)
        #expect(size.rowsForShrinkage == 5_342 && size.rowsForOptimism == 1_771)
        #expect(size.rowsForPrevalence == 73)
        #expect(!size.isEnough && size.shortfalls.count == 1)
        #expect(
            size.shortfalls.first?.hasPrefix("5342 rows are needed for an expected shrinkage")
                == true)
        #expect((size.eventsPerCandidate - 10.0 / 3).magnitude < 1e-12)
    }

    @Test(arguments: [(0, 100), (100, 100), (0, 0)])
    func oneKindOfOutcomeIsNeverEnough(_ events: Int, _ rows: Int) {
        #expect(!SampleSize(candidates: 3, rows: rows, events: events).isEnough)
        #expect(TestPrecision(rows: rows, events: events) == nil)
    }

    @Test func aTestSetTellsMoreTheLargerItIs() throws {
        let few = try #require(TestPrecision(rows: 500, events: 50))
        let many = try #require(TestPrecision(rows: 50_000, events: 5_000))
        // Newcombe's method 4 at n = 500, φ = 0.1, C = 0.75, worked out by hand.
        #expect((few.discrimination - 0.0710).magnitude < 0.0001)
        #expect((many.discrimination / few.discrimination - 0.1).magnitude < 0.002)
        #expect((few.observedToExpected - 0.3008).magnitude < 0.0005)
    }
}
