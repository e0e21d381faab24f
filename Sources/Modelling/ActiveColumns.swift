import LinearAlgebra

/// The end of a coordinate descent: the quadratic solved at once in the columns that it keeps.
///
/// Coordinate descent finds quickly which coefficients are zero and of which sign the others are,
/// and then creeps where columns are nearly dependent, as with more columns than rows they are.
/// With zeros and signs known the absolute penalty is linear, so that the rest is a system of
/// linear equations; what solves it is the answer where it has those signs and the zeros fulfil
/// their condition (Karush, Kuhn and Tucker). Source: M. R. Osborne, B. Presnell and B. A. Turlach,
/// "A new approach to variable selection in least squares problems", IMA J. Numer. Anal. 20 (2000).
struct ActiveColumns: Equatable {
    /// −1, 0 or 1 for each parameter; the intercept counts as 1.
    private let signs: [Int8]

    init(_ parameters: [Double]) {
        signs = parameters.enumerated().map { index, value in
            index == 0 ? 1 : value > 0 ? 1 : value < 0 ? -1 : 0
        }
    }

    /// The parameters that make the quadratic and the penalty least among those with these signs;
    /// `nil` where they are none of the whole, or not to be had in working precision.
    ///
    /// - Parameters:
    ///   - gradient: Of the log-likelihood at `start`, for each unit of weight.
    ///   - information: The same.
    ///   - start: Where the quadratic was laid.
    ///   - absolute: λ α.
    ///   - squared: λ (1 − α).
    func minimum(
        _ gradient: [Double], _ information: Matrix, from start: [Double], absolute: Double,
        squared: Double
    ) -> [Double]? {
        let kept = signs.indices.filter { signs[$0] != 0 }
        // Hb = g + Hb₀ − λ α s, all for each unit of weight; the zeros have no part in b.
        let whole = start.indices.map { row in
            start.indices.reduce(gradient[row]) { $0 + information[row, $1] * start[$1] }
        }
        var matrix = Matrix(rows: kept.count, columns: kept.count)
        for (column, right) in kept.enumerated() {
            for (row, left) in kept.enumerated() { matrix[row, column] = information[left, right] }
            if right > 0 { matrix[column, column] += squared }
        }
        guard let factor = try? UpperFactor(cholesky: matrix), factor.reciprocalCondition > 1e-12
        else { return nil }
        let solved = factor.solve(
            kept.map { $0 == 0 ? whole[0] : whole[$0] - absolute * Double(signs[$0]) })
        var found = [Double](repeating: 0, count: start.count)
        for (place, index) in kept.enumerated() {
            guard index == 0 || solved[place] * Double(signs[index]) > 0 else { return nil }
            found[index] = solved[place]
        }
        for index in found.indices where signs[index] == 0 {
            let pull = kept.reduce(whole[index]) { $0 - information[index, $1] * found[$1] }
            guard pull.magnitude <= absolute * (1 + 1e-10) else { return nil }
        }
        return found
    }
}
