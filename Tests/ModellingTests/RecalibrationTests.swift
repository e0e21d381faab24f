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

    // η in ascending order, with the outcomes: apart, apart but for a tie, with ties on either
    // side, overlapping by one row, the other way round.
    @Test(arguments: [
        ([-2, -1, 1, 2], [0, 0, 1, 1], true),
        ([-2, 0, 0, 2], [0, 0, 1, 1], true),
        ([0, 0, 0, 2], [0, 0, 1, 1], true),
        ([-2, -1, 1, 2], [1, 1, 0, 0], true),
        ([-2, -1, 1, 2], [0, 1, 0, 1], false),
        ([-2, 0, 0.001, 2], [0, 1, 0, 1], false),
    ])
    func anEquationThatSeparatesTheOutcomesHasNoSlope(
        _ predictors: [Double], _ outcomes: [Double], _ isSeparated: Bool
    ) throws {
        // Each row fifty times, in another order: the answer is of values, not of rows.
        let predictors = Array((0..<50).map { _ in predictors.reversed() }.joined())
        let outcomes = Array((0..<50).map { _ in outcomes.reversed() }.joined())
        let sentence = "The published equation separates the outcomes, so that it has no slope."
        if isSeparated {
            let error = #expect(throws: StileError.self) {
                try Recalibration(.slope, predictors: predictors, outcomes: outcomes)
            }
            #expect(error?.message == sentence)
        } else {
            let found = try Recalibration(.slope, predictors: predictors, outcomes: outcomes)
            #expect(found.slope.isFinite && found.slopeStandardError > 0)
        }
        // Its intercept can be fitted all the same.
        _ = try Recalibration(.intercept, predictors: predictors, outcomes: outcomes)
    }

    @Test(arguments: [0.0, 1.0])
    func outcomesOfOneKindAreNotCalledSeparated(_ outcome: Double) {
        let error = #expect(throws: StileError.self) {
            try Recalibration(
                .slope, predictors: predictors,
                outcomes: [Double](repeating: outcome, count: predictors.count))
        }
        #expect(error?.message.contains("The published equation") == false)
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
