/// A natural cubic spline: cubic between its knots, straight beyond the outer ones.
///
/// The basis is Harrell's restricted cubic spline (F. E. Harrell, "Regression Modeling
/// Strategies", 2nd edition, 2.4.5), the terms divided by (t_k − t_1)²: the value itself and,
/// for j in 1…k−2, with u₊ the positive part of u,
/// (x−t_j)₊³ − (x−t_{k−1})₊³ (t_k−t_j)/(t_k−t_{k−1}) + (x−t_k)₊³ (t_{k−1}−t_j)/(t_k−t_{k−1}).
struct CubicSpline {
    /// Ascending and different; at least 3.
    let knots: [Double]

    /// With an intercept in front.
    var columns: Int { knots.count }

    /// Harrell's knots at fixed quantiles of ascending values: five at 0.05, 0.275, 0.5, 0.725
    /// and 0.95, or three at 0.1, 0.5 and 0.9 where those coincide; `nil` where these do too.
    init?(quantilesOf quantile: (Double) -> Double) {
        for shares in [[0.05, 0.275, 0.5, 0.725, 0.95], [0.1, 0.5, 0.9]] {
            let knots = shares.map(quantile)
            let reach = (knots.last ?? 0) - (knots.first ?? 0)
            if zip(knots, knots.dropFirst()).allSatisfy({ $1 - $0 > 1e-6 * reach && $1 > $0 }) {
                self.knots = knots
                return
            }
        }
        return nil
    }

    /// The row of the design at `x`: 1, x and the terms, x counted from the middle knot so that
    /// the columns are not too much alike.
    func row(_ x: Double) -> [Double] {
        let (last, before) = (knots[knots.count - 1], knots[knots.count - 2])
        let scale = (last - knots[0]) * (last - knots[0])
        func cube(_ knot: Double) -> Double {
            let part = max(x - knot, 0)
            return part * part * part
        }
        let (far, near) = (cube(last), cube(before))
        return [1, x - knots[knots.count / 2]]
            + knots.dropLast(2).map { knot in
                let share = last - before
                return (cube(knot) - near * (last - knot) / share + far * (before - knot) / share)
                    / scale
            }
    }
}
