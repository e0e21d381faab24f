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
    public static func read(_ text: String) -> Verdict<BirthDate> {
        if text.utf8.allSatisfy({ $0 == 0x20 }) { return .missing(.absent) }
        guard let (year, month, dayOfMonth) = parts(text),
            Day(year: year, month: month, day: dayOfMonth) != nil
        else { return .invalid(.birthDateShape) }
        if month == 1, dayOfMonth == 1, placeholderYears.contains(year) {
            return .missing(.birthDatePlaceholder)
        }
        return .valid(BirthDate(year: year, month: month, day: dayOfMonth))
    }

    /// The years of the first of January that stands for no date.
    static let placeholderYears = [1800, 1900, 1901]

    /// Year, month and day as they are written; `nil` where the text has none of the forms.
    private static func parts(_ text: String) -> (year: Int, month: Int, day: Int)? {
        var text = text
        return text.withUTF8 { bytes in
            func number(_ range: Range<Int>) -> Int? {
                var number = 0
                for byte in bytes[range] {
                    guard CompactText.isDigit(byte) else { return nil }
                    number = 10 * number + Int(byte) - 0x30
                }
                return number
            }
            let places: (Range<Int>, Range<Int>, Range<Int>)
            switch bytes.count {
            case 8: places = (0..<4, 4..<6, 6..<8)
            case 10 where bytes[4] == 0x2d && bytes[7] == 0x2d: places = (0..<4, 5..<7, 8..<10)
            case 10 where bytes[2] == 0x2f && bytes[5] == 0x2f: places = (6..<10, 3..<5, 0..<2)
            default: return nil
            }
            guard let year = number(places.0), let month = number(places.1),
                let day = number(places.2)
            else { return nil }
            return (year, month, day)
        }
    }
}
