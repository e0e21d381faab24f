package import Crypto

#if canImport(Glibc)
    import Glibc
#endif

/// HMAC-SHA-256 under one key, with the key's two blocks hashed once.
///
/// Its two states stand for the key: who reads the memory of a process that holds one can make its
/// codes. Unlike `SymmetricKey` they are not wiped when they are let go, which is the price of states
/// that are values; the key's own bytes are.
///
/// RFC 2104: H(K ⊕ opad ‖ H(K ⊕ ipad ‖ message)). A message of up to 55 bytes takes two
/// compressions of SHA-256 in place of four.
package struct KeyedHasher: Sendable {
    private let inner: HashedBlock
    private let outer: HashedBlock

    package init(key: SymmetricKey) {
        var block = [UInt8](repeating: 0, count: SHA256.blockByteCount)
        key.withUnsafeBytes { raw in
            if raw.count > block.count {
                for (offset, byte) in SHA256.hash(data: Array(raw)).enumerated() {
                    block[offset] = byte
                }
            } else {
                for (offset, byte) in raw.enumerated() { block[offset] = byte }
            }
        }
        defer { Self.wipe(&block) }
        func keyed(_ pad: UInt8) -> HashedBlock {
            for place in block.indices { block[place] ^= pad }
            return block.withUnsafeBytes { HashedBlock($0) }
        }
        inner = keyed(0x36)
        // The first pad off and the second on.
        outer = keyed(0x36 ^ 0x5c)
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        #if canImport(Glibc)
            bytes.withUnsafeMutableBytes {
                if let start = $0.baseAddress { explicit_bzero(start, $0.count) }
            }
        #else
            for place in bytes.indices { bytes[place] = 0 }
        #endif
    }

    /// The code of a message.
    package func code(_ message: UnsafeRawBufferPointer) -> HashCode {
        let digest = inner.digest(adding: message)
        return withUnsafeBytes(of: digest.stored) { outer.digest(adding: $0) }
    }

    /// The code of a message.
    package func code(_ message: [UInt8]) -> HashCode { message.withUnsafeBytes { code($0) } }
}

/// The 32 bytes of a SHA-256, as four words of 64 bits.
package struct HashCode: Sendable, Equatable {
    /// The words as the bytes lie in memory.
    var stored: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The words, the highest byte first.
    package var words: (UInt64, UInt64, UInt64, UInt64) {
        (
            UInt64(bigEndian: stored.0), UInt64(bigEndian: stored.1), UInt64(bigEndian: stored.2),
            UInt64(bigEndian: stored.3)
        )
    }

    /// The bytes in their order.
    package var bytes: [UInt8] { withUnsafeBytes(of: stored) { Array($0) } }

    package static func == (left: HashCode, right: HashCode) -> Bool {
        left.stored == right.stored
    }
}
