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

        let gateLog = try SeenLog.view(configuration, policy: policy)
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

        environment.log(.info, "release \(id): every role has signed; opening.")
        // Read again at the last moment, so that a hold that comes meanwhile wins.
        let newest = try SeenLog.view(configuration, policy: policy)
        let exclusions = try Exclusions.read(
            configuration, log: newest, today: environment.asOf, listAsOf: list.asOf)
        let opener = try Opener(
            key: ZoneKey.read(fileAt: configuration.releaseKey, for: .release), policy: policy,
            log: try log(configuration))
        let released = try opener.open(
            approved, list: list, bundles: bundles(folder, approved: approved),
            batches: sealedBatches(of: list, exchange: configuration.exchange),
            excluded: exclusions.persons, excludedSubjects: exclusions.subjects,
            exclusions: exclusions.digest, gateLog: newest, now: now)
        environment.log(.info, "release \(id): the intent is in the log; writing.")
        let target = "\(configuration.released)/\(id)"
        try makeFolder(target)
        try removeHalfWritten(in: target)
        try opener.write(released, to: target, now: now)
        environment.log(.info, "release \(id): the list is in its place and in the log.")
        let file = "\(target)/referrals.csv"
        return Outcome(
            text: """
                released \(released.summary) to \(released.recipients.joined(separator: ", "))
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
        guard let bytes = try PlainFile.bytes(at: path) else {
            throw StileError(
                .input, "The file is not there.", at: .init(file: path),
                remedy: "Check the id of the list and that this account may read the lists.")
        }
        return bytes
    }

    /// Removes what a killed run left of a list: it may hold identities.
    private static func removeHalfWritten(in folder: String) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.contains(".partial-") {
            try DiskFileSystem().remove("\(folder)/\(name)")
        }
    }

    static func policy(_ configuration: ReleaseConfiguration) throws -> Policy {
        let policy = try Policy.read(bytes(configuration.policy), file: configuration.policy)
        try policy.check(isSample: configuration.isSample, file: configuration.policy)
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
        let exchange = ExchangeFolder(exchange)
        return try Set(list.records.map(\.batch)).sorted().map { name in
            let batch = try exchange.batch(named: name)
            let sealed = batch.manifest.sealed
            return try SealedBatch(batch.table(sealed), file: "\(batch.folder)/\(sealed)")
        }
    }
}
