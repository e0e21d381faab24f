import PipelineModel

/// The triangular factor R of a tall matrix, row block by row block.
///
/// Each step factorises the R so far with the next block below it; the
/// orthogonal part is never kept. Memory is `columns` × (`columns` + one block).
///
/// Source: J. Demmel, L. Grigori, M. Hoemmen, J. Langou, "Communication-optimal
/// parallel and sequential QR and LU factorizations", SIAM J. Sci. Comput. 34 (2012).
public struct OrthogonalFactor: Sendable {
    /// R, `columns` × `columns`, zeros below the diagonal.
    public private(set) var triangle: Matrix

    public init(columns: Int) { triangle = Matrix(rows: columns, columns: columns) }

    /// Takes the rows of a block in.
    ///
    /// - Throws: `StileError` where LAPACK refuses.
    public mutating func add(_ block: borrowing RowBlock) throws {
        precondition(block.columns == triangle.columns)
        var stacked = Matrix(rows: triangle.rows + block.rows, columns: triangle.columns)
        for column in 0..<triangle.columns {
            for row in 0...column { stacked[row, column] = triangle[row, column] }
            let source = block.column(column)
            for row in 0..<block.rows { stacked[triangle.rows + row, column] = source[row] }
        }
        triangle = try PivotedQR(stacked, pivoting: false).triangle
    }

    /// Takes the factor of other rows in.
    ///
    /// - Throws: `StileError` where LAPACK refuses.
    public mutating func add(_ other: OrthogonalFactor) throws {
        let size = triangle.columns
        var stacked = Matrix(rows: 2 * size, columns: size)
        for column in 0..<size {
            for row in 0...column {
                stacked[row, column] = triangle[row, column]
                stacked[size + row, column] = other.triangle[row, column]
            }
        }
        triangle = try PivotedQR(stacked, pivoting: false).triangle
    }

    /// The columns that are linear combinations of the columns before them.
    ///
    /// - Parameter tolerance: A column is one where what is left of it, after the
    ///   columns before it are taken out, is at most this share of its length.
    public func aliasedColumns(tolerance: Double) -> [Int] {
        let size = triangle.columns
        var basis: [[Double]] = []
        var aliased: [Int] = []
        for column in 0..<size {
            var vector = (0..<size).map { triangle[$0, column] }
            let length = OrthogonalFactor.length(vector)
            // Twice is enough: the second pass removes what rounding left of the first.
            for _ in 0..<2 {
                for direction in basis {
                    var share = 0.0
                    for index in 0..<size { share += direction[index] * vector[index] }
                    for index in 0..<size { vector[index] -= share * direction[index] }
                }
            }
            let rest = OrthogonalFactor.length(vector)
            if rest <= length * tolerance {
                aliased.append(column)
            } else {
                basis.append(vector.map { $0 / rest })
            }
        }
        return aliased
    }

    private static func length(_ vector: [Double]) -> Double {
        vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
}
