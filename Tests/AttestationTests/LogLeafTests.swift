import Attestation
import ColumnFiles
import Foundation
import Hashing
import PipelineModel
import TestSupport
import Testing

/// What a leaf may say, and that it is read back as it was written.
@Suite struct LogLeafTests {
    private let folder = TemporaryFolder("leaf")
    private let key: SigningKey
    private let start = Timestamp(seconds: 1_768_379_525)

    init() throws { key = try #require(SigningKey(seed: Array(0..<32))) }

    private func log(remembers: Bool = false) -> AppendOnlyLog {
        AppendOnlyLog(
            directory: folder.path, origin: "stile.test/log", key: key, remembers: remembers)
    }

    private let step = LogLeaf.Entry(
        kind: "model.trained", actor: "stile", subjects: [.init("equation", .sha256("e"))],
        run: "20260329t013000z-4f1c", scope: "gp.patients", counts: ["link.ran": 1, "a": 0])

    @Test func aStepIsReadBack() throws {
        let log = log()
        try log.create()
        try log.append([step, .init(kind: "test.step", list: "l-1", actor: "p-1")], at: start)
        let view = try log.view()
        #expect(view.leaves.map(\.entry)[0] == step)
        #expect(view.leaves.map(\.number) == [0, 1])
        let lines = try String(
            contentsOfFile: folder.path + "/leaves.jsonl", encoding: .utf8
        ).split(separator: "\n")
        #expect(
            lines[0]
                == #"{"actor":"stile","at":"2026-01-14T08:32:05Z","counts":{"a":0,"link.ran":1},"kind":"model.trained","list":"","n":0,"run":"20260329t013000z-4f1c","scope":"gp.patients","subjects":{"equation":"\#(ContentDigest.sha256("e").hex)"}}"#
        )
        // What a step does not have does not stand in its line.
        #expect(
            lines[1]
                == #"{"actor":"p-1","at":"2026-01-14T08:32:05Z","kind":"test.step","list":"l-1","n":1,"subjects":{}}"#
        )
    }

    @Test func freeTextIsRefused() throws {
        let log = log()
        try log.create()
        var entries = [step, step, step]
        entries[0].run = "Jane Doe"
        entries[1].scope = "Jane Doe"
        entries[2].counts = ["Jane Doe": 1]
        for entry in entries {
            let error = #expect(throws: StileError.self) { try log.append(entry, at: start) }
            #expect(error?.message == "A leaf of the log may hold identifiers and digests only.")
        }
        #expect(try log.view().leaves.isEmpty)
    }

    @Test func oneAppendIsOneWriteAndOneCheckpoint() throws {
        let disk = CountingDisk()
        let log = AppendOnlyLog(
            directory: folder.path, origin: "stile.test/log", key: key, fileSystem: disk)
        try log.create()
        let before = disk.writes.count
        try log.append([step, step, step], at: start)
        #expect(
            disk.writes[before...].map { ($0 as NSString).lastPathComponent } == [
                "leaves.jsonl", "checkpoint",
            ])
        #expect(try log.append([], at: start).isEmpty)
        #expect(disk.writes.count == before + 2)
    }

    /// Killed in an append of several: the whole lines are kept, the torn one is cut off.
    @Test func anAppendCutAnywhereIsMended() throws {
        let made = log()
        try made.create()
        try made.append(step, at: start)
        let checkpoint = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/checkpoint"))
        let first = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/leaves.jsonl"))
        try made.append([step, step], at: start)
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/leaves.jsonl"))
        let length = (whole.count - first.count) / 2
        for cut in first.count...whole.count {
            try folder.write(whole.prefix(cut), to: "leaves.jsonl")
            try folder.write(checkpoint, to: "checkpoint")
            let view = try log().view()
            #expect(view.leaves.count == 1 + (cut - first.count) / length, "cut at \(cut)")
            #expect(view.checkpoint.size == view.leaves.count)
        }
    }

    @Test func whoRemembersSeesWhatOthersAdd() throws {
        let log = log(remembers: true)
        try log.create()
        try log.append(step, at: start)
        try self.log().append(step, at: start + 1)
        #expect(try log.append(step, at: start + 2).number == 2)
        #expect(try self.log().view().leaves.count == 3)
        // A file that was changed is read again, and refused.
        let path = folder.path + "/leaves.jsonl"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try folder.write(
            text.replacing("gp.patients", with: "gp.patience") + "\n", to: "leaves.jsonl")
        #expect(throws: StileError.self) { try log.append(step, at: start + 3) }
    }
}

/// The disk, with a list of what was written.
private final class CountingDisk: FileSystem, @unchecked Sendable {
    private let disk = DiskFileSystem()
    private(set) var writes: [String] = []

    func writeDurably(_ bytes: [UInt8], to path: String, permissions: UInt16) throws {
        writes.append(path)
        try disk.writeDurably(bytes, to: path, permissions: permissions)
    }
    func appendDurably(_ bytes: [UInt8], to path: String) throws {
        writes.append(path)
        try disk.appendDurably(bytes, to: path)
    }
    func remove(_ path: String) throws { try disk.remove(path) }
    func move(_ path: String, to destination: String) throws {
        try disk.move(path, to: destination)
    }
}
