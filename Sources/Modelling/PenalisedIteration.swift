import LinearAlgebra
import PipelineModel

/// Ridge, LASSO and elastic net: Newton's method whose every step is the exact answer of the
/// penalised quadratic, by coordinate descent on the information and, once it keeps its signs, at
/// once (`ActiveColumns`).
///
/// What crosses from the rows is the information and the gradient, so that a step on a million rows
/// costs what a step of maximum likelihood does, whatever the penalty.
///
/// Source: J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear
/// models via coordinate descent", J. Stat. Softw. 33 (2010); J. Lee, Y. Sun and M. Saunders,
/// "Proximal Newton-type methods for minimizing composite functions", SIAM J. Optim. 24 (2014).
struct PenalisedIteration {
    /// α, the share of the absolute penalty.
    let mixing: Double
    /// λ, for each unit of weight.
    let strength: Double
    /// The sum of the weights.
    let weight: Double
    let tolerance: Double
    let maximumIterations: Int

    struct Result {
        var parameters: [Double]
        var logLikelihood: Double
        var information: Matrix
        /// The gradient of the log-likelihood alone.
        var gradient: [Double]
        var iterations: Int
        var decrement: Double
        /// The largest distance of a gradient from what the penalty allows, each divided by the
        /// root of its own information.
        var scaledGradient: Double
        /// Of the information with the squared penalty.
        var reciprocalCondition: Double
        /// How often coordinate descent went through all parameters.
        var sweeps: Int
    }

    /// −ℓ ÷ W + λ ((1 − α) Σ b² ÷ 2 + α Σ |b|).
    private func loss(_ parameters: [Double], _ logLikelihood: Double) -> Double {
        let slopes = parameters.dropFirst()
        let squares = slopes.reduce(0) { $0 + $1 * $1 }
        let sizes = slopes.reduce(0) { $0 + $1.magnitude }
        return -logLikelihood / weight
            + strength * ((1 - mixing) / 2 * squares + mixing * sizes)
    }

    func run(_ problem: LogisticProblem, from start: [Double]) throws -> Result {
        var parameters = start
        var now = try problem.derivatives(at: parameters)
        var isPolished = false
        var before = Double.infinity
        var sweeps = 0
        for iteration in 0...maximumIterations {
            guard let information = now.information else { break }
            let (next, taken) = minimise(parameters, now.gradient, information)
            sweeps += taken
            let step = zip(next, parameters).map { $0 - $1 }
            guard step.allSatisfy(\.isFinite) else { throw NewtonIteration.Failure.singular }
            // The length of the step in the metric of the information.
            let decrement = max(0, quadratic(information, step)).squareRoot()
            let isClose = decrement <= tolerance
            let hasStalled = decrement <= NewtonIteration.floor && decrement > before / 2
            before = decrement
            if hasStalled || (isClose && isPolished) {
                return Result(
                    parameters: parameters, logLikelihood: now.logLikelihood,
                    information: information, gradient: now.gradient, iterations: iteration,
                    decrement: decrement,
                    scaledGradient: scaledGradient(parameters, now.gradient, information),
                    reciprocalCondition: try UpperFactor(cholesky: penalised(information))?
                        .reciprocalCondition ?? 0, sweeps: sweeps)
            }
            isPolished = isClose
            let old = loss(parameters, now.logLikelihood)
            var share = 1.0
            var hasMoved = false
            for _ in 0..<40 {
                let tried = zip(parameters, step).map { $0 + share * $1 }
                let there = try problem.derivatives(at: tried)
                let value = loss(tried, there.logLikelihood)
                if value.isFinite && value <= old + 1e-13 * (old.magnitude + 1) {
                    (parameters, now, hasMoved) = (tried, there, true)
                    break
                }
                share /= 2
            }
            guard hasMoved else { break }
        }
        throw NewtonIteration.Failure.notConverged(decrement: before)
    }

