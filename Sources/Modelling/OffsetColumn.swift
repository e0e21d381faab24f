import PipelineModel

/// A column of the design that is added to each row's linear predictor as it is.
///
/// In the equation it is a term whose coefficient is 1, so that scoring and whatever else is made
/// from the equation need know nothing of it. Source: P. McCullagh and J. A. Nelder, "Generalized
/// Linear Models" (2nd ed., 1989), 6.3.1.
struct OffsetColumn {
    /// Its place in the design.
    let column: Int
    /// By row.
    let values: [Double]

    /// How many rows are read at one time.
    private static let block = 65_536

    /// - Parameters:
    ///   - name: The column.
    ///   - design: All columns.
    ///   - others: Offsets that are given beside the design.
    /// - Throws: `StileError` where the design has no such column, or there are two offsets.
    init(_ name: String, of design: any DesignRows, _ others: [Double]?) throws {
        guard let column = design.columns.firstIndex(of: name) else {
            throw StileError(
                .configuration, "The offset “\(name)” is not a column of the model.",
                remedy: "Write the name of one of its features.")
        }
        guard others == nil else {
            throw StileError(
                .configuration, "The offset “\(name)” is not the only one.",
                remedy: "Add them up in one column.")
        }
        var values = [Double](repeating: 0, count: design.rowCount)
        for start in stride(from: 0, to: design.rowCount, by: Self.block) {
            let range = start..<min(start + Self.block, design.rowCount)
            try design.withRows(range, of: [column]) { lent in
                lent.columns.first?.forEach(range.count) { values[start + $0] = $1 }
            }
        }
        self.column = column
        self.values = values
    }
}
