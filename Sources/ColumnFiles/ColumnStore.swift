import Foundation
import Hashing
public import PipelineModel

/// A directory of column files, each named by the SHA-256 of its bytes.
///
/// A file that is there is whole, because it came by rename; whether it is still
/// wanted is for the registry in SQLite to say. ``sweep(keeping:)`` removes the rest.
public struct ColumnStore: Sendable {
    public let directory: String
    private let fileSystem: any FileSystem

    /// Opens the directory, making it where it is not there yet.
    public init(directory: String, fileSystem: any FileSystem = DiskFileSystem()) throws {
        self.directory = directory
        self.fileSystem = fileSystem
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750])
        } catch {
            throw StileError(
                .inputOutput, "The directory for column files cannot be made.",
                at: .init(file: directory),
                remedy: "Check the permissions of the directory above it.")
        }
    }

    /// The directory of another account, to read from; nothing is made.
    public init(existing directory: String) {
        self.directory = directory
        fileSystem = DiskFileSystem()
    }

    /// Where the file with this digest lies.
    public func path(of digest: ContentDigest) -> String { "\(directory)/\(digest.hex).stilecol" }

    /// Writes a table; a table that is there already is not written again.
    @discardableResult
    public func write(_ table: ColumnTable) throws -> ContentDigest {
        let bytes = try ColumnFileWriter.bytes(of: table)
        let digest = ContentDigest.sha256(bytes)
        if !FileManager.default.fileExists(atPath: path(of: digest)) {
            try fileSystem.writeDurably(bytes, to: path(of: digest), permissions: 0o640)
        }
        return digest
    }

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - digest: The digest that the file is named by.
    ///   - verifying: Whether to check the bytes against the digest first.
    ///   - mapped: Whether the columns of bytes may stay in the file, which must then be one that
    ///     nobody else writes to.
    ///   - isWanted: Which columns to read, by their names.
    /// - Throws: `StileError` with code `integrity` where they differ.
    public func read(
        _ digest: ContentDigest, verifying: Bool = true, mapped: Bool = true,
        where isWanted: (String) -> Bool = { _ in true }
    ) throws -> ColumnTable {
        let path = path(of: digest)
        try PlainFile.check(path)
        let data = try ColumnFileReader.data(at: path, mapped: mapped)
        if verifying, ContentDigest.sha256(data) != digest { throw Self.changed(path) }
        return try ColumnFileReader.table(
            data, file: path, isMapped: mapped, where: isWanted)
    }

    /// Opens the columns of numbers whose names begin with a prefix, to be read range by range, and
    /// reads the others.
    ///
    /// Both are of the one file that was opened and whose bytes were checked.
    ///
    /// - Parameters:
    ///   - digest: The digest that the file is named by.
    ///   - prefix: What the names of the columns begin with that stay in the file.
    /// - Returns: The rows of these columns, without the prefix; and a table of the others.
    /// - Throws: `StileError` with code `integrity` where the bytes are not those of the digest.
    public func rows(
        of digest: ContentDigest, prefix: String
    ) throws -> (rows: ColumnFileRows, others: ColumnTable) {
        let path = path(of: digest)
        try PlainFile.check(path)
        let file = try OpenColumnFile(path)
        guard try file.digest() == digest else { throw Self.changed(path) }
        let mapped = try file.mapped()
        return (
            try ColumnFileRows(file, mapped: mapped, prefix: prefix),
            try ColumnFileReader.table(mapped, file: path, isMapped: true) {
                !$0.hasPrefix(prefix)
            }
        )
    }

    private static func changed(_ path: String) -> StileError {
        StileError(
            .integrity, "The column file is not the one that was written.", at: .init(file: path),
            remedy: "Restore it from the backup; do not release anything made from it.")
    }

    /// Removes files that no registry entry names and what a killed run left half-written.
    ///
    /// - Returns: The number of files removed.
    @discardableResult
    public func sweep(keeping wanted: Set<ContentDigest>) throws -> Int {
        let names = Set(wanted.map { "\($0.hex).stilecol" })
        let present = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        var removed = 0
        for name in present.sorted()
        where !names.contains(name)
            && (name.hasSuffix(".stilecol") || name.contains(".partial-"))
        {
            try fileSystem.remove("\(directory)/\(name)")
            removed += 1
        }
        return removed
    }
}
