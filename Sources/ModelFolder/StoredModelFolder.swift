import Foundation
import PipelineModel

/// A model's folder on disk, read back.
public struct StoredModelFolder: Sendable {
    /// Where it lies; messages name it.
    public let path: String
    public let manifest: FolderManifest
    public let equation: StoredEquation
    public let pack: TestPack
    let fit: StoredFit?
    let evaluation: EvaluationHeadline?
    let data: DataStatement?

    /// Reads the folder at `path`; digests are checked by ``FolderCheck``, not here.
    ///
    /// - Throws: `StileError` with code `input` where it is no model's folder, `integrity` where
    ///   one of its files is not as Stile writes it.
    public init(at path: String) throws {
        self.path = path
        guard
            FileManager.default.fileExists(atPath: "\(path)/\(FolderFile.Name.manifest)")
        else {
            throw StileError(
                .input, "The folder is no model's: it has no manifest.json.",
                at: .init(file: path),
                remedy: "Name a folder that stile models export wrote, or models/<model>/folder.")
        }
        manifest = try Self.read(FolderManifest.self, path, FolderFile.Name.manifest)
        equation = try Self.read(StoredEquation.self, path, FolderFile.Name.equation)
        pack = try TestPack(
            csv: Self.text(path, FolderFile.Name.testPack),
            file: "\(path)/\(FolderFile.Name.testPack)")
        fit = Self.bytes(path, FolderFile.Name.coefficients).flatMap(StoredFit.init)
        evaluation = Self.bytes(path, FolderFile.Name.evaluation).flatMap(EvaluationHeadline.init)
        data = Self.bytes(path, FolderFile.Name.data).flatMap {
            CanonicalForm.value(DataStatement.self, $0)
        }
    }

    /// `card.md` as it stands.
    public func card() throws -> String { try Self.text(path, FolderFile.Name.card) }

    /// The files that the manifest names, then the manifest, with their bytes as they are.
    ///
    /// - Throws: `StileError` with code `integrity` where one is missing.
    public func files() throws -> [FolderFile] {
        try (manifest.files.map(\.name) + [FolderFile.Name.manifest]).map { name in
            guard FolderCheck.isInside(name), let bytes = Self.bytes(path, name) else {
                throw StileError(
                    .integrity, "A file of the model's folder is missing.",
                    at: .init(file: "\(path)/\(name)"),
                    remedy: "Run the night again; it writes the folder anew.")
            }
            return FolderFile(name, bytes)
        }
    }

    /// The files without those that count fewer than ten people in places, then a manifest of what
    /// is left.
    ///
    /// - Throws: `StileError` with code `integrity` where one is missing; `policy` where the model
    ///   was fitted, recalibrated or tested on so few that its figures would let them be counted.
    public func filesForPublication() throws -> [FolderFile] {
        let all = try files()
        func bytes(_ name: String) -> [UInt8]? { all.first { $0.name == name }?.bytes }
        try PublishableFit.check(
            fit: bytes(FolderFile.Name.coefficients),
            evaluation: bytes(FolderFile.Name.evaluation),
            recalibration: bytes(FolderFile.Name.recalibration))
        let kept = all.dropLast().filter { !FolderFile.Name.notForPublication.contains($0.name) }
        var manifest = manifest
        manifest.files = kept.map(FolderManifest.File.init)
        return kept + [try FolderFile(FolderFile.Name.manifest, json: manifest)]
    }

    static func bytes(_ path: String, _ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init)
    }

    static func text(_ path: String, _ name: String) throws -> String {
        guard let bytes = bytes(path, name), let text = String(validating: bytes, as: UTF8.self)
        else {
            throw StileError(
                .integrity, "The file is missing or no text.", at: .init(file: "\(path)/\(name)"),
                remedy: "Restore the folder, or publish the model again.")
        }
        return text
    }

    private static func read<Value: Decodable>(_ type: Value.Type, _ path: String, _ name: String)
        throws -> Value
    {
        guard let bytes = bytes(path, name), let value = CanonicalForm.value(type, bytes) else {
            throw StileError(
                .integrity, "The file is missing or not as Stile writes it.",
                at: .init(file: "\(path)/\(name)"),
                remedy: "Restore the folder, or publish the model again.")
        }
        return value
    }
}
