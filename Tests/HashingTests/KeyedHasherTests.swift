import Crypto
import PipelineModel
import Testing

@testable import Hashing

@Suite("Keyed hashing")
struct KeyedHasherTests {
    @Test("Copied states give what the library's HMAC gives, for keys and messages of any length")
    func equalsHMAC() {
        var generator = SeededGenerator(seed: 5, label: "hmac")
        for keyLength in [16, 32, 63, 64, 65, 200] {
            let key = SymmetricKey(data: (0..<keyLength).map { _ in UInt8(generator.below(256)) })
            let hasher = KeyedHasher(key: key)
            for length in [0, 1, 20, 55, 56, 64, 130] {
                let message = (0..<length).map { _ in UInt8(generator.below(256)) }
                let expected = Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
                let code = hasher.code(message)
                #expect(code.bytes == expected)
                let words = [code.words.0, code.words.1, code.words.2, code.words.3]
                #expect(
                    words
                        == stride(from: 0, to: 32, by: 8).map { start in
                            expected[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
                        })
            }
        }
    }

    /// RFC 4231, test case 2.
    @Test("A published vector")
    func vector() {
        let hasher = KeyedHasher(key: SymmetricKey(data: Array("Jefe".utf8)))
        #expect(
            Hex.encode(hasher.code(Array("what do ya want for nothing?".utf8)).bytes)
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("Both ways to a SHA-256 give what the library gives, for messages of any length")
    func bothWays() {
        var generator = SeededGenerator(seed: 6, label: "sha")
        let block = (0..<64).map { _ in UInt8(generator.below(256)) }
        let fast = block.withUnsafeBytes { HashedBlock($0) }
        let plain = block.withUnsafeBytes { PlainHashedBlock($0) }
        for length in Array(0...200) + [1000, 4096] {
            let message = (0..<length).map { _ in UInt8(generator.below(256)) }
            let digest = Array(SHA256.hash(data: block + message))
            #expect(message.withUnsafeBytes { fast.digest(adding: $0) }.bytes == digest)
            #expect(message.withUnsafeBytes { plain.digest(adding: $0) }.bytes == digest)
        }
    }

    @Test("A message that begins anywhere in memory gives the same")
    func unaligned() {
        let hasher = KeyedHasher(key: SymmetricKey(data: [UInt8](repeating: 1, count: 32)))
        let bytes = (0..<200).map { UInt8($0) }
        for start in 0..<9 {
            let message = Array(bytes[start..<(start + 150)])
            let code = bytes.withUnsafeBytes {
                hasher.code(UnsafeRawBufferPointer(rebasing: $0[start..<(start + 150)]))
            }
            #expect(code == hasher.code(message))
        }
    }
}
