import Foundation
public import PipelineModel

/// Number columns of a column file as the rows of a design, read range by range, so that the
/// design need not fit into memory.
///
/// A range is read column by column into memory that is given back after it was used; several
/// threads may read at one time. That the file is the one that its digest names is for the caller
/// to check.
public struct ColumnFileRows: DesignRows {
    public let rowCount: Int
    public let columns: [String]
    private let path: String
    /// Where each column begins in the file.
    private let offsets: [UInt64]
    private let descriptor: OpenFile

    /// Opens the columns of these names.
    ///
    /// - Parameters:
    ///   - path: The column file.
    ///   - names: The columns in the order of the design; `nil` for all columns of numbers.
    /// - Throws: `StileError` with code `integrity` where the file is damaged or has no such column
    ///   of numbers, `inputOutput` where it cannot be opened.
    public init(path: String, columns names: [String]? = nil) throws {
        let layout = try ColumnFileReader.layout(at: path)
        let numbers = layout.columns.filter { $0.kind == "number" }
        let wanted = names ?? numbers.map(\.name)
        offsets = try wanted.map { name in
            guard let column = numbers.first(where: { $0.name == name }) else {
                throw StileError(
                    .integrity, "The column file has no column of numbers “\(name)”.",
                    at: .init(file: path),
                    remedy: "Restore it from the backup, or remove it and run the stage again.")
            }
            return UInt64(column.offset)
        }
        columns = wanted
        rowCount = layout.rows
        self.path = path
        descriptor = try OpenFile(path)
    }

    public func withRows(_ range: Range<Int>, _ body: (LentRows) throws -> Void) throws {
        precondition(range.lowerBound >= 0 && range.upperBound <= rowCount)
        let count = range.count
        let width = MemoryLayout<Double>.stride
        let values = UnsafeMutablePointer<Double>.allocate(capacity: max(1, count * columns.count))
        defer { values.deallocate() }
        for (index, offset) in offsets.enumerated() {
            let target = UnsafeMutableRawBufferPointer(
                start: values + index * count, count: count * width)
            try descriptor.read(target, at: offset + UInt64(range.lowerBound * width))
        }
        try body(LentRows(base: values, stride: count))
    }
}

/// A file that stays open while something reads it.
private final class OpenFile: Sendable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StileError(
                .inputOutput, "The column file cannot be opened.", at: .init(file: path),
                remedy: "Check that it exists and that this account may read it.")
        }
    }

    deinit { close(descriptor) }

    func read(_ target: UnsafeMutableRawBufferPointer, at offset: UInt64) throws {
        var done = 0
        while done < target.count {
            let part = pread(
                descriptor, target.baseAddress.map { $0 + done }, target.count - done,
                off_t(offset) + off_t(done))
            if part < 0 && errno == EINTR { continue }
            guard part > 0 else {
                throw StileError(
                    .inputOutput, "The column file cannot be read to its end.",
                    at: .init(file: path),
                    remedy: "Check the disk; restore the file from the backup.")
            }
            done += part
        }
    }
}
