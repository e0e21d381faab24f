import Foundation
import PipelineModel
import Testing

struct LogisticTests {
    @Test func agreesWithTheMathematicalLibrary() {
        var furthest = 0.0
        for step in -8_000...8_000 {
            let value = Double(step) / 11.3
            let expected = value >= 0 ? 1 / (1 + exp(-value)) : exp(value) / (1 + exp(value))
            // Below the smallest normal number the exponential is held.
            guard expected > 1e-300 else { continue }
            furthest = max(furthest, (Logistic.probability(value) / expected - 1).magnitude)
        }
        #expect(furthest < 4e-16, "\(furthest)")
    }

    /// The bits themselves, so that another machine that gives others is seen.
    @Test(arguments: [
        (0.0, 0.5), (1, 0.731_058_578_630_004_9), (-1, 0.268_941_421_369_995_1),
        (-4.25, 0.014_063_627_043_245_474), (709, 1),
    ])
    func bitsAreTheSameEverywhere(_ predictor: Double, _ probability: Double) {
        #expect(Logistic.probability(predictor) == probability)
    }

    @Test func extremesAreProbabilities() {
        #expect(Logistic.probability(1e300) == 1 && Logistic.probability(.infinity) == 1)
        let least = Logistic.probability(-1e300)
        #expect(least > 0 && least < 1e-300)
    }

    @Test func whatIsNoNumberStaysNone() {
        #expect(Logistic.probability(.nan).isNaN)
    }

    @Test func itRises() {
        var before = 0.0
        for step in 0..<200_000 {
            let now = Logistic.probability(-40 + Double(step) * 4e-4)
            #expect(now >= before)
            before = now
        }
    }
}
