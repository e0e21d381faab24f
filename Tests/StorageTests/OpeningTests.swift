import Foundation
import GRDB
import PipelineModel
import Storage
import TestSupport
import Testing

@Suite struct OpeningTests {
    let folder = TemporaryFolder("storage")

    @Test func aNewDatabaseIsPrivateInWALModeAndOfItsZone() throws {
        let database = try open(folder)
        #expect(try database.meta("zone") == "source")
        let mode = try FileManager.default.attributesOfItem(atPath: database.path)
        #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let queue = try DatabaseQueue(path: database.path)
        try queue.read { raw in
            #expect(try String.fetchOne(raw, sql: "PRAGMA journal_mode") == "wal")
            #expect(try Int.fetchOne(raw, sql: "PRAGMA user_version") == 2)
            let loose = try String.fetchAll(
                raw, sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0")
            #expect(loose.filter { !$0.hasPrefix("sqlite_") } == [])
        }
        try database.verify()
        #expect(try database.sqliteVersion().hasPrefix("3."))
    }

    @Test func openingAgainChangesNothing() throws {
        try open(folder).setMeta("project", "meadowshire")
        #expect(try open(folder).meta("project") == "meadowshire")
    }

    @Test func aDatabaseFromANewerVersionIsRefused() throws {
        let path = try open(folder).path
        try DatabaseQueue(path: path).writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA user_version = 99")
        }
        let found = fault { _ = try open(folder) }
        #expect(found?.code == .integrity)
        #expect(found?.message == "The database has version 99; this program knows up to 2.")
        #expect(found?.remedy.contains("Install the Stile that wrote it") == true)
        let version = try DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "PRAGMA user_version")
        }
        #expect(version == 99)
    }

    @Test func aDatabaseOfAnotherZoneIsRefused() throws {
        let path = try open(folder, .source).path
        let found = fault { _ = try ZoneDatabase(path: path, zone: .linking) }
        #expect(found?.code == .configuration)
        #expect(found?.message == "The database does not belong to the linking zone.")
    }

    @Test func aForeignFileIsRefused() throws {
        let text = try folder.write(
            String(repeating: "not a database ", count: 100), to: "a.sqlite")
        #expect(fault { _ = try ZoneDatabase(path: text, zone: .source) }?.code == .integrity)
        let other = folder.path + "/other.sqlite"
        try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE person (name)") }
        let found = fault { _ = try ZoneDatabase(path: other, zone: .source) }
        #expect(found?.message == "The SQLite file is not a database of Stile.")
    }

    @Test func aMissingFolderIsAnInputOutputFault() {
        let found = fault {
            _ = try ZoneDatabase(path: folder.path + "/none/source.sqlite", zone: .source)
        }
        #expect(found?.code == .inputOutput)
    }

    @Test func theZoneStands() throws {
        let database = try open(folder)
        #expect(fault { try database.setMeta("zone", "linking") }?.code == .policy)
    }

    @Test func noFaultPrintsAValue() throws {
        let canary = "Aurelia Canary"
        let database = try open(folder)
        // A file altered behind the program's back: the checks off, a name for a digest.
        try DatabaseQueue(path: database.path).write {
            try $0.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try $0.execute(
                sql: "INSERT INTO held_state (name, sha256) VALUES ('x', ?)", arguments: [canary])
        }
        let read = fault { _ = try database.held("x") }
        #expect(read?.code == .integrity)
        #expect(read?.description.contains("Canary") == false)

        var commit = StageCommit()
        commit.lists = [
            ListRecord(id: "", model: canary, asOf: Day(1), created: moment, digests: [:])
        ]
        let written = fault { try database.commit(commit) }
        #expect(written?.code == .integrity)
        #expect(written?.description.contains("Canary") == false)
    }
}
