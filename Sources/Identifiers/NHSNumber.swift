/// A ten-digit NHS number whose check digit holds.
///
/// Source: NHS Data Dictionary, "NHS number": digits 1–9 are weighted 10 down to 2; eleven less
/// the sum modulo 11 is the check digit, 11 standing for 0 and 10 for none.
public struct NHSNumber: Hashable, Sendable {
    /// The ten digits, without spaces.
    public let text: String

    /// Reads a number with or without spaces and hyphens.
    ///
    /// All-same digits, 0000000000 among them, are refused although some pass the check. A
    /// number outside the ranges of England, Wales and the Isle of Man is valid with a warning: people
    /// cross borders, and ranges are opened.
    public static func read(_ text: String) -> Verdict<NHSNumber> {
        guard let bytes = CompactText.bytes(text) else { return .invalid(.nhsNumberShape) }
        if bytes.isEmpty { return .missing(.absent) }
        guard bytes.count == 10, bytes.allSatisfy(CompactText.isDigit) else {
            return .invalid(.nhsNumberShape)
        }
        if bytes.allSatisfy({ $0 == bytes[0] }) { return .invalid(.nhsNumberRepeated) }
        var sum = 0
        for position in 0..<9 { sum += (10 - position) * Int(bytes[position] - 0x30) }
        let check = (11 - sum % 11) % 11
        guard check == Int(bytes[9] - 0x30) else { return .invalid(.nhsNumberCheck) }
        let number = NHSNumber(text: CompactText.string(bytes))
        return .valid(number, warning: warning(bytes))
    }

    /// What the first nine digits say of who issued a number.
    ///
    /// Scottish CHI numbers begin with a date of birth as ddmmyy. Source: the ranges of Wikipedia,
    /// "NHS number", read in 2026: 400 000 000–499 999 999 and 600 000 000–799 999 999 for England,
    /// Wales and the Isle of Man, 320 000 001–399 999 999 for Northern Ireland, 010 101 000–311 299 999
    /// for Scotland.
    private static func warning(_ digits: [UInt8]) -> IdentifierRule? {
        func number(_ range: Range<Int>) -> Int {
            digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        switch number(0..<9) {
        case 400_000_000...499_999_999, 600_000_000...799_999_999: return nil
        case 900_000_000...: return .nhsNumberTestRange
        case 320_000_001...399_999_999: return .nhsNumberNorthernIrish
        default:
            let isDate = (1...31).contains(number(0..<2)) && (1...12).contains(number(2..<4))
            return isDate ? .nhsNumberScottish : .nhsNumberUnassigned
        }
    }
}
