import LinearAlgebra
import PipelineModel
import Testing

/// Products of rows that are mostly zero beside the plain sums.
struct CompressedRowsTests {
    private let count = 1_000
    private let order = 7
    /// Columns that are mostly zero, the third of them wholly.
    private let columns: [[Double]]
    private let rows: CompressedRows

    init() throws {
        var generator = SeededGenerator(seed: 9, label: "compressed rows")
        let columns = (0..<7).map { column in
            (0..<1_000).map { _ in
                column != 2 && generator.chance(0.08) ? generator.uniform() - 0.5 : 0
            }
        }
        var design = DesignColumns(rowCount: 1_000)
        for (index, column) in columns.enumerated() { design.append("x\(index)", column) }
        var rows = CompressedRows()
        try design.withRows(0..<1_000) { rows = CompressedRows($0, rows: 1_000) }
        self.columns = columns
        self.rows = rows
    }

    @Test(arguments: [0..<512, 512..<1_000, 3..<4, 7..<7])
    func productsAreThePlainSums(_ range: Range<Int>) throws {
        let vector = (0..<order).map { 1 + Double($0) / 3 }
        var product = [Double](repeating: 2, count: range.count)
        product.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { rows.addProduct(vector, rows: range, to: base) }
        }
        for (index, row) in range.enumerated() {
            let plain = (0..<order).reduce(2) { $0 + columns[$1][row] * vector[$1] }
            #expect((product[index] - plain).magnitude < 1e-14)
        }
        let residuals = range.map { Double($0 % 5) - 2 }
        var sums = [Double](repeating: 1, count: order)
        sums.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress {
                rows.addTransposedProduct(residuals, rows: range, to: base)
            }
        }
        for column in 0..<order {
            let plain = range.enumerated().reduce(1) {
                $0 + columns[column][$1.element] * residuals[$1.offset]
            }
            #expect((sums[column] - plain).magnitude < 1e-13)
        }
    }

    @Test func gramsAreThePlainSums() throws {
        let range = 100..<400
        let factors = range.map { Double($0 % 3) }
        var block = RowBlock(columns: 2)
        block.begin(rows: range.count)
        for index in 0..<range.count {
            block.column(0)[index] = 1
            block.column(1)[index] = Double(index % 11) - 5
        }
        var mixed = [Double](repeating: 0, count: 2 * order)
        var own = [Double](repeating: 0, count: order * order)
        mixed.withUnsafeMutableBufferPointer { mixed in
            own.withUnsafeMutableBufferPointer { own in
                guard let mixed = mixed.baseAddress, let own = own.baseAddress else { return }
                rows.addGram(
                    beside: block, weightedBy: factors, rows: range, order: order, mixed: mixed,
                    own: own)
            }
        }
        for right in 0..<order {
            func sum(_ left: (Int) -> Double) -> Double {
                range.enumerated().reduce(0) { sum, row in
                    let factor = factors[row.offset]
                    return sum + factor * factor * left(row.offset) * columns[right][row.element]
                }
            }
            #expect((mixed[2 * right] - sum { _ in 1 }).magnitude < 1e-12)
            #expect((mixed[2 * right + 1] - sum { Double($0 % 11) - 5 }).magnitude < 1e-12)
            for left in 0...right {
                let plain = sum { columns[left][range.lowerBound + $0] }
                #expect((own[right * order + left] - plain).magnitude < 1e-12)
            }
        }
    }
}
