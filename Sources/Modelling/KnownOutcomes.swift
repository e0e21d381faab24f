public import PipelineModel

extension DesignMatrix {
    /// The rows whose outcome is known (not NaN), with their outcomes.
    public func withKnownOutcome(_ outcomes: Outcomes) -> (DesignMatrix, Outcomes) {
        precondition(outcomes.values.count == rows.count, "an outcome for each row")
        let known = rows.indices.filter { !outcomes.values[$0].isNaN }
        return (
            selecting(known), Outcomes(values: known.map { outcomes.values[$0] })
        )
    }

    /// The rows at `indices`, which must ascend.
    public func selecting(_ indices: [Int]) -> DesignMatrix {
        var kept: [Double] = []
        kept.reserveCapacity(indices.count * columns.count)
        for column in columns.indices {
            let start = column * rows.count
            for row in indices { kept.append(values[start + row]) }
        }
        return DesignMatrix(
            unitKind: unitKind, rows: indices.map { rows[$0] }, columns: columns, values: kept)
    }
}
