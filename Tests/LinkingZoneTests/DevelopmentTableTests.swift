import PipelineModel
import Testing

@testable import LinkingZone

struct DevelopmentTableTests {
    /// Six people in three households, a row each.
    private func table(_ together: [UnitPseudonym]) throws -> DevelopmentTable {
        let matrix = DesignMatrix(
            unitKind: .person,
            rows: (0..<6).map { number in
                let person = PersonPseudonym(high: 7, low: UInt64(number))
                return RowKey(unit: person.cast(), asOf: Day(1), person: person)
            }, columns: ["a"], values: (0..<6).map(Double.init))
        let written = matrix.table
        var table = try DevelopmentTable(
            ColumnTable(
                schema: written.schema, version: written.version, attributes: written.attributes,
                columns: written.columns + [
                    Column("outcome", .number([0, 1, 0, 1, 0, 1])),
                    Column("fold", .integer([0, 0, 0, 1, 1, 1])),
                ]), file: "rows")
        table.together = together
        return table
    }

    @Test func whatRowsAreKeptTogetherWithIsKept() throws {
        let homes = (0..<6).map { UnitPseudonym(high: 9, low: UInt64($0 / 2)) }
        let kept = try DevelopmentTable(table(homes).table, file: "rows")
        #expect(kept.together == homes && kept.clusterKeys == homes)
        let some = kept.rows([5, 0, 1])
        #expect(some.together == [homes[5], homes[0], homes[1]])
        #expect(some.outcome == [1, 0, 1])
    }

    @Test func withoutItRowsAreOfWhomTheyAreAbout() throws {
        let kept = try DevelopmentTable(table([]).table, file: "rows")
        #expect(kept.together.isEmpty && kept.clusterKeys == kept.matrix.rows.map(\.about))
        #expect(!kept.table.columns.contains { $0.name == "together" })
    }
}
