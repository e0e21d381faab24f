import Modelling
import PipelineModel
import Testing

/// Standard errors by clusters beside R's sandwich 3.0.2.
struct ClusteredErrorsTests {
    private let provenance = ModelProvenance(model: "test")

    private static let eights: [UInt32] = (0..<32).map { $0 % 8 }
    private static let pairs: [UInt32] = (0..<32).map { $0 < 20 ? $0 / 2 : $0 - 10 }

    // R: m <- glm(GRADE ~ GPA + TUCE + PSI, binomial, spector, epsilon = 1e-14)
    //    sqrt(diag(vcovCL(m, cluster = c, type = "HC0", cadjust = TRUE)))
    @Test(arguments: [
        (
            eights, 8,
            [7.298129347755679, 1.595543812652407, 0.155498785537237, 0.729444245128745]
        ),
        (
            pairs, 22,
            [5.390712559783951, 1.335949253918297, 0.118076872064521, 0.853704712825106]
        ),
    ])
    func agreesWithR(_ clusters: [UInt32], _ count: Int, _ expected: [Double]) throws {
        let (matrix, outcomes) = Designs.spector
        let model = try LogisticRegression.fit(
            matrix, outcomes: outcomes, clusters: clusters, provenance: provenance)
        let plain = try LogisticRegression.fit(matrix, outcomes: outcomes, provenance: provenance)
        for index in 0..<4 {
            // R takes the residuals one step before the end, which costs it some digits.
            #expect(agree(model.clusteredStandardErrors[index], expected[index], to: 1e-8))
        }
        #expect(model.clusteredInterceptStandardError == model.clusteredStandardErrors[0])
        #expect(model.terms[2].clusteredStandardError == model.clusteredStandardErrors[3])
        #expect(model.clusters == count)
        #expect(model.standardErrors == plain.standardErrors)
        #expect(plain.clusters == nil && plain.clusteredCovariance.isEmpty)
    }

    @Test func everyRowTwiceIsEveryRowOnce() throws {
        // The estimates' own errors shrink by √2; those by clusters see through it.
        let (matrix, outcomes) = Designs.planted(
            rows: 3_000, coefficients: [0.7, -0.4], intercept: -0.5, seed: 21)
        let twice = (0..<3_000).flatMap { [$0, $0] }
        let once = try LogisticRegression.fit(
            matrix, outcomes: outcomes, clusters: (0..<3_000).map(UInt32.init),
            provenance: provenance)
        let doubled = try LogisticRegression.fit(
            matrix.selecting(twice), outcomes: Outcomes(values: twice.map { outcomes.values[$0] }),
            clusters: twice.map(UInt32.init), provenance: provenance, threads: 2)
        for index in 0..<3 {
            #expect(
                agree(
                    doubled.clusteredStandardErrors[index], once.clusteredStandardErrors[index],
                    to: 1e-9))
            #expect(
                agree(
                    doubled.standardErrors[index] * 2.0.squareRoot(), once.standardErrors[index],
                    to: 1e-9))
        }
    }

    @Test func firthHasThemToo() throws {
        // With this many rows Firth's estimates and errors are nearly those of maximum likelihood.
        let (matrix, outcomes) = Designs.planted(
            rows: 20_000, coefficients: [0.7, -0.4], intercept: -0.5, seed: 22)
        let clusters = (0..<20_000).map { UInt32($0 / 4) }
        let firth = try LogisticRegression.fit(
            matrix, outcomes: outcomes, clusters: clusters,
            specification: FitSpecification(method: .firth, correctsIntercept: false),
            provenance: provenance)
        let plain = try LogisticRegression.fit(
            matrix, outcomes: outcomes, clusters: clusters, provenance: provenance)
        #expect(firth.clusters == 5_000)
        for index in 0..<3 {
            #expect(
                agree(
                    firth.clusteredStandardErrors[index], plain.clusteredStandardErrors[index],
                    to: 1e-3))
        }
    }

    @Test func oneClusterIsRefused() {
        let (matrix, outcomes) = Designs.spector
        let error = #expect(throws: StileError.self) {
            try LogisticRegression.fit(
                matrix, outcomes: outcomes, clusters: [UInt32](repeating: 0, count: 32),
                provenance: provenance)
        }
        #expect(error?.message.contains("All rows are of one person or household") == true)
    }

    @Test func aDesignKnowsItsClusters() {
        var (matrix, _) = Designs.spector
        #expect(matrix.clusters == nil)
        matrix.rows[5].unit = matrix.rows[2].unit
        #expect(matrix.clusters?.prefix(7) == [0, 1, 2, 3, 4, 2, 5])
    }
}
