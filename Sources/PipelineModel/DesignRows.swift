/// The rows of a design, however they are kept: in memory, or in a file that is read range by
/// range.
///
/// A fit visits the rows in fixed ranges and holds a few ranges at a time, so that a design need
/// not fit into memory.
public protocol DesignRows: Sendable {
    /// The number of rows.
    var rowCount: Int { get }
    /// The names of the columns; the intercept is not one of them.
    var columns: [String] { get }
    /// Lends the values of some rows to `body`.
    ///
    /// - Parameters:
    ///   - range: Which rows, within `0..<rowCount`.
    ///   - body: Uses the values; they are valid until it returns.
    /// - Throws: `StileError` where the rows cannot be read.
    func withRows(_ range: Range<Int>, _ body: (LentRows) throws -> Void) throws
}

/// The values of some rows of a design, valid inside `DesignRows.withRows` only.
public struct LentRows {
    /// Element (row, column) of the range is `base[column * stride + row]`.
    public let base: UnsafePointer<Double>
    public let stride: Int

    public init(base: UnsafePointer<Double>, stride: Int) {
        self.base = base
        self.stride = stride
    }

    /// Where the values of a column begin.
    public func column(_ index: Int) -> UnsafePointer<Double> { base + index * stride }
}

extension DesignMatrix: DesignRows {
    public var rowCount: Int { rows.count }

    public func withRows(_ range: Range<Int>, _ body: (LentRows) throws -> Void) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows.count)
        try values.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            try body(LentRows(base: base + range.lowerBound, stride: rows.count))
        }
    }
}
