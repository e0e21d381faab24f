import ColumnFiles
import Foundation
import PipelineModel
import Synchronization

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
        guard number >= failing else { return try body() }
        if number == failing {
            switch way {
            case .half: try half()
            case .after: try body()
            case .once, .fromThenOn: break
            }
        } else if way == .once {
            return try body()
        }
        throw StileError(.inputOutput, "Injected.", remedy: "None.")
    }

    func writeDurably(_ bytes: [UInt8], to path: String, permissions: UInt16) throws {
        try run(half: {
            // The number of a process that cannot be.
            try Data(bytes.prefix(bytes.count / 2)).write(
                to: URL(fileURLWithPath: path + ".partial-2147483646"))
        }) { try disk.writeDurably(bytes, to: path, permissions: permissions) }
    }

    func remove(_ path: String) throws { try run(half: {}) { try disk.remove(path) } }

    func move(_ path: String, to destination: String) throws {
        try run(half: {}) { try disk.move(path, to: destination) }
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
}
