import LinearAlgebra
public import PipelineModel

/// Logistic regression with an intercept: by maximum likelihood, by Firth's penalised likelihood,
/// or with penalised coefficients.
public enum LogisticRegression {
    /// The share of its length that a column must keep, after the columns before
    /// it are taken out, to have a coefficient of its own.
    static let aliasTolerance = 1e-9

    /// Fits outcomes on all columns of a design.
    ///
    /// The columns are centred and scaled inside. A column that is constant or a
    /// linear combination of the columns before it is reported as aliased and the
    /// rest is fitted; a penalty leaves out constant columns only. The answer does not depend on
    /// `threads`.
    ///
    /// - Parameters:
    ///   - design: The design, rows × columns; the intercept is not one of its columns.
    ///   - outcomes: 0 or 1 for each row (`DesignMatrix.withKnownOutcome(_:)`).
    ///   - weights: A weight ≥ 0 for each row; a weight of 2 is a row twice. Not beside weights that
    ///     the specification names, which say of a row whom it stands for (``SamplingWeights``).
    ///   - offsets: What is added to each row's linear predictor, in log odds, without being a part
    ///     of the equation; not beside an offset that the specification names, which is one.
    ///   - clusters: The person or household of each row, from 0 without gaps, where rows of one
    ///     depend on each other (`DesignMatrix.clusters`). They stay together in the folds that
    ///     choose a penalty, and give standard errors of their own.
    ///   - specification: Method, penalty, tolerance and the most iterations.
    ///   - provenance: What the model is made from, kept in its file.
    ///   - threads: How many shards of rows are worked on at one time.
    /// - Throws: `StileError` where there is no answer: outcomes of one class,
    ///   more terms than rows, values that are not finite, separated outcomes.
    public static func fit(
        _ design: any DesignRows, outcomes: Outcomes, weights: [Double]? = nil,
        offsets: [Double]? = nil, clusters: [UInt32]? = nil,
        specification: FitSpecification = FitSpecification(), provenance: ModelProvenance,
        threads: Int = 1
    ) throws -> FittedModel {
        let fixed = try specification.offset.map { try OffsetColumn($0, of: design, offsets) }
        let offsets = fixed?.values ?? offsets
        let sampled = try samplingWeights(specification, design, weights)
        let weights = sampled?.values ?? weights
        try InputChecks.check(
            design, outcomes.values, weights: weights, offsets: offsets, clusters: clusters,
            terms: design.columns.count - specification.unestimated.count,
            isPenalised: specification.method.isPenalised)
        let standardisation = try Standardisation(design, weights: weights, threads: threads)
        var problem = LogisticProblem(
            design: design,
            used: design.columns.indices.filter {
                !standardisation.constant.contains($0) && $0 != fixed?.column
                    && $0 != sampled?.column
            },
            standardisation: standardisation, outcomes: outcomes.values, weights: weights,
            offsets: offsets, threads: threads)
        do {
            let null = try nullModel(problem, specification)
            problem.sparse = try SparseRows(
                design, among: problem.used, standardisation, threads: threads)
            let fit = FitAssembly(
                design: design, outcomes: outcomes.values, specification: specification,
                provenance: provenance, null: null, sampled: sampled)
            switch specification.method {
            case .irls:
                problem.used = try independentColumns(problem)
                let start = try roughStart(problem, null) ?? beginning(problem, null)
                let result = try NewtonIteration(specification: specification)
                    .run(
                        problem, from: start,
                        fallback: (beginning(problem, null), null.derivatives.logLikelihood))
                return try fit.model(result, problem, clusters: clusters)
            case .firth:
                problem.used = try independentColumns(problem)
                let result = try FirthIteration(specification: specification)
                    .run(problem, from: beginning(problem, null))
                return try fit.model(result, problem, clusters: clusters)
            case .ridge, .lasso, .elasticNet:
                return try fit.model(penalisedOf: problem, clusters: clusters)
            }
        } catch let failure as NewtonIteration.Failure {
            throw error(failure, problem, specification)
        }
    }

    private static func samplingWeights(
        _ specification: FitSpecification, _ design: any DesignRows, _ others: [Double]?
    ) throws -> SamplingWeights? {
        guard let name = specification.weights else { return nil }
        guard others == nil else {
            throw StileError(
                .configuration, "The weights “\(name)” are not the only ones.",
                remedy: "Multiply them in one column.")
        }
        guard specification.method != .firth else {
            throw StileError(
                .configuration, FitSpecification.noWeightsForFirth,
                remedy: FitSpecification.withoutFirth)
        }
        return try SamplingWeights(name, of: design)
    }