    /// How far the point is from the optimum: what is left of each gradient beside the penalty.
    private func scaledGradient(
        _ parameters: [Double], _ gradient: [Double], _ information: Matrix
    ) -> Double {
        parameters.indices.map { index in
            let own = information[index, index]
            guard own > 0 else { return 0 }
            var rest = gradient[index]
            if index > 0 {
                let value = parameters[index]
                rest -= strength * weight * (1 - mixing) * value
                let absolute = strength * weight * mixing
                if value != 0 {
                    rest -= value > 0 ? absolute : -absolute
                } else {
                    rest = max(0, rest.magnitude - absolute)
                }
            }
            return rest.magnitude / own.squareRoot()
        }.max() ?? 0
    }

    /// H + λW (1 − α), the intercept not penalised.
    private func penalised(_ information: Matrix) -> Matrix {
        var penalised = information
        for index in 1..<max(information.rows, 1) {
            penalised[index, index] += strength * weight * (1 - mixing)
        }
        return penalised
    }

    private func quadratic(_ matrix: Matrix, _ vector: [Double]) -> Double {
        var sum = 0.0
        for column in vector.indices {
            for row in vector.indices { sum += vector[row] * matrix[row, column] * vector[column] }
        }
        return sum
    }

    /// The parameters that make the quadratic at `parameters` and the penalty least, with how
    /// often coordinate descent went through them.
    private func minimise(
        _ parameters: [Double], _ gradient: [Double], _ information: Matrix
    ) -> ([Double], sweeps: Int) {
        if mixing == 0, let step = ridgeStep(parameters, gradient, information) {
            return (zip(parameters, step).map { $0 + $1 }, 0)
        }
        let order = parameters.count
        var found = parameters
        // The gradient of the quadratic at `found`, for each unit of weight.
        var slope = gradient.map { $0 / weight }
        let absolute = strength * mixing
        let squared = strength * (1 - mixing)
        let start = (
            gradient: slope,
            information: Matrix(
                rows: order, columns: order, values: information.values.map { $0 / weight })
        )
        var (last, tried): (ActiveColumns?, ActiveColumns?)
        for sweep in 1...100_000 {
            var furthest = 0.0
            for index in 0..<order {
                let own = information[index, index] / weight
                guard own > 0 else { continue }
                let pull = own * found[index] + slope[index]
                let new: Double
                if index == 0 {
                    new = pull / own
                } else if pull.magnitude <= absolute {
                    new = 0
                } else {
                    new = (pull > 0 ? pull - absolute : pull + absolute) / (own + squared)
                }
                let moved = new - found[index]
                guard moved != 0 else { continue }
                found[index] = new
                let share = moved / weight
                for other in 0..<order { slope[other] -= information[other, index] * share }
                furthest = max(furthest, own * moved * moved)
            }
            if furthest < 1e-24 { return (found, sweep) }
            let active = ActiveColumns(found)
            if absolute > 0, active == last, active != tried {
                tried = active
                if let solved = active.minimum(
                    start.gradient, start.information, from: parameters, absolute: absolute,
                    squared: squared)
                {
                    return (solved, sweep)
                }
            }
            last = active
        }
        return (found, 100_000)
    }

    /// (H + λW) d = g − λWb, the intercept not penalised.
    private func ridgeStep(
        _ parameters: [Double], _ gradient: [Double], _ information: Matrix
    ) -> [Double]? {
        var right = gradient
        for index in 1..<max(parameters.count, 1) {
            right[index] -= strength * weight * parameters[index]
        }
        guard let factor = try? UpperFactor(cholesky: penalised(information)),
            factor.reciprocalCondition > 1e-14
        else { return nil }
        return factor.solve(right)
    }

    /// The effective number of parameters, the intercept included.
    ///
    /// Without the absolute penalty tr(H (H + λW)⁻¹), else the coefficients that are not zero.
    /// Source: T. Hastie, R. Tibshirani and J. Friedman, "The elements of statistical learning"
    /// (2nd ed.), 3.4 and 4.4.
    func effectiveParameters(_ result: Result) -> Double {
        guard mixing == 0 else {
            return 1 + Double(result.parameters.dropFirst().count { $0 != 0 })
        }
        guard let inverse = (try? UpperFactor(cholesky: penalised(result.information)))?.inverse()
        else {
            return Double(result.parameters.count)
        }
        var trace = 0.0
        for column in result.parameters.indices {
            for row in result.parameters.indices {
                trace += result.information[row, column] * inverse[column, row]
            }
        }
        return trace
    }
}
