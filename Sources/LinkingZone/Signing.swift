import Attestation
import ColumnFiles
import EncodedExtract
import EthicsGate
import Foundation
import PipelineModel
import Sealing
import Storage

extension LinkingZone {
    /// What a sign-off led to.
    public struct SignOutcome: Sendable {
        public var text: String
        /// The state of the list afterwards.
        public var state: String
    }

    /// Signs a decision of one person in one role on one list.
    ///
    /// The list, the evidence, the policy and the log are verified first; the leaf of the log
    /// is durable before the envelope is written. Whoever was stopped in between signs again.
    ///
    /// - Parameters:
    ///   - path: The path of the zone's `stile.yaml`.
    ///   - id: The list.
    ///   - role: The role in which the person decides.
    ///   - keyFile: The person's key.
    ///   - text: approve, hold, refuse or withdraw.
    ///   - reason: Why, in words that name nobody.
    ///   - note: Takes a line of the log for each step.
    public static func sign(
        configuration path: String, list id: String, role: String, keyFile: String,
        decision text: String, reason: String,
        note: (String) -> Void = { _ in }
    ) throws -> SignOutcome {
        let configuration = try LinkingConfiguration.read(fileAt: path)
        let desk = try ListDesk(configuration)
        let database = try database(configuration)
        guard let choice = SignOff.Decision(rawValue: text) else {
            let allowed = SignOff.Decision.allCases.map(\.rawValue).joined(separator: ", ")
            throw StileError(
                .configuration, "“\(text)” is not a decision.", remedy: "Choose one of \(allowed).")
        }
        guard let record = try database.list(id) else {
            throw StileError(
                .input, "There is no list of that id.", at: .init(file: path),
                remedy: "stile review --waiting names the lists there are.")
        }
        guard record.state == .waiting || record.state == .approved else {
            throw StileError(
                .policy, "The list is \(record.state.rawValue); it can no longer be signed.",
                remedy: "Sign the newest list; stile review --waiting names it.")
        }
        let (list, _, proposal) = try desk.proposed(id)
        let key = try HolderKey.read(fileAt: keyFile)
        var bundle: ShareBundle?
        if choice == .approve {
            guard let listDigest = proposal[CandidateList.fileName],
                let evidenceDigest = proposal["evidence.json"]
            else {
                throw StileError(
                    .integrity, "The proposal names no list or no evidence.",
                    remedy: "Run the night again to propose a new list.")
            }
            bundle = try ShareBundle.make(
                binding: ShareBinding(list: listDigest, evidence: evidenceDigest, role: role),
                records: list.records.map { RecordReference(batch: $0.batch, record: $0.record) },
                batches: try sealedBatches(of: list, exchange: configuration.exchange), key: key,
                releaseKey: desk.policy.terms.releaseSealingKey)
        }
        let log = try desk.log()
        let now = Timestamp.now(Date())
        let (signOff, envelope) = try Gate.sign(
            choice, as: role, reason: reason,
            by: Signer(person: key.person, key: key.signing, throwaway: key.throwaway),
            proposal: proposal, policy: desk.policy, shares: bundle?.digest, log: log.view(),
            now: now)

        let folder = "\(desk.folder(of: id))/signoffs"
        // One person may say the same twice, such as a second hold: each stands in its own file.
        let name = "\(role)-\(key.person)-\(choice.rawValue)-\(envelope.digest.short)"
        let disk = DiskFileSystem()
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750])
        } catch {
            throw StileError(
                .inputOutput, "The folder of sign-offs cannot be made.", at: .init(file: folder),
                remedy: "Check that this account may write there.")
        }
        // Shares before the leaf, the envelope after it: a leaf without its envelope stops an
        // objection from being lost, and an approval without its shares opens nothing.
        if let bundle {
            try disk.writeDurably(
                bundle.bytes, to: "\(folder)/\(name).shares", permissions: 0o640)
        }
        note("sign \(id): checked and signed; going into the log.")
        try log.append(SignOff.logEntry(signOff, envelope: envelope), at: now)
        note("sign \(id): in the log; writing the envelope.")
        try disk.writeDurably(envelope.bytes, to: "\(folder)/\(name).dsse.json", permissions: 0o640)

        note("sign \(id): the envelope is in its place; entering it.")
        var commit = StageCommit()
        commit.signOffs = [
            SignOffRecord(
                list: id, role: role, person: key.person,
                decision: choice.recorded,
                envelope: envelope.digest, at: Date())
        ]
        var lines = [
            "\(choice.rawValue): \(key.person) as \(role), envelope \(envelope.digest.short)"
        ]
        var state = record.state
        switch try self.decision(desk, id, proposal) {
        case .waiting(let roles):
            lines.append(
                "the list still waits for "
                    + roles.map { "\($0.signatures) of \($0.role)" }.joined(separator: ", "))
        case .refused(let objections):
            lines.append(
                "the list is stopped by \(objections.map(\.person).joined(separator: ", "))")
            if objections.contains(where: { $0.decision == .refuse }) { state = .refused }
        case .approved:
            lines.append("every role has signed; the list can be released")
            state = .approved
        }
        if state != record.state {
            commit.listStates = [ListStateChange(list: id, from: record.state, to: state)]
        }
        try database.commit(commit)
        note("sign \(id): entered.")
        return SignOutcome(text: lines.joined(separator: "\n"), state: state.rawValue)
    }

    /// The sealed batches in which the records of a list lie.
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

extension SignOff.Decision {
    /// The decision as the database names it.
    fileprivate var recorded: SignOffRecord.Decision {
        switch self {
        case .approve: .approve
        case .hold: .hold
        case .refuse: .refuse
        case .withdraw: .withdraw
        }
    }
}
