import Identifiers
import Testing

@Suite("NHS number")
struct NHSNumberTests {
    @Test(
        "Valid numbers in every spelling",
        arguments: [
            ("9434765919", "9434765919"), ("943 476 5870", "9434765870"),
            ("987-654-4322", "9876544322"), ("4000000004", "4000000004"),
            ("485 777 3457", "4857773457"), ("943\u{a0}476\u{a0}5919", "9434765919"),
        ])
    func valid(text: String, normal: String) {
        #expect(NHSNumber.read(text).value?.text == normal)
    }

    @Test(
        "Refused numbers, each by its rule",
        arguments: [
            ("9434765871", IdentifierRule.nhsNumberCheck),
            ("0000000000", .nhsNumberRepeated), ("1111111111", .nhsNumberRepeated),
            ("943476591", .nhsNumberShape), ("94347659190", .nhsNumberShape),
            ("943476591A", .nhsNumberShape), ("９４３４７６５９１９", .nhsNumberShape),
        ])
    func invalid(text: String, rule: IdentifierRule) {
        #expect(NHSNumber.read(text) == .invalid(rule))
    }

    @Test("A stem whose check would be 10 has no valid last digit")
    func checkOfTen() {
        for digit in 0...9 { #expect(NHSNumber.read("999000000\(digit)").value == nil) }
    }

    @Test("The test range is a warning, other ranges are not")
    func testRange() {
        #expect(NHSNumber.read("9434765919").rule == .nhsNumberTestRange)
        #expect(NHSNumber.read("4000000004").rule == nil)
    }

    @Test("No value is missing, not invalid")
    func absent() { #expect(NHSNumber.read("  ") == .missing(.absent)) }

    @Test("Every change of one digit and every swap of two neighbours is caught")
    func singleErrors() {
        for text in ["9434765919", "4000000004", "4857773457"] {
            let digits = Array(text.utf8)
            for position in digits.indices {
                for other in UInt8(0x30)...0x39 where other != digits[position] {
                    var changed = digits
                    changed[position] = other
                    #expect(NHSNumber.read(String(decoding: changed, as: UTF8.self)).value == nil)
                }
                if position > 0, digits[position] != digits[position - 1] {
                    var changed = digits
                    changed.swapAt(position, position - 1)
                    #expect(NHSNumber.read(String(decoding: changed, as: UTF8.self)).value == nil)
                }
            }
        }
    }
}
