import Modelling
import PipelineModel
import Testing

struct ChiSquareTests {
    // R: pchisq(x, df, lower.tail = FALSE), equal to
    // python3 -c "from scipy.stats import chi2; print(chi2.sf(x, df))"
    @Test(arguments: [
        (3.841458820694124, 1, 0.04999999999999989), (0.5, 1, 0.47950012218695337),
        (20, 10, 0.029252688076961124), (10, 10, 0.44049328506521257),
        (0.001, 3, 0.9999915920809419), (200, 21, 3.6230556333226084e-31),
        (21.5, 33, 0.9381776806246713), (700, 5, 4.911986103573117e-149),
    ])
    func upperTail(statistic: Double, freedom: Int, expected: Double) {
        let found = ChiSquare.upperTail(statistic, degreesOfFreedom: freedom)
        #expect(agree(found, expected, to: 1e-12))
    }

    @Test func theEnds() {
        #expect(ChiSquare.upperTail(0, degreesOfFreedom: 4) == 1)
        #expect(ChiSquare.upperTail(.infinity, degreesOfFreedom: 4) == 0)
    }

    @Test func waldByHand() throws {
        // One estimate, two standard errors away: 4 on one degree of freedom.
        let one = try WaldTest.joint(estimate: [3], planted: [1], covariance: [1])
        #expect(one.statistic == 4 && one.degreesOfFreedom == 1)
        #expect(agree(one.pValue, 0.04550026389635839, to: 1e-12))
        // V = (2 1; 1 2), d = (1, −1): dᵀ V⁻¹ d = 2.
        let two = try WaldTest.joint(estimate: [1, 0], planted: [0, 1], covariance: [2, 1, 1, 2])
        #expect(agree(two.statistic, 2, to: 1e-14))
        #expect(agree(two.pValue, 0.36787944117144233, to: 1e-13))
    }

    @Test func waldRefusesACovarianceThatIsNone() {
        #expect(throws: StileError.self) {
            try WaldTest.joint(estimate: [1, 0], planted: [0, 1], covariance: [1, 1, 1, 1])
        }
        #expect(throws: StileError.self) {
            try WaldTest.joint(estimate: [1], planted: [0, 1], covariance: [1])
        }
    }
}
