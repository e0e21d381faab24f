import Crypto

/// HMAC-SHA-256 under one key, with the key's two blocks hashed once.
///
/// RFC 2104: H(K ⊕ opad ‖ H(K ⊕ ipad ‖ message)). Copying the two states in place of hashing the
/// blocks anew makes short messages about five times as fast.
struct KeyedHasher: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    init(key: SymmetricKey) {
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
        var inner = SHA256()
        inner.update(data: block.map { $0 ^ 0x36 })
        self.inner = inner
        var outer = SHA256()
        outer.update(data: block.map { $0 ^ 0x5c })
        self.outer = outer
    }

    /// The code of a message, 32 bytes.
    func code(_ message: UnsafeRawBufferPointer) -> SHA256Digest {
        var inner = self.inner
        inner.update(bufferPointer: message)
        var outer = self.outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize()
    }

    /// The first 128 bits of the code, never all zeros.
    func pseudonym(_ message: [UInt8]) -> (UInt64, UInt64) {
        let words = message.withUnsafeBytes { code($0) }.withUnsafeBytes { raw in
            (
                UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        return words.0 == 0 && words.1 == 0 ? (0, 1) : words
    }

    /// The first 64 bits of the code, never 0, which stands for a missing value.
    func token(_ message: [UInt8]) -> UInt64 {
        let word = message.withUnsafeBytes { code($0) }.withUnsafeBytes { raw in
            UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self))
        }
        return word == 0 ? 1 : word
    }
}

/// A message of parts, each with its length first, so that no two lists of parts run together.
struct Message {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(128) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func add(_ part: some Collection<UInt8>) {
        let start = beginPart()
        bytes.append(contentsOf: part)
        endPart(start)
    }

    /// Adds a part of two pieces without putting them together first.
    mutating func add(
        _ first: UnsafeBufferPointer<UInt8>.SubSequence,
        _ second: UnsafeBufferPointer<UInt8>.SubSequence
    ) {
        let start = beginPart()
        bytes.append(contentsOf: first)
        bytes.append(contentsOf: second)
        endPart(start)
    }

    /// Adds a part that `body` appends to; takes it back where `body` says that it is missing.
    mutating func add(_ body: (inout [UInt8]) -> Bool) -> Bool {
        let start = beginPart()
        guard body(&bytes) else {
            bytes.removeLast(bytes.count - start)
            return false
        }
        endPart(start)
        return true
    }

    private mutating func beginPart() -> Int {
        let start = bytes.count
        for _ in 0..<4 { bytes.append(0) }
        return start
    }

    private mutating func endPart(_ start: Int) {
        let length = UInt32(truncatingIfNeeded: bytes.count - start - 4)
        for offset in 0..<4 {
            bytes[start + offset] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(offset)))
        }
    }
}
