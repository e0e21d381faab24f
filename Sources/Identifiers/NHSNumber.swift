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
    /// number that begins with 9 is valid with a warning: the range is for tests.
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
        return .valid(number, warning: bytes[0] == 0x39 ? .nhsNumberTestRange : nil)
    }
}
