public import PipelineModel

/// The scores of the rows of a matrix, row by row in its order.
public struct ScoredMatrix: Sendable, Equatable {
    /// The rows as the matrix has them.
    public var rows: [RowKey]
    /// The intercept plus the terms, in log odds.
    public var linearPredictor: [Double]
    /// The probability that belongs to it, in 0…1.
    public var probability: [Double]
    /// 1 for the highest linear predictor; each rank once, ties by ascending unit
    /// pseudonym, then as-of date.
    public var rank: [Int]
    /// 1 + the number of rows with a higher linear predictor: rows that the model
    /// cannot tell apart share it.
    public var sharedRank: [Int]

    public init(
        rows: [RowKey], linearPredictor: [Double], probability: [Double], rank: [Int],
        sharedRank: [Int]
    ) {
        self.rows = rows
        self.linearPredictor = linearPredictor
        self.probability = probability
        self.rank = rank
        self.sharedRank = sharedRank
    }

    /// The indices of the rows in ascending order of rank.
    public var rowsByRank: [Int] {
        var order = [Int](repeating: 0, count: rank.count)
        for (row, rank) in rank.enumerated() { order[rank - 1] = row }
        return order
    }
}

/// What one term adds to one row's score, against the reference value.
public struct Reason: Sendable, Equatable {
    /// The name of the column.
    public var term: String
    /// The row's value.
    public var value: Double
    /// β (x − mean), in log odds; above 0 raises the score.
    public var contribution: Double

    public init(term: String, value: Double, contribution: Double) {
        self.term = term
        self.value = value
        self.contribution = contribution
    }
}
