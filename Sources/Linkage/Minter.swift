import Crypto
import Foundation
public import PipelineModel

/// Makes the pseudonyms of people and households from a secret seed.
///
/// A person's pseudonym comes from a serial number, never from anything that the
/// person's records hold; it is minted once and then persisted.
public struct Minter: Sendable {
    /// HMAC-SHA256 with the two blocks of its key hashed once: a state is copied for each pseudonym.
    private let inner: SHA256
    private let outer: SHA256

    /// - Parameter seed: 32 secret bytes that stay with the linking zone.
    /// - Throws: `StileError` with code `configuration` for another number of bytes.
    public init(seed: [UInt8]) throws {
        guard seed.count == 32 else {
            throw StileError(
                .configuration, "The seed of the linking zone does not have 32 bytes.",
                remedy: "Restore the seed file; a new one would give everybody new pseudonyms.")
        }
        func keyed(_ pad: UInt8) -> SHA256 {
            var state = SHA256()
            let block = seed.map { $0 ^ pad } + [UInt8](repeating: pad, count: 64 - seed.count)
            state.update(data: block)
            return state
        }
        inner = keyed(0x36)
        outer = keyed(0x5c)
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
        var inner = inner
        inner.update(
            bufferPointer: UnsafeRawBufferPointer(
                start: label.utf8Start, count: label.utf8CodeUnitCount))
        withUnsafeBytes(of: number.bigEndian) { inner.update(bufferPointer: $0) }
        var outer = outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        // A digest always has 32 bytes.
        return outer.finalize().withUnsafeBytes { bytes in
            Pseudonym(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
