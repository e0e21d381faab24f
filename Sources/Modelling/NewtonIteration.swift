import LinearAlgebra
import PipelineModel

/// Newton's method on a logistic log-likelihood, which for the logistic link is
/// iteratively reweighted least squares, with step-halving.
struct NewtonIteration {
    let specification: FitSpecification

    /// Where it ended.
    struct Result {
        var parameters: [Double]
        var derivatives: LogisticProblem.Derivatives
        var factor: UpperFactor
        var iterations: Int
        var decrement: Double
        var scaledGradient: Double
        var usedOrthogonalFactor: Bool
    }

    /// What ended it before it converged.
    enum Failure: Error {
        /// The outcomes are separated along a direction of the parameters.
        case separated(direction: [Double])
        case notConverged(decrement: Double)
        case singular
        case library(StileError)
    }

    /// Below this the normal equations lose half of all digits, and the
    /// orthogonal factorisation takes over.
    static let leastReciprocalCondition = 1e-8

    func run(_ problem: LogisticProblem, from start: [Double]) throws(Failure) -> Result {
        var parameters = start
        var now = problem.derivatives(at: parameters)
        for iteration in 0...specification.maximumIterations {
            let (factor, orthogonal) = try factorise(now, problem, parameters)
            let step = factor.solve(now.gradient)
            guard step.allSatisfy(\.isFinite) else { throw .singular }
            let decrement = max(0, zip(step, now.gradient).reduce(0) { $0 + $1.0 * $1.1 })
                .squareRoot()
            if decrement <= specification.tolerance {
                let scaled = now.gradient.indices.map { index in
                    let information = now.information[index, index]
                    return information > 0
                        ? now.gradient[index].magnitude / information.squareRoot() : 0
                }
                let gradient = scaled.max() ?? 0
                // Along a separating direction the likelihood becomes flat, but the
                // steps do not become short.
                if !isSeparated(problem, along: step, leastReach: 0.1) {
                    return Result(
                        parameters: parameters, derivatives: now, factor: factor,
                        iterations: iteration, decrement: decrement, scaledGradient: gradient,
                        usedOrthogonalFactor: orthogonal)
                }
                throw .separated(direction: step)
            }
            if iteration >= 6, isSeparated(problem, along: step, leastReach: 0.5) {
                throw .separated(direction: step)
            }
            guard iteration < specification.maximumIterations else {
                throw .notConverged(decrement: decrement)
            }
            (parameters, now) = advance(problem, parameters, now, step)
        }
        throw .notConverged(decrement: .infinity)
    }

    /// The furthest of 1, ½, ¼ … of the step at which the likelihood does not fall.
    private func advance(
        _ problem: LogisticProblem, _ parameters: [Double], _ now: LogisticProblem.Derivatives,
        _ step: [Double]
    ) -> ([Double], LogisticProblem.Derivatives) {
        let slack = 1e-12 * (now.logLikelihood.magnitude + 1)
        var share = 1.0
        var moved = (parameters, now)
        for _ in 0..<30 {
            let next = zip(parameters, step).map { $0 + share * $1 }
            moved = (next, problem.derivatives(at: next))
            let value = moved.1.logLikelihood
            if value.isFinite && value >= now.logLikelihood - slack { break }
            share /= 2
        }
        return moved
    }

    private func factorise(
        _ now: LogisticProblem.Derivatives, _ problem: LogisticProblem, _ parameters: [Double]
    ) throws(Failure) -> (UpperFactor, Bool) {
        do {
            if let factor = try UpperFactor(cholesky: now.information),
                factor.reciprocalCondition >= NewtonIteration.leastReciprocalCondition
            {
                return (factor, false)
            }
            let triangle = try problem.orthogonalFactor(at: parameters).triangle
            let factor = try UpperFactor(triangle: triangle)
            guard factor.reciprocalCondition > 0 else { throw Failure.singular }
            return (factor, true)
        } catch let error as Failure {
            throw error
        } catch let error as StileError {
            throw .library(error)
        } catch {
            throw .singular
        }
    }

    /// True where `direction` separates the outcomes and moves some predictor by
    /// at least `leastReach`.
    private func isSeparated(
        _ problem: LogisticProblem, along direction: [Double], leastReach: Double
    ) -> Bool {
        let (least, largest) = problem.separation(along: direction)
        return largest >= leastReach && least >= -1e-4 * largest
    }
}
