public import Attestation
public import ColumnFiles
import Crypto
public import EthicsGate
import Foundation
import Hashing
public import PipelineModel
public import Sealing

/// The only opener of sealed identities: an approved list in, its people out.
///
/// It puts its intent on record before it opens anything, opens nobody who is
/// excluded by now, and writes the list before it says that it is done.
public struct Opener: Sendable {
    let key: ZoneKey
    let policy: Policy
    let log: AppendOnlyLog
    let fileSystem: any FileSystem

    /// - Parameters:
    ///   - key: The release zone's private key.
    ///   - policy: The policy in force, which names its public key.
    ///   - log: The log in which the release zone records what it does.
    ///   - fileSystem: Writes the log.
    /// - Throws: `StileError` with code `policy` where the policy names other keys.
    public init(
        key: ZoneKey, policy: Policy, log: AppendOnlyLog,
        fileSystem: any FileSystem = DiskFileSystem()
    ) throws {
        guard policy.terms.releaseSealingKey == key.sealingKey,
            policy.terms.releaseSigningKey == key.signing.verifying
        else {
            throw StileError(
                .policy, "The key of this release zone is not the one that the policy names.",
                remedy: "Use that key, or let the policy name this one.")
        }
        self.key = key
        self.policy = policy
        self.log = log
        self.fileSystem = fileSystem
    }

    /// Opens the people of an approved list.
    ///
    /// - Parameters:
    ///   - approved: The gate's decision.
    ///   - list: The list that was approved.
    ///   - bundles: The shares that came with the approvals.
    ///   - batches: The sealed batches that hold the listed records.
    ///   - excluded: Who may not be on a list today; they are taken off, unopened, and so is
    ///     everyone of a household whose score is partly theirs.
    ///   - excludedSubjects: What the sources call them; a row with a record of one of
    ///     these is taken off too, whatever its person is called by now.
    ///   - exclusions: SHA-256 of the exclusions of today.
    ///   - gateLog: The gate's log as it is now.
    ///   - now: The moment of the release.
    /// - Throws: `StileError` with code `policy` or `integrity`; nothing is
    ///   released then.
    public func open(
        _ approved: Approved, list: CandidateList, bundles: [ShareBundle],
        batches: [SealedBatch], excluded: Set<PersonPseudonym>,
        excludedSubjects: Set<SubjectPseudonym> = [], exclusions: ContentDigest,
        gateLog: LogView, now: Timestamp
    ) throws -> Released {
        try Gate.recheck(approved, policy: policy, log: gateLog, now: now)
        guard list.digest == approved.proposal[CandidateList.fileName] else {
            throw refused("The list is not the one approved.")
        }
        let byName = try named(batches, for: list, roles: approved.roles)
        try checkNotReleased(approved)
        let references = Set(
            list.records.map { RecordReference(batch: $0.batch, record: $0.record) })
        let shares = try OpenedShares(
            bundles, approved: approved, records: references.sorted(), batches: byName, key: key)
        let kept = Withholding(persons: excluded, subjects: excludedSubjects).kept(list.rows)
        guard !kept.isEmpty else {
            throw StileError(
                .policy, "Everyone on the list is excluded by now.",
                remedy: "Nothing is released; withdraw the list.")
        }
        try log.append(
            .init(
                kind: Self.intent, list: list.id, actor: "release",
                subjects: approved.proposal.subjects.filter { $0.name != "exclusions" } + [
                    .init("exclusions-of-the-day", exclusions)
                ]), at: now)
        let rows = try kept.map { candidate in
            Released.Row(
                rank: candidate.rank,
                reference: Self.reference(candidate.person?.bytes ?? candidate.about.bytes, list),
                household: candidate.home.map { Self.reference($0.pseudonym.bytes, list) },
                setting: candidate.setting,
                identity: try identity(of: candidate, batches: byName, shares: shares),
                probability: candidate.probability, reasons: candidate.reasons)
        }
        return Released(
            approved: approved, unit: list.unit, rows: rows, dropped: list.rows.count - kept.count,
            exclusions: exclusions)
    }

    /// Twelve digits that stand for somebody on one list and on no other.
    private static func reference(_ pseudonym: [UInt8], _ list: CandidateList) -> String {
        ContentDigest.sha256(Array(list.id.utf8) + pseudonym).short
    }

    static let intent = "release.intent"
    static let done = "release.done"

    private func named(
        _ batches: [SealedBatch], for list: CandidateList, roles: [String]
    ) throws -> [String: SealedBatch] {
        var byName: [String: SealedBatch] = [:]
        for batch in batches {
            guard byName.updateValue(batch, forKey: batch.context.batch) == nil else {
                throw refused("Two sealed batches are called \(batch.context.batch).")
            }
            // An older policy may have had fewer roles; this policy's batches have all of them.
            guard batch.context.policy != policy.digest || batch.roles == roles else {
                throw refused(
                    "Batch \(batch.context.batch) is not sealed to the roles of its policy.")
            }
        }
        if let missing = list.records.map(\.batch).filter({ byName[$0] == nil }).min() {
            throw refused("The sealed batch \(missing) of a listed record is not there.")
        }
        return byName
    }

    private func checkNotReleased(_ approved: Approved) throws {
        let steps = try log.view().leaves(ofList: approved.proposal.list)
        guard !steps.contains(where: { $0.entry.kind == Self.done }) else {
            throw StileError(
                .policy, "The list \(approved.proposal.list) was released already.",
                remedy: "A list is released once; look for it in the folder of released lists.")
        }
    }

    private func identity(
        of candidate: Candidate, batches: [String: SealedBatch], shares: OpenedShares
    ) throws -> Identity {
        var fields: [String: String] = [:]
        for sealed in candidate.records {
            guard let batch = batches[sealed.batch] else {
                throw refused("The sealed batch \(sealed.batch) is not there.")
            }
            let key = try shares.key(
                of: RecordReference(batch: sealed.batch, record: sealed.record),
                roles: batch.roles)
            let rows = batch.rows(record: sealed.record, subject: sealed.subject)
            guard !rows.isEmpty else {
                throw refused("A listed record is not in batch \(sealed.batch).")
            }
            // The newest version of a record is the last one written.
            for row in rows.reversed() {
                let found = try Self.open(row, in: batch, with: key)
                fields.merge(found.fields.filter { !$0.value.isEmpty }) { first, _ in first }
            }
        }
        return Identity(fields: fields)
    }

    private static func open(
        _ row: SealedRow, in batch: SealedBatch, with key: SymmetricKey
    ) throws -> Identity {
        do {
            let box = try ChaChaPoly.SealedBox(
                nonce: ChaChaPoly.Nonce(data: row.nonce), ciphertext: row.ciphertext.dropLast(16),
                tag: row.ciphertext.suffix(16))
            let padded = try ChaChaPoly.open(
                box, using: key,
                authenticating: batch.context.authenticated(
                    record: row.record, subject: row.subject))
            guard let bytes = IdentityPadding.unpadded(Array(padded)) else {
                throw StileError(.integrity, "", remedy: "")
            }
            return try Identity(bytes: bytes)
        } catch {
            throw StileError(
                .integrity,
                "An identity in batch \(batch.context.batch) does not open with the shares given.",
                remedy: "A share or the batch was changed; nothing is released.")
        }
    }

    func refused(_ message: String) -> StileError {
        StileError(
            .integrity, message, remedy: "Nothing is released; find out what was changed.")
    }
}
