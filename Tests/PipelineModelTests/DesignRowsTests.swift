import PipelineModel
import Testing

/// Whatever form a design has, it lends the same numbers.
struct DesignRowsTests {
    /// A dense column and two that are mostly zero, one of them wholly.
    private let columns: [(String, [Double])] = {
        var generator = SeededGenerator(seed: 5, label: "design rows")
        let dense = (0..<2_000).map { _ in generator.uniform() - 0.5 }
        let sparse = (0..<2_000).map { _ in generator.chance(0.05) ? generator.uniform() : 0 }
        return [
            ("dense", dense), ("sparse", sparse), ("zero", [Double](repeating: 0, count: 2_000)),
        ]
    }()

    private var design: DesignColumns {
        var design = DesignColumns(rowCount: 2_000)
        for (name, values) in columns { design.append(name, values) }
        return design
    }

    /// What is lent, zeros included.
    private func numbers(
        _ design: any DesignRows, _ range: Range<Int>, _ wanted: [Int]
    ) throws -> [[Double]] {
        var found: [[Double]] = []
        try design.withRows(range, of: wanted) { lent in
            found = lent.columns.map { column in
                var values = [Double](repeating: 0, count: range.count)
                column.forEach(range.count) { values[$0] = $1 }
                return values
            }
        }
        return found
    }

    @Test func mostlyZeroColumnsAreKeptAsWhatIsNot() throws {
        try design.withRows(100..<200) { lent in
            #expect(lent.columns.map(\.isDense) == [true, false, false])
        }
        #expect(SparseColumn(mostlyZero: columns[0].1) == nil)
        #expect(SparseColumn(mostlyZero: columns[1].1)?.numbers == columns[1].1)
    }

    @Test(arguments: [0..<2_000, 0..<1, 1_999..<2_000, 37..<613, 5..<5])
    func rangesAreThoseOfTheColumns(_ range: Range<Int>) throws {
        #expect(
            try numbers(design, range, [2, 0, 1]) == [2, 0, 1].map { Array(columns[$0].1[range]) })
    }

    @Test(arguments: [
        Array(0..<2_000), Array(400..<900), [0, 1_999], (0..<2_000).filter { $0 % 7 < 3 },
    ])
    func selectedRowsAreThoseThatWereChosen(_ rows: [Int]) throws {
        let selected = SelectedRows(design, rows: rows)
        #expect(selected.rowCount == rows.count && selected.columns == design.columns)
        for range in [0..<rows.count, 0..<1, (rows.count / 2)..<rows.count] {
            #expect(
                try numbers(selected, range, [0, 1, 2])
                    == columns.map { column in rows[range].map { column.1[$0] } })
        }
    }

    @Test func whatIsNoSparseColumnIsRefused() {
        #expect(SparseColumn(count: 3, rows: [0, 2], values: [1, 2])?.numbers == [1, 0, 2])
        for (rows, values) in [
            ([1, 1], [1, 2]), ([2, 1], [1, 2]), ([3], [1]), ([0], [0]), ([0, 1], [1]),
        ] as [([UInt32], [Double])] {
            #expect(SparseColumn(count: 3, rows: rows, values: values) == nil)
        }
    }
}
