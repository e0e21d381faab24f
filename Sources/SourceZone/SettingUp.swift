import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import Hashing
import Intake
public import NightRun
import PipelineModel
import Pseudonymise
import Storage

extension SourceZone {
    /// Makes the folder of a source zone: folders, a keyring, and a `stile.yaml` to fill in.
    public static func initialise(folder: String, project: String) throws {
        for name in ["", "/keys", "/drop", "/archive", "/state", "/pages"] {
            try SourceSetting.makeFolder(folder + name, permissions: 0o700)
        }
        try makeKeyring(project: project, path: "\(folder)/keys/project.keyring")
        try DiskFileSystem().writeDurably(
            Array(template(project: project).utf8), to: "\(folder)/stile.yaml", permissions: 0o600)
    }

    /// The name of the project that a contract is for.
    public static func project(configuration path: String) throws -> String {
        try SourceContract.read(fileAt: path).project
    }

    /// Makes a project's keyring; one that is there is never overwritten.
    public static func makeKeyring(project: String, path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StileError(
                .configuration, "There is a keyring already.", at: .init(file: path),
                remedy: "Keep it: with other keys nobody would be found again.")
        }
        try SourceSetting.makeFolder(
            (path as NSString).deletingLastPathComponent, permissions: 0o700)
        var generator = SystemRandomNumberGenerator()
        let keyring = Keyring.create(
            project: project, created: try Day(inLondon: Date()), using: &generator)
        try DiskFileSystem().writeDurably(
            keyring.fileBytes(), to: path, permissions: Keyring.filePermissions)
    }

    /// Begins a new epoch of the project's token keys.
    ///
    /// - Returns: A line that names the keys by their ids.
    public static func rotateKeys(configuration path: String) throws -> String {
        let setting = try SourceSetting(configuration: path)
        let lock = try RunLock(path: "\(setting.folders.state)/run.lock", now: Date())
        defer { lock.release() }
        var generator = SystemRandomNumberGenerator()
        let rotated = setting.keyring.rotated(
            created: try Day(inLondon: Date()), using: &generator)
        // The log first, without the key: a number and the ids that the description names.
        let now = Date()
        try setting.log(setting.database()).append(
            LogLeaf.Entry(
                kind: "keys.rotated", actor: "stile",
                subjects: [.init("key-ids", .sha256(Array(rotated.description.utf8)))],
                counts: ["epoch": rotated.current]), at: Timestamp(of: now))
        try DiskFileSystem().writeDurably(
            rotated.fileBytes(), to: setting.folders.keyring,
            permissions: Keyring.filePermissions)
        return rotated.description
    }

    /// Checks the configuration and every delivery in the drop folder; changes nothing.
    public static func check(
        configuration path: String, environment: NightEnvironment
    ) throws -> [String] {
        let setting = try SourceSetting(configuration: path)
        var findings = [
            "configuration: sound, \(setting.contract.sources.count) sources, encoding \(setting.encoding.digest.short)",
            "policy: \(setting.policy.terms.id), epoch \(setting.policy.terms.epoch)",
        ]
        let clock = setting.contract.clock
        let today = try environment.day(on: clock) ?? Day(inLondon: Date())
        let hasher = try setting.keyring.pseudonymHasher()
        for source in setting.contract.sources {
            let folder = "\(setting.folders.drop)/\(source.name)"
            let listing = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let discovery = Discovery(
                of: source, listing: listing, lastAccepted: [:], today: today, clock: clock)
            for delivery in discovery.deliveries {
                guard let contract = source.extracts.first(where: { $0.name == delivery.extract })
                else { continue }
                do {
                    let checked = try ExtractCheck(
                        contract: contract, clock: clock, digest: hasher.closure
                    ).check(delivery, path: "\(folder)/\(delivery.file)", heldRows: 0)
                    let counts = checked.counts
                    findings.append(
                        "\(source.name)/\(delivery.file): \(counts.rowsIn) rows, \(counts.refused) refused"
                            + (checked.fault.map { "; \($0.message)" } ?? ""))
                    for shared in setting.encoding.sharedIdentifiers(in: checked) {
                        findings.append(
                            "  \(shared.field): \(shared.rule): \(shared.count) subjects share a value with another"
                        )
                    }
                    var rules: [String: (count: Int, line: Int)] = [:]
                    for row in checked.quarantine {
                        let rule = "\(row.column): \(row.rule.rawValue)"
                        rules[rule, default: (0, row.line)].count += 1
                    }
                    for (rule, found) in rules.sorted(by: { $0.key < $1.key }) {
                        findings.append(
                            "  \(rule): \(found.count), the first in line \(found.line)")
                    }
                } catch let error as StileError {
                    findings.append(
                        "\(source.name)/\(delivery.file): \(error.message) \(error.remedy)")
                }
            }
            for name in discovery.unmatched {
                findings.append("\(source.name)/\(name): no extract awaits this file")
            }
        }
        return findings
    }

    /// Whether the zone's database, files and keys are sound; changes nothing.
    public static func diagnose(configuration path: String) throws -> [String] {
        let setting = try SourceSetting(configuration: path)
        var findings = ["keys: \(setting.keyring.description)"]
        let database = try setting.database()
        try database.verify()
        findings.append("database: sound, SQLite \(try database.sqliteVersion())")
        let store = try ColumnStore(directory: "\(setting.folders.state)/columns")
        let live = try database.liveFiles().sorted()
        for digest in live { _ = try store.read(digest) }
        findings.append("column files: \(live.count), each with its digest")
        if try StepLog.hasBegun(in: database) {
            let view = try setting.log(database).view()
            findings.append(
                "log: \(view.checkpoint.size) leaves under root \(view.checkpoint.root.short)")
        }
        return findings
    }

    private static func template(project: String) -> String {
        """
        # The source zone: the only place where identifiers are read. See docs/Configuration.md.
        version: 1
        zone: source
        deployment: real
        project: \(project)
        clock: calendar
        drop: drop
        archive: {folder: archive, retain_days: 400}
        exchange: ../exchange
        state: state
        pages: pages
        keyring: keys/project.keyring
        policy: ../Ethics/policy.yaml
        linking_zone: ../linking
        encoding:
          filter: {bits: 512, positions_per_bigram: 10}
          fields:
            given_name: {kind: name}
            surname: {kind: name}
            date_of_birth: {kind: date_of_birth}
            postcode: {kind: uk_postcode}
            nhs_number: {kind: nhs_number}
          blocking:
            surname_birth: [surname.soundex, date_of_birth]
            home: [postcode, "given_name[1]"]
            nhs: [nhs_number]
        sources:
          # Describe each source here; SampleData/source.yaml shows every key in use.

        """
    }
}
