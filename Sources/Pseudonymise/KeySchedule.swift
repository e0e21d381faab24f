import Crypto
import Hashing
import PipelineModel

/// One key for each purpose and field of one epoch, derived from the project's secret.
///
/// HKDF-SHA-256 (RFC 5869) without salt, 32 bytes; `info` is `stile/token/v1`, then project,
/// epoch, purpose and field, each with its length first. A key of one field says nothing of
/// another's, and tokens of two fields, epochs or projects cannot be compared.
struct KeySchedule: Sendable {
    /// What a key is for.
    enum Purpose: String {
        case token, filter, near, block, trusted
    }

    let project: String
    let epoch: Int
    private let secret: Secret

    /// - Parameter epoch: The epoch; the current one where `nil`.
    init(_ keyring: Keyring, epoch: Int? = nil) throws {
        let wanted = epoch ?? keyring.current
        guard let entry = keyring.epochs.first(where: { $0.epoch == wanted }) else {
            throw StileError(
                .configuration, "The keyring has no token key \(wanted).",
                remedy: "Use an epoch that the keyring has, or restore the keyring.")
        }
        project = keyring.project
        self.epoch = wanted
        secret = entry.secret
    }

    /// The key of a filter; a filter that is salted by another field has another key.
    func filterHasher(_ name: String, salt: String?) -> KeyedHasher {
        hasher(.filter, field: salt.map { "\(name)/\($0)" } ?? name)
    }

    func hasher(_ purpose: Purpose, field: String) -> KeyedHasher {
        var info = Message()
        info.add(project.utf8)
        info.add(String(epoch).utf8)
        info.add(purpose.rawValue.utf8)
        info.add(field.utf8)
        return KeyedHasher(
            key: HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret.key, info: Array("stile/token/v1".utf8) + info.bytes,
                outputByteCount: 32))
    }
}

/// Makes pseudonyms: 128 bits of an HMAC under the project's pseudonym key.
///
/// The key is HKDF-SHA-256 of the pseudonym secret with `info` `stile/pseudonym/v1` and the
/// project; the message is domain and bytes, each with its length first. It does not depend on
/// the token epochs.
public struct PseudonymHasher: Sendable {
    private let hasher: KeyedHasher

    init(project: String, secret: Secret) {
        var info = Message()
        info.add(project.utf8)
        hasher = KeyedHasher(
            key: HKDF<SHA256>.deriveKey(
                inputKeyMaterial: secret.key, info: Array("stile/pseudonym/v1".utf8) + info.bytes,
                outputByteCount: 32))
    }

    /// The pseudonym of `bytes` within `domain`, high word first, never all zeros.
    @Sendable
    public func callAsFunction(domain: String, bytes: [UInt8]) -> (UInt64, UInt64) {
        var message = Message()
        return pseudonym(domain: domain, bytes: bytes, &message)
    }

    /// The same, with memory that is used again.
    func pseudonym(
        domain: String, bytes: [UInt8], _ scratch: inout Message
    ) -> (UInt64, UInt64) {
        scratch.removeAll()
        scratch.add(domain.utf8)
        scratch.add(bytes)
        return hasher.pseudonym(scratch.bytes)
    }

    /// The same as a closure, as `Intake` takes it.
    public var closure: @Sendable (_ domain: String, _ bytes: [UInt8]) -> (UInt64, UInt64) {
        { domain, bytes in self(domain: domain, bytes: bytes) }
    }
}

extension PseudonymHasher: CustomStringConvertible, CustomReflectable {
    public var description: String { "(pseudonym hasher)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Keyring {
    /// The hasher of a generation of the pseudonym key; of the newest where `nil`.
    public func pseudonymHasher(generation: Int? = nil) throws -> PseudonymHasher {
        guard let entry = pseudonyms.last(where: { generation == nil || $0.epoch == generation })
        else {
            throw StileError(
                .configuration, "The keyring has no pseudonym key \(generation ?? 1).",
                remedy: "Use a generation that the keyring has, or restore the keyring.")
        }
        return PseudonymHasher(project: project, secret: entry.secret)
    }
}
