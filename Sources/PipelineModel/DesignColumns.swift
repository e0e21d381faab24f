/// A design in memory whose columns are kept in either form: all numbers, or, where most are zero,
/// those that are not.
public struct DesignColumns: DesignRows, Equatable {
    public let rowCount: Int
    public private(set) var columns: [String] = []
    private var places: [Place] = []
    /// Column by column.
    private var numbers: [Double] = []
    /// Of the mostly zero columns, one after the other.
    private var rows: [UInt32] = []
    private var nonzeros: [Double] = []

    /// Where a column is kept.
    private enum Place: Equatable {
        /// Its first number.
        case dense(Int)
        /// Its part of the numbers that are not zero.
        case sparse(Range<Int>)
    }

    /// A design without a column.
    public init(rowCount: Int) { self.rowCount = rowCount }

    /// The columns of a matrix, each in the form that fits it.
    public init(_ matrix: DesignMatrix) {
        self.init(rowCount: matrix.rows.count)
        for (index, name) in matrix.columns.enumerated() {
            let start = index * rowCount
            append(name, matrix.values[start..<(start + rowCount)])
        }
    }

    /// Appends a column in the form that fits it.
    ///
    /// - Precondition: There is a number for each row.
    public mutating func append(_ name: String, _ column: some RandomAccessCollection<Double>) {
        precondition(column.count == rowCount, "a column of the wrong length")
        if let sparse = SparseColumn(mostlyZero: column) {
            append(name, sparse)
        } else {
            columns.append(name)
            places.append(.dense(numbers.count))
            numbers.append(contentsOf: column)
        }
    }

    /// Appends a column that is mostly zero.
    ///
    /// - Precondition: It has as many rows as the design.
    public mutating func append(_ name: String, _ column: SparseColumn) {
        precondition(column.count == rowCount, "a column of the wrong length")
        columns.append(name)
        places.append(.sparse(rows.count..<(rows.count + column.rows.count)))
        rows.append(contentsOf: column.rows)
        nonzeros.append(contentsOf: column.values)
    }

    public func withRows(
        _ range: Range<Int>, of columns: [Int], _ body: (LentRows) throws -> Void
    ) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
        try numbers.withUnsafeBufferPointer { numbers in
            try rows.withUnsafeBufferPointer { rows in
                try nonzeros.withUnsafeBufferPointer { nonzeros in
                    try body(
                        LentRows(
                            columns.compactMap {
                                lent(range, places[$0], numbers, rows, nonzeros)
                            }))
                }
            }
        }
    }

    private func lent(
        _ range: Range<Int>, _ place: Place, _ numbers: UnsafeBufferPointer<Double>,
        _ rows: UnsafeBufferPointer<UInt32>, _ nonzeros: UnsafeBufferPointer<Double>
    ) -> LentColumn? {
        switch place {
        case .dense(let start):
            numbers.baseAddress.map { .dense($0 + start + range.lowerBound) }
        case .sparse(let part):
            .sparse(
                LentNonzeros(
                    range, rows: UnsafeBufferPointer(rebasing: rows[part]),
                    values: UnsafeBufferPointer(rebasing: nonzeros[part])))
        }
    }
}
