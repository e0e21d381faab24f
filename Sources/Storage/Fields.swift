import Foundation
import GRDB
import PipelineModel

/// The columns of one row, each read as what it should be or refused.
///
/// GRDB's own subscripts trap on a value of another type and print it.
struct Fields {
    private let row: Row

    init(_ row: Row) { self.row = row }

    private func damaged(_ column: String) -> StileError {
        StileError(
            .integrity, "The database holds an unexpected value in column \(column).",
            remedy: "Restore the database from the backup.")
    }

    private func storage(_ column: String) throws -> DatabaseValue.Storage {
        guard row.hasColumn(column) else { throw damaged(column) }
        let value: DatabaseValue = row[column]
        return value.storage
    }

    func text(_ column: String) throws -> String {
        guard case .string(let value) = try storage(column) else { throw damaged(column) }
        return value
    }

    func textIfPresent(_ column: String) throws -> String? {
        if case .null = try storage(column) { return nil }
        return try text(column)
    }

    func integer(_ column: String) throws -> Int64 {
        guard case .int64(let value) = try storage(column) else { throw damaged(column) }
        return value
    }

    func count(_ column: String) throws -> Int { Int(try integer(column)) }

    func number(_ column: String) throws -> Double {
        guard case .double(let value) = try storage(column) else { throw damaged(column) }
        return value
    }

    func digest(_ column: String) throws -> ContentDigest {
        guard let value = ContentDigest(hex: try text(column)) else { throw damaged(column) }
        return value
    }

    func day(_ column: String) throws -> Day {
        guard let number = Int32(exactly: try integer(column)) else { throw damaged(column) }
        return Day(number)
    }

    func instant(_ column: String) throws -> Date {
        guard let value = Instant.date(try text(column)) else { throw damaged(column) }
        return value
    }

    func instantIfPresent(_ column: String) throws -> Date? {
        if case .null = try storage(column) { return nil }
        return try instant(column)
    }

    func choice<Choice: RawRepresentable<String>>(
        _ column: String, _: Choice.Type = Choice.self
    ) throws -> Choice {
        guard let value = Choice(rawValue: try text(column)) else { throw damaged(column) }
        return value
    }
}
