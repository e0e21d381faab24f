import LinearAlgebra

/// Where the profile of the penalised likelihood says that a coefficient lies, with 95 % confidence.
public struct ProfileInterval: Codable, Sendable, Equatable {
    /// Why no bound was found.
    public enum Missing: String, Codable, Sendable, CaseIterable {
        /// The likelihood does not fall far enough within a thousand standard errors.
        case outOfReach = "out_of_reach"
        /// Its maximum could not be worked out on the way there.
        case notConverged = "not_converged"
    }

    /// Absent where no bound was found, as ``lowerMissing`` says.
    public var lower: Double?
    public var upper: Double?
    /// Why there is no lower bound; absent where there is one.
    public var lowerMissing: Missing?
    /// Why there is no upper bound; absent where there is one.
    public var upperMissing: Missing?

    public init(
        lower: Double?, upper: Double?, lowerMissing: Missing? = nil, upperMissing: Missing? = nil
    ) {
        self.lower = lower
        self.upper = upper
        self.lowerMissing = lowerMissing
        self.upperMissing = upperMissing
    }
}

/// Intervals by the profile of Firth's penalised likelihood.
///
/// A value b of a coefficient is in the interval where 2 (ℓ*(β̂) − max ℓ*(β)) is at most the 95 %
/// quantile of χ² with one degree of freedom, the maximum being over all β with that coefficient
/// at b. Where outcomes are nearly separated the penalised likelihood is skewed, and estimate ± 1.96
/// standard errors covers the truth too seldom. Source: G. Heinze and M. Schemper, "A solution to the
/// problem of separation in logistic regression", Statistics in Medicine 21 (2002); as `logistf` of R.
struct ProfileLikelihood: Sendable {
    let iteration: FirthIteration
    let problem: LogisticProblem
    /// Where the penalised likelihood is largest.
    let maximum: FirthIteration.Point
    /// How far a bound is looked for, in standard errors.
    var furthest = 1_000.0

    /// The root of the 95 % quantile of χ² with one degree of freedom.
    static let reach = 1.959963984540054
    /// A bound is told to this share of the reach.
    private static let precision = 1e-8

    /// The interval of a linear function of the parameters.
    ///
    /// - Throws: `StileError` where the rows cannot be read.
    func interval(of functional: [Double]) throws -> ProfileInterval {
        let (lower, upper) = (try bound(functional, side: -1), try bound(functional, side: 1))
        return ProfileInterval(
            lower: lower.value, upper: upper.value, lowerMissing: lower.missing,
            upperMissing: upper.missing)
    }

    /// A bound, or why there is none.
    private enum Bound {
        case found(Double)
        case missing(ProfileInterval.Missing)

        var value: Double? { if case .found(let value) = self { value } else { nil } }
        var missing: ProfileInterval.Missing? {
            if case .missing(let why) = self { why } else { nil }
        }
    }

    /// A distance from the estimate, in standard errors, and the root of twice the fall there.
    private struct Place {
        var distance = 0.0
        var fall = 0.0
        var point: FirthIteration.Point
    }

    private func bound(_ functional: [Double], side: Double) throws -> Bound {
        let estimate = dot(functional, maximum.parameters)
        let error = max(0, dot(functional, maximum.factor.solve(functional))).squareRoot()
        guard error > 0 else { return .missing(.notConverged) }
        var low = Place(point: maximum)
        var high: Place?
        var distance = Self.reach
        for _ in 0..<60 {
            let wanted = estimate + side * distance * error
            guard let point = try held(functional, at: wanted, from: low.point) else {
                // Too far for one step: half of it.
                distance = (low.distance + distance) / 2
                guard distance - low.distance > Self.precision else {
                    return .missing(.notConverged)
                }
                continue
            }
            let fall = max(0, 2 * (maximum.penalised - point.penalised)).squareRoot()
            if (fall - Self.reach).magnitude <= Self.precision * Self.reach {
                return .found(wanted)
            }
            let place = Place(distance: distance, fall: fall, point: point)
            if fall < Self.reach { low = place } else { high = place }
            distance = Self.next(low, high)
            guard distance < furthest else { return .missing(.outOfReach) }
        }
        return .missing(.notConverged)
    }

    /// The fall is nearly a straight line in the distance, so that a chord finds where it is wanted.
    private static func next(_ low: Place, _ high: Place?) -> Double {
        guard let high else {
            return low.distance * min(3, max(1.1, reach / max(low.fall, 1e-3)))
        }
        let share = (reach - low.fall) / (high.fall - low.fall)
        // Never all the way to one end, or the other would stay where it is.
        return low.distance + min(0.99, max(0.01, share)) * (high.distance - low.distance)
    }

    /// The largest penalised likelihood with the function held at a value; `nil` where it is not found.
    private func held(
        _ functional: [Double], at value: Double, from start: FirthIteration.Point
    ) throws -> FirthIteration.Point? {
        let towards = start.factor.solve(functional)
        let scale = (value - dot(functional, start.parameters)) / dot(functional, towards)
        guard scale.isFinite,
            var point = try iteration.reached(
                problem, at: zip(start.parameters, towards).map { $0 + scale * $1 })
        else { return nil }
        for _ in 0..<iteration.specification.mostSteps {
            let free = point.factor.solve(point.score)
            let along = point.factor.solve(functional)
            let share = dot(functional, free) / dot(functional, along)
            // A Newton step that leaves the function as it is.
            let step = zip(free, along).map { $0 - share * $1 }
            let decrement = max(0, dot(step, point.score)).squareRoot()
            guard decrement.isFinite else { return nil }
            // What is left of the likelihood is of the order of the square.
            if decrement <= 1e-6 { return point }
            guard let moved = try iteration.advance(problem, point, step) else {
                return decrement <= 1e-4 ? point : nil
            }
            point = moved
        }
        return nil
    }

    private func dot(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
