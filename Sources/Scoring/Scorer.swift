public import PipelineModel

/// Scores rows by an equation: a sum in fixed order, without BLAS.
///
/// Each row is intercept + β₁x₁ + β₂x₂ + … from left to right in the order of the
/// equation's terms, every product and sum rounded by itself. So a row has the
/// same bits in any batch, at any position, in any order of the matrix's columns,
/// for any number of threads.
public struct Scorer: Sendable {
    public let model: ScoringEquation

    /// - Throws: `StileError` where the equation has a number that is not finite
    ///   or a term twice.
    public init(model: ScoringEquation) throws {
        var seen: Set<String> = []
        for term in model.terms {
            guard seen.insert(term.name).inserted else {
                throw StileError(
                    .configuration, "The model “\(model.name)” has the term “\(term.name)” twice.",
                    remedy: "Keep one of them.")
            }
            guard term.coefficient.isFinite, term.mean.isFinite else {
                throw StileError(
                    .configuration,
                    "The term “\(term.name)” of the model “\(model.name)” is not finite.",
                    remedy: "Restore the stored model, or train it again.")
            }
        }
        guard model.intercept.isFinite else {
            throw StileError(
                .configuration, "The intercept of the model “\(model.name)” is not finite.",
                remedy: "Restore the stored model, or train it again.")
        }
        self.model = model
    }

    /// The linear predictor of a row with every term at its reference value.
    public var meanPredictor: Double {
        model.terms.reduce(model.intercept) { $0 + $1.coefficient * $1.mean }
    }

    /// Scores and ranks all rows of a matrix.
    ///
    /// Columns that the model does not use are allowed.
    ///
    /// - Throws: `StileError` naming each term without a column, and each column
    ///   with a value that is not finite.
    public func score(_ matrix: DesignMatrix) throws -> ScoredMatrix {
        let columns = try self.columns(of: matrix)
        let count = matrix.rows.count
        var predictor = [Double](repeating: model.intercept, count: count)
        var probability = [Double](repeating: 0, count: count)
        let isFinite = add(columns, of: matrix, to: &predictor, &probability)
        if !isFinite { try explain(columns, of: matrix, predictor) }
        let (rank, shared) = Scorer.ranks(predictor, matrix.rows)
        return ScoredMatrix(
            rows: matrix.rows, linearPredictor: predictor, probability: probability, rank: rank,
            sharedRank: shared)
    }

    /// Adds every term to the predictors, block by block of rows, and works out probabilities.
    ///
    /// - Returns: Whether every value and every predictor is finite.
    private func add(
        _ columns: [Int], of matrix: DesignMatrix, to predictor: inout [Double],
        _ probability: inout [Double]
    ) -> Bool {
        let count = matrix.rows.count
        let terms = zip(model.terms, columns).map { ($0.coefficient, $1 * count) }
        let blocks = (count + ScoringShards.blockRows - 1) / ScoringShards.blockRows
        var marks = [UInt64](repeating: 0, count: blocks)
        matrix.values.withUnsafeBufferPointer { values in
            predictor.withUnsafeMutableBufferPointer { predictor in
                probability.withUnsafeMutableBufferPointer { probability in
                    marks.withUnsafeMutableBufferPointer { marks in
                        // Each block writes its own rows and its own mark.
                        nonisolated(unsafe) let values = values
                        nonisolated(unsafe) let predictor = predictor
                        nonisolated(unsafe) let probability = probability
                        nonisolated(unsafe) let marks = marks
                        ScoringShards.forEachBlock(of: count) { rows in
                            let sums = UnsafeMutableBufferPointer(rebasing: predictor[rows])
                            var mark: UInt64 = 0
                            for (coefficient, start) in terms {
                                let first = start + rows.lowerBound
                                let column = UnsafeBufferPointer(
                                    rebasing: values[first..<first + rows.count])
                                for row in 0..<rows.count {
                                    mark |= Scorer.mark(column[row])
                                    sums[row] += coefficient * column[row]
                                }
                            }
                            for row in 0..<rows.count {
                                mark |= Scorer.mark(sums[row])
                                probability[rows.lowerBound + row] = Logistic.probability(sums[row])
                            }
                            marks[rows.lowerBound / ScoringShards.blockRows] = mark
                        }
                    }
                }
            }
        }
        return marks.allSatisfy { $0 >> 63 == 0 }
    }

