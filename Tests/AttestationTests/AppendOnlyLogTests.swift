import Attestation
import ColumnFiles
import Foundation
import Hashing
import PipelineModel
import TestSupport
import Testing

@Suite struct AppendOnlyLogTests {
    let folder = TemporaryFolder("log")
    let key: SigningKey
    let start = Timestamp(seconds: 1_768_379_525)

    init() throws { key = try #require(SigningKey(seed: Array(0..<32))) }

    func log(fileSystem: any FileSystem = DiskFileSystem()) -> AppendOnlyLog {
        AppendOnlyLog(
            directory: folder.path, origin: "stile.test/log", key: key, fileSystem: fileSystem)
    }

    func filled(_ count: Int) throws -> AppendOnlyLog {
        let log = log()
        try log.create()
        for index in 0..<count {
            try log.append(
                .init(kind: "test.step", list: "l-\(index)", actor: "stile"),
                at: start + Int64(index))
        }
        return log
    }

    var leaves: String { folder.path + "/leaves.jsonl" }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    @Test func appendsAndProves() throws {
        let log = try filled(5)
        let view = try log.view()
        #expect(view.leaves.map(\.number) == [0, 1, 2, 3, 4])
        #expect(view.leaves(ofList: "l-3").map(\.number) == [3])
        let leaf = view.leaves[2]
        #expect(
            MerkleTree.verifiesInclusion(
                of: MerkleTree.hash(leaf: leaf.bytes), index: 2, size: 5,
                proof: view.inclusionProof(of: leaf), root: view.checkpoint.root))
        let other = try AppendOnlyLog.view(
            directory: folder.path, origin: "stile.test/log", key: key.verifying)
        #expect(other.checkpoint == view.checkpoint)
        #expect(throws: StileError.self) { try log.create() }
    }

    @Test func checkpointIsASignedNote() throws {
        _ = try filled(1)
        let lines = try text(folder.path + "/checkpoint").components(separatedBy: "\n")
        #expect(lines[0] == "stile.test/log")
        #expect(lines[1] == "1")
        #expect(lines[4].hasPrefix("— stile.test/log "))
    }

    @Test(arguments: [
        "remove last", "remove middle", "swap", "edit", "duplicate", "two beyond", "foreign beyond",
    ])
    func refusesAChangedLog(change: String) throws {
        let log = try filled(4)
        var lines = try text(leaves).split(separator: "\n").map(String.init)
        switch change {
        case "remove last": lines.removeLast()
        case "remove middle": lines.remove(at: 1)
        case "swap": lines.swapAt(1, 2)
        case "edit": lines[1] = lines[1].replacingOccurrences(of: "l-1", with: "l-9")
        case "duplicate": lines.append(lines[3])
        case "two beyond": lines += [lines[3], lines[3]]
        default: lines.append("{}")
        }
        try folder.write(lines.joined(separator: "\n") + "\n", to: "leaves.jsonl")
        for attempt in [{ _ = try log.view() }, { try self.add(log) }] {
            let error = #expect(throws: StileError.self) { try attempt() }
            #expect(error?.code == .integrity)
            #expect(error?.message.hasPrefix("The log was changed") == true)
        }
    }

    func add(_ log: AppendOnlyLog) throws {
        try log.append(.init(kind: "test.step", actor: "stile"), at: start + 9)
    }

    @Test func cutsATornLineAndKeepsAWholeOne() throws {
        let log = try filled(3)
        let whole = LogLeaf(
            number: 3, at: start + 3, entry: .init(kind: "test.hold", actor: "p-1"))
        let before = try text(leaves)
        try folder.write(before + #"{"actor":"p-1","at":"#, to: "leaves.jsonl")
        #expect(try log.view().leaves.count == 3)
        #expect(try text(leaves) == before)
        try folder.write(
            before + String(decoding: whole.bytes, as: UTF8.self) + "\n", to: "leaves.jsonl")
        #expect(try log.view().leaves.last == whole)
        #expect(try log.view().checkpoint.size == 4)
    }

    @Test func refusesAnotherKeyOriginOrAMissingFile() throws {
        let log = try filled(2)
        let other = try #require(SigningKey(seed: Array(1...32)))
        #expect(throws: StileError.self) {
            try AppendOnlyLog.view(
                directory: folder.path, origin: "stile.test/log", key: other.verifying)
        }
        let error = #expect(throws: StileError.self) {
            try AppendOnlyLog.view(
                directory: folder.path, origin: "stile.real/log", key: key.verifying)
        }
        #expect(error?.message.contains("another log") == true)
        try FileManager.default.removeItem(atPath: folder.path + "/checkpoint")
        #expect(throws: StileError.self) { try log.view() }
        #expect(throws: StileError.self) { try log.create() }
    }

    @Test func seesALogSetBack() throws {
        let log = try filled(2)
        let old = (try text(leaves), try text(folder.path + "/checkpoint"))
        try add(log)
        let newest = try log.view().checkpoint
        try folder.write(old.0, to: "leaves.jsonl")
        try folder.write(old.1, to: "checkpoint")
        let view = try log.view()
        let error = #expect(throws: StileError.self) { try view.check(continues: newest) }
        #expect(error?.message.contains("does not continue") == true)
    }

    @Test func refusesNamesFreeTextAndAClockSetBack() throws {
        let log = try filled(1)
        #expect(throws: StileError.self) {
            try log.append(.init(kind: "sign-off", actor: "Jane Doe"), at: start)
        }
        #expect(throws: StileError.self) {
            try log.append(.init(kind: "test.step", actor: "stile"), at: start + -301)
        }
        #expect(try log.view().leaves.count == 1)
    }

    /// Refuses the write with the given number.
    final class FaultyDisk: FileSystem, @unchecked Sendable {
        var left: Int
        init(failingAt left: Int) { self.left = left }
        func step() throws {
            left -= 1
            if left == 0 { throw StileError(.inputOutput, "No space.", remedy: "Make space.") }
        }
        func writeDurably(_ bytes: [UInt8], to path: String, permissions: UInt16) throws {
            try step()
            try DiskFileSystem().writeDurably(bytes, to: path, permissions: permissions)
        }
        func appendDurably(_ bytes: [UInt8], to path: String) throws {
            try step()
            try DiskFileSystem().appendDurably(bytes, to: path)
        }
        func remove(_ path: String) throws {}
        func move(_ path: String, to destination: String) throws {}
    }

    @Test(arguments: [1, 2])
    func aWriteFaultLosesNothing(write: Int) throws {
        let log = try filled(2)
        let faulty = self.log(fileSystem: FaultyDisk(failingAt: write))
        #expect(throws: StileError.self) { try add(faulty) }
        let count = try log.view().leaves.count
        #expect(count == (write == 1 ? 2 : 3))
        try add(log)
        #expect(try log.view().leaves.count == count + 1)
    }

    @Test func keyFilesReadableByOthersAreRefused() throws {
        let path = folder.path + "/log.key"
        try PrivateFile.create(LogKey.bytes(key), at: path)
        #expect(try LogKey.read(fileAt: path).verifying == key.verifying)
        #expect(throws: StileError.self) { try PrivateFile.create([], at: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let error = #expect(throws: StileError.self) { try LogKey.read(fileAt: path) }
        #expect(error?.code == .configuration)
        #expect(error?.message == "The key file can be read by others.")
        let link = folder.path + "/link.key"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: StileError.self) { try LogKey.read(fileAt: link) }
    }
}
