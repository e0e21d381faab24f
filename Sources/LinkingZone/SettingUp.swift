import Attestation
import ColumnFiles
import EncodedExtract
import EthicsGate
import Features
import Foundation
import LinearAlgebra
public import NightRun
import PipelineModel
import Sealing
import Storage
import StrictYAML

extension LinkingZone {
    /// The public key of a log that was just made: it goes into the policy.
    public struct PublicLogKey: Sendable {
        public var hex: String
    }

    /// Makes the folder of a linking zone: folders, keys, and a `stile.yaml` to fill in.
    public static func initialise(folder: String, project: String) throws {
        let key = try makeKeys(folder: folder)
        let text = """
            # The linking zone: no direct identifier ever lies below this folder.
            # Key of its log, for Ethics/policy.yaml: \(key.hex)
            version: 1
            zone: linking
            deployment: real
            project: \(project)
            clock: calendar
            exchange: ../exchange
            state: state
            pages: pages
            lists: lists
            models_fitted: models
            policy: ../Ethics/policy.yaml
            log_key: keys/log.key
            mint_seed: keys/mint.seed
            source_zone: ../source
            models:
              # - specification: ../Models/emergency_admission
              #   recipients: [early-help-hub]

            """
        try DiskFileSystem().writeDurably(
            Array(text.utf8), to: "\(folder)/stile.yaml", permissions: 0o640)
    }

