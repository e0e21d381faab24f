import Attestation
import Crypto
import Foundation
import Hashing
public import PipelineModel

/// Seals the identities of one batch so that all roles together can open a record.
///
/// The sealer makes one secret for each role, wraps it to every holder of that
/// role, and forgets the secrets when it goes. Rows may be sealed in any order
/// and from several tasks at once.
public struct BatchSealer: Sendable {
    public let context: SealingContext
    private let keyEpoch: Int
    private let secrets: [RoleSecret]
    private let roleNames: [String]
    private let wraps: [RoleWrap]
    private let randomness: Randomness
    /// What every row authenticates first.
    private let authenticatedPrefix: [UInt8]

    /// - Parameters:
    ///   - batch: The batch, as its manifest names it.
    ///   - policyDigest: SHA-256 of the bytes of the policy file.
    ///   - roles: The roles that the policy requires, with their holders.
    ///   - keyEpoch: The epoch of the project's keys, for the header.
    ///   - randomness: Where the role secrets come from.
    public init(
        batch: String, policyDigest: ContentDigest, roles: RoleHolders, keyEpoch: Int,
        randomness: Randomness = .system
    ) throws {
        context = SealingContext(batch: batch, policy: policyDigest)
        self.keyEpoch = keyEpoch
        self.randomness = randomness
        authenticatedPrefix = context.identityPrefix
        roleNames = roles.roles.map(\.name)
        var secrets: [RoleSecret] = []
        var wraps: [RoleWrap] = []
        for role in roles.roles {
            let secret = randomness.bytes(32)
            secrets.append(RoleSecret(secret, context: context, role: role.name))
            for holder in role.holders {
                wraps.append(
                    try RoleWrap(secret, role: role.name, holder: holder, context: context))
            }
        }
        self.secrets = secrets
        self.wraps = wraps
    }

    /// Seals the identity of one record: ChaCha20-Poly1305 under the exclusive
    /// or of the shares of all roles.
    ///
    /// - Parameters:
    ///   - identity: ``Identity/bytes``.
    ///   - record: The record whose key seals it.
    ///   - subject: The person as the source knows them.
    public func seal(
        _ identity: [UInt8], record: RecordPseudonym, subject: SubjectPseudonym
    ) throws -> SealedRow {
        var block = SealingContext.recordPrefix
        Self.append(record.high, record.low, to: &block)
        block.append(1)
        var key: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for secret in secrets {
            let share = secret.code(of: block).words
            key.0 ^= share.0
            key.1 ^= share.1
            key.2 ^= share.2
            key.3 ^= share.3
        }
        let words = (key.0.bigEndian, key.1.bigEndian, key.2.bigEndian, key.3.bigEndian)
        let nonce = randomness.bytes(12)
        var authenticated = authenticatedPrefix
        Self.append(record.high, record.low, to: &authenticated)
        Self.append(subject.high, subject.low, to: &authenticated)
        do {
            let box = try ChaChaPoly.seal(
                IdentityPadding.padded(identity),
                using: withUnsafeBytes(of: words) { SymmetricKey(data: $0) },
                nonce: ChaChaPoly.Nonce(data: nonce),
                authenticating: authenticated)
            var ciphertext: [UInt8] = []
            ciphertext.reserveCapacity(box.ciphertext.count + box.tag.count)
            ciphertext.append(contentsOf: box.ciphertext)
            ciphertext.append(contentsOf: box.tag)
            return SealedRow(
                subject: subject, record: record, nonce: nonce, ciphertext: ciphertext)
        } catch let error as StileError {
            throw error
        } catch {
            throw StileError(
                .integrity, "An identity could not be sealed.", remedy: "Report this fault.")
        }
    }

    /// Appends a pseudonym's bytes, the most significant first.
    private static func append(_ high: UInt64, _ low: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    /// The table of these rows: schema `sealed`, version 1.
    public func table(_ rows: [SealedRow]) -> ColumnTable {
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(rows.count + 1)
        var ciphertexts: [UInt8] = []
        ciphertexts.reserveCapacity(rows.reduce(0) { $0 + $1.ciphertext.count })
        var nonces: [UInt8] = []
        nonces.reserveCapacity(rows.count * 12)
        for row in rows {
            nonces.append(contentsOf: row.nonce)
            ciphertexts.append(contentsOf: row.ciphertext)
            offsets.append(UInt64(ciphertexts.count))
        }
        return ColumnTable(
            schema: SealedBatch.schema, version: SealedBatch.schemaVersion,
            attributes: [
                "batch": context.batch, "policy": context.policy.hex,
                "roles": roleNames.joined(separator: ","), "key_epoch": String(keyEpoch),
                "wraps": String(
                    decoding: CanonicalJSON.bytes(.array(wraps.map(\.json))), as: UTF8.self),
            ],
            columns: [
                Column("subject", .pseudonym(rows.map { $0.subject.cast() })),
                Column("record", .pseudonym(rows.map { $0.record.cast() })),
                Column("nonce", .fixedBytes(width: 12, bytes: ColumnBytes(nonces))),
                Column(
                    "ciphertext", .variableBytes(offsets: offsets, bytes: ColumnBytes(ciphertexts))),
            ])
    }
}

/// One sealed identity.
public struct SealedRow: Sendable, Equatable {
    public var subject: SubjectPseudonym
    public var record: RecordPseudonym
    /// 12 bytes.
    public var nonce: [UInt8]
    /// The padded identity, encrypted, and the 16-byte tag.
    public var ciphertext: [UInt8]
}
