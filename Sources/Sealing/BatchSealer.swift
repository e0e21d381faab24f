import Attestation
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

    /// Seals the identity of one record.
    ///
    /// - Parameters:
    ///   - identity: ``Identity/bytes``.
    ///   - record: The record whose key seals it.
    ///   - subject: The person as the source knows them.
    public func seal(
        _ identity: [UInt8], record: RecordPseudonym, subject: SubjectPseudonym
    ) throws -> SealedRow {
        var writer = SealedWriter(context, secrets: secrets)
        let nonce = randomness.bytes(12)
        var ciphertext: [UInt8] = []
        try nonce.withUnsafeBytes {
            try writer.seal(
                identity, record: record, subject: subject, nonce: $0, to: &ciphertext)
        }
        return SealedRow(subject: subject, record: record, nonce: nonce, ciphertext: ciphertext)
    }

    /// The table of these rows: schema `sealed`, version 1.
    public func table(_ rows: [SealedRow]) -> ColumnTable {
        var columns = SealedColumns(count: rows.count)
        columns.ciphertexts.reserveCapacity(rows.reduce(0) { $0 + $1.ciphertext.count })
        for row in rows {
            columns.nonces.append(contentsOf: row.nonce)
            columns.ciphertexts.append(contentsOf: row.ciphertext)
            columns.endRow(subject: row.subject, record: row.record)
        }
        return table(columns)
    }

    /// Seals identities, in their order, and gives their table.
    ///
    /// It is what sealing them one by one and ``table(_:)`` give, but that the nonces of several
    /// rows are drawn together, which takes less time. Those drawn are used within this call, once
    /// each, and never kept, so that neither a copy of the sealer nor of the process has them.
    public func table(sealing identities: [UnsealedRow]) throws -> ColumnTable {
        var writer = SealedWriter(context, secrets: secrets)
        var columns = SealedColumns(count: identities.count)
        columns.ciphertexts.reserveCapacity(
            identities.reduce(0) { $0 + IdentityPadding.size(of: $1.identity.count) + 16 })
        for start in stride(from: 0, to: identities.count, by: Self.drawnTogether) {
            let part = identities[start..<min(start + Self.drawnTogether, identities.count)]
            let nonces = randomness.bytes(12 * part.count)
            columns.nonces.append(contentsOf: nonces)
            try nonces.withUnsafeBytes { nonces in
                for (position, row) in part.enumerated() {
                    try writer.seal(
                        row.identity, record: row.record, subject: row.subject,
                        nonce: UnsafeRawBufferPointer(
                            rebasing: nonces[(12 * position)..<(12 * position + 12)]),
                        to: &columns.ciphertexts)
                    columns.endRow(subject: row.subject, record: row.record)
                }
            }
        }
        return table(columns)
    }

    /// How many nonces are drawn together: as many as the kernel gives whole in one call.
    private static let drawnTogether = Randomness.callBytes / 12

    private func table(_ columns: SealedColumns) -> ColumnTable {
        ColumnTable(
            schema: SealedBatch.schema, version: SealedBatch.schemaVersion,
            attributes: [
                "batch": context.batch, "policy": context.policy.hex,
                "roles": roleNames.joined(separator: ","), "key_epoch": String(keyEpoch),
                "wraps": String(
                    decoding: CanonicalJSON.bytes(.array(wraps.map(\.json))), as: UTF8.self),
            ],
            columns: columns.columns)
    }
}

/// The columns of a sealed table while rows are added.
private struct SealedColumns {
    private var subjects: [UnitPseudonym] = []
    private var records: [UnitPseudonym] = []
    private var offsets: [UInt64] = [0]
    var nonces: [UInt8] = []
    var ciphertexts: [UInt8] = []

    init(count: Int) {
        subjects.reserveCapacity(count)
        records.reserveCapacity(count)
        offsets.reserveCapacity(count + 1)
        nonces.reserveCapacity(12 * count)
    }

    /// Ends a row whose nonce and ciphertext have been appended.
    mutating func endRow(subject: SubjectPseudonym, record: RecordPseudonym) {
        subjects.append(subject.cast())
        records.append(record.cast())
        offsets.append(UInt64(ciphertexts.count))
    }

    var columns: [Column] {
        [
            Column("subject", .pseudonym(subjects)), Column("record", .pseudonym(records)),
            Column("nonce", .fixedBytes(width: 12, bytes: ColumnBytes(nonces))),
            Column(
                "ciphertext", .variableBytes(offsets: offsets, bytes: ColumnBytes(ciphertexts))),
        ]
    }
}
