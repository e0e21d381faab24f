import Foundation
import PipelineModel
import Testing
import TestSupport

@testable import ColumnFiles

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
        try stored { store, digest in try body(store.path(of: digest)) }
    }

    private func stored(_ body: (ColumnStore, ContentDigest) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("stile-rows-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try ColumnStore(directory: folder.path)
        try body(store, store.write(table))
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

    @Test func whatTakesTheNameOfAnOpenFileIsNotRead() throws {
        try stored { store, digest in
            let (rows, others) = try store.rows(of: digest, prefix: "ra")
            let (all, none) = try store.rows(of: digest, prefix: "")
            #expect(rows.columns == ["re"] && others.columns.map(\.name) == ["a", "code", "b"])
            #expect(all.columns == ["a", "b", "rare"] && none.columns.isEmpty)
            #expect(others["b"]?.numbers?[7] == -3.5)

            // Of the same form and length, by another night.
            let other = ColumnTable(
                schema: "test", version: 1, attributes: [:],
                columns: [
                    Column("a", .number((0..<1_000).map { _ in 9 })), table.columns[1],
                    Column("b", .number((0..<1_000).map { _ in 9 })),
                    Column("rare", .numbers((0..<1_000).map { $0 % 50 == 3 ? 9 : 0 })),
                ])
            let path = store.path(of: digest)
            try Data(ColumnFileWriter.bytes(of: other)).write(
                to: URL(fileURLWithPath: path), options: .atomic)
            try all.withRows(50..<60) { lent in
                #expect(values(lent, 0, 50..<60) == (50..<60).map(Double.init))
                #expect(values(lent, 2, 50..<60)[3] == 53)
            }
            try rows.withRows(50..<60) { #expect(values($0, 0, 50..<60)[3] == 53) }
            let error = #expect(throws: StileError.self) {
                try store.rows(of: digest, prefix: "")
            }
            #expect(error?.code == .integrity)
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: "/dev/null")
            #expect(throws: StileError.self) { try store.rows(of: digest, prefix: "") }
        }
    }

    /// Two numbers in fifty thousand rows: more rows than the file has bytes.
    @Test func aFileOfRareColumnsAloneIsRead() throws {
        let count = 50_000
        let rare = ColumnTable(
            schema: "test", version: 1, attributes: [:],
            columns: ["x", "y"].enumerated().map { place, name in
                Column(name, .numbers((0..<count).map { $0 == 7_777 + place ? 5 : 0 }))
            })
        let bytes = try ColumnFileWriter.bytes(of: rare)
        #expect(bytes.count < count)
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("stile-rows-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let rows = try ColumnFileRows(path: path)
        #expect(rows.rowCount == count && rows.columns == ["x", "y"])
        try rows.withRows(7_770..<7_780) { lent in
            #expect(values(lent, 0, 7_770..<7_780) == [0, 0, 0, 0, 0, 0, 0, 5, 0, 0])
            #expect(values(lent, 1, 7_770..<7_780) == [0, 0, 0, 0, 0, 0, 0, 0, 5, 0])
        }
    }

    // The header of a table with a column of each kind, its number of rows changed: no kind may
    // have other rows than its bytes hold.
    @Test(arguments: ["number", "code", "day", "integer", "pseudonym", "fixed", "variable"])
    func rowsThatAColumnDoesNotHoldAreRefused(_ kind: String) throws {
        let count = 40
        let values: ColumnValues =
            switch kind {
            case "number": .number((0..<count).map(Double.init))
            case "code": .code(vocabulary: ["x"], codes: Array(repeating: 0, count: count))
            case "day": .day((0..<count).map { Day(Int32($0)) })
            case "integer": .integer((0..<count).map(Int64.init))
            case "pseudonym":
                .pseudonym((0..<count).map { UnitPseudonym(high: 1, low: UInt64($0)) })
            case "fixed": .fixedBytes(width: 3, bytes: [UInt8](repeating: 7, count: 3 * count))
            default:
                .variableBytes(
                    offsets: (0...count).map { UInt64(2 * $0) },
                    bytes: [UInt8](repeating: 7, count: 2 * count))
            }
        let table = ColumnTable(
            schema: "test", version: 1, attributes: [:], columns: [Column("c", values)])
        let bytes = try ColumnFileWriter.bytes(of: table)
        #expect(table.columns[0].values.kind == kind)
        #expect(try ColumnFileReader.layout(Data(bytes), file: "a").rows == count)
        let written = Array(#""rows":40"#.utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: written) })
        for other in ["39", "41", "-1"] {
            var changed = bytes
            changed.replaceSubrange(
                place..<(place + written.count), with: Array(#""rows":\#(other)"#.utf8))
            #expect(throws: StileError.self, "\(other)") {
                try ColumnFileReader.layout(Data(changed), file: "a")
            }
        }
    }
}
