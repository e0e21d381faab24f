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

    /// A number of nine digits with its check digit; another last digit where it would be 10.
    private static func number(_ stem: Int) -> String {
        let text = String(stem)
        let digits = (String(repeating: "0", count: 9 - text.count) + text).compactMap(
            \.wholeNumberValue)
        let sum = zip(digits, stride(from: 10, through: 2, by: -1)).reduce(0) { $0 + $1.0 * $1.1 }
        return digits.map(String.init).joined() + String((11 - sum % 11) % 11)
    }

    @Test(
        "A number of another range than those of England and Wales is valid, with its warning",
        arguments: [
            (400_000_000, nil), (499_999_999, nil), (600_000_004, nil), (799_999_998, nil),
            (943_476_591, .nhsNumberTestRange), (900_000_000, .nhsNumberTestRange),
            (999_999_998, .nhsNumberTestRange),
            (320_000_001, .nhsNumberNorthernIrish), (399_999_999, .nhsNumberNorthernIrish),
            (320_000_000, .nhsNumberUnassigned), (312_000_000, .nhsNumberUnassigned),
            (10_101_000, .nhsNumberScottish), (311_299_999, .nhsNumberScottish),
            (300_199_998, .nhsNumberScottish), (170_580_123, .nhsNumberScottish),
            (171_380_124, .nhsNumberUnassigned), (1_280_123, .nhsNumberUnassigned),
            (500_000_000, .nhsNumberUnassigned), (599_999_999, .nhsNumberUnassigned),
            (800_000_000, .nhsNumberUnassigned), (899_999_999, .nhsNumberUnassigned),
        ] as [(Int, IdentifierRule?)])
    func ranges(stem: Int, rule: IdentifierRule?) {
        let text = Self.number(stem)
        let verdict = NHSNumber.read(text)
        #expect(verdict.value?.text == text && verdict.rule == rule)
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
