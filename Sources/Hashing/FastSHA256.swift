import Crypto

#if canImport(CCryptoBoringSSL)
    import CCryptoBoringSSL

    /// SHA-256 of many short messages, without an allocation for each.
    ///
    /// It is the same code of the Crypto library that `Crypto.SHA256` calls, with the instructions
    /// that the processor has for it, but the state is a value: there, each copy is an object that
    /// is made, counted and wiped, which for a short message takes twice as long as the hash.
    ///
    /// The module is no product of the library. Where it is missing, ``PlainSHA256`` stands in and
    /// gives the same bytes.
    typealias FastSHA256 = LibrarySHA256

    struct LibrarySHA256: Sendable {
        private var context = SHA256_CTX()

        init() { CCryptoBoringSSL_SHA256_Init(&context) }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            CCryptoBoringSSL_SHA256_Update(&context, bytes.baseAddress, bytes.count)
        }

        /// The digest; the state is used up.
        mutating func finish() -> HashCode {
            var code = HashCode()
            // It fails only where there is no room for the 32 bytes.
            withUnsafeMutableBytes(of: &code.stored) { raw in
                _ = CCryptoBoringSSL_SHA256_Final(
                    raw.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
            }
            return code
        }
    }
#else
    typealias FastSHA256 = PlainSHA256
#endif

/// The same by what the Crypto library publishes.
struct PlainSHA256: Sendable {
    private var hash = SHA256()

    mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    mutating func finish() -> HashCode {
        var code = HashCode()
        hash.finalize().withUnsafeBytes { digest in
            withUnsafeMutableBytes(of: &code.stored) { $0.copyMemory(from: digest) }
        }
        return code
    }
}
