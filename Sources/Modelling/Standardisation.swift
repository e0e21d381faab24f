import PipelineModel

/// The (weighted) mean and standard deviation of each column.
///
/// The fit works on centred and scaled columns and gives its answer in the
/// original ones; only rounding depends on the choice.
struct Standardisation: Sendable {
    var means: [Double]
    /// 1 for a column that does not vary.
    var scales: [Double]
    /// The columns with a single value.
    var constant: [Int]

    /// - Throws: `StileError` naming each column with a value that is not finite.
    init(_ matrix: DesignMatrix, weights: [Double]?) throws {
        let rows = matrix.rows.count
        var means: [Double] = []
        var scales: [Double] = []
        var constant: [Int] = []
        var faults: [StileError] = []
        let total = weights?.reduce(0, +) ?? Double(rows)
        matrix.values.withUnsafeBufferPointer { values in
            for (index, name) in matrix.columns.enumerated() {
                let column = UnsafeBufferPointer(
                    rebasing: values[index * rows..<(index + 1) * rows])
                var bad = 0
                for value in column where !value.isFinite { bad += 1 }
                guard bad == 0 else {
                    faults.append(
                        StileError(
                            .input,
                            "The column “\(name)” has \(bad) values that are missing or infinite.",
                            remedy: "Declare in the feature what missing means."))
                    continue
                }
                let first = column.first ?? 0
                var sum = 0.0
                var squares = 0.0
                var varies = false
                if let weights {
                    for row in 0..<rows {
                        sum += weights[row] * (column[row] - first)
                        if column[row] != first && weights[row] > 0 { varies = true }
                    }
                } else {
                    for value in column {
                        sum += value - first
                        if value != first { varies = true }
                    }
                }
                let mean = first + sum / total
                if let weights {
                    for row in 0..<rows {
                        squares += weights[row] * (column[row] - mean) * (column[row] - mean)
                    }
                } else {
                    for value in column { squares += (value - mean) * (value - mean) }
                }
                let scale = (squares / total).squareRoot()
                let usable = varies && scale > 0 && scale.isFinite
                if !usable { constant.append(index) }
                means.append(mean)
                scales.append(usable ? scale : 1)
            }
        }
        if let error = StileError.all(faults) { throw error }
        self.means = means
        self.scales = scales
        self.constant = constant
    }
}
