import LinearAlgebra
public import PipelineModel

/// Logistic regression with an intercept, by maximum likelihood.
public enum LogisticRegression {
    /// The share of its length that a column must keep, after the columns before
    /// it are taken out, to have a coefficient of its own.
    static let aliasTolerance = 1e-9

    /// Fits outcomes on all columns of a matrix.
    ///
    /// The columns are centred and scaled inside. A column that is constant or a
    /// linear combination of the columns before it is reported as aliased and the
    /// rest is fitted. The answer does not depend on `threads`.
    ///
    /// - Parameters:
    ///   - matrix: The design; the intercept is not one of its columns.
    ///   - outcomes: 0 or 1 for each row (`DesignMatrix.withKnownOutcome(_:)`).
    ///   - weights: A weight ≥ 0 for each row; a weight of 2 is a row twice.
    ///   - offsets: What is added to each row's linear predictor.
    ///   - specification: Penalty, tolerance and the most iterations.
    ///   - provenance: What the model is made from, kept in its file.
    ///   - threads: How many shards of rows are worked on at one time.
    /// - Throws: `StileError` where there is no answer: outcomes of one class,
    ///   more terms than rows, values that are not finite, separated outcomes.
    public static func fit(
        _ matrix: DesignMatrix, outcomes: Outcomes, weights: [Double]? = nil,
        offsets: [Double]? = nil, specification: FitSpecification = FitSpecification(),
        provenance: ModelProvenance, threads: Int = 1
    ) throws -> FittedModel {
        try InputChecks.check(matrix, outcomes.values, weights: weights, offsets: offsets)
        let standardisation = try Standardisation(matrix, weights: weights)
        var problem = LogisticProblem(
            values: matrix.values, rows: matrix.rows.count,
            used: matrix.columns.indices.filter { !standardisation.constant.contains($0) },
            standardisation: standardisation, outcomes: outcomes.values, weights: weights,
            offsets: offsets, threads: threads)
        problem.used = try independentColumns(problem)

        let weight = weights?.reduce(0, +) ?? Double(problem.rows)
        let events = zip(outcomes.values, weights ?? []).reduce(0) { $0 + $1.0 * $1.1 }
        let share = (weights == nil ? outcomes.values.reduce(0, +) : events) / weight
        let start = [Logistic.logit(share)]
        let newton = NewtonIteration(specification: specification)
        do {
            var null = problem
            null.used = []
            let nullResult = try newton.run(null, from: start)
            let result = try newton.run(
                problem, from: nullResult.parameters + problem.used.map { _ in 0 })
            return try model(
                result, problem, matrix, weight: weight,
                nullLogLikelihood: nullResult.derivatives.logLikelihood,
                method: specification.method.rawValue, provenance: provenance)
        } catch let failure as NewtonIteration.Failure {
            throw error(failure, problem, matrix, specification)
        }
    }

    /// The columns of a problem that are no combination of those before them.
    private static func independentColumns(_ problem: LogisticProblem) throws -> [Int] {
        guard !problem.used.isEmpty else { return [] }
        let gram = try problem.standardisedGram()
        if let factor = try UpperFactor(cholesky: gram), factor.reciprocalCondition > 1e-10 {
            return problem.used
        }
        let aliased = try problem.orthogonalFactor(at: nil)
            .aliasedColumns(tolerance: aliasTolerance)
        return problem.used.enumerated().filter { !aliased.contains($0.offset + 1) }
            .map(\.element)
    }

    /// The model in the original columns.
    private static func model(
        _ result: NewtonIteration.Result, _ problem: LogisticProblem, _ matrix: DesignMatrix,
        weight: Double, nullLogLikelihood: Double, method: String, provenance: ModelProvenance
    ) throws -> FittedModel {
        guard let scaled = result.factor.inverse() else {
            throw StileError(
                .input, "The covariance of the model cannot be computed.",
                remedy: "Remove terms that nearly determine each other.")
        }
        let standardisation = problem.standardisation
        let order = problem.order
        let factors = [1] + problem.used.map { 1 / standardisation.scales[$0] }
        let shifts = [0] + problem.used.map { standardisation.means[$0] }
        var estimates = (0..<order).map { result.parameters[$0] * factors[$0] }
        for index in 1..<max(order, 1) { estimates[0] -= estimates[index] * shifts[index] }

        // The intercept is γ₀ − Σ mⱼβⱼ, so its row of the covariance combines the others.
        var covariance = Matrix(rows: order, columns: order)
        for column in 0..<order {
            for row in 0..<order {
                covariance[row, column] = scaled[row, column] * factors[row] * factors[column]
            }
        }
        for column in 0..<order {
            for row in 1..<max(order, 1) {
                covariance[0, column] -= shifts[row] * covariance[row, column]
            }
        }
        for row in 0..<order {
            for column in 1..<max(order, 1) {
                covariance[row, 0] -= shifts[column] * covariance[row, column]
            }
        }
        let errors = (0..<order).map { covariance[$0, $0].squareRoot() }
        guard (estimates + errors).allSatisfy(\.isFinite) else {
            throw StileError(
                .input, "The standard errors of the model cannot be computed.",
                remedy: "Remove terms that nearly determine each other.")
        }
        let terms = matrix.columns.enumerated().map { index, name in
            let parameter = problem.used.firstIndex(of: index).map { $0 + 1 }
            return FittedModel.Term(
                name: name, coefficient: parameter.map { estimates[$0] },
                standardError: parameter.map { errors[$0] }, mean: standardisation.means[index])
        }
        return FittedModel(
            format: FittedModel.formatVersion, provenance: provenance, method: method,
            intercept: estimates[0], interceptStandardError: errors[0], terms: terms,
            aliased: terms.filter { $0.coefficient == nil }.map(\.name),
            parameters: [FittedModel.interceptName] + problem.used.map { matrix.columns[$0] },
            covariance: covariance.values, rows: problem.rows,
            events: problem.outcomes.count { $0 == 1 }, totalWeight: weight,
            logLikelihood: result.derivatives.logLikelihood,
            deviance: -2 * result.derivatives.logLikelihood,
            nullDeviance: -2 * nullLogLikelihood, iterations: result.iterations,
            newtonDecrement: result.decrement, scaledGradient: result.scaledGradient,
            factorisation: result.usedOrthogonalFactor ? "qr" : "cholesky",
            reciprocalCondition: result.factor.reciprocalCondition, blas: BLASIdentity.name)
    }

    private static func error(
        _ failure: NewtonIteration.Failure, _ problem: LogisticProblem, _ matrix: DesignMatrix,
        _ specification: FitSpecification
    ) -> StileError {
        switch failure {
        case .separated(let direction):
            let largest = direction.dropFirst().map(\.magnitude).max() ?? 0
            let names = problem.used.enumerated()
                .filter { direction[$0.offset + 1].magnitude > 1e-3 * largest }
                .map { "“\(matrix.columns[$0.element])”" }.joined(separator: ", ")
            return StileError(
                .input,
                "The outcomes are separated by \(names): the likelihood has no maximum, and any "
                    + "coefficient there would be arbitrary.",
                remedy: "Remove or coarsen the term, or fit on more events.")
        case .notConverged(let decrement):
            return StileError(
                .input,
                "The fit did not converge in \(specification.maximumIterations) steps; the next "
                    + "step would be \(decrement) standard errors.",
                remedy: "Look for terms with extreme values, or allow more steps.")
        case .singular:
            return StileError(
                .input, "The information of the fit became singular.",
                remedy: "Look for terms with extreme values or terms that nearly determine "
                    + "each other.")
        case .library(let error):
            return error
        }
    }
}
