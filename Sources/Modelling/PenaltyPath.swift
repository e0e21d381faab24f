import Foundation
import LinearAlgebra
public import PipelineModel

/// Chooses λ: the deviance of rows that were left out, along a path of λ.
///
/// The rows are divided into folds, those of one cluster together; in each fold the columns are
/// standardised anew. Source: as ``Penalty``; the standard error of a mean deviance is that of the
/// means of the folds, weighted by their weights.
struct PenaltyPath {
    let mixing: Double
    let tolerance: Double
    let maximumIterations: Int

    /// How many λ are tried.
    static let length = 60

    /// The least λ as a share of the largest, as glmnet has it: with more columns than rows any λ
    /// that is much smaller tells all rows apart.
    static func range(rows: Int, columns: Int) -> Double { rows < columns ? 0.01 : 1e-4 }

    /// The λ from the least at which every coefficient is zero down to a share of it.
    ///
    /// - Parameters:
    ///   - gradient: Of the log-likelihood at the null model.
    ///   - weight: The sum of the weights.
    ///   - rows: How many rows there are.
    func strengths(gradient: [Double], weight: Double, rows: Int) -> [Double] {
        let range = Self.range(rows: rows, columns: gradient.count - 1)
        let steepest = gradient.dropFirst().map(\.magnitude).max() ?? 0
        // A ridge never makes a coefficient zero; it begins where an elastic net of 0.001 would.
        let largest = steepest / weight / max(mixing, 1e-3)
        return (0..<Self.length).map {
            largest * pow(range, Double($0) / Double(Self.length - 1))
        }
    }

    /// The deviance along the path.
    ///
    /// - Parameters:
    ///   - problem: All rows.
    ///   - fold: The fold of each row, from 0.
    ///   - strengths: The path, in descending order.
    ///   - ends: Whether a fold's own path ends where glmnet's would (`PathEnding`), or where a fit
    ///     does not converge; what is left out is then told by the last fit.
    func curve(
        _ problem: LogisticProblem, fold: [UInt8], strengths: [Double], ends: Bool
    ) throws -> [FittedPenalty.Step] {
        var deviances: [[Double]] = []
        var folds: [Double] = []
        for part in 0...(fold.max() ?? 0) {
            let left = fold.indices.map { fold[$0] == part ? problem.weights?[$0] ?? 1 : 0 }
            let kept = fold.indices.map { fold[$0] == part ? 0 : problem.weights?[$0] ?? 1 }
            let weight = left.reduce(0, +)
            guard weight > 0, hasBoth(problem.outcomes, kept) else { continue }
            folds.append(weight)
            deviances.append(try path(problem, kept, left, weight, strengths, ends: ends))
        }
        guard folds.count >= 2 else {
            throw StileError(
                .input, "The rows cannot be divided into folds with outcomes of both kinds.",
                remedy: "Fit on more rows, or write the penalty’s “strength” as a number.")
        }
        let total = folds.reduce(0, +)
        return strengths.indices.map { index in
            let values = deviances.map { $0[index] }
            let mean = zip(values, folds).reduce(0) { $0 + $1.0 * $1.1 } / total
            let spread =
                zip(values, folds).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / total
            return FittedPenalty.Step(
                strength: strengths[index], deviance: mean,
                standardError: (spread / Double(folds.count - 1)).squareRoot())
        }
    }

    private func hasBoth(_ outcomes: [Double], _ weights: [Double]) -> Bool {
        var (events, others) = (false, false)
        for row in outcomes.indices where weights[row] > 0 {
            if outcomes[row] == 1 { events = true } else { others = true }
        }
        return events && others
    }

