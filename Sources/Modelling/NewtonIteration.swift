import LinearAlgebra
import PipelineModel

/// Newton's method on a logistic log-likelihood, which for the logistic link is
/// iteratively reweighted least squares, with step-halving.
///
/// Where there are many rows the information hardly changes between the last steps, so that an
/// older one still shows the way (the chord method): such a step reads the rows but leaves out
/// their products, which cost most. What is reported is always worked out anew at the end.
///
/// Source: C. T. Kelley, "Iterative methods for linear and nonlinear equations" (SIAM, 1995),
/// 5.4.1 for the chord method.
struct NewtonIteration {
    let specification: FitSpecification

    /// Where it ended.
    struct Result {
        var parameters: [Double]
        var derivatives: LogisticProblem.Derivatives
        var information: Matrix
        var factor: UpperFactor
        /// Steps taken, those that an older information led included.
        var iterations: Int
        /// How often the information was worked out over all rows.
        var informations: Int
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

    /// An older information leads while the predictors have moved by less than this since, in the
    /// mean: each step is then wrong by about this share of itself.
    static let chordReach = 1e-3

    /// With fewer rows everything is worked out anew in each step.
    static let chordRows = 2 * RowShards.shardRows

    /// The factor of an information, and where it was taken.
    private struct Curvature {
        var factor: UpperFactor
        var information: Matrix
        var isOrthogonal: Bool
        /// How far the predictors have moved since, in the mean.
        var age = 0.0
    }

    /// Where the iteration stands.
    private struct Point {
        var parameters: [Double]
        var derivatives: LogisticProblem.Derivatives
    }

    /// - Parameters:
    ///   - problem: The likelihood.
    ///   - start: Where to begin.
    ///   - fallback: Where to begin instead, if that is likelier, and its log-likelihood.
    func run(
        _ problem: LogisticProblem, from start: [Double],
        fallback: (start: [Double], logLikelihood: Double)? = nil
    ) throws(Failure) -> Result {
        var point = try evaluate(problem, at: start, withInformation: true)
        var informations = 1
        if let fallback, fallback.start != start,
            !(point.derivatives.logLikelihood >= fallback.logLikelihood)
        {
            point = try evaluate(problem, at: fallback.start, withInformation: true)
            informations += 1
        }
        var curvature = try curvature(problem, point)
        var before = Double.infinity
        var isPolished = false
        // Whether the point was as near as an older information could lead.
        var isFinal = false
        var iteration = 0
        while iteration <= specification.maximumIterations {
            let step = curvature.factor.solve(point.derivatives.gradient)
            guard step.allSatisfy(\.isFinite) else { throw .singular }
            let decrement = max(
                0, zip(step, point.derivatives.gradient).reduce(0) { $0 + $1.0 * $1.1 }
            )
            .squareRoot()
            let isClose = decrement <= specification.tolerance
            // An ill-conditioned design has a floor of rounding above the tolerance.
            let hasStalled = decrement <= NewtonIteration.floor && decrement > before / 2
            before = decrement
            let isNew = curvature.age == 0
            let mayEnd =
                hasStalled || (isFinal && decrement <= Self.floor)
                || (isClose && (isPolished || problem.rows >= Self.chordRows))
            if mayEnd && !isNew {
                // The same point with its own information, which takes no step.
                point = try evaluate(problem, at: point.parameters, withInformation: true)
                curvature = try self.curvature(problem, point)
                informations += 1
                isFinal = true
                continue
            }
            isFinal = false
            if mayEnd || iteration >= 6 {
                // Along a separating direction the likelihood becomes flat, but the steps do
                // not become short: some predictor still moves.
                let (least, largest) = try separation(problem, along: step)
                if largest >= 0.1 && least >= -1e-6 * largest {
                    throw .separated(direction: step)
                }
                if mayEnd && max(-least, largest) < 1e-3 {
                    return Result(
                        parameters: point.parameters, derivatives: point.derivatives,
                        information: curvature.information, factor: curvature.factor,
                        iterations: iteration, informations: informations, decrement: decrement,
                        scaledGradient: Self.scaledGradient(
                            point.derivatives.gradient, curvature.information),
                        usedOrthogonalFactor: curvature.isOrthogonal)
                }
            }
            // One step more doubles the digits and costs one pass.
            isPolished = isClose
            guard iteration < specification.maximumIterations else {
                throw .notConverged(decrement: decrement)
            }
            iteration += 1
            let moved = curvature.information[0, 0]
            let reach = moved > 0 ? decrement / moved.squareRoot() : .infinity
            let mayKeep =
                problem.rows >= Self.chordRows && !curvature.isOrthogonal
                && curvature.age + reach <= Self.chordReach
            point = try advance(
                problem, point, step, decrement: decrement, withInformation: !mayKeep)
            if mayKeep {
                curvature.age += reach
            } else {
                curvature = try self.curvature(problem, point)
                informations += 1
            }
        }
        throw .notConverged(decrement: .infinity)
    }

    private func evaluate(
        _ problem: LogisticProblem, at parameters: [Double], withInformation: Bool
    ) throws(Failure) -> Point {
        do {
            return Point(
                parameters: parameters,
                derivatives: try problem.derivatives(
                    at: parameters, withInformation: withInformation))
        } catch let error as StileError {
            throw .library(error)
        } catch {
            throw .singular
        }
    }

    private func separation(
        _ problem: LogisticProblem, along step: [Double]
    ) throws(Failure) -> (least: Double, largest: Double) {
        do {
            return try problem.separation(along: step)
        } catch let error as StileError {
            throw .library(error)
        } catch {
            throw .singular
        }
    }

    /// The furthest of 1, ½, ¼ … of the step at which the likelihood does not fall.
    private func advance(
        _ problem: LogisticProblem, _ point: Point, _ step: [Double], decrement: Double,
        withInformation: Bool
    ) throws(Failure) -> Point {
        let now = point.derivatives.logLikelihood
        let slack = 1e-12 * (now.magnitude + 1)
        var share = 1.0
        for _ in 0..<30 {
            let next = zip(point.parameters, step).map { $0 + share * $1 }
            let moved = try evaluate(problem, at: next, withInformation: withInformation)
            let value = moved.derivatives.logLikelihood
            if value.isFinite && value >= now - slack { return moved }
            share /= 2
        }
        throw .notConverged(decrement: decrement)
    }

    private func curvature(_ problem: LogisticProblem, _ point: Point) throws(Failure) -> Curvature
    {
        guard let information = point.derivatives.information else { throw .singular }
        do {
            if let factor = try UpperFactor(cholesky: information),
                factor.reciprocalCondition >= NewtonIteration.leastReciprocalCondition
            {
                return Curvature(factor: factor, information: information, isOrthogonal: false)
            }
            let triangle = try problem.orthogonalFactor(at: point.parameters).triangle
            let factor = try UpperFactor(triangle: triangle)
            guard factor.reciprocalCondition > 0 else { throw Failure.singular }
            return Curvature(factor: factor, information: information, isOrthogonal: true)
        } catch let error as Failure {
            throw error
        } catch let error as StileError {
            throw .library(error)
        } catch {
            throw .singular
        }
    }

    /// The largest |gradient|, each divided by the root of its own information.
    static func scaledGradient(_ gradient: [Double], _ information: Matrix) -> Double {
        gradient.indices.map { index in
            let own = information[index, index]
            return own > 0 ? gradient[index].magnitude / own.squareRoot() : 0
        }.max() ?? 0
    }
}
