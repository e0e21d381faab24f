import Crypto
import Foundation
import Hashing
import PipelineModel

/// One role's secret of one batch, ready to derive shares: the extracted key of HKDF-SHA-256.
///
/// It never leaves this target.
struct RoleSecret: Sendable {
    private let extracted: KeyedHasher

    init(_ secret: [UInt8], context: SealingContext, role: String) {
        let code = HKDF<SHA256>.extract(
            inputKeyMaterial: SymmetricKey(data: secret), salt: context.binding(role: role))
        extracted = KeyedHasher(key: SymmetricKey(data: code))
    }

    /// The share of one record: 32 bytes.
    func share(of record: RecordPseudonym) -> RecordShare {
        RecordShare(bytes: code(of: SealingContext.recordInformation(record) + [1]).bytes)
    }

    /// The expansion of HKDF (RFC 5869) to 32 bytes: one HMAC.
    ///
    /// - Parameter block: ``SealingContext/recordInformation(_:)`` and the byte 1.
    func code(of block: [UInt8]) -> HashCode { extracted.code(block) }
}

/// One role's part of one record's key.
///
/// The parts of all roles, combined by exclusive or, are the key; only `Release` combines them.
struct RecordShare: Sendable {
    let bytes: [UInt8]
}
