import PipelineModel
import Testing

@testable import Modelling

/// Why a profile has no bound where it has none.
struct ProfileLikelihoodTests {
    private func profile(
        mostSteps: FitSpecification = FitSpecification(method: .firth)
    ) throws -> ProfileLikelihood {
        let (matrix, outcomes) = Designs.spector
        let problem = try LogisticProblem(
            design: matrix, used: [0, 1, 2],
            standardisation: Standardisation(matrix, weights: nil, threads: 1),
            outcomes: outcomes.values, weights: nil, offsets: nil, threads: 1)
        let maximum = try FirthIteration(specification: FitSpecification(method: .firth))
            .run(problem, from: [0, 0, 0, 0]).point
        return ProfileLikelihood(
            iteration: FirthIteration(specification: mostSteps), problem: problem,
            maximum: maximum)
    }

    @Test func aBoundThatIsFoundHasNoReason() throws {
        let found = try profile().interval(of: [0, 1, 0, 0])
        #expect(found.lower != nil && found.upper != nil)
        #expect(found.lowerMissing == nil && found.upperMissing == nil)
    }

    @Test func aLikelihoodThatDoesNotFallFarEnoughSaysSo() throws {
        var profile = try profile()
        profile.furthest = 1
        #expect(
            try profile.interval(of: [0, 1, 0, 0])
                == ProfileInterval(
                    lower: nil, upper: nil, lowerMissing: .outOfReach, upperMissing: .outOfReach))
    }

    @Test func aMaximumThatIsNotReachedOnTheWaySaysSo() throws {
        let none = FitSpecification(method: .firth, maximumIterations: 0)
        #expect(
            try profile(mostSteps: none).interval(of: [0, 1, 0, 0])
                == ProfileInterval(
                    lower: nil, upper: nil, lowerMissing: .notConverged,
                    upperMissing: .notConverged))
    }

    @Test func theReasonIsStored() throws {
        let (matrix, outcomes) = Designs.spector
        var model = try LogisticRegression.fit(
            matrix, outcomes: outcomes, provenance: ModelProvenance(model: "test"))
        model.terms[0].profileInterval = ProfileInterval(
            lower: 0.5, upper: nil, upperMissing: .outOfReach)
        model.terms[1].profileInterval = ProfileInterval(
            lower: nil, upper: 2, lowerMissing: .notConverged)
        let data = try model.canonicalJSON()
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""profile_interval":{"lower":0.5,"upper_missing":"out_of_reach"}"#))
        #expect(text.contains(#""profile_interval":{"lower_missing":"not_converged","upper":2}"#))
        #expect(try FittedModel(canonicalJSON: data, file: "c") == model)
    }
}
