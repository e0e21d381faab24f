import Crypto
import Foundation
import Hashing
import PipelineModel

/// Seals one record after the other with memory that is used again.
struct SealedWriter {
    private let secrets: [RoleSecret]
    private var layout: RecordLayout
    private var padded: [UInt8] = []

    init(_ context: SealingContext, secrets: [RoleSecret]) {
        self.secrets = secrets
        layout = RecordLayout(context)
    }

    /// Appends the padded identity, encrypted, and its tag: ChaCha20-Poly1305 under the exclusive
    /// or of the shares of all roles.
    ///
    /// - Parameter nonce: 12 bytes that no other row has.
    mutating func seal(
        _ identity: [UInt8], record: RecordPseudonym, subject: SubjectPseudonym,
        nonce: UnsafeRawBufferPointer, to ciphertexts: inout [UInt8]
    ) throws {
        try IdentityPadding.pad(identity, into: &padded)
        let key = key(of: record)
        do {
            let nonce = try ChaChaPoly.Nonce(data: nonce)
            let box = try padded.withUnsafeBytes { padded in
                try layout.authenticated(record: record, subject: subject) {
                    try ChaChaPoly.seal(padded, using: key, nonce: nonce, authenticating: $0)
                }
            }
            // The nonce stands first.
            box.combined.withUnsafeBytes {
                ciphertexts.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[12...]))
            }
        } catch {
            throw StileError(
                .integrity, "An identity could not be sealed.", remedy: "Report this fault.")
        }
    }

    private mutating func key(of record: RecordPseudonym) -> SymmetricKey {
        layout.shareBlock(of: record) { block in
            var key: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
            for secret in secrets {
                let share = secret.code(of: block).words
                key.0 ^= share.0
                key.1 ^= share.1
                key.2 ^= share.2
                key.3 ^= share.3
            }
            let words = (
                key.0.bigEndian, key.1.bigEndian, key.2.bigEndian, key.3.bigEndian
            )
            return withUnsafeBytes(of: words) { SymmetricKey(data: $0) }
        }
    }
}
