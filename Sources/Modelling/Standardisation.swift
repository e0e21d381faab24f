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

    /// - Throws: ``StileError`` naming each column with a value that is not finite.
    init(_ matrix: DesignMatrix, weights: [Double]?) throws {
        let rows = matrix.rows.count
        var means: [Double] = []
        var scales: [Double] = []
        var constant: [Int] = []
        var faults: [StileError] = []
        let total = weights?.reduce(0, +) ?? Double(rows)
        matrix.values.withUnsafeBufferPointer { values in
            for (index, name) in matrix.columns.enumerated() {
                let column = values[index * rows..<(index + 1) * rows]
                let bad = column.count { !$0.isFinite }
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
                var varies = false
                for (row, value) in column.enumerated() {
                    let weight = weights?[row] ?? 1
                    sum += weight * (value - first)
                    if value != first && weight > 0 { varies = true }
                }
                let mean = first + sum / total
                var squares = 0.0
                for (row, value) in column.enumerated() {
                    squares += (weights?[row] ?? 1) * (value - mean) * (value - mean)
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
