import ColumnFiles
import Foundation
import PipelineModel

/// The folder through which requests and answers go: `<request>/request.json`, `answers.json`.
public struct ReviewFolder: Sendable {
    public static let requestName = "request.json"
    public static let answersName = "answers.json"

    public let path: String

    public init(_ path: String) { self.path = path }

    public func folder(of request: String) -> String { "\(path)/\(request)" }
    public func request(_ id: String) -> String { "\(folder(of: id))/\(Self.requestName)" }
    public func answers(_ id: String) -> String { "\(folder(of: id))/\(Self.answersName)" }

    /// The ids of the requests that are whole, sorted.
    public func requests() throws -> [String] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
                FileManager.default.fileExists(atPath: request($0))
            }
        } catch {
            throw StileError(
                .inputOutput, "The folder of reviews cannot be read.", at: .init(file: path),
                remedy: "Let this account read and write there.")
        }
    }

    /// The bytes of a file; `nil` where it is not there.
    public func bytes(_ file: String) throws -> [UInt8]? { try PlainFile.bytes(at: file) }

    /// Makes the folder of a request with the permissions of the one above it, its set-group-ID
    /// bit included: by it the other zone's account answers.
    public func make(_ request: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o770])
            let folder = folder(of: request)
            guard !FileManager.default.fileExists(atPath: folder) else { return }
            let above = try FileManager.default.attributesOfItem(atPath: path)
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false)
            try FileManager.default.setAttributes(
                [.posixPermissions: above[.posixPermissions] ?? 0o770], ofItemAtPath: folder)
        } catch {
            throw StileError(
                .inputOutput, "The folder of a review cannot be made.", at: .init(file: path),
                remedy:
                    "Make the folder, give it a group of both accounts, and let that group write (chmod 2770)."
            )
        }
    }
}
