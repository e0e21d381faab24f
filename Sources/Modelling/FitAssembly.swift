import Foundation
import LinearAlgebra
import PipelineModel

/// Makes the stored model from where a fit ended.
struct FitAssembly {
    let design: any DesignRows
    let outcomes: [Double]
    let specification: FitSpecification
    let provenance: ModelProvenance
    let null: NewtonIteration.Result
    /// Of rows that stand for different numbers of people.
    let sampled: SamplingWeights?

    /// By maximum likelihood.
    func model(
        _ result: NewtonIteration.Result, _ problem: LogisticProblem, clusters: [UInt32]?
    ) throws -> FittedModel {
        guard let inverse = result.factor.inverse() else { throw FitAssembly.noCovariance }
        let estimates = Estimates(standardisation: problem.standardisation, used: problem.used)
        // Of a sample the inverse information is no covariance.
        var model = try model(
            estimates.values(result.parameters),
            covariance: sampled == nil ? estimates.covariance(inverse).values : [], problem)
        if let clusters = clusters ?? sampled.map({ Array(0..<UInt32($0.values.count)) }) {
            try addErrors(by: clusters, to: &model, problem, at: result.parameters, inverse)
        }
        if clusters == nil { model.clusters = nil }
        model.logLikelihood = result.derivatives.logLikelihood
        model.deviance = -2 * result.derivatives.logLikelihood
        model.iterations = result.iterations
        model.informations = result.informations
        model.newtonDecrement = result.decrement
        model.scaledGradient = result.scaledGradient
        model.factorisation = result.usedOrthogonalFactor ? "qr" : "cholesky"
        model.reciprocalCondition = result.factor.reciprocalCondition
        return model
    }

    /// Adds the standard errors that hold where rows of one cluster depend on each other.
    private func addErrors(
        by clusters: [UInt32], to model: inout FittedModel, _ problem: LogisticProblem,
        at parameters: [Double], _ inverse: Matrix
    ) throws {
        let scores = ClusterScores(clusters: clusters)
        guard scores.count > 1 else {
            throw StileError(
                .input, "All rows are of one person or household.",
                remedy: "Fit on rows of more people.")
        }
        let products = try scores.products(problem, at: parameters)
        var covariance = Estimates(
            standardisation: problem.standardisation, used: problem.used
        ).covariance(Estimates.sandwich(inverse, products))
        let correction = Double(scores.count) / Double(scores.count - 1)
        for index in covariance.values.indices { covariance.values[index] *= correction }
        model.clusteredCovariance = covariance.values
        model.clusters = scores.count
        let errors = model.clusteredStandardErrors
        guard errors.allSatisfy(\.isFinite) else { throw FitAssembly.noCovariance }
        model.clusteredInterceptStandardError = errors[0]
        for (index, column) in problem.used.enumerated() {
            model.terms[column].clusteredStandardError = errors[index + 1]
        }
    }

    /// By Firth's penalised likelihood.
    func model(
        _ result: FirthIteration.Result, _ problem: LogisticProblem, clusters: [UInt32]?
    ) throws -> FittedModel {
        guard let inverse = result.factor.inverse() else { throw FitAssembly.noCovariance }
        let estimates = Estimates(standardisation: problem.standardisation, used: problem.used)
        var parameters = result.parameters
        if specification.correctsIntercept {
            parameters[0] = try correctedIntercept(problem, parameters)
        }
        var model = try model(
            estimates.values(parameters), covariance: estimates.covariance(inverse).values, problem)
        if let clusters {
            try addErrors(by: clusters, to: &model, problem, at: result.parameters, inverse)
        }
        // A profile takes rows as independent: where they are not, errors by clusters are shown.
        if specification.profilesIntervals, clusters == nil {
            try addProfiles(to: &model, result, problem, estimates)
        }
        if specification.correctsIntercept {
            model.uncorrectedIntercept = estimates.values(result.parameters)[0]
            model.interceptStandardError = nil
            model.clusteredInterceptStandardError = nil
        }
        let likelihood =
            specification.correctsIntercept
            ? try problem.derivatives(at: parameters, withInformation: false).logLikelihood
            : result.point.logLikelihood
        model.logLikelihood = likelihood
        model.deviance = -2 * likelihood
        // With the intercept in its own units the determinant changes by the scales.
        let scales = problem.used.reduce(0) { $0 + log(problem.standardisation.scales[$1]) }
        model.penalisedLogLikelihood = result.point.penalised + scales
        model.iterations = result.iterations
        model.informations = result.iterations + 1
        model.newtonDecrement = result.decrement
        model.scaledGradient = result.scaledGradient
        model.factorisation = result.point.usedOrthogonalFactor ? "qr" : "cholesky"
        model.reciprocalCondition = result.factor.reciprocalCondition
        return model
    }

