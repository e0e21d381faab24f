import Modelling
import PipelineModel
import StrictYAML
import Testing

struct RecalibrationTests {
    private let predictors: [Double]
    /// Events that follow 0.4 + 0.7 η.
    private let outcomes: [Double]

    init() {
        var generator = SeededGenerator(seed: 41, label: "recalibration")
        predictors = (0..<4_000).map { _ in generator.uniform() * 4 - 3 }
        outcomes = predictors.map {
            generator.chance(Logistic.probability(0.4 + 0.7 * $0)) ? 1 : 0
        }
    }

    @Test func theInterceptMakesExpectedEventsThoseThatCame() throws {
        let found = try Recalibration(.intercept, predictors: predictors, outcomes: outcomes)
        let expected = predictors.reduce(0) { $0 + Logistic.probability(found.intercept + $1) }
        #expect(agree(expected, outcomes.reduce(0, +), to: 1e-10))
        #expect(
            found.slope == 1 && found.slopeStandardError == 0 && found.interceptStandardError > 0)
    }

    @Test func theSlopeIsFoundAgain() throws {
        let found = try Recalibration(.slope, predictors: predictors, outcomes: outcomes)
        #expect((found.slope - 0.7).magnitude < 3 * found.slopeStandardError)
        #expect((found.intercept - 0.4).magnitude < 3 * found.interceptStandardError)
        let equation = ScoringEquation(
            name: "m", intercept: -2,
            terms: [.init(name: "x", coefficient: 0.5, mean: 3)])
        let applied = found.applied(to: equation)
        #expect(agree(applied.intercept, found.intercept - 2 * found.slope, to: 1e-15))
        #expect(agree(applied.terms[0].coefficient, 0.5 * found.slope, to: 1e-15))
        #expect(applied.terms[0].mean == 3)
    }

    @Test func rowsOfOnePersonDoNotCountTwice() throws {
        let twice = predictors.indices.flatMap { [$0, $0] }
        for kind in Recalibration.Kind.allCases {
            let once = try Recalibration(
                kind, predictors: predictors, outcomes: outcomes,
                clusters: predictors.indices.map(UInt32.init))
            let doubled = try Recalibration(
                kind, predictors: twice.map { predictors[$0] },
                outcomes: twice.map { outcomes[$0] }, clusters: twice.map(UInt32.init))
            #expect(agree(doubled.interceptStandardError, once.interceptStandardError, to: 1e-9))
            #expect(doubled.clusters == 4_000 && doubled.rows == 8_000)
            #expect((doubled.slopeStandardError - once.slopeStandardError).magnitude < 1e-10)
        }
    }

    @Test func anEquationThatSaysTheSameOfAllHasNoSlope() {
        let error = #expect(throws: StileError.self) {
            try Recalibration(
                .slope, predictors: [Double](repeating: -1, count: 4_000), outcomes: outcomes)
        }
        #expect(error?.message.contains("gives every row the same") == true)
    }

    @Test(arguments: [
        ("{intercept: -1, terms: {x: 0.5}}", nil, false),
        ("{intercept: -1, terms: {x: 0.5}, recalibrate: slope}", Recalibration.Kind.slope, false),
        ("{intercept: -1, terms: {x: 0.5}, recalibrate: all}", nil, true),
    ])
    func theSpecificationSaysWhatIsFittedAgain(
        _ text: String, _ kind: Recalibration.Kind?, _ isFault: Bool
    ) throws {
        var faults = FaultList()
        let node = try YAMLDocument.parse(Array(text.utf8), file: "model.yaml")
        #expect(FrozenModel.parse(node, faults: &faults).recalibration == kind)
        if isFault {
            #expect(throws: (any Error).self) { try faults.check() }
        } else {
            try faults.check()
        }
    }
}
