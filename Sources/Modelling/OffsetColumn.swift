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
        self.column = column
        values = try design.values(ofColumn: column)
    }
}
