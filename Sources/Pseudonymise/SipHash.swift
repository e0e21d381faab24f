import Hashing

/// SipHash-2-4 (Aumasson and Bernstein 2012): a keyed pseudo-random function of 128-bit keys for
/// short messages, several times as fast as HMAC.
///
/// Its keys are always cut from an HMAC of the project's secret, and its values are never stored
/// themselves: they choose positions in filters.
struct SipHash: Sendable {
    /// The two halves of the key.
    let first: UInt64
    let second: UInt64

    init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }

    /// A key cut from the code of `message`.
    init(_ hasher: KeyedHasher, _ message: UnsafeRawBufferPointer) {
        let words = hasher.code(message).words
        (first, second) = (words.0, words.1)
    }

    /// A key cut from the code of `message`.
    init(_ hasher: KeyedHasher, _ message: [UInt8]) {
        self = message.withUnsafeBytes { SipHash(hasher, $0) }
    }

    /// The value of a message of whole words.
    func callAsFunction(_ words: some Sequence<UInt64>) -> UInt64 {
        var state = State(first, second)
        var count = 0
        for word in words {
            state.absorb(word)
            count += 8
        }
        return state.finish(byteCount: count)
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        @inline(__always)
        init(_ first: UInt64, _ second: UInt64) {
            v0 = first ^ 0x736f_6d65_7073_6575
            v1 = second ^ 0x646f_7261_6e64_6f6d
            v2 = first ^ 0x6c79_6765_6e65_7261
            v3 = second ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        @inline(__always)
        mutating func finish(byteCount: Int) -> UInt64 {
            absorb(UInt64(byteCount & 0xff) << 56)
            v2 ^= 0xff
            round()
            round()
            round()
            round()
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
