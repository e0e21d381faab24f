import Identifiers
import Testing

@Suite("Postcode")
struct PostcodeTests {
    @Test(
        "Every form of the outward part, in any spelling",
        arguments: [
            ("M1 1AE", "M1 1AE"), ("M60 1NW", "M60 1NW"), ("CR2 6XH", "CR2 6XH"),
            ("DN55 1PT", "DN55 1PT"), ("W1A 1HQ", "W1A 1HQ"), ("EC1A 1BB", "EC1A 1BB"),
            ("gir0aa", "GIR 0AA"), ("le14ab", "LE1 4AB"), (" le1-4ab ", "LE1 4AB"),
            ("BF1 1AA", "BF1 1AA"), ("BFPO 57", "BFPO 57"), ("B33 8TH", "B33 8TH"),
        ])
    func valid(text: String, normal: String) {
        #expect(Postcode.read(text) == .valid(Postcode.read(normal).value!))
        #expect(Postcode.read(text).value?.text == normal)
    }

    @Test(
        "O and I are mended where only a digit may stand, 0 and 1 where only a letter may",
        arguments: [
            ("LE1 OAB", "LE1 0AB"), ("LE1 IAB", "LE1 1AB"), ("0X1 4AB", "OX1 4AB"),
            ("S014 3AB", "SO14 3AB"), ("LEI 4AB", "LE1 4AB"), ("1G1 4AB", "IG1 4AB"),
        ])
    func mended(text: String, normal: String) {
        let verdict = Postcode.read(text)
        #expect(verdict.value?.text == normal)
        #expect(verdict.rule == .postcodeMended)
    }

    @Test(
        "Refused",
        arguments: [
            "LE1 4CB", "LE1 4AM", "QE1 4AB", "LE1", "LE1 4A", "LE111 4AB", "1234", "LIV 4AB",
            "LE1 4ÄB", "AJ1 4AB",
        ])
    func invalid(text: String) { #expect(Postcode.read(text) == .invalid(.postcodeShape)) }

    @Test("Pseudo-postcodes are missing")
    func pseudo() {
        for text in ["ZZ99 3VZ", "zz993wz", "ZZ99 3CZ"] {
            #expect(Postcode.read(text) == .missing(.postcodePseudo))
        }
    }

    @Test("The parts")
    func parts() throws {
        let code = try #require(Postcode.read("EC1A 1BB").value)
        #expect(code.district == "EC1A")
        #expect(code.sector == "EC1A 1")
        #expect(code.compact == "EC1A1BB")
        #expect(Postcode.read("BFPO 57").value?.sector == nil)
    }
}
