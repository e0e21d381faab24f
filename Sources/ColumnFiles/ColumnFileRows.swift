import Foundation
public import PipelineModel

/// Number columns of a column file as the rows of a design, read range by range, so that the
/// design need not fit into memory.
///
/// A range is read column by column into memory that is given back after it was used; of columns
/// that are mostly zero the file is mapped. Several threads may read at one time. The file stays
/// open: what takes its name later is not read. ``ColumnStore/rows(of:prefix:)`` checks its bytes.
public struct ColumnFileRows: DesignRows {
    public let rowCount: Int
    public let columns: [String]
    private let places: [Place]
    private let file: OpenColumnFile
    /// The file as it is mapped, where a column is mostly zero.
    private let mapped: Data

    /// Where a column lies in the file.
    private enum Place {
        case dense(UInt64)
        case sparse(rows: Range<Int>, values: Range<Int>)
    }

    /// Opens the columns of these names.
    ///
    /// - Parameters:
    ///   - path: The column file.
    ///   - names: The columns in the order of the design; `nil` for all columns of numbers.
    ///   - prefix: Stands before the name of each column in the file; without names, columns
    ///     without it are left out.
    /// - Throws: `StileError` with code `integrity` where the file is damaged or has no such column
    ///   of numbers, `inputOutput` where it cannot be opened.
    public init(path: String, columns names: [String]? = nil, prefix: String = "") throws {
        let file = try OpenColumnFile(path)
        try self.init(file, mapped: file.mapped(), columns: names, prefix: prefix)
    }

    /// As ``init(path:columns:prefix:)``, of a file that is open and mapped.
    init(
        _ file: OpenColumnFile, mapped whole: Data, columns names: [String]? = nil, prefix: String
    ) throws {
        let path = file.path
        let layout = try ColumnFileReader.layout(whole, file: path)
        let numbers = layout.columns.filter {
            ($0.kind == "number" || $0.kind == "sparse") && $0.name.hasPrefix(prefix)
        }
        columns = names ?? numbers.map { String($0.name.dropFirst(prefix.count)) }
        rowCount = layout.rows
        self.file = file
        var places: [Place] = []
        var mapped = Data()
        for name in columns {
            guard let column = numbers.first(where: { $0.name == prefix + name }) else {
                throw StileError(
                    .integrity, "The column file has no column of numbers “\(name)”.",
                    at: .init(file: path),
                    remedy: "Restore it from the backup, or remove it and run the stage again.")
            }
            if column.kind == "number" {
                places.append(.dense(UInt64(column.parts[0].lowerBound)))
            } else {
                mapped = whole
                try ColumnFileReader.check(column, rows: layout.rows, in: mapped, file: path)
                places.append(.sparse(rows: column.parts[0], values: column.parts[1]))
            }
        }
        self.places = places
        self.mapped = mapped
    }

    public func withRows(
        _ range: Range<Int>, of columns: [Int], _ body: (LentRows) throws -> Void
    ) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
        let width = MemoryLayout<Double>.stride
        let values = UnsafeMutablePointer<Double>.allocate(
            capacity: max(1, range.count * columns.count))
        defer { values.deallocate() }
        try mapped.withUnsafeBytes { mapped in
            var lent: [LentColumn] = []
            for (index, column) in columns.enumerated() {
                switch places[column] {
                case .dense(let offset):
                    let start = values + index * range.count
                    let target = UnsafeMutableRawBufferPointer(
                        start: start, count: range.count * width)
                    try file.read(target, at: offset + UInt64(range.lowerBound * width))
                    lent.append(.dense(start))
                case .sparse(let rows, let nonzeros):
                    lent.append(
                        .sparse(
                            LentNonzeros(
                                range,
                                rows: UnsafeRawBufferPointer(rebasing: mapped[rows])
                                    .assumingMemoryBound(to: UInt32.self),
                                values: UnsafeRawBufferPointer(rebasing: mapped[nonzeros])
                                    .assumingMemoryBound(to: Double.self))))
                }
            }
            try body(LentRows(lent))
        }
    }
}
