import Attestation
import ColumnFiles
import Foundation
import Hashing
import NightRun
import PipelineModel
import Storage
import Synchronization
import TestSupport

let moment = Date(timeIntervalSince1970: 1_774_747_800)

func fault(_ body: () throws -> Void) -> StileError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StileError
    }
}

/// A file system that goes wrong at the n-th write, in one of several ways.
final class FaultyFileSystem: FileSystem {
    enum Way: CaseIterable {
        /// The write fails, later ones succeed, as on a disk that was full for a while.
        case once
        /// It and all later ones fail, as on a disk that went away.
        case fromThenOn
        /// It is left half-written and everything stops, as at a power cut.
        case half
        /// It is done, and then everything stops.
        case after
        /// The process is killed in it.
        case kill
        /// It is done and durable, and then the process is killed.
        case killAfter
    }

    private let count = Atomic<Int>(0)
    private let failing: Int
    private let way: Way
    private let disk = DiskFileSystem()

    init(failingAt number: Int, _ way: Way) {
        failing = number
        self.way = way
    }

    /// The number of writes asked for.
    var writes: Int { count.load(ordering: .relaxed) }

    private func run(half: () throws -> Void, _ body: () throws -> Void) throws {
        let number = count.add(1, ordering: .relaxed).newValue
        let broken = StileError(.inputOutput, "Injected.", remedy: "None.")
        guard number >= failing else { return try body() }
        if number == failing {
            switch way {
            case .half: try half()
            case .after: try body()
            case .kill:
                try half()
                Foundation.kill(getpid(), SIGKILL)
            case .killAfter:
                try body()
                Foundation.kill(getpid(), SIGKILL)
            case .once, .fromThenOn: break
            }
        } else if way == .once {
            return try body()
        }
        throw broken
    }

    func writeDurably(_ bytes: [UInt8], to path: String, permissions: UInt16) throws {
        try run(half: {
            try Data(bytes.prefix(bytes.count / 2)).write(
                to: URL(fileURLWithPath: path + ".partial-1"))
        }) {
            try disk.writeDurably(bytes, to: path, permissions: permissions)
        }
    }

    func appendDurably(_ bytes: [UInt8], to path: String) throws {
        try run(half: {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.seekToEnd()
            try file.write(contentsOf: Data(bytes.prefix(bytes.count / 2)))
            try file.close()
        }) { try disk.appendDurably(bytes, to: path) }
    }

    func truncate(_ path: String, to size: Int) throws {
        try run(half: {}) { try disk.truncate(path, to: size) }
    }

    func remove(_ path: String) throws { try run(half: {}) { try disk.remove(path) } }

    func move(_ path: String, to destination: String) throws {
        try run(half: {}) { try disk.move(path, to: destination) }
    }
}

/// A night of two stages: a file in the drop folder is taken in and archived; what
/// is held is summed up.
struct SmallNight {
    let folder: String
    /// Whether it writes its steps into a log.
    var isLogged = false

    static let kinds: StepLog.Kinds = [
        "intake": [
            .init("delivery.accepted", outputs: false), .init("batch.written", inputs: false),
        ], "sum": [.init("sum.made")],
    ]

    func log(_ fileSystem: any FileSystem = DiskFileSystem()) throws -> AppendOnlyLog {
        guard let key = SigningKey(seed: Array(0..<32)) else {
            throw StileError(.input, "No key.", remedy: "None.")
        }
        return AppendOnlyLog(
            directory: folder + "/log", origin: "test/log", key: key, fileSystem: fileSystem,
            remembers: true)
    }

    /// Compares the log with the record and the files.
    @discardableResult
    func audit() throws -> [String] {
        let context = try context()
        return try StepAudit(
            log().view(), kinds: Self.kinds, database: context.database,
            columns: context.columns, folder: folder
        ).check()
    }

