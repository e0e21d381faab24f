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
        RecordShare(bytes: code(of: SealingContext.recordInformation(record)).bytes)
    }

    /// The expansion of HKDF (RFC 5869) to 32 bytes: HMAC of `information` and the byte 1.
    ///
    /// - Parameter information: ``SealingContext/recordInformation(_:)``.
    func code(of information: [UInt8]) -> HashCode { extracted.code(information + [1]) }
}

/// One role's part of one record's key.
///
/// The parts of all roles, combined by exclusive or, are the key; only `Release` combines them.
struct RecordShare: Sendable {
    let bytes: [UInt8]
}
