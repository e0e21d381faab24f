import Crypto
import Hashing
public import PipelineModel

/// Makes the pseudonyms of people and households from a secret seed.
///
/// A person's pseudonym comes from a serial number, never from anything that the
/// person's records hold; it is minted once and then persisted.
public struct Minter: Sendable {
    private let hasher: KeyedHasher

    /// - Parameter seed: 32 secret bytes that stay with the linking zone.
    /// - Throws: `StileError` with code `configuration` for another number of bytes.
    public init(seed: [UInt8]) throws {
        guard seed.count == 32 else {
            throw StileError(
                .configuration, "The seed of the linking zone does not have 32 bytes.",
                remedy: "Restore the seed file; a new one would give everybody new pseudonyms.")
        }
        hasher = KeyedHasher(key: SymmetricKey(data: seed))
    }

    /// The first 16 bytes of HMAC-SHA256(seed, "person" ‖ serial), the serial big-endian.
    public func person(_ serial: UInt64) -> PersonPseudonym {
        pseudonym("person", serial)
    }

    /// The first 16 bytes of HMAC-SHA256(seed, "household" ‖ token of the UPRN), for an address
    /// that is new: afterwards the pseudonym is kept, whatever its token becomes.
    public func household(_ token: UInt64) -> HouseholdPseudonym {
        pseudonym("household", token)
    }

    private func pseudonym<Kind>(_ label: StaticString, _ number: UInt64) -> Pseudonym<Kind> {
        var message: [UInt8] = []
        message.reserveCapacity(label.utf8CodeUnitCount + 8)
        label.withUTF8Buffer { message.append(contentsOf: $0) }
        withUnsafeBytes(of: number.bigEndian) { message.append(contentsOf: $0) }
        let words = hasher.code(message).words
        return Pseudonym(high: words.0, low: words.1)
    }
}
