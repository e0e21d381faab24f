import ColumnFiles
import EncodedExtract
import Foundation
import Hashing
import PipelineModel

/// An encoded extract that has arrived: its manifest and where its files lie.
struct ReceivedBatch: Sendable {
    var manifest: BatchManifest
    /// The digest of the manifest's bytes.
    var digest: ContentDigest
    var folder: String

    /// The table with the digest that the manifest states under `hex`.
    func table(_ hex: String) throws -> ColumnTable {
        guard let digest = ContentDigest(hex: hex) else {
            throw StileError(
                .integrity,
                "The manifest of the batch names a file by something else than SHA-256.",
                at: .init(file: "\(folder)/\(BatchManifest.fileName)"),
                remedy: "Remove the batch and let the source zone write it again.")
        }
        return try ColumnStore(directory: folder).read(digest)
    }
}

/// The exchange folder, as the linking zone reads it: `<source>/<batch>/batch.json`.
struct BatchInbox: Sendable {
    let exchange: String

    /// Every batch that is whole, in the order in which batches are received and linked.
    func batches() throws -> [ReceivedBatch] {
        var found: [ReceivedBatch] = []
        for source in try folders(in: exchange) {
            for batch in try folders(in: "\(exchange)/\(source)") {
                let folder = "\(exchange)/\(source)/\(batch)"
                let path = "\(folder)/\(BatchManifest.fileName)"
                // Written last: without it the source zone is still at work.
                guard FileManager.default.fileExists(atPath: path) else { continue }
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw StileError(
                        .inputOutput, "The manifest of the batch cannot be read.",
                        at: .init(file: path),
                        remedy: "Let this account read the exchange folder.")
                }
                let bytes = Array(data)
                let manifest = try BatchManifest.read(bytes, file: path)
                guard manifest.batch == batch, manifest.source == source else {
                    throw StileError(
                        .integrity, "The batch lies in the folder of another.",
                        at: .init(file: path),
                        remedy: "Put it back where the source zone wrote it.")
                }
                found.append(
                    ReceivedBatch(
                        manifest: manifest, digest: ContentDigest.sha256(bytes), folder: folder))
            }
        }
        return found.sorted { BatchOrder($0.manifest) < BatchOrder($1.manifest) }
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
