import Crypto
import EthicsGate
import Foundation
import Hashing
import PipelineModel
import Sealing

/// The shares of every role for the records of one list, out of their bundles.
struct OpenedShares {
    private var shares: [RecordReference: [String: [UInt8]]] = [:]

    /// Opens the bundles of an approval; each must be the one that its sign-off names.
    init(
        _ bundles: [ShareBundle], approved: Approved, records: [RecordReference],
        batches: [String: SealedBatch], key: ZoneKey
    ) throws {
        var byDigest: [ContentDigest: ShareBundle] = [:]
        for bundle in bundles {
            guard byDigest.updateValue(bundle, forKey: bundle.digest) == nil else {
                throw Self.refused("The shares of “\(bundle.person)” stand twice.")
            }
        }
        guard let list = approved.proposal["list.json"],
            let evidence = approved.proposal["evidence.json"]
        else { throw Self.refused("The proposal names no list or no evidence.") }
        for approval in approved.approvals {
            guard let bundle = byDigest.removeValue(forKey: approval.shares) else {
                throw Self.refused(
                    "The shares that “\(approval.person)” gave as “\(approval.role)” are not there."
                )
            }
            let binding = ShareBinding(list: list, evidence: evidence, role: approval.role)
            guard bundle.binding == binding, bundle.person == approval.person else {
                throw Self.refused(
                    "The shares of “\(approval.person)” were made for another list or role.")
            }
            let expected = records.filter {
                batches[$0.batch]?.roles.contains(approval.role) == true
            }
            try add(
                try Self.plaintext(of: bundle, key: key), role: approval.role, records: expected)
        }
        if let stranger = byDigest.values.min(by: { $0.digest < $1.digest }) {
            throw Self.refused("The shares of “\(stranger.person)” belong to no approval.")
        }
    }

    private static func plaintext(of bundle: ShareBundle, key: ZoneKey) throws -> [UInt8] {
        do {
            return try key.open(
                bundle.ciphertext, encapsulated: bundle.encapsulated,
                information: Data(SealingContext.shareInformation),
                authenticating: Data(bundle.binding.bytes))
        } catch {
            throw refused(
                "The shares of “\(bundle.person)” do not open with the key of this release zone.")
        }
    }

    private mutating func add(
        _ plaintext: [UInt8], role: String, records: [RecordReference]
    ) throws {
        guard plaintext.count == records.count * ShareBundle.entrySize else {
            throw Self.refused("The shares of “\(role)” are not those of the records of the list.")
        }
        for (index, record) in records.enumerated() {
            let start = index * ShareBundle.entrySize
            let head = plaintext[start..<(start + 48)]
            guard
                head.elementsEqual(
                    record.record.bytes + ContentDigest.sha256(record.batch).bytes)
            else {
                throw Self.refused(
                    "The shares of “\(role)” are not those of the records of the list.")
            }
            let share = Array(plaintext[(start + 48)..<(start + ShareBundle.entrySize)])
            if let other = shares[record, default: [:]].updateValue(share, forKey: role),
                other != share
            {
                throw Self.refused("Two people gave different shares of the role “\(role)”.")
            }
        }
    }

    /// The key of one record: the exclusive or of the shares of all `roles`.
    func key(of record: RecordReference, roles: [String]) throws -> SymmetricKey {
        var key = [UInt8](repeating: 0, count: 32)
        for role in roles {
            guard let share = shares[record]?[role] else {
                throw Self.refused(
                    "Batch \(record.batch) is sealed to the role “\(role)”, which gave no share.")
            }
            for index in 0..<32 { key[index] ^= share[index] }
        }
        return SymmetricKey(data: key)
    }

    private static func refused(_ message: String) -> StileError {
        StileError(
            .integrity, message,
            remedy: "Nothing is released; restore the files of the sign-offs, or sign again.")
    }
}
