public import ColumnFiles
import Foundation
import PipelineModel

/// The append-only log of a zone: `leaves.jsonl` and `checkpoint` in one folder.
///
/// Each append takes the folder's lock, verifies the log, adds its leaves in one
/// write, fsyncs, then replaces the checkpoint and fsyncs. Whoever gets leaves
/// back may act on them; whoever gets an error must not. No log, no list.
///
/// A crash leaves at most the lines of one append beyond the checkpoint. A torn
/// line is cut off; whole and rightly numbered ones are taken into the next
/// checkpoint, so that an objection that reached the disk is never lost.
/// Anything else is refused.
public struct AppendOnlyLog: Sendable {
    public let directory: String
    public let origin: String
    private let key: SigningKey
    private let fileSystem: any FileSystem
    private let memory: LogMemory?

    /// The log in `directory`; nothing is read or written yet.
    ///
    /// - Parameters:
    ///   - directory: The folder of the log.
    ///   - origin: The name of the log.
    ///   - key: The key that signs its checkpoints.
    ///   - fileSystem: Writes the log.
    ///   - remembers: Whether the log is verified once, and again whenever another process has
    ///     added to it or a file has changed, and not before every append; for a process that
    ///     appends often, such as a night.
    public init(
        directory: String, origin: String, key: SigningKey,
        fileSystem: any FileSystem = DiskFileSystem(), remembers: Bool = false
    ) {
        memory = remembers ? LogMemory() : nil
        self.directory = directory
        self.origin = origin
        self.key = key
        self.fileSystem = fileSystem
    }

    private var leavesPath: String { directory + "/leaves.jsonl" }
    private var checkpointPath: String { directory + "/checkpoint" }

