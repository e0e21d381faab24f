/// A day, as a number on the deployment's clock.
///
/// On the calendar clock the number counts days since 1 January 1970 in the
/// proleptic Gregorian calendar; a day is a day in Europe/London. On an ordinal
/// clock the number is whatever ordinal the source publishes.
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1 January 1970, or the ordinal itself.
    public var number: Int32

    public init(_ number: Int32) { self.number = number }

    /// Later than every day: the known-to of a fact that still stands.
    public static let open = Day(Int32.max)

    /// Earlier than every day; also what a missing day is stored as.
    public static let missing = Day(Int32.min)

    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    /// Days later; a sum beyond the clock is ``open`` or ``missing``, its two ends.
    public static func + (day: Day, days: Int) -> Day {
        let (sum, overflow) = Int(day.number).addingReportingOverflow(days)
        return overflow ? (days > 0 ? .open : .missing) : Day(Int32(clamping: sum))
    }

    /// Days earlier; a difference beyond the clock is one of its two ends.
    public static func - (day: Day, days: Int) -> Day {
        let (difference, overflow) = Int(day.number).subtractingReportingOverflow(days)
        return overflow ? (days < 0 ? .open : .missing) : Day(Int32(clamping: difference))
    }

    /// The number of days from `right` to `left`.
    public static func - (left: Day, right: Day) -> Int { Int(left.number) - Int(right.number) }
}

extension Day {
    /// The day of a year, month (1–12) and day of the month; `nil` where the
    /// calendar has no such day.
    ///
    /// Source of the arithmetic: Howard Hinnant, "chrono-Compatible Low-Level
    /// Date Algorithms", `days_from_civil`.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            day >= 1, day <= Day.length(ofMonth: month, year: year)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(Int32(era * 146_097 + dayOfEra - 719_468))
    }

    /// Year, month and day of the month on the calendar clock.
    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Reads `yyyy-mm-dd`; `nil` for anything else, 30 February included.
    public init?(iso text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Day.digits(bytes[0..<4]), let month = Day.digits(bytes[5..<7]),
            let day = Day.digits(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The value of a run of ASCII digits; `nil` where any byte is not one.
    static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// `yyyy-mm-dd` on the calendar clock.
    public var iso: String {
        let (year, month, day) = civil
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

/// How a deployment counts days.
public enum Clock: String, Sendable, CaseIterable {
    /// Days of the calendar, in Europe/London.
    case calendar
    /// An ordinal that the source publishes in place of a date.
    case ordinal

    /// The day as people of this deployment write it.
    public func text(_ day: Day) -> String {
        switch (self, day) {
        case (_, .open): "open"
        case (_, .missing): "missing"
        case (.calendar, _): day.iso
        case (.ordinal, _): String(day.number)
        }
    }

    /// Reads a day as people of this deployment write it; `nil` where it is not one.
    public func day(_ text: some StringProtocol) -> Day? {
        switch self {
        case .calendar: Day(iso: text)
        case .ordinal: Int32(text).map(Day.init)
        }
    }
}
