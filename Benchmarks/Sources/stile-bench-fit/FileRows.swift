import Foundation
import PipelineModel

/// The columns of ``StoredDesign``, left in their file and read range by range.
struct FileRows: DesignRows {
    let rowCount: Int
    let columns: [String]
    private let file: OpenFile

    init(_ design: StoredDesign) throws {
        rowCount = design.rows
        columns = design.names
        file = try OpenFile(design.folder.appendingPathComponent("design.f64"))
    }

    func withRows(_ range: Range<Int>, _ body: (LentRows) throws -> Void) throws {
        let values = UnsafeMutableBufferPointer<Double>.allocate(
            capacity: range.count * columns.count)
        defer { values.deallocate() }
        for column in columns.indices {
            let part = values[column * range.count..<(column + 1) * range.count]
            try file.read(
                UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: part)),
                at: 8 * (column * rowCount + range.lowerBound))
        }
        guard let base = values.baseAddress else { return }
        try body(LentRows(base: UnsafePointer(base), stride: range.count))
    }
}

/// A file that is read at any place, by several threads at one time.
final class OpenFile: Sendable {
    private let descriptor: Int32

    init(_ file: URL) throws {
        descriptor = open(file.path, O_RDONLY)
        guard descriptor >= 0 else {
            throw StileError(
                .inputOutput, "The file \(file.lastPathComponent) cannot be opened.",
                remedy: "Make the data again.")
        }
    }

    deinit { close(descriptor) }

    func read(_ bytes: UnsafeMutableRawBufferPointer, at place: Int) throws {
        var filled = 0
        while filled < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])
            let count = pread(
                descriptor, rest.baseAddress, min(rest.count, 1 << 24), off_t(place + filled))
            guard count > 0 else {
                throw StileError(
                    .input, "The data are shorter than their design says.",
                    remedy: "Make the data again.")
            }
            filled += count
        }
    }
}
