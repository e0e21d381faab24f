import Evaluation
import PipelineModel
import Testing

struct BrierDecompositionTests {
    private func parts(_ probability: [Double], _ outcome: [Double]) throws -> BrierDecomposition {
        let report = try Evaluation.evaluate(
            ScoredTable(score: probability, probability: probability, outcome: outcome),
            listSize: 1, resamples: 0)
        let parts = try #require(report.brierParts.value)
        let brier = try #require(report.brier.value)
        #expect(FourHundredRows.near(parts.brier, brier, 1e-14))
        return parts
    }

    private func expect(_ parts: BrierDecomposition, _ reference: [Double]) {
        let found = [
            parts.brier, parts.reliability, parts.resolution, parts.uncertainty,
            parts.withinBinVariance, parts.withinBinCovariance,
        ]
        for (found, reference) in zip(found, reference) {
            #expect((found - reference).magnitude < 1e-13, "\(found) \(reference)")
        }
        let sum =
            parts.reliability - parts.resolution + parts.uncertainty + parts.withinBinVariance
            - parts.withinBinCovariance
        #expect((sum - parts.brier).magnitude < 1e-14)
    }

    // R 4.2, with p and y of FourHundredRows:
    //
    //     parts <- function(p, y, k) {
    //       pk <- ave(p, k); ok <- ave(y, k); o <- mean(y)
    //       c(mean((y-p)^2), mean((pk-ok)^2), mean((ok-o)^2), o*(1-o), mean((p-pk)^2),
    //         2*mean((y-ok)*(p-pk)))
    //     }
    //     tenth <- function(p) floor((rank(p, ties.method="min")-1)*10/400)
    //     parts(p, y, tenth(p));  q <- round(p, 1); parts(q, y, q)
    //     r <- round(p, 2); parts(r, y, tenth(r))
    @Test func thePartsAreThoseOfR() throws {
        let outcome = FourHundredRows.outcome
        let fine = try parts(FourHundredRows.probability, outcome)
        #expect(fine.binning == .tenths && fine.bins == 10)
        expect(
            fine,
            [
                0.17941269812266022, 0.00724710966598630501, 0.03963124999999999981,
                0.21294374999999998721, 0.00090071491597559935, 0.00204762645930168033,
            ])
        let distinct = try parts(
            FourHundredRows.probability.map { ($0 * 10).rounded() / 10 }, outcome)
        #expect(distinct.binning == .distinct && distinct.bins == 10)
        expect(
            distinct,
            [
                0.1798000000000000154, 0.0093101362904061524, 0.0424538862904061606,
                0.2129437499999999872, 0, 0,
            ])
        // 91 different probabilities: rows of one probability stay in one bin.
        let tied = try parts(
            FourHundredRows.probability.map { ($0 * 100).rounded() / 100 }, outcome)
        #expect(tied.binning == .tenths && tied.bins == 10)
        expect(
            tied,
            [
                0.17945924999999998684, 0.00669571662768725546, 0.04052109735520168649,
                0.21294374999999998721, 0.00087977540354854773, 0.00053889467603410938,
            ])
    }

    @Test func byHand() throws {
        // Bins 0.2 (1 of 4) and 0.8 (3 of 4): reliability 0.05², resolution 0.25², uncertainty ¼.
        let found = try parts(
            [0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8], [1, 0, 0, 0, 1, 1, 1, 0])
        expect(found, [0.19, 0.0025, 0.0625, 0.25, 0, 0])
        // The prevalence for everyone: all that is left is the uncertainty.
        let constant = try parts([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 1])
        expect(constant, [0.25, 0, 0, 0.25, 0, 0])
        #expect(constant.bins == 1)
    }

    @Test func theOrderOfTheRowsIsNoMatter() throws {
        let probability = FourHundredRows.probability.map { ($0 * 20).rounded() / 20 }
        let turned = try parts(probability.reversed(), FourHundredRows.outcome.reversed())
        let plain = try parts(probability, FourHundredRows.outcome)
        #expect((turned.reliability - plain.reliability).magnitude < 1e-15)
        #expect((turned.resolution - plain.resolution).magnitude < 1e-15)
    }

    @Test func scoresAloneHaveNoParts() throws {
        let report = try Evaluation.evaluate(
            ScoredTable(score: [1, 2], probability: [], outcome: [0, 1]), listSize: 1)
        #expect(report.brierParts.value == nil)
    }
}