    /// Makes the keys of a linking zone: the log's, and the seed of person pseudonyms.
    public static func makeKeys(folder: String) throws -> PublicLogKey {
        for name in ["", "/keys", "/state", "/pages", "/lists", "/models"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder + name, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: name == "/keys" ? 0o700 : 0o750])
            } catch {
                throw StileError(
                    .inputOutput, "The folder cannot be made.", at: .init(file: folder + name),
                    remedy: "Check the permissions of the folder above it.")
            }
        }
        guard let key = SigningKey(seed: Randomness.system.bytes(32)) else {
            throw StileError(
                .inputOutput, "This machine gave no random bytes.", remedy: "Try again.")
        }
        try PrivateFile.create(LogKey.bytes(key), at: "\(folder)/keys/log.key")
        try PrivateFile.create(
            Array((Hex.encode(Randomness.system.bytes(32)) + "\n").utf8),
            at: "\(folder)/keys/mint.seed")
        return PublicLogKey(hex: key.verifying.hex)
    }

    /// Begins the log that the policy names, once the policy is there; the first night begins
    /// one otherwise.
    ///
    /// - Returns: What is the case now, for people.
    /// - Throws: `StileError` with code `integrity` where the log had begun and is not there or
    ///   not whole, `busy` while a night is at work.
    @discardableResult
    public static func beginLog(configuration path: String) throws -> String {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        try makeFolders(configuration)
        let lock = try RunLock(path: "\(configuration.state)/run.lock", now: Date())
        defer { lock.release() }
        let database = try database(configuration)
        let log = try desk.log()
        let hadBegun = try StepLog.hasBegun(in: database)
        try StepLog.begin(log, in: database)
        let size = try log.view().checkpoint.size
        return hadBegun
            ? "the log had begun already: \(size) leaves" : "the log has begun: \(size) leaves"
    }

    /// Checks the configuration, the policy, and every model's specification against what has
    /// arrived, and runs the hand-written people of each model; changes nothing.
    public static func check(
        configuration path: String, environment: NightEnvironment
    ) throws -> [String] {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        var findings = ["policy: \(desk.policy.terms.id), epoch \(desk.policy.terms.epoch)"]
        for entry in configuration.specifications {
            let specification = try ModelSpecification.read(folder: entry.folder)
            findings.append(
                "model \(specification.name): \(specification.columns.count) columns from \(specification.tables.joined(separator: ", "))"
            )
            findings += try people(of: specification, folder: entry.folder)
            findings += try arrivals(for: specification, configuration)
        }
        return findings
    }

    /// Checks a model against the columns of what has arrived; nothing is checked before the
    /// zone's first night.
    private static func arrivals(
        for specification: ModelSpecification, _ configuration: LinkingConfiguration
    ) throws -> [String] {
        guard FileManager.default.fileExists(atPath: "\(configuration.state)/linking.sqlite") else {
            return ["  nothing has arrived yet"]
        }
        let database = try database(configuration)
        let store = ColumnStore(existing: "\(configuration.state)/columns")
        var schemas: [TableSchema] = []
        for extract in specification.tables {
            guard let digest = try database.held("facts.\(extract)") else {
                return ["  nothing has arrived of \(extract)"]
            }
            let facts = try FactTable(store.read(digest), file: store.path(of: digest))
            let terms = try database.meta("terms.\(extract)").map {
                try BatchManifest.Terms(text: $0)
            }
            schemas.append(
                TableSchema(facts, outcomeColumns: Set(terms?.outcomeColumns ?? [])))
        }
        try specification.check(against: schemas, clock: configuration.clock)
        return ["  every table and column that it reads has arrived"]
    }

    /// Runs the hand-written people of a model, where it has some.
    private static func people(of specification: ModelSpecification, folder: String) throws
        -> [String]
    {
        let path = "\(folder)/tests.yaml"
        guard FileManager.default.fileExists(atPath: path) else {
            return ["  no tests.yaml: nothing says what its features must give"]
        }
        let results = try DefinitionTests.read(folder: folder, for: specification).run()
        let failed = results.filter { !$0.passed }
        guard failed.isEmpty else {
            throw StileError(
                .configuration,
                "\(failed.count) of \(results.count) expectations of \(specification.name) do not hold; the first is “\(failed[0].column)” of “\(failed[0].person)”: expected \(failed[0].expected), got \(failed[0].computed.map(\.description) ?? "nothing").",
                at: failed[0].place,
                remedy: "Correct the definition or the expectation; run stile check again.")
        }
        return ["  \(results.count) expectations of hand-written people hold"]
    }

    /// What this machine runs on.
    public static func machine(version: String) throws -> [String] {
        let today = try Day(inLondon: Date())
        return [
            "stile \(version)", "linear algebra: \(BLASIdentity.name)",
            "processor: \(ProcessorIdentity.name)",
            "today in Europe/London: \(today.iso)",
        ]
    }

    /// Whether the zone's database, files and log are sound; changes nothing.
    public static func diagnose(configuration path: String) throws -> [String] {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        let database = try database(configuration)
        try database.verify()
        var findings = ["database: sound, SQLite \(try database.sqliteVersion())"]
        let store = try ColumnStore(directory: "\(configuration.state)/columns")
        let live = try database.liveFiles().sorted()
        for digest in live { _ = try store.read(digest) }
        findings.append("column files: \(live.count), each with its digest")
        let view = try desk.view()
        findings.append(
            "log: \(view.checkpoint.size) leaves under root \(view.checkpoint.root.short)")
        return findings
    }

    /// Writes who is who as CSV: subject, person, source; pseudonyms only.
    public static func exportSpine(configuration path: String, to file: String) throws {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let database = try database(configuration)
        let store = try ColumnStore(directory: "\(configuration.state)/columns")
        guard let digest = try database.held(LinkingNight.spineName),
            let residences = try database.held(LinkingNight.residencesName)
        else {
            throw StileError(
                .input, "Nobody has been linked yet.", at: .init(file: path),
                remedy: "Run stile link first.")
        }
        let spine = try Spine(
            store.read(digest), residences: store.read(residences), file: store.path(of: digest))
        var text = "subject,person,source\n"
        for row in spine.subject.indices {
            text +=
                "\(spine.subject[row].hex),\(spine.person[row].hex),\(spine.sources[Int(spine.source[row])])\n"
        }
        try DiskFileSystem().writeDurably(Array(text.utf8), to: file, permissions: 0o640)
    }
}
