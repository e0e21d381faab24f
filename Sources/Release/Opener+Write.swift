public import Attestation
import ColumnFiles
import EthicsGate
import Foundation
import Hashing
public import PipelineModel
import Sealing

extension Opener {
    /// The type of the statement about a released list.
    public static let predicateType = ReleaseStatement.predicateType

    /// Writes `referrals.csv` and `release.dsse.json` into a folder that is there,
    /// then puts on record that the list is released.
    ///
    /// A run killed between the two is finished by the next: the same list is
    /// taken as written; another list in its place is refused.
    ///
    /// - Returns: SHA-256 of `referrals.csv`.
    @discardableResult
    public func write(
        _ released: Released, to directory: String, now: Timestamp
    ) throws -> ContentDigest {
        let referrals = ReferralCSV.bytes(released)
        let digest = ContentDigest.sha256(referrals)
        let path = directory + "/referrals.csv"
        if let existing = FileManager.default.contents(atPath: path),
            Array(existing) != referrals
        {
            throw StileError(
                .integrity,
                "A list that was not put on record is there, and it is not this one.",
                at: .init(file: path),
                remedy: "Find out who has received it; move it away; then release again.")
        }
        let envelope = try Envelope.sign(
            statement(released, referrals: digest, now: now), with: key.signing)
        try fileSystem.writeDurably(
            envelope.bytes, to: directory + "/release.dsse.json", permissions: 0o640)
        try fileSystem.writeDurably(referrals, to: path, permissions: 0o600)
        try log.append(
            .init(
                kind: Self.done, list: released.list, actor: "release",
                subjects: [
                    .init("release.dsse.json", envelope.digest), .init("referrals.csv", digest),
                ]), at: now)
        return digest
    }

    private func statement(
        _ released: Released, referrals: ContentDigest, now: Timestamp
    ) -> [UInt8] {
        Statement(
            subjects: [.init("referrals.csv", referrals)] + released.approved.proposal.subjects
                + [.init("exclusions-of-the-day", released.exclusions)],
            predicateType: Self.predicateType,
            predicate: .object([
                "list": .string(released.list), "purpose": .string(released.purpose),
                "recipients": .array(released.recipients.map { .string($0) }),
                "rows": .integer(Int64(released.rows.count)),
                "dropped": .integer(Int64(released.dropped)),
                "released": .string(now.description),
                "log": .object([
                    "origin": .string(released.approved.checkpoint.origin),
                    "size": .integer(Int64(released.approved.checkpoint.size)),
                    "root": .string(released.approved.checkpoint.root.hex),
                ]),
                "approvals": .array(
                    released.approved.approvals.map {
                        .object([
                            "role": .string($0.role), "person": .string($0.person),
                            "envelope": .string($0.envelope.hex),
                        ])
                    }),
            ])
        ).bytes
    }
}