    private static func beginning(
        _ problem: LogisticProblem, _ null: NewtonIteration.Result
    ) -> [Double] {
        null.parameters + problem.used.map { _ in 0 }
    }

    /// The intercept (and offset) alone.
    private static func nullModel(
        _ problem: LogisticProblem, _ specification: FitSpecification
    ) throws -> NewtonIteration.Result {
        var null = problem
        null.used = []
        let weight = problem.weights?.reduce(0, +) ?? Double(problem.rows)
        let events =
            problem.weights.map { zip(problem.outcomes, $0).reduce(0) { $0 + $1.0 * $1.1 } }
            ?? problem.outcomes.reduce(0, +)
        return try NewtonIteration(specification: FitSpecification())
            .run(null, from: [Logistic.logit(events / weight)])
    }

    /// One block of this many is visited for a rough start, where there are many rows.
    private static let roughStep = 16

    /// Where a few steps on a part of the rows lead, so that all rows are visited fewer times;
    /// `nil` where there are few rows or the part alone has no answer.
    private static func roughStart(
        _ problem: LogisticProblem, _ null: NewtonIteration.Result
    ) throws -> [Double]? {
        guard problem.rows >= 4 * NewtonIteration.chordRows, !problem.used.isEmpty else {
            return nil
        }
        var parameters = beginning(problem, null)
        for _ in 0..<10 {
            let there = try problem.derivatives(at: parameters, step: roughStep)
            guard let information = there.information,
                let factor = try UpperFactor(cholesky: information),
                factor.reciprocalCondition > NewtonIteration.leastReciprocalCondition
            else { return nil }
            let step = factor.solve(there.gradient)
            guard step.allSatisfy(\.isFinite) else { return nil }
            parameters = zip(parameters, step).map { $0 + $1 }
            // Nearer than this the part differs more from the whole than from its own answer.
            if zip(step, there.gradient).reduce(0, { $0 + $1.0 * $1.1 }) < 0.01 {
                return parameters
            }
        }
        return nil
    }

    /// The columns of a problem that are no combination of those before them.
    private static func independentColumns(_ problem: LogisticProblem) throws -> [Int] {
        guard !problem.used.isEmpty else { return [] }
        // What a part of the rows tells apart, all rows do.
        for step in problem.rows >= NewtonIteration.chordRows ? [roughStep, 1] : [1] {
            let gram = try problem.gram(step: step)
            if let factor = try UpperFactor(cholesky: gram), factor.reciprocalCondition > 1e-10 {
                return problem.used
            }
        }
        let aliased = try problem.orthogonalFactor(at: nil)
            .aliasedColumns(tolerance: aliasTolerance)
        return problem.used.enumerated().filter { !aliased.contains($0.offset + 1) }
            .map(\.element)
    }

    private static func error(
        _ failure: NewtonIteration.Failure, _ problem: LogisticProblem,
        _ specification: FitSpecification
    ) -> StileError {
        switch failure {
        case .separated(let direction):
            let largest = direction.dropFirst().map(\.magnitude).max() ?? 0
            let names = problem.used.enumerated()
                .filter { direction[$0.offset + 1].magnitude > 1e-3 * largest }
                .map { "“\(problem.design.columns[$0.element])”" }.joined(separator: ", ")
            return StileError(
                .input,
                "The outcomes are separated by \(names): the likelihood has no maximum, and any "
                    + "coefficient there would be arbitrary.",
                remedy: "Remove or coarsen the term, fit on more events, or choose the method "
                    + "firth or ridge.")
        case .notConverged(let decrement):
            return StileError(
                .input,
                "The fit did not converge in \(specification.mostSteps) steps; the next "
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

extension RowKey {
    /// The person, household or setting of each row, as numbers from 0 without gaps; `nil` where
    /// each has one row.
    public static func clusters(of rows: [RowKey]) -> [UInt32]? { clusters(rows.map(\.about)) }

    /// What each row is kept together with, as numbers from 0 without gaps; `nil` where each has one
    /// row.
    public static func clusters(_ together: [UnitPseudonym]) -> [UInt32]? {
        var places: [UnitPseudonym: UInt32] = [:]
        places.reserveCapacity(together.count)
        let found = together.map { key in
            let place = UInt32(places.count)
            return places[key]
                ?? {
                    places[key] = place; return place
                }()
        }
        return places.count == together.count ? nil : found
    }
}

extension DesignMatrix {
    /// The person, household or setting of each row (``RowKey/clusters(of:)``).
    public var clusters: [UInt32]? { RowKey.clusters(of: rows) }
}
