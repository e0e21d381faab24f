import GRDB
import PipelineModel

/// Turns what SQLite and GRDB throw into faults that name no value.
enum DatabaseFault {
    /// Runs `body`; what it throws leaves as `StileError`.
    ///
    /// GRDB's decoding errors print whole rows, and SQLite's messages may quote
    /// them, so only the result code passes.
    static func mapping<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as StileError {
            throw error
        } catch let error as DatabaseError {
            throw fault(error.resultCode, extended: error.extendedResultCode.rawValue, path)
        } catch {
            throw StileError(
                .inputOutput, "The database could not be used.", at: .init(file: path),
                remedy: "Check the disk, then run again.")
        }
    }

    private static func fault(_ code: ResultCode, extended: Int32, _ path: String) -> StileError {
        let place = StileError.Place(file: path)
        switch code {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return StileError(
                .integrity, "The file is not a sound SQLite database.", at: place,
                remedy: "Restore it from the backup.")
        case .SQLITE_CONSTRAINT:
            return StileError(
                .integrity,
                "The database refused a row that breaks a rule of its tables "
                    + "(SQLite code \(extended)).",
                at: place,
                remedy: "Nothing of the step was kept; report the run record as a defect.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StileError(
                .busy, "Another process is writing to the database.", at: place,
                remedy: "Wait for it to end, then run again.")
        case .SQLITE_FULL:
            return StileError(
                .inputOutput, "The disk of the database is full.", at: place,
                remedy: "Make room, then run again; nothing of the step was kept.")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            return StileError(
                .inputOutput, "The database cannot be opened for writing.", at: place,
                remedy: "Check that its folder exists and that this account may write there.")
        default:
            return StileError(
                .inputOutput, "The database could not be used (SQLite code \(extended)).",
                at: place, remedy: "Check the disk, then run again.")
        }
    }
}
