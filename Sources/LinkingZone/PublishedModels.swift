import ColumnFiles
import Features
import Foundation
import Hashing
public import ModelFolder
import PipelineModel

extension LinkingZone {
    /// A model of the configuration, and its folder where a night has written one.
    public struct ModelListing: Sendable {
        public var name: String
        public var title: String
        public var version: Int
        /// The folder; `nil` where no night has published the model yet.
        public var folder: StoredModelFolder?
        /// Whether the folder is of the specification as it stands now.
        public var isCurrent: Bool
    }

    /// The models of the configuration at `path`, in its order.
    ///
    /// - Throws: `StileError` where a specification or a folder cannot be read.
    public static func models(configuration path: String) throws -> [ModelListing] {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        return try configuration.specifications.map { entry in
            let specification = try ModelSpecification.read(folder: entry.folder)
            let place = publishedFolder(configuration, specification.name)
            let isThere = FileManager.default.fileExists(atPath: "\(place)/manifest.json")
            let folder = isThere ? try StoredModelFolder(at: place) : nil
            return ModelListing(
                name: specification.name, title: specification.title,
                version: specification.version, folder: folder,
                isCurrent: folder?.manifest.specification == specification.digest.hex)
        }
    }

    /// The folder of a model of the configuration at `path`.
    ///
    /// - Throws: `StileError` where there is no such model or it was not published yet.
    public static func publishedModel(_ name: String, configuration path: String) throws
        -> StoredModelFolder
    {
        let models = try models(configuration: path)
        guard let model = models.first(where: { $0.name == name }) else {
            throw StileError(
                .configuration, "No model of the configuration is called “\(name)”.",
                at: .init(file: path), remedy: "stile models list names them.")
        }
        guard let folder = model.folder else {
            throw StileError(
                .input, "The model “\(name)” has not been published yet.", at: .init(file: path),
                remedy: "Run stile evaluate or the night; both write its folder.")
        }
        return folder
    }

    /// Copies the folder of a model, after every digest and test row has been checked.
    ///
    /// - Parameters:
    ///   - name: The model.
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - destination: A folder that is not there yet, or empty.
    ///   - isForPublication: Whether the evaluation is left out, whose counts are small in places.
    /// - Returns: What the check of the copy found.
    /// - Throws: `StileError`: `integrity` where the folder is not whole, `input` where something
    ///   lies at the destination, `policy` where it is for publication and counts too few.
    public static func exportModel(
        _ name: String, configuration path: String, to destination: String,
        isForPublication: Bool = false
    ) throws -> FolderCheck {
        let folder = try publishedModel(name, configuration: path)
        let check = try FolderCheck(folderAt: folder.path)
        guard check.agrees else {
            throw StileError(
                .integrity, check.faults.joined(separator: " "), at: .init(file: folder.path),
                remedy: "Run the night again; it writes the folder anew.")
        }
        let held = try? FileManager.default.contentsOfDirectory(atPath: destination)
        guard !FileManager.default.fileExists(atPath: destination) || held?.isEmpty == true else {
            throw StileError(
                .input, "Something lies there already.", at: .init(file: destination),
                remedy: "Name a folder that does not exist yet.")
        }
        let disk = DiskFileSystem()
        for file in try isForPublication ? folder.filesForPublication() : folder.files() {
            let target = "\(destination)/\(file.name)"
            do {
                try FileManager.default.createDirectory(
                    atPath: (target as NSString).deletingLastPathComponent,
                    withIntermediateDirectories: true)
            } catch {
                throw StileError(
                    .inputOutput, "The folder cannot be made.", at: .init(file: target),
                    remedy: "Check the permissions of the folder above it.")
            }
            try disk.writeDurably(file.bytes, to: target, permissions: 0o640)
        }
        return try FolderCheck(folderAt: destination)
    }

    /// Where the folder of a model lies.
    static func publishedFolder(_ configuration: LinkingConfiguration, _ model: String) -> String {
        "\(configuration.models)/\(model)/folder"
    }
}
