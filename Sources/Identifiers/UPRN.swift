/// A unique property reference number: a whole number of up to twelve digits.
///
/// It has no check digit; whether the property exists only an address list can tell.
public struct UPRN: Hashable, Sendable {
    public let number: UInt64

    /// The digits without leading zeros, by which two are compared.
    public var text: String { String(number) }

    /// Reads a number from 1 to 999,999,999,999, leading zeros allowed.
    public static func read(_ text: String) -> Verdict<UPRN> {
        guard let bytes = CompactText.bytes(text) else { return .invalid(.uprnShape) }
        if bytes.isEmpty { return .missing(.absent) }
        guard bytes.count <= 12, bytes.allSatisfy(CompactText.isDigit) else {
            return .invalid(.uprnShape)
        }
        let number = bytes.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
        return number == 0 ? .invalid(.uprnZero) : .valid(UPRN(number: number))
    }
}
