import Crypto
import PipelineModel

/// The bytes of a project key, which nothing prints.
struct Secret: Sendable, Equatable {
    /// The smallest secret that is accepted, in bytes (128 bits).
    static let minimumBytes = 16

    /// The key as the key schedule takes it.
    let key: SymmetricKey

    init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// A name for the secret that gives nothing of it away: eight bytes of an HMAC.
    var id: String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("stile/key-id/v1".utf8), using: key)
        return Hex.encode(Array(code.prefix(8)))
    }

    /// The digits for the keyring file, and for nothing else.
    var hex: String { key.withUnsafeBytes { Hex.encode(Array($0)) } }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "(secret)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
