import Foundation
import GRDB
import PipelineModel

/// The system of record of one zone: one SQLite file, in WAL mode, STRICT
/// tables, foreign keys enforced, each change in a transaction.
///
/// Nothing of GRDB shows in the interface, and every fault leaves as
/// `StileError` without a value from a row.
public struct ZoneDatabase: Sendable {
    public let path: String
    public let zone: Zone
    let queue: DatabaseQueue

    /// Opens the database of `zone` at `path`, making or migrating it as needed.
    ///
    /// - Throws: `StileError`: `integrity` where the file is damaged or was written
    ///   by a newer Stile, `configuration` where it belongs to another zone,
    ///   `inputOutput` where it cannot be opened.
    public init(path: String, zone: Zone) throws {
        self.path = path
        self.zone = zone
        queue = try DatabaseFault.mapping(path) {
            try Self.makePrivate(path)
            try Self.refuseNewer(path, than: Self.newestVersion(of: zone))
            var configuration = Configuration()
            configuration.foreignKeysEnabled = true
            configuration.journalMode = .wal
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;")
            }
            return try DatabaseQueue(path: path, configuration: configuration)
        }
        try DatabaseFault.mapping(path) { try migrate() }
    }

    /// The newest version of the tables that this program knows.
    public static func newestVersion(of zone: Zone) -> Int { Schema.migrations(zone).count }

    /// The version of SQLite in use, such as `3.40.1`.
    public func sqliteVersion() throws -> String {
        try read { try $0.first("SELECT sqlite_version() AS version")?.text("version") ?? "" }
    }

    /// Checks every page and every foreign key of the file.
    ///
    /// - Throws: `StileError` with code `integrity` where it is not sound.
    public func verify() throws {
        try read { reader in
            let result = try reader.first(
                "SELECT integrity_check AS result FROM pragma_integrity_check")
            let orphans = try reader.all("PRAGMA foreign_key_check")
            guard try result?.text("result") == "ok", orphans.isEmpty else {
                throw StileError(
                    .integrity, "The database fails its own check.", at: .init(file: path),
                    remedy: "Restore it from the backup.")
            }
        }
    }

    /// A database holds personal data from its first byte: only its account reads it.
    private static func makePrivate(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StileError(
                .inputOutput,
                "The database cannot be opened for writing: \(String(cString: strerror(errno))).",
                at: .init(file: path),
                remedy: "Check that its folder exists and that this account may write there.")
        }
        close(descriptor)
    }

    /// Refuses a database of a newer program by its header, before SQLite opens it: opening
    /// alone may write, and what is not understood is left as it is.
    ///
    /// Source of the form: the SQLite file format, section 1.3; the version is the big-endian
    /// number in bytes 60 to 63.
    private static func refuseNewer(_ path: String, than newest: Int) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 100)
        guard pread(descriptor, &header, header.count, 0) == header.count,
            header.starts(with: Array("SQLite format 3\0".utf8))
        else { return }
        let found = header[60..<64].reduce(0) { $0 << 8 | Int($1) }
        guard found <= newest else { throw newer(path, found, newest) }
    }

    private static func newer(_ path: String, _ found: Int, _ newest: Int) -> StileError {
        StileError(
            .integrity,
            "The database has version \(found); this program knows up to \(newest).",
            at: .init(file: path),
            remedy:
                "Install the Stile that wrote it, or restore the backup made before the upgrade."
        )
    }

    private func migrate() throws {
        let steps = Schema.migrations(zone)
        try queue.writeWithoutTransaction { database in
            func pragma(_ name: String) throws -> Int64 {
                try Row.fetchOne(database, sql: "PRAGMA \(name)").map {
                    try Fields($0).integer(name)
                } ?? 0
            }
            try database.inTransaction(.immediate) {
                let found = Int(try pragma("user_version"))
                let owner = try pragma("application_id")
                guard found <= steps.count else {
                    throw Self.newer(path, found, steps.count)
                }
                let empty = try Row.fetchOne(database, sql: "SELECT 1 FROM sqlite_schema") == nil
                guard owner == Schema.applicationID || (found == 0 && empty) else {
                    throw StileError(
                        .integrity, "The SQLite file is not a database of Stile.",
                        at: .init(file: path),
                        remedy: "Move it away, or correct `state` in stile.yaml.")
                }
                for (version, step) in steps.enumerated().dropFirst(found) {
                    try database.execute(sql: step)
                    try database.execute(
                        sql: """
                            PRAGMA user_version = \(version + 1);
                            PRAGMA application_id = \(Schema.applicationID);
                            """)
                }
                try claim(database)
                return .commit
            }
        }
    }

    /// Writes the zone into a new database; refuses one of another zone.
    private func claim(_ database: Database) throws {
        let owner = try Row.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'zone'")
        guard let owner else {
            try database.execute(
                sql: "INSERT INTO meta (key, value) VALUES ('zone', ?)", arguments: [zone.rawValue])
            return
        }
        guard try Fields(owner).text("value") == zone.rawValue else {
            throw StileError(
                .configuration, "The database does not belong to the \(zone.rawValue) zone.",
                at: .init(file: path), remedy: "Give each zone a `state` folder of its own.")
        }
    }
}
