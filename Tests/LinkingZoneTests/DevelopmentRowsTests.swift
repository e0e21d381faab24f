import ColumnFiles
import Foundation
import PipelineModel
import TestSupport
import Testing

@testable import LinkingZone

struct DevelopmentRowsTests {
    private func table(_ value: Double) throws -> DevelopmentTable {
        let rows = (0..<20).map { number in
            let pseudonym = PersonPseudonym(high: 1, low: UInt64(number + 1))
            return RowKey(unit: pseudonym.cast(), asOf: Day(20_000), person: pseudonym)
        }
        let matrix = DesignMatrix(
            unitKind: .person, rows: rows, columns: ["one", "rare"],
            values: rows.indices.map { value + Double($0) }
                + rows.indices.map { $0 == 4 ? value : 0 }
        ).table
        return try DevelopmentTable(
            ColumnTable(
                schema: matrix.schema, version: matrix.version, attributes: matrix.attributes,
                columns: matrix.columns + [
                    Column("outcome", .number(rows.indices.map { Double($0 % 2) })),
                    Column("fold", .integer(rows.map { _ in 0 })),
                ]), file: "made up")
    }

    @Test func theRowsAreThoseThatWereChecked() throws {
        let folder = TemporaryFolder("development")
        let store = try ColumnStore(directory: folder.path)
        let digest = try store.write(table(1).table)
        let rows = try DevelopmentRows(digest, in: store)
        #expect(rows.design.columns == ["one", "rare"] && rows.outcome.count == 20)

        // Another development takes the name of this one while it is being fitted.
        let other = try store.write(table(5).table)
        let path = store.path(of: digest)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: store.path(of: other), toPath: path)
        try rows.design.withRows(4..<5) { lent in
            var found: [Double] = []
            for column in lent.columns { column.forEach(1) { found.append($1) } }
            #expect(found == [5, 1])
        }
        let error = #expect(throws: StileError.self) { try DevelopmentRows(digest, in: store) }
        #expect(error?.code == .integrity)
    }
}
