import LinearAlgebra
import Testing

struct FactorisationTests {
    /// 4 12 −16 / 12 37 −43 / −16 −43 98: the textbook example, R = 2 6 −8 / 1 5 / 3.
    private let textbook = Matrix(
        rows: 3, columns: 3, values: [4, 12, -16, 12, 37, -43, -16, -43, 98])

    @Test func solvesAndInverts() throws {
        let factor = try #require(try UpperFactor(cholesky: textbook))
        // A (1, 2, 3)ᵀ = (−20, −43, 192)ᵀ
        let solution = factor.solve([-20, -43, 192])
        for (found, expected) in zip(solution, [1.0, 2, 3]) {
            #expect((found - expected).magnitude < 1e-10)
        }
        // python3 -c "import numpy as n; print(n.linalg.inv([[4,12,-16],[12,37,-43],[-16,-43,98]]))"
        let inverse = try #require(factor.inverse())
        #expect((inverse[0, 0] - 49.36111111111111).magnitude < 1e-9)
        #expect((inverse[0, 1] + 13.555555555555555).magnitude < 1e-9)
        #expect((inverse[2, 0] - 2.111111111111111).magnitude < 1e-9)
        #expect(factor.reciprocalCondition > 1e-5 && factor.reciprocalCondition < 1e-3)
    }

    @Test func aTriangleFromElsewhereSolvesTheSame() throws {
        let factor = try UpperFactor(
            triangle: Matrix(rows: 3, columns: 3, values: [-2, 0, 0, -6, 1, 0, 8, 5, 3]))
        let solution = factor.solve([-20, -43, 192])
        for (found, expected) in zip(solution, [1.0, 2, 3]) {
            #expect((found - expected).magnitude < 1e-10)
        }
    }

    @Test func whatIsNotPositiveDefiniteHasNoFactor() throws {
        #expect(
            try UpperFactor(cholesky: Matrix(rows: 2, columns: 2, values: [1, 2, 2, 1])) == nil)
        #expect(
            try UpperFactor(cholesky: Matrix(rows: 1, columns: 1, values: [.nan])) == nil)
        let singular = try UpperFactor(
            triangle: Matrix(rows: 2, columns: 2, values: [1, 0, 1, 0]))
        #expect(singular.reciprocalCondition == 0)
        #expect(singular.inverse() == nil)
    }

    @Test func pivotingFindsTheRank() throws {
        // Columns a, b, a + b, of four rows.
        let matrix = Matrix(
            rows: 4, columns: 3, values: [1, 2, 3, 4, 1, 0, 1, 0, 2, 2, 4, 4])
        #expect(try PivotedQR(matrix).rank == 2)
        #expect(try PivotedQR(matrix).order.sorted() == [0, 1, 2])
        #expect(try PivotedQR(Matrix(rows: 2, columns: 2)).rank == 0)
    }

    @Test func blocksGiveTheFactorOfTheWhole() throws {
        var factor = OrthogonalFactor(columns: 3)
        var other = OrthogonalFactor(columns: 3)
        var block = RowBlock(columns: 3)
        let rows: [[Double]] = [[1, 1, 2], [2, 0, 2], [3, 1, 4], [4, 0, 4], [5, 7, 12]]
        for (index, row) in rows.enumerated() {
            block.begin(rows: 1)
            for column in 0..<3 { block.column(column)[0] = row[column] }
            if index < 3 { try factor.add(block) } else { try other.add(block) }
        }
        try factor.add(other)
        for left in 0..<3 {
            for right in 0..<3 {
                let gram = rows.reduce(0) { $0 + $1[left] * $1[right] }
                let product = (0..<3).reduce(0) {
                    $0 + factor.triangle[$1, left] * factor.triangle[$1, right]
                }
                #expect((gram - product).magnitude < 1e-11)
            }
        }
        // The last column is the sum of the two before it.
        #expect(factor.aliasedColumns(tolerance: 1e-9) == [2])
    }
}