    /// The highest bit is set where the value is infinite or NaN: one more in an exponent of ones
    /// runs over into it.
    @inline(__always)
    private static func mark(_ value: Double) -> UInt64 {
        (value.bitPattern & ~(1 << 63)) &+ (1 << 52)
    }

    /// Says which columns have values that are not finite, or which row has no score.
    private func explain(
        _ columns: [Int], of matrix: DesignMatrix, _ predictor: [Double]
    ) throws {
        let count = matrix.rows.count
        var faults: [StileError] = []
        for (term, column) in zip(model.terms, columns) {
            let values = matrix.values[column * count..<(column + 1) * count]
            let bad = values.count { !$0.isFinite }
            guard bad > 0 else { continue }
            faults.append(
                StileError(
                    .input,
                    "The column “\(term.name)” has \(bad) values that are missing or "
                        + "infinite, so those rows cannot be scored.",
                    remedy: "Declare in the feature what missing means."))
        }
        if let error = StileError.all(faults) { throw error }
        if let row = predictor.firstIndex(where: { !$0.isFinite }) {
            throw StileError(
                .input, "The score of row \(row + 1) of the matrix is not finite.",
                remedy: "Look for values or coefficients of extreme size.")
        }
    }

    /// Why a row has its score: each term's part, largest first (protective terms
    /// are below 0 and stand last); equal parts in the order of the terms.
    ///
    /// The parts and ``meanPredictor`` add up to the linear predictor.
    ///
    /// - Parameters:
    ///   - row: The index of the row in `matrix`.
    ///   - matrix: The design matrix that was scored.
    /// - Throws: `StileError` naming each term without a column.
    public func reasons(_ row: Int, in matrix: DesignMatrix) throws -> [Reason] {
        let columns = try self.columns(of: matrix)
        let reasons = zip(model.terms, columns).map { term, column in
            let value = matrix[row, column]
            return Reason(
                term: term.name, value: value,
                contribution: term.coefficient * (value - term.mean))
        }
        return reasons.enumerated().sorted { left, right in
            (-left.element.contribution, left.offset) < (-right.element.contribution, right.offset)
        }.map(\.element)
    }

    /// The column of each term.
    func columns(of matrix: DesignMatrix) throws -> [Int] {
        var positions: [String: Int] = [:]
        for (index, name) in matrix.columns.enumerated() {
            guard positions.updateValue(index, forKey: name) == nil else {
                throw StileError(
                    .configuration, "Two columns of the matrix are called “\(name)”.",
                    remedy: "Give each feature a name of its own.")
            }
        }
        var faults: [StileError] = []
        var columns: [Int] = []
        for term in model.terms {
            guard let column = positions[term.name] else {
                faults.append(
                    StileError(
                        .configuration,
                        "The model “\(model.name)” names the column “\(term.name)”, which the "
                            + "matrix does not have.",
                        remedy: "Declare a feature of that name, or correct the model."))
                continue
            }
            columns.append(column)
        }
        if let error = StileError.all(faults) { throw error }
        return columns
    }

    private static func ranks(_ predictor: [Double], _ rows: [RowKey]) -> ([Int], [Int]) {
        let order = RankOrder.order(predictor, rows)
        var rank = [Int](repeating: 0, count: order.count)
        var shared = rank
        for (position, row) in order.enumerated() {
            rank[row] = position + 1
            let above = position > 0 ? order[position - 1] : nil
            if let above, predictor[above] == predictor[row] {
                shared[row] = shared[above]
            } else {
                shared[row] = position + 1
            }
        }
        return (rank, shared)
    }
}

extension ScoringEquation {
    /// The equation with the means of a matrix's columns as its reference values,
    /// for a published equation that states none.
    ///
    /// Terms without a column, and every term where there is no row, stay as they are.
    public func centred(on matrix: DesignMatrix) -> ScoringEquation {
        var centred = self
        let count = matrix.rows.count
        guard count > 0 else { return centred }
        for index in centred.terms.indices {
            guard let column = matrix.columns.firstIndex(of: centred.terms[index].name)
            else { continue }
            var sum = 0.0
            for row in 0..<count { sum += matrix[row, column] }
            centred.terms[index].mean = sum / Double(count)
        }
        return centred
    }
}
