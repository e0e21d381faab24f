import Linkage
import PipelineModel
import Testing

@Suite("Minting")
struct MinterTests {
    // Python 3.11: hmac.new(bytes(range(32)), label + number.to_bytes(8, "big"),
    // hashlib.sha256).hexdigest()[:32]
    @Test(
        "Pseudonyms are those of HMAC-SHA-256 over label and number",
        arguments: [
            (UInt64(0), "b247f7b4007c6eda0ac8bfde2246cb6a"),
            (1, "1889f40ee8969e333eba085b0ea42cf7"),
            (1_099_511_627_783, "c8a9804c7d01e8a83284327fccf3cc6e"),
        ])
    func person(serial: UInt64, hex: String) throws {
        #expect(try Minter(seed: Array(0..<32)).person(serial).hex == hex)
    }

    @Test(
        "And so are those of households",
        arguments: [
            (UInt64(1), "250897c160dae0b5564524efd580dda6"),
            (.max, "dc18041e30b00fe4b84d7b1995d19da2"),
        ])
    func household(token: UInt64, hex: String) throws {
        #expect(try Minter(seed: Array(0..<32)).household(token).hex == hex)
    }
}
