import Crypto
import PipelineModel
import Testing

@testable import Pseudonymise

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
                #expect(Array(message.withUnsafeBytes { hasher.code($0) }) == expected)
                let word = expected.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                #expect(hasher.token(message) == word)
                #expect(hasher.pseudonym(message).0 == word)
            }
        }
    }

    /// RFC 4231, test case 2.
    @Test("A published vector")
    func vector() {
        let hasher = KeyedHasher(key: SymmetricKey(data: Array("Jefe".utf8)))
        let code = Array("what do ya want for nothing?".utf8).withUnsafeBytes { hasher.code($0) }
        #expect(
            Hex.encode(Array(code))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("Parts are told apart by their lengths")
    func message() {
        var one = Message()
        one.add("ab".utf8)
        one.add("c".utf8)
        var other = Message()
        other.add("a".utf8)
        other.add("bc".utf8)
        #expect(one.bytes != other.bytes)
        #expect(one.bytes == [0, 0, 0, 2, 0x61, 0x62, 0, 0, 0, 1, 0x63])
        let before = one.bytes
        let found = one.add { bytes in
            bytes.append(1)
            return false
        }
        #expect(!found && one.bytes == before)
    }
}
