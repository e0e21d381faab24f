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

    /// A decrement that no longer falls counts as convergence below this.
    static let floor = 1e-6

    func run(_ problem: LogisticProblem, from start: [Double]) throws(Failure) -> Result {
        var parameters = start
        var now = problem.derivatives(at: parameters)
        var before = Double.infinity
        var isPolished = false
        for iteration in 0...specification.maximumIterations {
            let (factor, orthogonal) = try factorise(now, problem, parameters)
            let step = factor.solve(now.gradient)
            guard step.allSatisfy(\.isFinite) else { throw .singular }
            let decrement = max(0, zip(step, now.gradient).reduce(0) { $0 + $1.0 * $1.1 })
                .squareRoot()
            let isClose = decrement <= specification.tolerance
            // An ill-conditioned design has a floor of rounding above the tolerance.
            let hasStalled = decrement <= NewtonIteration.floor && decrement > before / 2
            before = decrement
            let mayEnd = hasStalled || (isClose && isPolished)
            if mayEnd || iteration >= 6 {
                // Along a separating direction the likelihood becomes flat, but the steps do
                // not become short: some predictor still moves.
                let (least, largest) = problem.separation(along: step)
                if largest >= 0.1 && least >= -1e-6 * largest {
                    throw .separated(direction: step)
                }
                if mayEnd && max(-least, largest) < 1e-3 {
                    return Result(
                        parameters: parameters, derivatives: now, factor: factor,
                        iterations: iteration, decrement: decrement,
                        scaledGradient: scaledGradient(now), usedOrthogonalFactor: orthogonal)
                }
            }
            // One step more doubles the digits and costs one pass.
            isPolished = isClose
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

    /// The largest |gradient|, each divided by the root of its own information.
    private func scaledGradient(_ now: LogisticProblem.Derivatives) -> Double {
        now.gradient.indices.map { index in
            let information = now.information[index, index]
            return information > 0 ? now.gradient[index].magnitude / information.squareRoot() : 0
        }.max() ?? 0
    }
}