    /// Adds the intervals by the profile of the penalised likelihood, a parameter on each thread.
    private func addProfiles(
        to model: inout FittedModel, _ result: FirthIteration.Result, _ problem: LogisticProblem,
        _ estimates: Estimates
    ) throws {
        var alone = problem
        alone.threads = 1
        let profile = ProfileLikelihood(
            iteration: FirthIteration(specification: specification), problem: alone,
            maximum: result.point)
        let first = specification.correctsIntercept ? 1 : 0
        let intervals = try RowShards.map(
            count: problem.order - first, threads: problem.threads
        ) { index in
            Result { try profile.interval(of: estimates.functional(first + index)) }
        }.map { try $0.get() }
        if first == 0 { model.interceptProfileInterval = intervals[0] }
        for (index, column) in problem.used.enumerated() {
            model.terms[column].profileInterval = intervals[index + 1 - first]
        }
    }

    /// The intercept by maximum likelihood, the other terms held.
    private func correctedIntercept(
        _ problem: LogisticProblem, _ parameters: [Double]
    ) throws -> Double {
        var slopes = parameters
        slopes[0] = 0
        let predictors = try problem.predictors(at: slopes)
        let alone = LogisticProblem(
            design: design, used: [], standardisation: problem.standardisation,
            outcomes: outcomes, weights: problem.weights,
            offsets: predictors.indices.map { predictors[$0] + (problem.offsets?[$0] ?? 0) },
            threads: problem.threads)
        return try NewtonIteration(specification: FitSpecification())
            .run(alone, from: [parameters[0]]).parameters[0]
    }

    /// With penalised coefficients; λ is chosen first where the specification leaves it open.
    func model(penalisedOf problem: LogisticProblem, clusters: [UInt32]?) throws -> FittedModel {
        let weight = problem.weights?.reduce(0, +) ?? Double(problem.rows)
        let nothing = null.parameters + problem.used.map { _ in 0 }
        var start = nothing
        var penalty = FittedPenalty(
            mixing: specification.mixing, strength: 0, path: [], effectiveParameters: 0)
        var strengths: [Double] = []
        switch specification.penalty.strength {
        case .fixed(let strength):
            penalty.strength = strength
        case .crossValidated(let validation):
            let path = PenaltyPath(
                mixing: specification.mixing, tolerance: specification.tolerance,
                maximumIterations: specification.maximumIterations)
            let gradient = try problem.derivatives(at: nothing, withInformation: false).gradient
            let tried = path.strengths(
                gradient: gradient, weight: weight, rows: problem.rows)
            let trail = try path.trail(
                tried, problem, from: nothing, weight: weight, ends: true)
            strengths = Array(tried.prefix(trail.count))
            let fold = PenaltyPath.folds(
                clusters ?? (0..<UInt32(problem.rows)).map(\.self), validation)
            penalty.path = try path.curve(
                problem, fold: fold, strengths: strengths, ends: true)
            penalty.strength = validation.rule.choice(of: penalty.path)
            penalty.chosenBy = validation.rule.rawValue
            penalty.folds = validation.folds
            if specification.keepsPath {
                let estimates = Estimates(
                    standardisation: problem.standardisation, used: problem.used)
                let ending = try PathEnding(problem, at: nothing)
                for (index, begun) in trail.enumerated() {
                    guard
                        let point = try path.point(
                            begun, strengths[index], problem, weight: weight, ending)
                    else { continue }
                    penalty.path[index].keep(
                        point, estimates.values(point.parameters),
                        drops: specification.mixing > 0)
                }
            }
            // The path converged here from stronger penalties, as a cold start might not.
            if let chosen = strengths.firstIndex(of: penalty.strength) {
                start = trail[chosen].parameters
            }
            penalty.pathEnd = FittedPenalty.PathEnd(of: penalty.strength, on: penalty.path)
        }
        let iteration = PenalisedIteration(
            mixing: specification.mixing, strength: penalty.strength, weight: weight,
            tolerance: specification.tolerance, maximumIterations: specification.maximumIterations)
        let result = try iteration.run(problem, from: start)
        penalty.effectiveParameters = iteration.effectiveParameters(result)
        let estimates = Estimates(standardisation: problem.standardisation, used: problem.used)
        var model = try model(estimates.values(result.parameters), covariance: [], problem)
        for column in problem.used {
            model.terms[column].scale = problem.standardisation.scales[column]
        }
        model.penalty = penalty
        model.logLikelihood = result.logLikelihood
        model.deviance = -2 * result.logLikelihood
        model.iterations = result.iterations
        model.informations = result.iterations + 1
        model.newtonDecrement = result.decrement
        model.scaledGradient = result.scaledGradient
        model.reciprocalCondition = result.reciprocalCondition
        return model
    }

