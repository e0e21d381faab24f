import GRDB
import PipelineModel

/// Reads rows inside one consistent view of the database.
struct Reader {
    let database: Database

    func all(_ sql: String, _ arguments: StatementArguments = []) throws -> [Fields] {
        try Row.fetchAll(database, sql: sql, arguments: arguments).map(Fields.init)
    }

    func first(_ sql: String, _ arguments: StatementArguments = []) throws -> Fields? {
        try Row.fetchOne(database, sql: sql, arguments: arguments).map(Fields.init)
    }
}

/// Changes rows inside one transaction.
struct Writer {
    let database: Database

    var reader: Reader { Reader(database: database) }

    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The number of rows that the last statement changed.
    var changes: Int { database.changesCount }

    var lastIdentifier: Int64 { database.lastInsertedRowID }
}

extension ZoneDatabase {
    func read<Value>(_ body: (Reader) throws -> Value) throws -> Value {
        try DatabaseFault.mapping(path) {
            try queue.read { try body(Reader(database: $0)) }
        }
    }

    /// Runs `body` in one transaction; an error undoes all of it.
    func write<Value>(_ body: (Writer) throws -> Value) throws -> Value {
        try DatabaseFault.mapping(path) {
            try queue.write { try body(Writer(database: $0)) }
        }
    }
}
