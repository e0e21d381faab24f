import Hashing
import PipelineModel

/// `manifest.json`: the SHA-256 of every other file of the folder.
public struct FolderManifest: Sendable, Equatable, Codable {
    public struct File: Sendable, Equatable, Codable {
        public var name: String
        public var sha256: String

        init(_ file: FolderFile) {
            name = file.name
            sha256 = ContentDigest.sha256(file.bytes).hex
        }
    }

    public var format: Int
    public var model: String
    public var version: Int
    /// SHA-256 of the specification, comments and spacing apart.
    public var specification: String
    /// The release of Stile that wrote the folder.
    public var stile: String
    /// By name.
    public var files: [File]

    init(_ model: PublishedModel, files: [FolderFile]) {
        format = 1
        self.model = model.name
        version = model.version
        specification = model.specification.hex
        stile = model.stile
        self.files = files.sorted { $0.name < $1.name }.map(File.init)
    }
}
