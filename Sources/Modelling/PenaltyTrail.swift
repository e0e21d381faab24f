/// Where a path of λ ends before its last: where a smaller penalty explains hardly more.
///
/// As glmnet has it: after five λ, once more than 0.999 of the null deviance is explained, or
/// less than 1e-5 of it more than at the λ before. Source: its `glmnet.control` (`devmax`, `fdev`,
/// `mnlam`). Unlike there a path goes on while its gains still grow, as those of a ridge on a weak
/// signal do at first.
struct PathEnding {
    static let mostExplained = 0.999
    static let leastGain = 1e-5
    static let fewest = 5

    private let null: Double
    private var count = 0
    private var gain = Double.infinity
    /// The share of the null deviance that the last fit explains.
    private(set) var explained = 0.0
    private(set) var isReached = false

    /// - Parameters:
    ///   - problem: The rows of the path.
    ///   - parameters: The null model.
    init(_ problem: LogisticProblem, at parameters: [Double]) throws {
        null = try problem.derivatives(at: parameters, withInformation: false).logLikelihood
    }

    /// Takes the log-likelihood at the next λ.
    mutating func add(_ logLikelihood: Double) {
        let before = explained
        explained = share(logLikelihood)
        let grown = explained - before
        count += 1
        isReached =
            count >= Self.fewest
            && (explained > Self.mostExplained || (grown < Self.leastGain && grown <= gain))
        gain = grown
    }

    /// The share of the null deviance that a log-likelihood explains.
    func share(_ logLikelihood: Double) -> Double { null < 0 ? 1 - logLikelihood / null : 0 }
}

/// A fit on all rows at one λ of the path.
struct PenaltyPoint {
    /// On the standardised columns.
    var parameters: [Double]
    /// The share of the null deviance that it explains.
    var explained: Double
}

extension PenaltyPath {
    /// The fits along the path, as far as it goes: to where `PathEnding` says, or to the last that
    /// converges, as the least λ on separated outcomes may not.
    ///
    /// Each fit begins where the one before it ended, so that the whole path costs little more than a
    /// fit. Neither where it ends nor what is left out of a fold is told to more digits than these
    /// have; `point` takes the coefficients further.
    ///
    /// - Parameters:
    ///   - strengths: The path, in descending order.
    ///   - problem: The rows to fit on.
    ///   - start: The null model.
    ///   - weight: The sum of the weights.
    ///   - ends: Whether the path may end before its last λ.
    /// - Throws: `StileError` where the rows cannot be read; `NewtonIteration.Failure` where not even
    ///   the first fit converges, or one does not and the path may not end there.
    func trail(
        _ strengths: [Double], _ problem: LogisticProblem, from start: [Double], weight: Double,
        ends: Bool
    ) throws -> [PenaltyPoint] {
        var points: [PenaltyPoint] = []
        var parameters = start
        var ending = try PathEnding(problem, at: start)
        for strength in strengths {
            do {
                let result = try PenalisedIteration(
                    mixing: mixing, strength: strength, weight: weight,
                    tolerance: max(tolerance, 1e-5), maximumIterations: maximumIterations
                ).run(problem, from: parameters)
                parameters = result.parameters
                ending.add(result.logLikelihood)
            } catch let failure as NewtonIteration.Failure {
                guard ends, !points.isEmpty else { throw failure }
                break
            }
            points.append(.init(parameters: parameters, explained: ending.explained))
            if ends, ending.isReached { break }
        }
        return points
    }

    /// A fit of the trail taken to the full tolerance, for whoever looks at its coefficients; `nil`
    /// where it does not converge that far.
    ///
    /// - Parameters:
    ///   - begun: The fit of the trail.
    ///   - strength: Its λ.
    ///   - problem: All rows.
    ///   - weight: The sum of the weights.
    ///   - ending: That of the trail, which knows the null deviance.
    /// - Throws: `StileError` where the rows cannot be read.
    func point(
        _ begun: PenaltyPoint, _ strength: Double, _ problem: LogisticProblem,
        weight: Double, _ ending: PathEnding
    ) throws -> PenaltyPoint? {
        do {
            let result = try PenalisedIteration(
                mixing: mixing, strength: strength, weight: weight, tolerance: tolerance,
                maximumIterations: maximumIterations
            ).run(problem, from: begun.parameters)
            return PenaltyPoint(
                parameters: result.parameters,
                explained: ending.share(result.logLikelihood))
        } catch is NewtonIteration.Failure {
            return nil
        }
    }
}