    /// The deviance of the rows left out at each λ of the path.
    private func path(
        _ problem: LogisticProblem, _ kept: [Double], _ left: [Double], _ weight: Double,
        _ strengths: [Double], ends: Bool
    ) throws -> [Double] {
        let standardisation = try Standardisation(
            problem.design, weights: kept, threads: problem.threads)
        let used = problem.used.filter { !standardisation.constant.contains($0) }
        func part(_ weights: [Double]) -> LogisticProblem {
            LogisticProblem(
                design: problem.design, used: used, standardisation: standardisation,
                outcomes: problem.outcomes, weights: weights, offsets: problem.offsets,
                threads: problem.threads, sparse: problem.sparse)
        }
        let (training, test) = (part(kept), part(left))
        let sum = kept.reduce(0, +)
        let events = zip(kept, problem.outcomes).reduce(0) { $0 + $1.0 * $1.1 }
        var null = [Logistic.logit(events / sum)]
        if problem.offsets != nil {
            var alone = training
            alone.used = []
            alone.sparse = nil
            null = try NewtonIteration(specification: FitSpecification())
                .run(alone, from: null).parameters
        }
        let points = try trail(
            strengths, training, from: null + used.map { _ in 0.0 }, weight: sum, ends: ends)
        let deviances = try points.map { point in
            let there = try test.derivatives(at: point.parameters, withInformation: false)
            return -2 * there.logLikelihood / weight
        }
        let rest = strengths.count - deviances.count
        return deviances + [Double](repeating: deviances.last ?? 0, count: rest)
    }

    /// The fold of each row: whole clusters, in an order that the seed decides, dealt out in turn.
    static func folds(_ clusters: [UInt32], _ validation: Penalty.CrossValidation) -> [UInt8] {
        let count = Int(clusters.max() ?? 0) + 1
        var order = Array(0..<count)
        var generator = SeededGenerator(seed: validation.seed, label: "folds of a penalty")
        order.shuffle(using: &generator)
        var fold = [UInt8](repeating: 0, count: count)
        for (position, cluster) in order.enumerated() {
            fold[cluster] = UInt8(position % validation.folds)
        }
        return clusters.map { fold[Int($0)] }
    }
}

extension Penalty.CrossValidation.Rule {
    /// Which λ of a path is taken.
    ///
    /// - Parameter path: At least one, in descending order.
    public func choice(of path: [FittedPenalty.Step]) -> Double {
        let best = path.indices.min { path[$0].deviance < path[$1].deviance } ?? 0
        switch self {
        case .minimum: return path[best].strength
        case .oneStandardError:
            let bound = path[best].deviance + path[best].standardError
            return path.first { $0.deviance <= bound }?.strength ?? path[best].strength
        }
    }
}

extension LogisticRegression {
    /// The deviance of rows that were left out, along a path of λ, with folds that others chose.
    ///
    /// Every fold is fitted at every strength. A fit with a cross-validated ``Penalty`` chooses from
    /// the same curve but for its end: there the folds follow from a seed and the path from the data,
    /// and where a fold's own path ends before the last strength, its last fit stands for the rest.
    ///
    /// - Parameters:
    ///   - design: The design, rows × columns.
    ///   - outcomes: 0 or 1 for each row.
    ///   - mixing: α: 0 for ridge, 1 for LASSO.
    ///   - fold: The fold of each row, from 0.
    ///   - strengths: The path, in descending order.
    ///   - threads: How many shards of rows are worked on at one time.
    /// - Throws: `StileError` where the folds leave no two parts with outcomes of both kinds, or as
    ///   a fit does.
    public static func penaltyCurve(
        _ design: any DesignRows, outcomes: Outcomes, mixing: Double, fold: [UInt8],
        strengths: [Double], threads: Int = 1
    ) throws -> [FittedPenalty.Step] {
        try InputChecks.check(
            design, outcomes.values, weights: nil, offsets: nil, clusters: nil,
            terms: design.columns.count, isPenalised: true)
        guard fold.count == design.rowCount, !strengths.isEmpty else {
            throw StileError(
                .input,
                "There are \(fold.count) folds for \(design.rowCount) rows, and \(strengths.count) strengths of the penalty.",
                remedy: "Give each row its fold, and at least one strength.")
        }
        let standardisation = try Standardisation(design, weights: nil, threads: threads)
        let specification = FitSpecification()
        let problem = LogisticProblem(
            design: design,
            used: design.columns.indices.filter { !standardisation.constant.contains($0) },
            standardisation: standardisation, outcomes: outcomes.values, weights: nil,
            offsets: nil, threads: threads)
        return try PenaltyPath(
            mixing: mixing, tolerance: specification.tolerance,
            maximumIterations: specification.maximumIterations
        ).curve(problem, fold: fold, strengths: strengths, ends: false)
    }
}
