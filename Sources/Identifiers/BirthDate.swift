import PipelineModel

/// A date of birth.
public struct BirthDate: Hashable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Reads `yyyy-mm-dd`, `yyyymmdd` or the British `dd/mm/yyyy`, which cannot be confused.
    ///
    /// 1 January of 1800, 1900 and 1901 are what systems fill in where no date is known; they
    /// are missing.
    public static func read(_ text: some StringProtocol) -> Verdict<BirthDate> {
        if text.utf8.allSatisfy({ $0 == 0x20 }) { return .missing(.absent) }
        guard let day = Day(iso: iso(text)) else { return .invalid(.birthDateShape) }
        let (year, month, dayOfMonth) = day.civil
        if month == 1, dayOfMonth == 1, placeholderYears.contains(year) {
            return .missing(.birthDatePlaceholder)
        }
        return .valid(BirthDate(year: year, month: month, day: dayOfMonth))
    }

    /// The years of the first of January that stands for no date.
    static let placeholderYears = [1800, 1900, 1901]

    /// `yyyy-mm-dd` from the other forms; anything else as it is.
    private static func iso(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        func digits(_ range: Range<Int>) -> Substring {
            Substring(decoding: bytes[range], as: UTF8.self)
        }
        if bytes.count == 8, bytes.allSatisfy(CompactText.isDigit) {
            return "\(digits(0..<4))-\(digits(4..<6))-\(digits(6..<8))"
        }
        if bytes.count == 10, bytes[2] == 0x2f, bytes[5] == 0x2f {
            return "\(digits(6..<10))-\(digits(3..<5))-\(digits(0..<2))"
        }
        return String(text)
    }
}
