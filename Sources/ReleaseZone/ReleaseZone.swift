import Attestation
import ColumnFiles
import EncodedExtract
import EthicsGate
import Foundation
public import NightRun
import PipelineModel
import Release
import Sealing

/// The release zone: opens exactly the people of an approved list, and nobody else.
public enum ReleaseZone {
    /// What a release led to.
    public struct Outcome: Sendable {
        public var text: String
        /// The referral list.
        public var file: String
        public var rows: Int
        /// Listed people who are excluded by now and were not opened.
        public var withheld: Int
    }

    /// Releases a list once every signature, the policy, the log and the exclusions of the day
    /// have been checked again.
    public static func release(
        configuration path: String, list id: String, environment: NightEnvironment
    ) throws -> Outcome {
        let configuration = try ReleaseConfiguration.read(fileAt: path)
        let lock = try lock(configuration)
        defer { lock.release() }
        let policy = try policy(configuration)
        let folder = "\(configuration.lists)/\(try checked(id))"
        let listBytes = try bytes("\(folder)/\(CandidateList.fileName)")
        let evidence = try bytes("\(folder)/evidence.json")
        let statement = "\(folder)/statement.json"
        let proposal = try ListProposal.read(bytes(statement), file: statement)
        try proposal.check(list: listBytes, evidence: evidence, policy: policy)
        let list = try CandidateList.read(
            listBytes, file: "\(folder)/\(CandidateList.fileName)")

        let gateLog = try AppendOnlyLog.view(
            directory: configuration.log, origin: policy.terms.logOrigin, key: policy.terms.logKey)
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970.rounded(.down)))
        let approved: Approved
        switch try Gate.decide(
            proposal, envelopes: envelopes(folder), policy: policy, log: gateLog, now: now)
        {
        case .approved(let found): approved = found
        case .waiting(let roles):
            throw StileError(
                .policy,
                "The list still waits for \(roles.map { "\($0.signatures) of \($0.role)" }.joined(separator: ", ")).",
                at: .init(file: folder), remedy: "No signature, no list: let them decide first.")
        case .refused(let objections):
            throw StileError(
                .policy,
                "The list is stopped: \(objections.map { "\($0.decision.rawValue) by \($0.person) as \($0.role)" }.joined(separator: ", ")).",
                at: .init(file: folder),
                remedy: "Answer the objection; a hold can be withdrawn by whoever placed it.")
        }

        let exclusions = try Exclusions.read(
            configuration, today: environment.asOf, listAsOf: list.asOf)
        let opener = try Opener(
            key: ReleaseKey.read(fileAt: configuration.releaseKey), policy: policy,
            log: try log(configuration))
        let released = try opener.open(
            approved, list: list, bundles: bundles(folder, approved: approved),
            batches: sealedBatches(of: list, exchange: configuration.exchange),
            excluded: exclusions.persons, exclusions: exclusions.digest, gateLog: gateLog, now: now)
        let target = "\(configuration.released)/\(id)"
        try makeFolder(target)
        try opener.write(released, to: target, now: now)
        let file = "\(target)/referrals.csv"
        return Outcome(
            text: """
                released \(released.rows.count) people to \(released.recipients.joined(separator: ", "))
                withheld since it was signed: \(released.dropped)
                list: \(file)
                statement: \(target)/release.dsse.json
                """,
            file: file, rows: released.rows.count, withheld: released.dropped)
    }

    // MARK: Files

    static func checked(_ id: String) throws -> String {
        guard id.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 0x20 }), !id.hasPrefix(".")
        else {
            throw StileError(
                .input, "This is not the id of a list.",
                remedy: "stile review --waiting names the lists there are.")
        }
        return id
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StileError(
                .input, "The file is not there or cannot be read.", at: .init(file: path),
                remedy: "Check the id of the list and that this account may read the lists.")
        }
        return Array(data)
    }

    static func policy(_ configuration: ReleaseConfiguration) throws -> Policy {
        let policy = try Policy.read(bytes(configuration.policy), file: configuration.policy)
        guard configuration.isSample || policy.terms.deployment == .real else {
            throw StileError(
                .policy, "A real deployment stands under the policy of a sample.",
                at: .init(file: configuration.policy),
                remedy: "Put a policy in force whose “deployment” is real.")
        }
        return policy
    }

    private static func lock(_ configuration: ReleaseConfiguration) throws -> RunLock {
        try makeFolder(configuration.state)
        return try RunLock(path: "\(configuration.state)/run.lock", now: Date())
    }

    /// The release zone's own log, begun with the first release.
    static func log(_ configuration: ReleaseConfiguration) throws -> AppendOnlyLog {
        let log = AppendOnlyLog(
            directory: "\(configuration.state)/log",
            origin: "stile-release/\(configuration.project)",
            key: try LogKey.read(fileAt: configuration.logKey))
        if !FileManager.default.fileExists(atPath: "\(configuration.state)/log/checkpoint") {
            try log.create()
        }
        return log
    }

    static func makeFolder(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw StileError(
                .inputOutput, "The folder cannot be made.", at: .init(file: folder),
                remedy: "Check the permissions of the folder above it.")
        }
    }

    private static func names(_ folder: String, _ suffix: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/signoffs")) ?? [])
            .filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/signoffs/\($0)" }
    }

    private static func envelopes(_ folder: String) throws -> [Gate.EnvelopeFile] {
        try names(folder, ".dsse.json").map { Gate.EnvelopeFile(file: $0, bytes: try bytes($0)) }
    }

    /// The bundles that the approvals that counted brought, found by their digests.
    private static func bundles(_ folder: String, approved: Approved) throws -> [ShareBundle] {
        var found: [ContentDigest: ShareBundle] = [:]
        for path in names(folder, ".shares") {
            let bundle = try ShareBundle.read(bytes(path), file: path)
            found[bundle.digest] = bundle
        }
        return try approved.approvals.map { approval in
            guard let bundle = found[approval.shares] else {
                throw StileError(
                    .integrity, "The shares that \(approval.person) handed over are not there.",
                    at: .init(file: "\(folder)/signoffs"),
                    remedy: "Restore the file, or let this person approve again.")
            }
            return bundle
        }
    }

    private static func sealedBatches(of list: CandidateList, exchange: String) throws
        -> [SealedBatch]
    {
        try Set(list.records.map(\.batch)).sorted().map { name in
            let folder = "\(exchange)/\(name.prefix { $0 != "." })/\(name)"
            let path = "\(folder)/\(BatchManifest.fileName)"
            let manifest = try BatchManifest.read(bytes(path), file: path)
            guard let digest = ContentDigest(hex: manifest.sealed) else {
                throw StileError(
                    .integrity, "The manifest names no sealed file.", at: .init(file: path),
                    remedy: "Restore the batch from the backup.")
            }
            return try SealedBatch(
                ColumnStore(directory: folder).read(digest), file: "\(folder)/\(manifest.sealed)")
        }
    }
}
