import Foundation
import PipelineModel

/// The keyring as its file holds it.
private struct KeyringFile: Codable {
    struct Entry: Codable {
        var created: String
        var epoch: Int
        var id: String
        var secret: String
    }

    var current: Int
    var epochs: [Entry]
    var project: String
    var pseudonyms: [Entry]
    var version: Int
}

extension Keyring {
    /// The permissions with which the file must be written.
    public static let filePermissions: UInt16 = 0o600

    /// The bytes of the keyring file: the one place where the secrets are written.
    public func fileBytes() throws -> [UInt8] {
        func entries(_ list: [Entry]) -> [KeyringFile.Entry] {
            list.map {
                .init(
                    created: $0.created.iso, epoch: $0.epoch, id: $0.id, secret: $0.secret.hex)
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data = try encoder.encode(
            KeyringFile(
                current: current, epochs: entries(epochs), project: project,
                pseudonyms: entries(pseudonyms), version: 1))
        return Array(data) + [0x0a]
    }

    /// Reads the keyring at `path`.
    ///
    /// - Throws: `StileError` with code `configuration` where the file can be read or written by
    ///   others than its owner, or is not a keyring; `inputOutput` where it cannot be read.
    public static func load(fileAt path: String) throws -> Keyring {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StileError(
                .inputOutput, "The keyring cannot be opened.", at: .init(file: path),
                remedy: "Check that it exists and that this account owns it.")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StileError(
                .configuration, "The keyring is not a file.", at: .init(file: path),
                remedy: "Give the path of the keyring file.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw StileError(
                .configuration,
                "The keyring can be read or written by others than its owner.",
                at: .init(file: path),
                remedy: "Run “chmod 600 \(path)”, and rotate the keys if others had the file.")
        }
        guard let data = try? handle.read(upToCount: 1 << 20) else {
            throw StileError(
                .inputOutput, "The keyring cannot be read.", at: .init(file: path),
                remedy: "Check the disk and run again.")
        }
        return try Keyring(fileBytes: Array(data), file: path)
    }

    /// Reads the bytes of a keyring file; `file` is what messages call it.
    public init(fileBytes: [UInt8], file: String) throws {
        func refused(_ what: String) -> StileError {
            StileError(
                .configuration, "The keyring \(what).", at: .init(file: file),
                remedy: "Restore the file from its backup, or make one with “stile keys”.")
        }
        guard let content = try? JSONDecoder().decode(KeyringFile.self, from: Data(fileBytes))
        else { throw refused("cannot be read") }
        guard content.version == 1 else {
            throw refused("has version \(content.version), which this program does not know")
        }
        guard !content.project.isEmpty else { throw refused("names no project") }

        func entries(_ list: [KeyringFile.Entry], _ kind: String) throws -> [Entry] {
            guard !list.isEmpty else { throw refused("has no \(kind) key") }
            var entries: [Entry] = []
            for item in list.sorted(by: { $0.epoch < $1.epoch }) {
                let key = "\(kind) key \(item.epoch)"
                guard item.epoch >= 1 else { throw refused("numbers a \(kind) key below 1") }
                guard entries.last?.epoch != item.epoch else {
                    throw refused("has the \(key) twice")
                }
                guard let bytes = Hex.decode(item.secret) else {
                    throw refused("has a \(key) that is not hexadecimal digits")
                }
                guard bytes.count >= Secret.minimumBytes else {
                    throw refused("has a \(key) of less than 128 bits")
                }
                guard Set(bytes).count > 1 else { throw refused("has a \(key) without randomness") }
                guard let created = Day(iso: item.created) else {
                    throw refused("has a \(key) without the day on which it was made")
                }
                let entry = Entry(epoch: item.epoch, secret: Secret(bytes), created: created)
                guard entry.id == item.id else {
                    throw refused("has a \(key) that does not fit its id")
                }
                entries.append(entry)
            }
            guard Set(entries.map(\.id)).count == entries.count else {
                throw refused("has the same secret for two \(kind) keys")
            }
            return entries
        }

        let epochs = try entries(content.epochs, "token")
        let pseudonyms = try entries(content.pseudonyms, "pseudonym")
        guard epochs.contains(where: { $0.epoch == content.current }) else {
            throw refused("has no token key \(content.current), which it calls the current one")
        }
        self.init(
            project: content.project, epochs: epochs, pseudonyms: pseudonyms,
            current: content.current)
    }
}
