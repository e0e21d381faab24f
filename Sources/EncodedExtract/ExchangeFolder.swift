import ColumnFiles
import Foundation
import Hashing
public import PipelineModel

/// An encoded extract that has arrived: its manifest and where its files lie.
public struct ReceivedBatch: Sendable {
    public let manifest: BatchManifest
    /// The digest of the manifest's bytes.
    public let digest: ContentDigest
    public let folder: String

    /// Where the manifest lies.
    public var path: String { "\(folder)/\(BatchManifest.fileName)" }

    /// The table with the digest that the manifest states under `hex`.
    public func table(_ hex: String) throws -> ColumnTable {
        guard let digest = ContentDigest(hex: hex) else {
            throw StileError(
                .integrity,
                "The manifest of the batch names a file by something else than SHA-256.",
                at: .init(file: path),
                remedy: "Remove the batch and let the source zone write it again.")
        }
        // Another account may cut the file short while it is read.
        return try ColumnStore(existing: folder).read(digest, mapped: false)
    }
}

/// The exchange folder, as the zones after the source zone read it:
/// `<source>/<batch>/batch.json`.
public struct ExchangeFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// Every batch that is whole; those that change keys come before the others of their
    /// epoch, then in order of delivery, then of name.
    public func batches() throws -> [ReceivedBatch] {
        var found: [ReceivedBatch] = []
        for source in try folders(in: path) {
            for batch in try folders(in: "\(path)/\(source)") {
                if let received = try read(batch, of: source) { found.append(received) }
            }
        }
        return found.sorted { $0.manifest.precedes($1.manifest) }
    }

    /// The batch of this name.
    ///
    /// - Throws: `StileError` with code `input` where it is not there.
    public func batch(named name: String) throws -> ReceivedBatch {
        // A batch is named `source.file.number`.
        let source = String(name.prefix { $0 != "." })
        guard !name.contains("/"), let batch = try read(name, of: source) else {
            throw StileError(
                .input, "The batch of a listed record is not in the exchange folder.",
                at: .init(file: "\(path)/\(source)/\(name)"),
                remedy: "Put it back from the backup.")
        }
        return batch
    }

    /// The batch in its folder; `nil` while the source zone is still at work on it.
    private func read(_ batch: String, of source: String) throws -> ReceivedBatch? {
        let folder = "\(path)/\(source)/\(batch)"
        let file = "\(folder)/\(BatchManifest.fileName)"
        // An unreadable batch must not pass for one that has not come.
        guard access(folder, R_OK | X_OK) == 0 || errno == ENOENT else {
            throw StileError(
                .inputOutput, "This account cannot read the batch.", at: .init(file: folder),
                remedy:
                    "Give the exchange folder a group of both accounts and its set-group-ID bit (chmod 2750)."
            )
        }
        guard let bytes = try PlainFile.bytes(at: file) else { return nil }
        let manifest = try BatchManifest.read(bytes, file: file)
        guard manifest.batch == batch, manifest.source == source,
            manifest.name.hasPrefix("\(source)."), batch.hasPrefix("\(manifest.name).")
        else {
            throw StileError(
                .integrity, "The batch lies in the folder of another.", at: .init(file: file),
                remedy: "Put it back where the source zone wrote it.")
        }
        return ReceivedBatch(
            manifest: manifest, digest: ContentDigest.sha256(bytes), folder: folder)
    }

    private func folders(in folder: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter {
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(
                    atPath: "\(folder)/\($0)", isDirectory: &isFolder) && isFolder.boolValue
            }
        } catch {
            throw StileError(
                .inputOutput, "The exchange folder cannot be read.", at: .init(file: folder),
                remedy: "Let this account read it.")
        }
    }
}

extension BatchManifest {
    /// Whether this batch is received before `other`.
    fileprivate func precedes(_ other: BatchManifest) -> Bool {
        (keyEpoch, rekey ? 0 : 1, delivered, batch)
            < (other.keyEpoch, other.rekey ? 0 : 1, other.delivered, other.batch)
    }
}
