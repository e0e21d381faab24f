public import PipelineModel

extension Scorer {
    /// The strongest reasons of every row of a matrix.
    ///
    /// The same parts as ``reasons(_:in:)`` gives, bit for bit, for a whole night at once.
    ///
    /// - Parameters:
    ///   - matrix: The design matrix that was scored; its values are finite.
    ///   - top: How many reasons of each kind a row has at most.
    /// - Returns: A table with a row for each row of the matrix.
    /// - Throws: `StileError` naming each term without a column.
    public func reasons(in matrix: DesignMatrix, top: ReasonTable.Top) throws -> ReasonTable {
        let count = matrix.rows.count
        let terms = zip(model.terms, try columns(of: matrix)).map { term, column in
            ReasonPicker.Factor(
                coefficient: term.coefficient, mean: term.mean, start: column * count)
        }
        var table = ReasonTable(rows: count, top: top)
        matrix.values.withUnsafeBufferPointer { values in
            table.raisingTerms.withUnsafeMutableBufferPointer { raisingTerms in
                table.raisingParts.withUnsafeMutableBufferPointer { raisingParts in
                    table.loweringTerms.withUnsafeMutableBufferPointer { loweringTerms in
                        table.loweringParts.withUnsafeMutableBufferPointer { loweringParts in
                            // Each block writes the slots of its own rows and no others.
                            nonisolated(unsafe) let raising = ReasonPicker(
                                factors: terms, values: values,
                                slots: .init(
                                    terms: raisingTerms, parts: raisingParts, width: top.raising),
                                sign: 1)
                            nonisolated(unsafe) let lowering = ReasonPicker(
                                factors: terms, values: values,
                                slots: .init(
                                    terms: loweringTerms, parts: loweringParts,
                                    width: top.lowering),
                                sign: -1)
                            ScoringShards.forEachBlock(of: count) { rows in
                                raising.pick(rows)
                                lowering.pick(rows)
                            }
                        }
                    }
                }
            }
        }
        return table
    }
}
