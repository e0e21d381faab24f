import ColumnFiles
import Foundation
import PipelineModel
import Testing
import TestSupport

struct ColumnFileRowsTests {
    private let table = ColumnTable(
        schema: "test", version: 1, attributes: [:],
        columns: [
            Column("a", .number((0..<1_000).map(Double.init))),
            Column("code", .code(vocabulary: ["x", "y"], codes: (0..<1_000).map { $0 % 2 })),
            Column("b", .number((0..<1_000).map { -0.5 * Double($0) })),
            Column("rare", .numbers((0..<1_000).map { $0 % 50 == 3 ? Double($0) : 0 })),
        ])

    /// The numbers of a column that is lent, zeros included.
    private func values(_ lent: LentRows, _ column: Int, _ range: Range<Int>) -> [Double] {
        var values = [Double](repeating: 0, count: range.count)
        lent.columns[column].forEach(range.count) { values[$0] = $1 }
        return values
    }

    private func stored(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("stile-rows-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try ColumnStore(directory: folder.path)
        try body(store.path(of: store.write(table)))
    }

    @Test func rangesAreWhatWasWritten() throws {
        try stored { path in
            let rows = try ColumnFileRows(path: path)
            #expect(rows.rowCount == 1_000 && rows.columns == ["a", "b", "rare"])
            for range in [0..<1_000, 0..<1, 999..<1_000, 37..<613] {
                try rows.withRows(range) { lent in
                    #expect(lent.columns.map(\.isDense) == [true, true, false])
                    #expect(values(lent, 0, range) == range.map(Double.init))
                    #expect(values(lent, 1, range) == range.map { -0.5 * Double($0) })
                    #expect(
                        values(lent, 2, range) == range.map { $0 % 50 == 3 ? Double($0) : 0 })
                }
            }
            let reversed = try ColumnFileRows(path: path, columns: ["b", "a"])
            try reversed.withRows(2..<3, of: [1, 0]) {
                #expect(values($0, 0, 2..<3) == [2] && values($0, 1, 2..<3) == [-1])
            }
            let chosen = try ColumnFileRows(path: path, prefix: "ra")
            #expect(chosen.columns == ["re"])
        }
    }

    @Test func mostlyZeroColumnsComeBackAsTheyWere() throws {
        let read = try ColumnFileReader.table(Data(ColumnFileWriter.bytes(of: table)), file: "a")
        #expect(read == table)
        #expect(read["rare"]?.kind == "sparse")
        #expect(read["rare"]?.numbers?[53] == 53 && read["rare"]?.numbers?[54] == 0)
    }

    @Test func aRowBeyondTheTableIsRefused() throws {
        // The third of the rare rows, 103, becomes 60,000.
        var bytes = try ColumnFileWriter.bytes(of: table)
        let rows = [UInt32](arrayLiteral: 3, 53, 103).withUnsafeBytes(Array.init)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: rows) })
        bytes.replaceSubrange(
            (place + 8)..<(place + 12), with: withUnsafeBytes(of: UInt32(60_000), Array.init))
        #expect(throws: StileError.self) { try ColumnFileReader.table(Data(bytes), file: "a") }
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("stile-rows-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(throws: StileError.self) { try ColumnFileRows(path: path) }
    }

    @Test func whatIsNotThereIsRefused() throws {
        try stored { path in
            #expect(throws: StileError.self) { try ColumnFileRows(path: path, columns: ["code"]) }
            #expect(throws: StileError.self) { try ColumnFileRows(path: path, columns: ["c"]) }
            #expect(throws: StileError.self) { try ColumnFileRows(path: path + ".gone") }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let short = path + ".short"
            try bytes.dropLast(600).write(to: URL(fileURLWithPath: short))
            let error = #expect(throws: StileError.self) { try ColumnFileRows(path: short) }
            #expect(error?.message.contains("damaged or was cut short") == true)
        }
    }
}
