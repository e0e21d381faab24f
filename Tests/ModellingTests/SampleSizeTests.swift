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
        // R: exp((-0.508 + 0.259 * log(0.174) + 0.504 * log(24) - log(0.05)) / 0.544) # 800.1902
        #expect(size.rowsForError == 801)
        #expect(size.rowsNeeded == 801 && size.isEnough && size.shortfalls.isEmpty)
    }

    @Test func theErrorIsReckonedWithTheRarerOutcomeAndUpToThirtyCandidates() {
        // R: exp((-0.508 + 0.259 * log(0.05) + 0.504 * log(30) - log(0.05)) / 0.544) # 543.4130
        #expect(SampleSize(candidates: 30, rows: 500, events: 25).rowsForError == 544)
        #expect(SampleSize(candidates: 30, rows: 500, events: 475).rowsForError == 544)
        #expect(SampleSize(candidates: 31, rows: 500, events: 25).rowsForError == nil)
        let short = SampleSize(candidates: 24, rows: 700, events: 122, anticipatedR2: 0.288)
        #expect(!short.isEnough && short.shortfalls.count == 1, "\(short)")
        #expect(short.shortfalls.first?.contains("mean absolute error") == true)
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

    /// Rows that others stand for have a share of events, and no whole number of them.
    @Test func theShareOfEventsIsNotRounded() throws {
        let size = SampleSize(candidates: 3, rows: 300, share: 0.002)
        #expect(size.prevalence == 0.002 && agree(size.events, 0.6, to: 1e-12))
        #expect(size.rowsForShrinkage > SampleSize(candidates: 3, rows: 300, events: 1).rowsNeeded)
        #expect(!size.isEnough)
        let test = try #require(TestPrecision(rows: 300, share: 0.002))
        #expect(agree(test.events, 0.6, to: 1e-12) && test.discrimination > 0.5)
        let whole = try #require(TestPrecision(rows: 500, events: 50))
        #expect(TestPrecision(rows: 500, share: 0.1) == whole)
        // Beyond all numbers, which a report cannot hold.
        #expect(TestPrecision(rows: 1, share: 1e-6) == nil)
        #expect(TestPrecision(rows: 0, share: 0.5) == nil)
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
        // R: phi <- 0.1; n <- 500; s <- sqrt(2) * qnorm(0.75); m <- qlogis(phi)
        //    d <- function(x) phi * dnorm(x, m + s^2/2, s) + (1 - phi) * dnorm(x, m - s^2/2, s)
        //    I <- function(k) integrate(function(x) x^k * dlogis(x) * d(x), m - 12 * s, m + 12 * s,
        //                               rel.tol = 1e-12)$value
        //    1.959963984540054 * sqrt(I(0) / (n * (I(0) * I(2) - I(1)^2)))
        #expect(agree(few.calibrationSlope, 0.339010250803, to: 1e-10))
        //    t <- pnorm(s / 2)
        //    1.959963984540054 * sqrt((t * (1 - t) * (1 / phi + 1 / (1 - phi))
        //                              + (1 - t)^2 / (phi * (1 - phi))) / n)
        #expect(agree(few.netBenefit, 0.164425221938, to: 1e-10))
        #expect(agree(many.calibrationSlope, 0.0339010250803, to: 1e-10))
    }
}
