import PipelineModel

/// Standard errors of a logistic regression with a handful of terms that hold where rows of one
/// person, household or setting depend on each other.
///
/// V = c H⁻¹ (Σ s sᵀ) H⁻¹ with s the sum of x (y − p) over the rows of a cluster, H the information
/// and c = G ÷ (G − 1) for G clusters. Source: K.-Y. Liang and S. L. Zeger, "Longitudinal data
/// analysis using generalized linear models", Biometrika 73 (1986); the factor as
/// `vcovCL(type = "HC0")` of R's sandwich. Intervals are by Student's distribution with G − 1
/// degrees of freedom.
enum ClusterSandwich {
    /// The covariance, row by row.
    ///
    /// - Parameters:
    ///   - inverse: Of the information, row by row.
    ///   - columns: The number of terms.
    ///   - clusters: Of the rows, by their position; more than one.
    ///   - residual: y − p of the row at a position.
    ///   - term: The value of a term there.
    static func covariance(
        inverse: [Double], columns: Int, clusters: RowClusters, residual: (Int) -> Double,
        term: (Int, Int) -> Double
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: clusters.count * columns)
        for position in clusters.number.indices {
            let start = Int(clusters.number[position]) * columns
            let apart = residual(position)
            for column in 0..<columns { sums[start + column] += apart * term(position, column) }
        }
        var meat = [Double](repeating: 0, count: columns * columns)
        for cluster in 0..<clusters.count {
            for row in 0..<columns {
                for column in 0..<columns {
                    meat[row * columns + column] +=
                        sums[cluster * columns + row] * sums[cluster * columns + column]
                }
            }
        }
        let factor = Double(clusters.count) / Double(clusters.count - 1)
        return product(product(inverse, meat, columns), inverse, columns).map { $0 * factor }
    }

    private static func product(_ left: [Double], _ right: [Double], _ order: Int) -> [Double] {
        (0..<order * order).map { place in
            (0..<order).reduce(0.0) {
                $0 + left[place / order * order + $1] * right[$1 * order + place % order]
            }
        }
    }
}

extension LogisticLine {
    /// The interval of the intercept (0) or the slope (1), by clusters where there are any.
    func interval(
        of term: Int, _ logits: [Double], _ outcome: [Double], slopeIsFree: Bool,
        _ clusters: RowClusters?
    ) -> Interval {
        let estimate = term == 0 ? intercept : slope
        guard let clusters else {
            return Interval(
                estimate: estimate, standardError: term == 0 ? interceptError : slopeError)
        }
        let covariance = ClusterSandwich.covariance(
            inverse: inverse(logits, slopeIsFree), columns: 2, clusters: clusters,
            residual: { row in
                outcome[row] - Logistic.probability(intercept + slope * logits[row])
            }, term: { row, column in column == 0 ? 1 : slopeIsFree ? logits[row] : 0 })
        return Interval(
            estimate: estimate, standardError: max(covariance[3 * term], 0).squareRoot(),
            degrees: clusters.count - 1, method: .clusterSandwich)
    }

    /// The inverse of the information of the line, row by row.
    private func inverse(_ logits: [Double], _ slopeIsFree: Bool) -> [Double] {
        var (h00, h01, h11) = (0.0, 0.0, 0.0)
        for logit in logits {
            let probability = Logistic.probability(intercept + slope * logit)
            let weight = probability * (1 - probability)
            h00 += weight
            h01 += weight * logit
            h11 += weight * logit * logit
        }
        if !slopeIsFree { (h01, h11) = (0, 1) }
        let determinant = h00 * h11 - h01 * h01
        return [h11 / determinant, -h01 / determinant, -h01 / determinant, h00 / determinant]
    }
}

extension SmallLogisticFit {
    /// The same estimate with its covariance by clusters.
    ///
    /// - Parameters:
    ///   - clusters: Of the rows of the design; more than one.
    ///   - design: What it was fitted on, row by row.
    ///   - outcome: 0 or 1 for each row.
    func covariance(
        by clusters: RowClusters, _ design: [Double], outcome: [Double]
    ) -> SmallLogisticFit {
        let columns = coefficients.count
        var changed = self
        changed.covariance = ClusterSandwich.covariance(
            inverse: covariance, columns: columns, clusters: clusters,
            residual: { row in
                var linear = 0.0
                for column in 0..<columns {
                    linear += design[row * columns + column] * coefficients[column]
                }
                return outcome[row] - Logistic.probability(linear)
            }, term: { design[$0 * columns + $1] })
        return changed
    }
}
