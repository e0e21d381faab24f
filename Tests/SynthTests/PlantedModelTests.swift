import Modelling
import PipelineModel
import Testing

@testable import Synth

@Suite struct PlantedModelTests {
    /// The fit on features from the truth finds the planted coefficients again.
    ///
    /// Under the model the p-value of the joint Wald test is uniform, so 0.001 fails by
    /// chance once in a thousand seeds; the seeds are fixed.
    @Test(arguments: [UInt64(1), 2, 3])
    func coefficientsAreFoundAgain(seed: UInt64) throws {
        let night = try #require(Day(iso: "2025-06-02"))
        let county = SyntheticCounty.simulate(
            people: 6000, seed: seed, nights: 1, firstNight: night)
        let rows = county.happenings.truth
        let model = PlantedModel.emergencyAdmission
        let count = rows.person.count
        let width = model.terms.count
        #expect(rows.outcome.reduce(0) { $0 + Int($1) } > 1000)
        var values = [Double](repeating: 0, count: count * width)
        for row in 0..<count {
            for column in 0..<width {
                values[column * count + row] = rows.features[row * width + column]
            }
        }
        let keys = (0..<count).map { row in
            RowKey(
                unit: UnitPseudonym(high: 0, low: UInt64(row)), asOf: Day(rows.asOf[row]),
                person: PersonPseudonym(high: 1, low: UInt64(rows.person[row])))
        }
        let fitted = try LogisticRegression.fit(
            DesignMatrix(
                unitKind: .person, rows: keys, columns: model.terms.map(\.name), values: values),
            outcomes: Outcomes(values: rows.outcome.map { Double($0) }),
            provenance: ModelProvenance(model: model.name))
        let planted = [model.intercept] + model.terms.map(\.coefficient)
        let test = try WaldTest.joint(
            estimate: fitted.estimates, planted: planted, covariance: fitted.covariance)
        #expect(test.degreesOfFreedom == width + 1)
        #expect(test.pValue > 0.001, "statistic \(test.statistic)")
    }

    @Test func outcomesFollowTheirProbabilitiesInEveryTenth() throws {
        let night = try #require(Day(iso: "2025-06-02"))
        let county = SyntheticCounty.simulate(people: 4000, seed: 9, nights: 1, firstNight: night)
        let rows = county.happenings.truth
        let model = PlantedModel.emergencyAdmission
        let width = model.terms.count
        var scored = rows.person.indices.map { row in
            (
                Elementary.logistic(
                    model.linearPredictor(rows.features[row * width..<(row + 1) * width])),
                Double(rows.outcome[row])
            )
        }
        scored.sort { $0.0 < $1.0 }
        for tenth in 0..<10 {
            let part = scored[scored.count * tenth / 10..<scored.count * (tenth + 1) / 10]
            let expected = part.reduce(0) { $0 + $1.0 }
            let variance = part.reduce(0) { $0 + $1.0 * (1 - $1.0) }
            let observed = part.reduce(0) { $0 + $1.1 }
            #expect(abs(observed - expected) < 4 * variance.squareRoot())
        }
    }

    /// An outcome is an emergency admission among the facts, and the reverse.
    @Test func outcomesAreTheAdmissionsThatHappened() throws {
        let night = try #require(Day(iso: "2025-06-02"))
        let county = SyntheticCounty.simulate(people: 1500, seed: 4, nights: 1, firstNight: night)
        let rows = county.happenings.truth
        let emergencies = county.happenings.admissions.filter { $0.kind >= Lives.firstEmergency }
        for row in rows.person.indices {
            let within = emergencies.contains {
                $0.person == rows.person[row] && $0.day >= rows.asOf[row]
                    && $0.day < rows.asOf[row] + 90
            }
            #expect(within == (rows.outcome[row] == 1))
        }
    }
}
