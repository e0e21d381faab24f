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
            Factor(coefficient: term.coefficient, mean: term.mean, start: column * count)
        }
        var table = ReasonTable(rows: count, top: top)
        matrix.values.withUnsafeBufferPointer { values in
            table.raisingTerms.withUnsafeMutableBufferPointer { raisingTerms in
                table.raisingParts.withUnsafeMutableBufferPointer { raisingParts in
                    table.loweringTerms.withUnsafeMutableBufferPointer { loweringTerms in
                        table.loweringParts.withUnsafeMutableBufferPointer { loweringParts in
                            // Each block writes the slots of its own rows and no others.
                            nonisolated(unsafe) let values = values
                            nonisolated(unsafe) let raising = Slots(
                                terms: raisingTerms, parts: raisingParts, width: top.raising)
                            nonisolated(unsafe) let lowering = Slots(
                                terms: loweringTerms, parts: loweringParts, width: top.lowering)
                            ScoringShards.forEachBlock(of: count) { rows in
                                Self.pick(rows, terms, values, raising, lowering)
                            }
                        }
                    }
                }
            }
        }
        return table
    }

    /// A term with where its column begins.
    private struct Factor {
        var coefficient: Double
        var mean: Double
        var start: Int
    }

    /// Where the reasons of one kind stand.
    private struct Slots {
        var terms: UnsafeMutableBufferPointer<Int32>
        var parts: UnsafeMutableBufferPointer<Double>
        var width: Int

        /// Puts a part behind those that are at least as strong; the weakest falls out.
        @inline(__always)
        func insert(_ part: Double, _ term: Int, row: Int) {
            let first = row * width
            var slot = first + width - 1
            while slot > first, parts[slot - 1].magnitude < part.magnitude {
                parts[slot] = parts[slot - 1]
                terms[slot] = terms[slot - 1]
                slot -= 1
            }
            parts[slot] = part
            terms[slot] = Int32(truncatingIfNeeded: term)
        }

        /// The part that a stronger one must exceed to come in; 0 while there is room.
        @inline(__always)
        func weakest(_ row: Int) -> Double { parts[row * width + width - 1] }
    }

    /// Term after term over the rows of a block, so that columns are read from end to end.
    private static func pick(
        _ rows: Range<Int>, _ terms: [Factor], _ values: UnsafeBufferPointer<Double>,
        _ raising: Slots, _ lowering: Slots
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * rows.count) { bounds in
            let count = rows.count
            for row in 0..<count {
                bounds[row] = raising.width > 0 ? 0 : .infinity
                bounds[count + row] = lowering.width > 0 ? 0 : -.infinity
            }
            for (term, factor) in terms.enumerated() {
                let start = factor.start + rows.lowerBound
                for row in 0..<count {
                    let part = factor.coefficient * (values[start + row] - factor.mean)
                    if part > bounds[row] {
                        raising.insert(part, term, row: rows.lowerBound + row)
                        bounds[row] = raising.weakest(rows.lowerBound + row)
                    } else if part < bounds[count + row] {
                        lowering.insert(part, term, row: rows.lowerBound + row)
                        bounds[count + row] = lowering.weakest(rows.lowerBound + row)
                    }
                }
            }
        }
    }
}
