import CLinearAlgebra
import CRowKernels

/// Some rows of a design, copied out, so that they can be centred, scaled and
/// weighted without a copy of the whole matrix.
///
/// Column-major with ``RowShards/blockRows`` rows of room. Owned by one thread.
public struct RowBlock: ~Copyable {
    /// The number of columns.
    public let columns: Int
    /// The number of rows that are filled at present.
    public private(set) var rows = 0
    private let room: Int
    private let storage: UnsafeMutablePointer<Double>

    /// - Precondition: `columns` is below 2³¹ ÷ ``RowShards/blockRows``.
    public init(columns: Int) {
        precondition(columns > 0 && columns < Int(Int32.max) / RowShards.blockRows)
        self.columns = columns
        room = RowShards.blockRows
        storage = .allocate(capacity: room * columns)
        storage.initialize(repeating: 0, count: room * columns)
    }

    deinit { storage.deallocate() }

    /// Says how many rows the next filling has.
    public mutating func begin(rows: Int) {
        precondition(rows <= room, "a block has room for \(room) rows")
        self.rows = rows
    }

    /// The filled part of a column; valid while the block lives.
    public func column(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
        precondition(index < columns)
        return UnsafeMutableBufferPointer(start: storage + index * room, count: rows)
    }

    /// Fills a column with `(source − mean) · factor`.
    ///
    /// - Parameters:
    ///   - index: Which column.
    ///   - source: As many values as the block has rows.
    ///   - mean: Is taken from each value.
    ///   - factor: Multiplies what is left.
    ///   - next: Where the next column's values lie, which are fetched meanwhile.
    public mutating func fill(
        _ index: Int, from source: UnsafePointer<Double>, mean: Double, factor: Double,
        next: UnsafePointer<Double>? = nil
    ) {
        precondition(index < columns)
        stile_standardise(storage + index * room, source, mean, factor, rows, next)
    }

    /// Takes over the filled rows of a block of as many columns.
    public mutating func copy(_ other: borrowing RowBlock) {
        precondition(other.columns == columns)
        begin(rows: other.rows)
        for column in 0..<columns {
            (storage + column * room).update(from: other.storage + column * room, count: rows)
        }
    }

    /// Multiplies each row by its factor.
    public mutating func scaleRows(by factors: UnsafePointer<Double>) {
        for column in 0..<columns { stile_multiply(storage + column * room, factors, rows) }
    }

    /// `product = block · vector` (one element for each row).
    public func multiply(
        _ vector: UnsafePointer<Double>, into product: UnsafeMutablePointer<Double>
    ) {
        cblas_dgemv(
            CblasColMajor, CblasNoTrans, Int32(rows), Int32(columns), 1, storage, Int32(room),
            vector, 1, 0, product, 1)
    }

    /// `sum += blockᵀ · vector` (one element for each column).
    public func addTransposedProduct(
        _ vector: UnsafePointer<Double>, into sum: UnsafeMutablePointer<Double>
    ) {
        cblas_dgemv(
            CblasColMajor, CblasTrans, Int32(rows), Int32(columns), 1, storage, Int32(room),
            vector, 1, 1, sum, 1)
    }

    /// `gram += blockᵀ · block` in the upper triangle (`columns` × `columns`).
    public func addGram(into gram: UnsafeMutablePointer<Double>) {
        cblas_dsyrk(
            CblasColMajor, CblasUpper, CblasTrans, Int32(columns), Int32(rows), 1, storage,
            Int32(room), 1, gram, Int32(columns))
    }

    /// `lengths = ` the squared length of each row of block · R⁻¹; the block is overwritten.
    ///
    /// Where RᵀR = XᵀWX and the block holds rows of √W X, these are their leverages.
    ///
    /// - Parameters:
    ///   - factor: R, of as many columns as the block.
    ///   - lengths: Room for an element for each row.
    public mutating func squaredLengths(
        under factor: UpperFactor, into lengths: UnsafeMutablePointer<Double>
    ) {
        precondition(factor.order == columns)
        factor.withTriangle { triangle in
            cblas_dtrsm(
                CblasColMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(rows),
                Int32(columns), 1, triangle, Int32(columns), storage, Int32(room))
        }
        lengths.update(repeating: 0, count: rows)
        for column in 0..<columns {
            let values = storage + column * room
            for row in 0..<rows { lengths[row] += values[row] * values[row] }
        }
    }
}
