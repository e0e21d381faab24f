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
        ])

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
            #expect(rows.rowCount == 1_000 && rows.columns == ["a", "b"])
            for range in [0..<1_000, 0..<1, 999..<1_000, 37..<613] {
                try rows.withRows(range) { lent in
                    for row in range {
                        #expect(lent.column(0)[row - range.lowerBound] == Double(row))
                        #expect(lent.column(1)[row - range.lowerBound] == -0.5 * Double(row))
                    }
                }
            }
            let reversed = try ColumnFileRows(path: path, columns: ["b", "a"])
            try reversed.withRows(2..<3) { #expect($0.column(0)[0] == -1 && $0.column(1)[0] == 2) }
        }
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
