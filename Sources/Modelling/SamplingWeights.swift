public import PipelineModel

/// A column of the design that says how many people, of those whom the rows are drawn from, each
/// row stands for.
///
/// The fit maximises the weighted log-likelihood, which estimates what a fit on all of those people
/// would have found. A weight is no number of people that were seen: the inverse information would
/// take it for one, so that standard errors are by the sandwich alone. Source: D. A. Binder, "On the
/// variances of asymptotically normal estimators from complex surveys", International Statistical
/// Review 51 (1983), as `svyglm` of R's survey has it.
public struct SamplingWeights: Sendable, Equatable {
    /// The name of the column.
    public let name: String
    /// Its place in the design.
    let column: Int
    /// By row, divided by their mean: neither coefficients nor sandwich depend on their unit.
    public let values: [Double]
    /// Their sum before that.
    public let total: Double

    /// - Parameters:
    ///   - name: The column.
    ///   - design: All columns, of the rows of the fit.
    /// - Throws: `StileError` where the design has no such column or a weight is not above 0.
    public init(_ name: String, of design: any DesignRows) throws {
        guard let column = design.columns.firstIndex(of: name) else {
            throw StileError(
                .configuration, "The weight “\(name)” is not a column of the model.",
                remedy: "Write the name of one of its features.")
        }
        let read = try design.values(ofColumn: column)
        let bad = read.count { !($0 > 0 && $0.isFinite) }
        guard bad == 0 else {
            throw StileError(
                .input, "\(bad) rows of the fit have a weight “\(name)” that is not above 0.",
                remedy:
                    "A weight is how many people a row stands for: leave those out of the cohort who stand for nobody."
            )
        }
        let total = read.reduce(0, +)
        let mean = total / Double(max(read.count, 1))
        let values = read.map { $0 / mean }
        guard mean.isFinite, values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw StileError(
                .input, "The weights “\(name)” are too large, or too far apart, to be added up.",
                remedy: "Write them in another unit: only their proportions count.")
        }
        self.name = name
        self.column = column
        self.values = values
        self.total = total
    }

    /// By what the rows are divided to get the number that would tell as much without weights,
    /// n Σ w² ÷ (Σ w)², 1 or more.
    ///
    /// Source: L. Kish, "Survey Sampling" (1965), 11.7.
    public var designEffect: Double {
        guard !values.isEmpty else { return 1 }
        let sum = values.reduce(0, +)
        let squares = values.reduce(0) { $0 + $1 * $1 }
        return max(1, Double(values.count) * squares / (sum * sum))
    }
}

extension FittedModel {
    /// By which column the rows of a fit were weighted.
    public struct Weighting: Codable, Sendable, Equatable {
        public var column: String
        /// The sum of the weights as the column has them: how many people the rows stand for.
        public var total: Double
        /// ``SamplingWeights/designEffect``.
        public var designEffect: Double
    }
}

extension DesignRows {
    /// One column by row.
    func values(ofColumn column: Int) throws -> [Double] {
        let block = 65_536
        var values = [Double](repeating: 0, count: rowCount)
        for start in stride(from: 0, to: rowCount, by: block) {
            let range = start..<min(start + block, rowCount)
            try withRows(range, of: [column]) { lent in
                lent.columns.first?.forEach(range.count) { values[start + $0] = $1 }
            }
        }
        return values
    }
}