    static let noCovariance = StileError(
        .input, "The standard errors of the model cannot be computed.",
        remedy: "Remove terms that nearly determine each other.")

    /// A model with these estimates, in the order of the intercept and `problem.used`.
    private func model(
        _ estimates: [Double], covariance: [Double], _ problem: LogisticProblem
    ) throws -> FittedModel {
        let order = problem.order
        let errors =
            covariance.isEmpty
            ? [] : (0..<order).map { covariance[$0 * order + $0].squareRoot() }
        guard (estimates + errors).allSatisfy(\.isFinite) else { throw FitAssembly.noCovariance }
        let terms = design.columns.enumerated().map { index, name in
            let parameter = problem.used.firstIndex(of: index).map { $0 + 1 }
            if name == specification.offset {
                return FittedModel.Term(
                    name: name, coefficient: 1, standardError: nil,
                    mean: problem.standardisation.means[index], isOffset: true)
            }
            if index == sampled?.column {
                return FittedModel.Term(
                    name: name, coefficient: nil, standardError: nil,
                    mean: problem.standardisation.means[index], isWeight: true)
            }
            return FittedModel.Term(
                name: name, coefficient: parameter.map { estimates[$0] },
                standardError: errors.isEmpty ? nil : parameter.map { errors[$0] },
                mean: problem.standardisation.means[index])
        }
        var model = FittedModel(
            format: FittedModel.formatVersion, provenance: provenance,
            method: specification.method.rawValue, intercept: estimates[0],
            interceptStandardError: errors.first, terms: terms,
            aliased: terms.filter { $0.coefficient == nil && $0.isWeight != true }.map(\.name),
            parameters: [FittedModel.interceptName] + problem.used.map { design.columns[$0] },
            covariance: covariance, clusteredCovariance: [], exploratory: false, rows: problem.rows,
            events: outcomes.count { $0 == 1 },
            totalWeight: problem.weights?.reduce(0, +) ?? Double(problem.rows),
            logLikelihood: 0, deviance: 0,
            nullDeviance: -2 * null.derivatives.logLikelihood, iterations: 0, informations: 0,
            newtonDecrement: 0, scaledGradient: 0, factorisation: "cholesky",
            reciprocalCondition: 0, blas: BLASIdentity.name,
            processor: ProcessorIdentity.name)
        model.weighting = sampled.map {
            .init(column: $0.name, total: $0.total, designEffect: $0.designEffect)
        }
        return model
    }
}
