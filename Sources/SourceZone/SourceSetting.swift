import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import Intake
import NightRun
import PipelineModel
import Pseudonymise
import Sealing
import Storage
import StrictYAML

/// What a night of the source zone stands on: contract, encoding, keys and policy.
struct SourceSetting {
    let path: String
    let contract: SourceContract
    /// The folders of the contract, found from the folder of the file.
    let folders: SourceContract.Folders
    let encoding: EncodingSpecification
    let keyring: Keyring
    let policy: Policy

    /// Reads and checks everything before any data are touched.
    ///
    /// - Throws: `StileError` with every fault of the configuration at once.
    init(configuration given: String) throws {
        let path = AbsolutePath.resolve(
            given, against: FileManager.default.currentDirectoryPath)
        self.path = path
        contract = try SourceContract.read(fileAt: path)
        folders = contract.folders.resolved(against: AbsolutePath.folder(of: path))
        var faults = FaultList()
        if let node = contract.encoding {
            encoding = EncodingSpecification(node, faults: &faults)
            for source in contract.sources {
                for extract in source.extracts {
                    for field in extract.identity {
                        encoding.check(
                            identityField: field.field, at: .init(file: path), &faults)
                    }
                }
            }
        } else {
            faults.add(
                "The contract has no “encoding”.", at: .init(file: path),
                remedy: "Say how each field of an identity is encoded.")
            encoding = EncodingSpecification(
                YAMLNode(.mapping([]), place: .init(file: path)), faults: &faults)
        }
        try faults.check()
        keyring = try Keyring.load(fileAt: folders.keyring)
        guard keyring.project == contract.project else {
            throw StileError(
                .configuration, "The keyring belongs to another project.",
                at: .init(file: folders.keyring),
                remedy:
                    "Use the keyring of “\(contract.project)”: keys are never shared between projects."
            )
        }
        guard let data = FileManager.default.contents(atPath: folders.policy) else {
            throw StileError(
                .configuration, "The policy cannot be read.",
                at: .init(file: folders.policy),
                remedy: "Put the policy there: identities are sealed to its roles.")
        }
        policy = try Policy.read(Array(data), file: folders.policy)
        try policy.check(isSample: contract.deployment == .sample, file: folders.policy)
    }

    /// Where the raw file of a batch lies once it is encoded.
    func archivePath(_ source: String, _ batch: String, _ file: String) -> String {
        "\(folders.archive)/\(source)/\(batch).\(file)"
    }

    /// Through which what is no stage of a night is written.
    var disk: any FileSystem { DiskFileSystem() }

    /// The folder of the zone.
    var folder: String { AbsolutePath.folder(of: path) }

    func database() throws -> ZoneDatabase {
        try ZoneDatabase(path: "\(folders.state)/source.sqlite", zone: .source)
    }

    /// Whether the zone ever had a night; nothing is made where it had none.
    var hasRun: Bool {
        FileManager.default.fileExists(atPath: "\(folders.state)/source.sqlite")
    }

    /// The key that signs the checkpoints of the zone's own log: it lies beside the keyring.
    var logKey: String { "\((folders.keyring as NSString).deletingLastPathComponent)/log.key" }

    /// The zone's own log, begun with the first night; its key is made then, if it is not there.
    ///
    /// - Throws: `StileError` with code `configuration` where the key of a log that has begun is
    ///   gone or can be read by others.
    func log(_ database: ZoneDatabase, _ fileSystem: any FileSystem = DiskFileSystem()) throws
        -> AppendOnlyLog
    {
        let directory = "\(folders.state)/log"
        if try !StepLog.hasBegun(in: database),
            !FileManager.default.fileExists(atPath: logKey),
            !FileManager.default.fileExists(atPath: "\(directory)/checkpoint")
        {
            try Self.makeLogKey(logKey, fileSystem)
        }
        let log = AppendOnlyLog(
            directory: directory, origin: "stile-source/\(contract.project)",
            key: try LogKey.read(fileAt: logKey), fileSystem: fileSystem, remembers: true)
        try StepLog.begin(log, in: database)
        return log
    }

    private static func makeLogKey(_ path: String, _ fileSystem: any FileSystem) throws {
        guard let key = SigningKey(seed: Randomness.system.bytes(32)) else {
            throw StileError(
                .inputOutput, "This machine gave no random bytes.", remedy: "Try again.")
        }
        try PrivateFile.create(LogKey.bytes(key), at: path, fileSystem: fileSystem)
    }

    /// Who holds which role on a day, to seal to.
    func roles(on day: Day) throws -> RoleHolders {
        var roles: [String: [RoleHolders.Holder]] = [:]
        for role in policy.terms.roles {
            roles[role] = policy.terms.holders(of: role, on: day).map {
                RoleHolders.Holder(person: $0.person, sealingKey: $0.sealingKey)
            }
        }
        return try RoleHolders(roles)
    }

    func makeFolders() throws {
        let drops = contract.sources.flatMap {
            ["\(folders.drop)/\($0.name)", "\(folders.archive)/\($0.name)"]
        }
        for folder in [folders.state, folders.pages] + drops {
            try Self.makeFolder(folder, permissions: 0o700)
        }
        if !FileManager.default.fileExists(atPath: folders.exchange) {
            try Self.makeFolder(folders.exchange, permissions: 0o750)
        }
    }

    /// Makes a folder below the exchange folder with that one's permissions, its set-group-ID
    /// bit included: by it the linking account reads what this account writes.
    static func makeExchangeFolder(_ folder: String, like exchange: String) throws {
        var status = stat()
        guard stat(exchange, &status) == 0 else {
            throw StileError(
                .inputOutput, "The exchange folder cannot be read.", at: .init(file: exchange),
                remedy: "Make it and let this account write there.")
        }
        if mkdir(folder, 0o750) != 0 {
            guard errno == EEXIST else {
                throw StileError(
                    .inputOutput, "The folder cannot be made: \(String(cString: strerror(errno))).",
                    at: .init(file: folder),
                    remedy: "Check the permissions of the folder above it.")
            }
            return
        }
        guard chmod(folder, status.st_mode & 0o7777) == 0 else {
            throw StileError(
                .inputOutput, "The permissions of the folder cannot be set.",
                at: .init(file: folder), remedy: "Let the folder belong to this account.")
        }
    }

    static func makeFolder(_ folder: String, permissions: Int) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: permissions])
        } catch {
            throw StileError(
                .inputOutput, "The folder cannot be made.", at: .init(file: folder),
                remedy: "Check the permissions of the folder above it.")
        }
    }
}
