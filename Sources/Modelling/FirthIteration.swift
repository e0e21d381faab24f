import LinearAlgebra
import PipelineModel

/// Firth's penalised likelihood, ℓ(β) + ½ log det(XᵀWX), which has a maximum where outcomes are
/// separated too.
///
/// The score becomes Σ x (w (y − p) + h (½ − p)), h being the leverage of the row; each step solves
/// it with XᵀWX and is halved until the penalised likelihood does not fall. With weights a row of
/// weight 2 is a row twice.
///
/// Source: D. Firth, "Bias reduction of maximum likelihood estimates", Biometrika 80 (1993);
/// G. Heinze and M. Schemper, "A solution to the problem of separation in logistic regression",
/// Statistics in Medicine 21 (2002).
struct FirthIteration {
    let specification: FitSpecification

    struct Result {
        var point: Point
        var iterations: Int
        /// √(uᵀ H⁻¹ u) of the penalised score u.
        var decrement: Double
        var scaledGradient: Double

        var parameters: [Double] { point.parameters }
        var factor: UpperFactor { point.factor }
    }

    /// Parameters, and what is known of the penalised likelihood there.
    struct Point {
        var parameters: [Double]
        var logLikelihood: Double
        var penalised: Double
        var information: Matrix
        var factor: UpperFactor
        /// Whether the factor is of the weighted rows (QR), and not of the information (Cholesky).
        var usedOrthogonalFactor: Bool
        /// The penalised score.
        var score: [Double]
    }

    func run(_ problem: LogisticProblem, from start: [Double]) throws -> Result {
        var point = try evaluate(problem, at: start)
        var before = Double.infinity
        for iteration in 0...specification.mostSteps {
            let step = point.factor.solve(point.score)
            let decrement = max(0, zip(step, point.score).reduce(0) { $0 + $1.0 * $1.1 })
                .squareRoot()
            let hasStalled = decrement <= NewtonIteration.floor && decrement > 0.999 * before
            before = decrement
            if decrement <= 1e-3 * specification.tolerance || hasStalled {
                return Result(
                    point: point, iterations: iteration, decrement: decrement,
                    scaledGradient: NewtonIteration.scaledGradient(point.score, point.information))
            }
            guard let moved = try advance(problem, point, step) else {
                throw NewtonIteration.Failure.notConverged(decrement: decrement)
            }
            point = moved
        }
        throw NewtonIteration.Failure.notConverged(decrement: before)
    }

    /// The furthest of 1, ½, ¼ … of the step at which the penalised likelihood does not fall; `nil`
    /// where there is none.
    func advance(_ problem: LogisticProblem, _ point: Point, _ step: [Double]) throws -> Point? {
        var share = 1.0
        // A rough step can leave where the information has an inverse, so it may fail.
        for _ in 0..<40 {
            let next = zip(point.parameters, step).map { $0 + share * $1 }
            if let there = try reached(problem, at: next),
                there.penalised >= point.penalised - 1e-12 * (point.penalised.magnitude + 1)
            {
                return there
            }
            share /= 2
        }
        return nil
    }

    /// The point, or `nil` where its information has no inverse.
    func reached(_ problem: LogisticProblem, at parameters: [Double]) throws -> Point? {
        do {
            return try evaluate(problem, at: parameters)
        } catch NewtonIteration.Failure.singular {
            return nil
        }
    }

    private func evaluate(_ problem: LogisticProblem, at parameters: [Double]) throws -> Point {
        let plain = try problem.derivatives(at: parameters)
        guard let information = plain.information,
            let (factor, isOrthogonal) = try FirthIteration.factor(
                information, problem, parameters)
        else { throw NewtonIteration.Failure.singular }
        let bias = try problem.leverageScore(at: parameters, factor)
        return Point(
            parameters: parameters, logLikelihood: plain.logLikelihood,
            penalised: plain.logLikelihood + factor.logDeterminant / 2, information: information,
            factor: factor, usedOrthogonalFactor: isOrthogonal,
            score: zip(plain.gradient, bias).map { $0 + $1 })
    }

    private static func factor(
        _ information: Matrix, _ problem: LogisticProblem, _ parameters: [Double]
    ) throws -> (UpperFactor, isOrthogonal: Bool)? {
        if let factor = try UpperFactor(cholesky: information),
            factor.reciprocalCondition >= NewtonIteration.leastReciprocalCondition
        {
            return (factor, false)
        }
        let factor = try UpperFactor(triangle: problem.orthogonalFactor(at: parameters).triangle)
        return factor.reciprocalCondition > 0 ? (factor, true) : nil
    }
}

extension LogisticProblem {
    /// Σ x h (½ − p), h being the leverage of the row: wp(1 − p) xᵀ(XᵀWX)⁻¹x.
    func leverageScore(at parameters: [Double], _ factor: UpperFactor) throws -> [Double] {
        // Leverages are of the rows as they are.
        let problem = dense
        let coefficients = problem.layout.coefficients(parameters)
        return try problem.total(count: order, withSpare: true) { work, range, sums in
            work.predict(coefficients)
            addOffsets(work, range)
            for row in 0..<range.count {
                let probability = Logistic.probability(work.predictor[row])
                let weight = weights?[range.lowerBound + row] ?? 1
                work.roots[row] = (weight * probability * (1 - probability)).squareRoot()
                work.predictor[row] = 0.5 - probability
            }
            // The block is needed as it is afterwards, so the leverages are taken of a copy.
            work.copyToSpare()
            work.spare?.scaleRows(by: work.roots)
            work.spare?.squaredLengths(under: factor, into: work.others)
            for row in 0..<range.count { work.predictor[row] *= work.others[row] }
            work.addTransposedProduct(work.predictor, into: sums)
        }
    }
}