    /// Begins an empty log.
    ///
    /// - Throws: `StileError` with code `integrity` where a log is there already.
    public func create() throws {
        guard !origin.isEmpty, origin.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2b })
        else {
            throw StileError(
                .configuration, "The origin of the log is not a plain name.",
                remedy: "Write it like stile.example.gov.uk/early-help.")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750])
        } catch {
            throw StileError(
                .inputOutput, "The folder of the log cannot be made.", at: .init(file: directory),
                remedy: "Check the permissions of the folder above it.")
        }
        try locked {
            let existing = FileManager.default.contents(atPath: leavesPath)
            guard existing?.isEmpty != false,
                !FileManager.default.fileExists(atPath: checkpointPath)
            else {
                throw StileError(
                    .integrity, "There is a log already.", at: .init(file: leavesPath),
                    remedy: "Keep it; a log is begun once.")
            }
            try fileSystem.writeDurably([], to: leavesPath, permissions: 0o640)
            try writeCheckpoint(MerkleTree())
        }
    }

    /// Records one step and gives its leaf once it is durable.
    @discardableResult
    public func append(_ entry: LogLeaf.Entry, at time: Timestamp) throws -> LogLeaf {
        try append([entry], at: time)[0]
    }

    /// Records several steps, one after the other, in one write.
    @discardableResult
    public func append(_ entries: [LogLeaf.Entry], at time: Timestamp) throws -> [LogLeaf] {
        for entry in entries { try entry.check() }
        guard !entries.isEmpty else { return [] }
        return try locked {
            let view = try recovered()
            if let last = view.leaves.last, time < last.at + -Self.clockTolerance {
                throw StileError(
                    .integrity, "The clock is behind the last step in the log.",
                    at: .init(file: leavesPath), remedy: "Set the clock right, then try again.")
            }
            let added = entries.enumerated().map { position, entry in
                LogLeaf(number: view.leaves.count + position, at: time, entry: entry)
            }
            try fileSystem.appendDurably(added.flatMap { $0.bytes + [0x0a] }, to: leavesPath)
            try vouch(for: view, and: added)
            return added
        }
    }

    /// How far clocks may differ, in seconds.
    public static let clockTolerance: Int64 = 300

    /// The verified log, after mending what a crash left.
    public func view() throws -> LogView { try locked { try recovered() } }

    /// The verified log for whoever may read it but not write: an auditor, another zone.
    public static func view(
        directory: String, origin: String, key: VerifyingKey
    ) throws -> LogView {
        try read(directory: directory, origin: origin, key: key).view
    }

    // MARK: Reading

    private func recovered() throws -> LogView {
        if let view = memory?.view(checkpoint: checkpointPath, leaves: leavesPath) { return view }
        let (view, rest, size) = try Self.read(
            directory: directory, origin: origin, key: key.verifying)
        var added: [LogLeaf] = []
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: 0x0a) {
            let number = view.leaves.count + added.count
            guard
                let leaf = LogLeaf.read(Array(rest[start..<end]), number: number, file: leavesPath)
            else { throw Self.fault("lines stand after the last checkpoint", leavesPath) }
            added.append(leaf)
            start = end + 1
        }
        if start < rest.endIndex { try fileSystem.truncate(leavesPath, to: size + start) }
        guard added.isEmpty else { return try vouch(for: view, and: added) }
        memory?.keep(view, checkpoint: checkpointPath, leaves: leavesPath)
        return view
    }

    /// Signs for the leaves that stand after those of `view`.
    @discardableResult
    private func vouch(for view: LogView, and added: [LogLeaf]) throws -> LogView {
        var tree = view.tree
        for leaf in added { tree.append(leaf.bytes) }
        let next = LogView(
            checkpoint: try writeCheckpoint(tree), leaves: view.leaves + added, tree: tree)
        memory?.keep(next, checkpoint: checkpointPath, leaves: leavesPath)
        return next
    }

    private static func read(
        directory: String, origin: String, key: VerifyingKey
    ) throws -> (view: LogView, rest: [UInt8], size: Int) {
        let leavesPath = directory + "/leaves.jsonl"
        let checkpointPath = directory + "/checkpoint"
        guard let note = FileManager.default.contents(atPath: checkpointPath),
            let data = FileManager.default.contents(atPath: leavesPath)
        else {
            throw StileError(
                .integrity, "The log or its checkpoint is not there or cannot be read.",
                at: .init(file: directory),
                remedy: "Restore both files from their copy. No log, no list.")
        }
        let checkpoint = try Checkpoint.read(
            Array(note), origin: origin, key: key, file: checkpointPath)
        let bytes = Array(data)
        var leaves: [LogLeaf] = []
        var tree = MerkleTree()
        var start = 0
        while leaves.count < checkpoint.size {
            guard let end = bytes[start...].firstIndex(of: 0x0a) else {
                throw fault(
                    "the checkpoint counts \(checkpoint.size) leaves and there are \(leaves.count)",
                    leavesPath)
            }
            let line = Array(bytes[start..<end])
            guard let leaf = LogLeaf.read(line, number: leaves.count, file: leavesPath) else {
                throw fault("line \(leaves.count + 1) is not the leaf that was written", leavesPath)
            }
            leaves.append(leaf)
            tree.append(line)
            start = end + 1
        }
        guard tree.root == checkpoint.root else {
            throw fault(
                "its root is \(tree.root.short) and the checkpoint says \(checkpoint.root.short)",
                leavesPath)
        }
        let view = LogView(checkpoint: checkpoint, leaves: leaves, tree: tree)
        return (view, Array(bytes[start...]), start)
    }

    private static func fault(_ problem: String, _ path: String) -> StileError {
        StileError(
            .integrity, "The log was changed: \(problem).", at: .init(file: path),
            remedy: "Restore the log from its copy; no list is released until it agrees.")
    }

    // MARK: Writing

    @discardableResult
    private func writeCheckpoint(_ tree: MerkleTree) throws -> Checkpoint {
        let checkpoint = Checkpoint(origin: origin, size: tree.leaves.count, root: tree.root)
        try fileSystem.writeDurably(
            try checkpoint.note(signedBy: key), to: checkpointPath, permissions: 0o640)
        return checkpoint
    }

    private func locked<Result>(_ body: () throws -> Result) throws -> Result {
        let path = directory + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw StileError(
                .inputOutput, "The log cannot be locked.", at: .init(file: path),
                remedy: "Check that the folder is there and that this account may write in it.")
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw StileError(
                    .inputOutput, "The log cannot be locked.", at: .init(file: path),
                    remedy: "Keep the log on a local file system.")
            }
        }
        return try body()
    }
}
