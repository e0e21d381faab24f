import Crypto

#if canImport(CCryptoBoringSSL)
    import CCryptoBoringSSL

    /// SHA-256 of one whole block, to which many short messages are added, each for itself.
    ///
    /// The compressions are those of the Crypto library, with the instructions that the processor has
    /// for them. What it publishes makes, counts and wipes an object for each message, and keeps a
    /// buffer for pieces that do not come here; for a short message both take longer than the hash.
    ///
    /// The module is no product of the library. Where it is missing, ``PlainHashedBlock`` stands in and
    /// gives the same bytes.
    typealias HashedBlock = LibraryHashedBlock

    struct LibraryHashedBlock: Sendable {
        private typealias State = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

        private static let blockBytes = 64

        /// The initial value of FIPS 180-4, 5.3.3.
        private var state: State = (
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c,
            0x1f83_d9ab, 0x5be0_cd19
        )

        /// - Parameter block: 64 bytes; what is behind them counts for nothing.
        init(_ block: UnsafeRawBufferPointer) {
            precondition(block.count >= Self.blockBytes)
            Self.compress(&state, block, 1)
        }

        /// The digest of the block and the message.
        func digest(adding message: UnsafeRawBufferPointer) -> HashCode {
            var state = state
            let whole = message.count / Self.blockBytes
            if whole > 0 { Self.compress(&state, message, whole) }
            Self.finish(
                &state, UnsafeRawBufferPointer(rebasing: message[(whole * Self.blockBytes)...]),
                bitCount: UInt64(Self.blockBytes + message.count) * 8)
            var code = HashCode()
            code.stored = (
                Self.word(state.0, state.1), Self.word(state.2, state.3),
                Self.word(state.4, state.5), Self.word(state.6, state.7)
            )
            return code
        }

        /// Adds what is left of a message, the bit 1, zeros, and its length (FIPS 180-4, 5.1.1).
        private static func finish(
            _ state: inout State, _ rest: UnsafeRawBufferPointer, bitCount: UInt64
        ) {
            // The bit and the length take nine bytes.
            let blocks = rest.count + 9 <= blockBytes ? 1 : 2
            withUnsafeTemporaryAllocation(byteCount: 2 * blockBytes, alignment: 8) { tail in
                let used = blocks * blockBytes
                tail.copyMemory(from: rest)
                tail[rest.count] = 0x80
                for place in (rest.count + 1)..<(used - 8) { tail[place] = 0 }
                tail.storeBytes(of: bitCount.bigEndian, toByteOffset: used - 8, as: UInt64.self)
                compress(&state, UnsafeRawBufferPointer(tail), blocks)
            }
        }

        private static func compress(
            _ state: inout State, _ bytes: UnsafeRawBufferPointer, _ blocks: Int
        ) {
            withUnsafeMutableBytes(of: &state) { state in
                CCryptoBoringSSL_SHA256_TransformBlocks(
                    state.baseAddress?.assumingMemoryBound(to: UInt32.self),
                    bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), blocks)
            }
        }

        /// Two words as their bytes lie in memory.
        private static func word(_ first: UInt32, _ second: UInt32) -> UInt64 {
            (UInt64(first) << 32 | UInt64(second)).bigEndian
        }
    }
#else
    typealias HashedBlock = PlainHashedBlock
#endif

/// The same by what the Crypto library publishes.
struct PlainHashedBlock: Sendable {
    private var hash = SHA256()

    init(_ block: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: block[..<64]))
    }

    func digest(adding message: UnsafeRawBufferPointer) -> HashCode {
        var hash = hash
        hash.update(bufferPointer: message)
        var code = HashCode()
        hash.finalize().withUnsafeBytes { digest in
            withUnsafeMutableBytes(of: &code.stored) { $0.copyMemory(from: digest) }
        }
        return code
    }
}