    func context(
        _ fileSystem: any FileSystem = DiskFileSystem(), version: String = "1",
        interruption: Interruption = Interruption(),
        progress: @escaping @Sendable (RunContext.Progress) -> Void = { _ in }
    ) throws -> RunContext {
        try RunContext(
            folder: folder,
            database: ZoneDatabase(path: folder + "/source.sqlite", zone: .source),
            columns: ColumnStore(directory: folder + "/columns", fileSystem: fileSystem),
            fileSystem: fileSystem, interruption: interruption, codeVersion: version,
            versions: ["BLAS": "none"], now: { moment }, progress: progress)
    }

    /// Runs the night as composition does: whatever comes, the record is ended.
    @discardableResult
    func run(_ context: RunContext) throws -> RunRecord {
        let lock = try RunLock(path: folder + "/run.lock", now: moment)
        defer { lock.release() }
        var night = try Night(context)
        if isLogged {
            let log = try log(context.fileSystem)
            try StepLog.begin(log, in: context.database)
            night.steps = StepLog(log, kinds: Self.kinds)
        }
        do {
            try stages(&night)
        } catch {
            _ = try? night.end()
            throw error
        }
        let record = try night.end()
        try night.writePage(into: "pages")
        return record
    }

    private func stages(_ night: inout Night) throws {
        let context = night.context
        let drop = folder + "/drop/a.csv"
        if FileManager.default.fileExists(atPath: drop) {
            let digest = try ContentDigest.sha256(fileAt: drop)
            let stage = Stage(
                "intake", scope: "gp",
                inputs: [Artefact("extract", name: "a.csv", kind: .file, digest: digest)])
            try night.perform(stage) { work in
                let bytes = try Data(contentsOf: URL(fileURLWithPath: drop))
                let table = ColumnTable(
                    schema: "facts", version: 1,
                    columns: [Column("value", .integer(bytes.map { Int64($0) }))])
                let facts = try work.write(table, as: "facts")
                try work.write(
                    Array(bytes.reversed()), file: "exchange/b1/batch.staged", as: "batch")
                try work.hold("facts", facts)
                work.move("exchange/b1/batch.staged", to: "exchange/b1/batch.json")
                work.move("drop/a.csv", to: "archive/a.csv")
                work.rows(in: bytes.count, out: bytes.count)
            }
        }
        guard let facts = try context.database.held("facts") else { return }
        try night.perform(Stage("sum", inputs: [Artefact("facts", digest: facts)])) { work in
            try work.step(0.5)
            guard case .integer(let values)? = try context.columns.read(facts)["value"] else {
                throw StileError(.integrity, "No values.", remedy: "None.")
            }
            let table = ColumnTable(
                schema: "sum", version: 1,
                columns: [Column("sum", .integer([values.reduce(0, +)]))])
            try work.hold("sum", try work.write(table, as: "sum"))
            work.count(.excluded, "opt-out", 2)
            work.rows(in: values.count, out: 1)
        }
    }

    /// Everything that must not depend on how often the night was stopped.
    func state() throws -> [String] {
        let database = try ZoneDatabase(path: folder + "/source.sqlite", zone: .source)
        try database.verify()
        var lines = try database.held(prefix: "").map { "held \($0.key) \($0.value)" }
        lines += try database.liveFiles().map { "live \($0)" }
        lines += try database.pendingActs().map { "owed \($0.act)" }
        for stage in ["intake", "sum"] {
            for scope in try database.scopes(of: stage) {
                let result = try database.result(stage: stage, scope: scope)
                lines.append("result \(stage) \(scope) \(result?.outputs.map(\.digest) ?? [])")
            }
        }
        for folder in ["columns", "drop", "archive", "exchange/b1"] {
            let path = self.folder + "/" + folder
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            where !name.contains(".partial-") || folder == "columns" {
                lines.append(
                    "file \(folder)/\(name) \(try ContentDigest.sha256(fileAt: "\(path)/\(name)"))")
            }
        }
        return lines.sorted()
    }
}
