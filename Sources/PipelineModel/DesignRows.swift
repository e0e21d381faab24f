/// The rows of a design, however they are kept: in memory, or in a file that is read range by
/// range; all numbers of a column, or those that are not zero.
///
/// A fit visits the rows in fixed ranges and holds a few ranges at a time, so that a design need
/// not fit into memory.
public protocol DesignRows: Sendable {
    /// The number of rows.
    var rowCount: Int { get }
    /// The names of the columns; the intercept is not one of them.
    var columns: [String] { get }
    /// Lends the numbers of some rows to `body`.
    ///
    /// - Parameters:
    ///   - range: Which rows, within `0..<rowCount`.
    ///   - columns: Which columns, by their place in ``columns``; others are not read.
    ///   - body: Uses the numbers; they are valid until it returns.
    /// - Throws: `StileError` where the rows cannot be read.
    func withRows(_ range: Range<Int>, of columns: [Int], _ body: (LentRows) throws -> Void) throws
}

extension DesignRows {
    /// Lends the numbers of some rows, of all columns, to `body`.
    ///
    /// - Parameters:
    ///   - range: Which rows, within `0..<rowCount`.
    ///   - body: Uses the numbers; they are valid until it returns.
    /// - Throws: `StileError` where the rows cannot be read.
    public func withRows(_ range: Range<Int>, _ body: (LentRows) throws -> Void) throws {
        try withRows(range, of: Array(columns.indices), body)
    }
}

/// The numbers of some rows of a design, valid inside `DesignRows.withRows` only.
public struct LentRows {
    /// The columns that were asked for, in that order.
    public let columns: [LentColumn]

    public init(_ columns: [LentColumn]) { self.columns = columns }

    /// Columns that lie one after the other.
    ///
    /// - Parameters:
    ///   - base: Where the range begins in the first column of all.
    ///   - stride: From a number to that of the next column.
    ///   - columns: Which of them are lent.
    public init(base: UnsafePointer<Double>, stride: Int, columns: [Int]) {
        self.columns = columns.map { .dense(base + $0 * stride) }
    }
}

/// One column of the rows that are lent.
public enum LentColumn {
    /// A number for each row of the range.
    case dense(UnsafePointer<Double>)
    case sparse(LentNonzeros)

    public var isDense: Bool {
        if case .dense = self { true } else { false }
    }

    /// Visits the numbers that are kept, ascending by row: all of them, or those that are not zero.
    ///
    /// - Parameters:
    ///   - count: How many rows are lent.
    ///   - body: Takes a row, counted from the beginning of the range, and its number.
    @inlinable @inline(__always)
    public func forEach(_ count: Int, _ body: (_ row: Int, _ value: Double) throws -> Void) rethrows
    {
        switch self {
        case .dense(let numbers):
            for row in 0..<count { try body(row, numbers[row]) }
        case .sparse(let nonzeros):
            for index in 0..<nonzeros.count {
                try body(nonzeros.row(index), nonzeros.values[index])
            }
        }
    }
}

/// The numbers of a column that are not zero, in some rows that are lent.
public struct LentNonzeros {
    public let values: UnsafeBufferPointer<Double>
    @usableFromInline let rows: UnsafeBufferPointer<UInt32>
    @usableFromInline let origin: Int

    /// The numbers of `range` among those of a whole column.
    ///
    /// - Parameters:
    ///   - range: The rows that are lent.
    ///   - rows: All rows of the column whose number is not zero, ascending.
    ///   - values: Their numbers.
    public init(
        _ range: Range<Int>, rows: UnsafeBufferPointer<UInt32>,
        values: UnsafeBufferPointer<Double>
    ) {
        let part = Self.places(of: range, in: rows)
        self.rows = UnsafeBufferPointer(rebasing: rows[part])
        self.values = UnsafeBufferPointer(rebasing: values[part])
        origin = range.lowerBound
    }

    /// How many there are.
    @inlinable public var count: Int { values.count }

    /// The row of a number, counted from the beginning of the range.
    @inlinable public func row(_ index: Int) -> Int { Int(rows[index]) - origin }

    /// Which of the numbers belong to some of the rows, counted from the beginning of the range.
    public func indices(in range: Range<Int>) -> Range<Int> {
        Self.places(of: (origin + range.lowerBound)..<(origin + range.upperBound), in: rows)
    }

    private static func places(
        of range: Range<Int>, in rows: UnsafeBufferPointer<UInt32>
    ) -> Range<Int> {
        first(from: range.lowerBound, in: rows)..<first(from: range.upperBound, in: rows)
    }

    /// The first place of a row that is not before `row`.
    private static func first(from row: Int, in rows: UnsafeBufferPointer<UInt32>) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension DesignMatrix: DesignRows {
    public var rowCount: Int { rows.count }

    public func withRows(
        _ range: Range<Int>, of columns: [Int], _ body: (LentRows) throws -> Void
    ) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows.count)
        try values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            try body(
                LentRows(base: base + range.lowerBound, stride: rows.count, columns: columns))
        }
    }
}
