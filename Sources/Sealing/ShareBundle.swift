import Attestation
import Crypto
import Foundation
import Hashing
public import PipelineModel

/// A record of a batch: what a share is for.
public struct RecordReference: Hashable, Comparable, Sendable {
    public var batch: String
    public var record: RecordPseudonym

    public init(batch: String, record: RecordPseudonym) {
        self.batch = batch
        self.record = record
    }

    public static func < (left: RecordReference, right: RecordReference) -> Bool {
        (left.batch, left.record) < (right.batch, right.record)
    }
}

/// One person's shares in one role for the records of one list, sealed to the
/// release zone: what an approval hands over.
///
/// The plaintext has one entry for each record in ascending order, where the
/// record's batch is sealed to the role at all: 16 bytes of record, 32 bytes of
/// SHA-256 of the batch's name, 32 bytes of share.
public struct ShareBundle: Sendable, Equatable {
    /// The bytes of one entry.
    public static let entrySize = 80

    public let binding: ShareBinding
    public let person: String
    /// The encapsulated key, 32 bytes.
    public let encapsulated: [UInt8]
    public let ciphertext: [UInt8]

    /// Derives and seals the shares of the listed records, and of no others.
    ///
    /// - Parameters:
    ///   - binding: The list, the evidence and the role for which the shares are good.
    ///   - records: The records of the list; each must be in one of `batches`.
    ///   - batches: The sealed batches that hold them.
    ///   - key: The keys of the person who approves.
    ///   - releaseKey: The raw X25519 public key of the release zone.
    public static func make(
        binding: ShareBinding, records: [RecordReference], batches: [SealedBatch], key: HolderKey,
        releaseKey: [UInt8]
    ) throws -> ShareBundle {
        var secrets: [String: RoleSecret] = [:]
        let byName = Dictionary(batches.map { ($0.context.batch, $0) }) { first, _ in first }
        var plaintext: [UInt8] = []
        for reference in Set(records).sorted() {
            guard let batch = byName[reference.batch] else {
                throw StileError(
                    .input, "The sealed batch \(reference.batch) of a listed record is not there.",
                    remedy: "Put the batch back into the exchange folder.")
            }
            guard batch.roles.contains(binding.role) else { continue }
            if secrets[reference.batch] == nil {
                guard
                    let wrap = batch.wraps.first(where: {
                        $0.role == binding.role && $0.person == key.person
                    })
                else {
                    throw StileError(
                        .policy,
                        "Batch \(reference.batch) is not sealed to “\(key.person)” in the role “\(binding.role)”.",
                        remedy:
                            "Let a holder sign who had the role when the batch was sealed, or seal the batch anew."
                    )
                }
                secrets[reference.batch] = try wrap.unwrapped(with: key, context: batch.context)
            }
            guard let secret = secrets[reference.batch] else { continue }
            plaintext += reference.record.bytes
            plaintext += ContentDigest.sha256(reference.batch).bytes
            plaintext += secret.share(of: reference.record).bytes
        }
        do {
            var sender = try HPKE.Sender(
                recipientKey: Curve25519.KeyAgreement.PublicKey(rawRepresentation: releaseKey),
                ciphersuite: RoleWrap.suite, info: Data(SealingContext.shareInformation))
            let ciphertext = try sender.seal(plaintext, authenticating: binding.bytes)
            return ShareBundle(
                binding: binding, person: key.person, encapsulated: Array(sender.encapsulatedKey),
                ciphertext: Array(ciphertext))
        } catch {
            throw StileError(
                .configuration, "The public key of the release zone cannot be used.",
                remedy: "Make the release key anew and put its public part into the policy.")
        }
    }

    /// The bytes of the `.shares` file.
    public var bytes: [UInt8] {
        CanonicalJSON.bytes(
            .object([
                "kind": .string("stile shares"), "version": .integer(1),
                "list": .string(binding.list.hex), "evidence": .string(binding.evidence.hex),
                "role": .string(binding.role), "person": .string(person),
                "encapsulated": .string(Hex.encode(encapsulated)),
                "ciphertext": .string(CanonicalBase64.encode(ciphertext)),
            ]))
    }

    /// SHA-256 of ``bytes``: what the sign-off names.
    public var digest: ContentDigest { ContentDigest.sha256(bytes) }

    /// Reads a `.shares` file; `file` is what messages call it.
    public static func read(_ bytes: [UInt8], file: String) throws -> ShareBundle {
        var fields = try JSONFields(
            try StrictJSON.read(bytes, file: file, limit: 1 << 26), what: "bundle of shares",
            file: file)
        guard try fields.string("kind") == "stile shares", try fields.integer("version") == 1
        else { throw fields.fault("it is not a bundle of version 1") }
        let bundle = ShareBundle(
            binding: ShareBinding(
                list: try fields.digest("list"), evidence: try fields.digest("evidence"),
                role: try fields.string("role")),
            person: try fields.string("person"),
            encapsulated: try fields.bytes("encapsulated", count: 32),
            ciphertext: try fields.base64("ciphertext"))
        try fields.finish()
        guard bundle.ciphertext.count >= 16, (bundle.ciphertext.count - 16) % entrySize == 0,
            bundle.bytes == bytes
        else { throw fields.fault("its size or form is wrong") }
        return bundle
    }
}
