import Crypto
import Foundation
import Hashing
import PipelineModel

/// One role's secret of one batch, ready to derive shares: the extracted key of HKDF-SHA-256.
///
/// It never leaves this target.
struct RoleSecret: Sendable {
    private let extracted: KeyedHasher
    private let context: SealingContext

    init(_ secret: [UInt8], context: SealingContext, role: String) {
        let code = HKDF<SHA256>.extract(
            inputKeyMaterial: SymmetricKey(data: secret), salt: context.binding(role: role))
        extracted = KeyedHasher(key: SymmetricKey(data: code))
        self.context = context
    }

    /// The share of one record: 32 bytes.
    func share(of record: RecordPseudonym) -> RecordShare {
        var layout = RecordLayout(context)
        return RecordShare(bytes: layout.shareBlock(of: record, code).bytes)
    }

    /// The expansion of HKDF (RFC 5869) to 32 bytes: one HMAC.
    ///
    /// - Parameter block: As ``RecordLayout`` lays it out.
    func code(of block: UnsafeRawBufferPointer) -> HashCode { extracted.code(block) }
}

/// One role's part of one record's key.
///
/// The parts of all roles, combined by exclusive or, are the key; only `Release` combines them.
struct RecordShare: Sendable {
    let bytes: [UInt8]
}
