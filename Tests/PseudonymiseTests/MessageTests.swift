import Testing

@testable import Pseudonymise

@Suite("Messages")
struct MessageTests {
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
