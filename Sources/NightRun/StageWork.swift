public import Attestation
import ColumnFiles
import Foundation
import Hashing
public import PipelineModel
public import Storage

/// A stage at work: collects what it makes and what is to change, which then
/// stands in one transaction when its body ends.
public struct StageWork: Sendable {
    public let context: RunContext
    public let stage: Stage
    /// What changes in the database when the body ends.
    public var commit = StageCommit()
    /// What is kept where bad input or a policy refuses the stage, such as the refused
    /// delivery with its quarantine.
    public var whenRefused = StageCommit()
    /// What the stage puts on record besides its own leaf, before it stands.
    public var leaves: [LogLeaf.Entry] = []
    public private(set) var outputs: [Artefact] = []
    public var rowsIn = 0
    public var rowsOut = 0
    public var rowsRefused = 0
    public var counts: [NamedCount] = []

    init(context: RunContext, stage: Stage) {
        self.context = context
        self.stage = stage
    }

    /// Writes a table into the column store, registers it and makes it an output.
    @discardableResult
    public mutating func write(_ table: ColumnTable, as role: String, name: String = "") throws
        -> ContentDigest
    {
        try context.interruption.check()
        let digest = try context.columns.write(table)
        commit.registered.append(registration(of: table, digest))
        outputs.append(Artefact(role, name: name, digest: digest))
        return digest
    }

    /// Writes a file below the zone's folder, whole or not at all, and makes it an output.
    ///
    /// - Parameters:
    ///   - bytes: What the file is to hold.
    ///   - name: The path below the folder of the zone.
    ///   - role: What the run record calls the output.
    ///   - permissions: The mode of the file.
    @discardableResult
    public mutating func write(
        _ bytes: [UInt8], file name: String, as role: String, permissions: UInt16 = 0o640
    ) throws -> ContentDigest {
        try context.interruption.check()
        let path = context.path(of: name)
        try Night.makeFolder(above: path)
        try context.fileSystem.writeDurably(bytes, to: path, permissions: permissions)
        let digest = ContentDigest.sha256(bytes)
        outputs.append(Artefact(role, name: name, kind: .file, digest: digest))
        return digest
    }

    /// Makes an output of something that lies elsewhere or nowhere.
    public mutating func produce(_ artefact: Artefact) { outputs.append(artefact) }

    /// Lets `name` point to `digest` from the end of this stage on.
    ///
    /// - Parameters:
    ///   - name: What the state calls it.
    ///   - digest: The column file; `nil` forgets the name.
    ///   - retiring: Whether the file to which it pointed before may go; only where nothing
    ///     released must be made again from it.
    public mutating func hold(_ name: String, _ digest: ContentDigest?, retiring: Bool = false)
        throws
    {
        if retiring, let before = try context.database.held(name), before != digest {
            commit.retired.append(before)
        }
        commit.held.updateValue(digest, forKey: name)
    }

    /// Lets `name` point to a table at once, in a transaction of its own.
    ///
    /// For what has to be on record even where the stage is stopped after it. The table is an output
    /// of the stage too.
    ///
    /// - Parameters:
    ///   - name: What the state calls it; the table to which it pointed before may go.
    ///   - table: The table.
    ///   - role: What the run record calls the output.
    public mutating func holdNow(_ name: String, _ table: ColumnTable, as role: String) throws {
        try context.interruption.check()
        var now = StageCommit()
        let digest = try context.columns.write(table)
        now.registered = [registration(of: table, digest)]
        if let before = try context.database.held(name), before != digest {
            now.retired.append(before)
        }
        now.held.updateValue(digest, forKey: name)
        try context.database.commit(now, run: context.id)
        outputs.append(Artefact(role, name: name, digest: digest))
    }

    /// Adds to the numbers of rows read, made and refused.
    public mutating func rows(in read: Int = 0, out made: Int = 0, refused: Int = 0) {
        rowsIn += read
        rowsOut += made
        rowsRefused += refused
    }

    /// Adds a number to the run record; nothing is added for zero.
    public mutating func count(_ kind: NamedCount.Kind, _ name: String, _ count: Int) {
        if count != 0 { counts.append(NamedCount(kind, name, count)) }
    }

    /// Moves a file once the stage stands, and again at the next run if need be.
    public mutating func move(_ path: String, to destination: String) {
        commit.acts.append(.move(path, to: destination))
    }

    /// Removes a file once the stage stands.
    public mutating func remove(_ path: String) { commit.acts.append(.remove(path)) }

    /// Asks whether the run is to stop, and shows how far the stage has come.
    public func step(_ fraction: Double? = nil) throws {
        try context.interruption.check()
        context.progress(.init(stage: stage.name, scope: stage.scope, fraction: fraction))
    }

    private func registration(of table: ColumnTable, _ digest: ContentDigest) -> RegisteredFile {
        let path = context.columns.path(of: digest)
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return RegisteredFile(
            digest: digest, schema: table.schema, version: table.version, rows: table.rowCount,
            bytes: attributes?[.size] as? Int ?? 0)
    }
}
