import Crypto
import Foundation
import PipelineModel

/// One role's secret of one batch, ready to derive shares: the extracted key of HKDF-SHA-256.
///
/// It never leaves this target.
struct RoleSecret: Sendable {
    private let extracted: SymmetricKey

    init(_ secret: [UInt8], context: SealingContext, role: String) {
        let code = HKDF<SHA256>.extract(
            inputKeyMaterial: SymmetricKey(data: secret), salt: context.binding(role: role))
        extracted = SymmetricKey(data: code)
    }

    /// The share of one record: 32 bytes.
    func share(of record: RecordPseudonym) -> RecordShare {
        let key = HKDF<SHA256>.expand(
            pseudoRandomKey: extracted, info: SealingContext.recordInformation(record),
            outputByteCount: 32)
        return RecordShare(bytes: key.withUnsafeBytes(Array.init))
    }
}

/// One role's part of one record's key.
///
/// The parts of all roles, combined by exclusive or, are the key; only `Release` combines them.
struct RecordShare: Sendable {
    let bytes: [UInt8]
}
