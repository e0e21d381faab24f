import PipelineModel

/// A date of birth.
public struct BirthDate: Hashable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Reads `yyyy-mm-dd`.
    ///
    /// 1 January of 1800, 1900 and 1901 are what systems fill in where no date is known; they
    /// are missing.
    public static func read(_ text: some StringProtocol) -> Verdict<BirthDate> {
        if text.utf8.allSatisfy({ $0 == 0x20 }) { return .missing(.absent) }
        guard let day = Day(iso: text) else { return .invalid(.birthDateShape) }
        let (year, month, dayOfMonth) = day.civil
        if month == 1, dayOfMonth == 1, year == 1800 || year == 1900 || year == 1901 {
            return .missing(.birthDatePlaceholder)
        }
        return .valid(BirthDate(year: year, month: month, day: dayOfMonth))
    }
}
